"""The readers and curators of the site. Imports papers; papers never imports accounts."""
