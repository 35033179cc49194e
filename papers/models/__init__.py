"""What the site knows: one file a subject."""

from papers.models.catalogue import (
    Author,
    Category,
    FieldChange,
    Paper,
    PaperAuthor,
    PaperCategory,
    SearchText,
)
from papers.models.digests import Digest, DigestEntry, DigestRevision, DigestTweet
from papers.models.likeness import Neighbour, PaperWord, Vector, Vocabulary
from papers.models.runs import Announcement, IngestRun, Pace, Quarantine
from papers.models.tweets import Network, Sample, Tweet, TweetPaper
from papers.models.wanted import WantedPaper

__all__ = [
    "Announcement",
    "Author",
    "Category",
    "Digest",
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
    "Sample",
    "SearchText",
    "Tweet",
    "TweetPaper",
    "Vector",
    "Vocabulary",
    "WantedPaper",
]
