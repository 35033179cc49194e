"""Atom feeds of what anybody may read."""
