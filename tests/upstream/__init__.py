"""Every upstream of the site, played on this machine from a world that a seed decides."""
