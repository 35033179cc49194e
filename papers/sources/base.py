"""The plain data a source yields, whatever its network."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRecord:
    """What one source said about one paper at `recorded_at` (aware UTC)."""

    arxiv_id: str  # canonical, without version
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]  # arXiv codes, the primary one first
    abstract: str
    recorded_at: datetime
    abstract_is_summary: bool = False  # words of ours in place of the abstract
    announced_on: date | None = None  # the listing day: arXiv's own, or that of a digest
    announced_by_arxiv: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TweetRecord:
    """A public post as read at `fetched_at` (aware UTC), and the papers it links."""

    network: str
    external_id: str
    url: str
    handle: str  # without @
    author_name: str
    text: str
    fetched_at: datetime
    arxiv_ids: tuple[str, ...]
    language: str = ""
    direction: str = ""  # "ltr", "rtl" or not said
    posted_at: datetime | None = None
    text_is_ours: bool = False  # words of ours in place of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRecord:
    """A paper's totals on one network at one moment."""

    arxiv_id: str
    network: str
    observed_at: datetime
    retweets: int
    favorites: int
