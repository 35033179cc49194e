"""What the site knows: one file a subject."""

from papers.models.catalogue import (
    Author,
    Category,
    FieldChange,
    Paper,
    PaperAuthor,
    PaperCategory,
    SearchEntry,
)
from papers.models.curation import Act, Report
from papers.models.digests import Digest, DigestEdit, DigestEntry, DigestRevision, DigestTweet
from papers.models.likeness import Neighbour, PaperWord, Vector, Vocabulary
from papers.models.runs import Announcement, IngestRun, Pace, Quarantine
from papers.models.tweets import (
    Network,
    Sample,
    Tweet,
    TweetPaper,
    Verdict,
    is_counted,
    is_visible,
)
from papers.models.wanted import WantedPaper

__all__ = [
    "Act",
    "Announcement",
    "Author",
    "Category",
    "Digest",
    "DigestEdit",
    "DigestEntry",
    "DigestRevision",
    "DigestTweet",
    "FieldChange",
    "IngestRun",
    "Neighbour",
    "Network",
    "Pace",
    "Paper",
    "PaperAuthor",
    "PaperCategory",
    "PaperWord",
    "Quarantine",
    "Report",
    "Sample",
    "SearchEntry",
    "Tweet",
    "TweetPaper",
    "Vector",
    "Verdict",
    "Vocabulary",
    "WantedPaper",
    "is_counted",
    "is_visible",
]
