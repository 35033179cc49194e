"""What pages show, for programs: plain data under /api/v1/, and the description of it."""
