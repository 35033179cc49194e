"""Where curators work: the models' pages, what can be done on them, the editor and the desk."""

from papers.admin import acts, catalogue, digests, log, runs, tweets

__all__ = ["acts", "catalogue", "digests", "log", "runs", "tweets"]
