"""Where curators work: the models' pages, what can be done on them, the editor and the desk."""

from papers.admin import catalogue, desk, digests, reports, runs

__all__ = ["catalogue", "desk", "digests", "reports", "runs"]
