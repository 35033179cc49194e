"""Where curators work: the models' pages, what can be done on them, the editor and the desk."""

from papers.admin import acts, catalogue, desk, digests, editor, log, reports, runs, tweets

__all__ = ["acts", "catalogue", "desk", "digests", "editor", "log", "reports", "runs", "tweets"]
