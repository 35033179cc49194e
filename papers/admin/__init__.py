"""Where curators work: the models' pages, what can be done on them, the editor and the desk."""

from papers.admin import catalogue, digests, runs, tweets

__all__ = ["catalogue", "digests", "runs", "tweets"]
