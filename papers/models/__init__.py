"""What the site knows: one file a subject."""

from papers.models.catalogue import Author, Category, Paper, PaperAuthor, PaperCategory, SearchText
from papers.models.digests import Digest, DigestEntry, DigestRevision, DigestTweet
from papers.models.tweets import Network, Sample, Tweet, TweetPaper

__all__ = [
    "Author",
    "Category",
    "Digest",
    "DigestEntry",
    "DigestRevision",
    "DigestTweet",
    "Network",
    "Paper",
    "PaperAuthor",
    "PaperCategory",
    "Sample",
    "SearchText",
    "Tweet",
    "TweetPaper",
]
