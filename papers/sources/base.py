"""The plain data a source yields, whatever its network, and what a source may ask for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class SourceError(Exception):
    """An upstream did not give what it should.

    `permanent`: asking again cannot help (wrong credentials, credits used up). `retry_after`: the
    seconds it asked us to wait, None when it named none. Where there was an answer at all, its
    `status`, `headers` (names in lower case) and the beginning of its `body`.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status
        self.headers = dict(headers or {})
        self.body = body


class Gate(Protocol):
    """The pace of an upstream, held across all processes; `papers.gate` implements it."""

    def turn(self, upstream: str, interval: float) -> AbstractContextManager[None]:
        """Wait for the turn to send one request to `upstream`, at least `interval` seconds after
        the end of the one before, and hold it until the answer is read. A SourceError raised
        meanwhile that names a wait holds everybody up that long."""


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
    comment: str = ""
    journal_ref: str = ""
    doi: str = ""
    licence: str = ""  # its URL
    submitted_at: datetime | None = None  # of version 1
    revised_at: datetime | None = None  # of this version
    withdrawn: bool = False


class AnnounceType(StrEnum):
    """How arXiv's list of a day names a paper; the values are those of its feed."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementRecord:
    """A paper stands in arXiv's list of the listing day `listed_on`."""

    arxiv_id: str
    version: int | None
    kind: AnnounceType
    listed_on: date
    categories: tuple[str, ...]


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
    retweets: int | None = None  # None: not told
    favorites: int | None = None
    embed_html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRecord:
    """A paper's totals on one network at one moment."""

    arxiv_id: str
    network: str
    observed_at: datetime
    retweets: int
    favorites: int


@dataclass(frozen=True, slots=True)
class Reject:
    """An item that could not be understood: what it calls itself, and why, in words."""

    item: str  # its id, else its beginning; at most 200 characters
    reason: str


@dataclass(slots=True)
class Batch:
    """What one answer of an upstream held. `cursor` asks for the next one; "" at the end."""

    papers: list[PaperRecord] = field(default_factory=list)
    announcements: list[AnnouncementRecord] = field(default_factory=list)
    tweets: list[TweetRecord] = field(default_factory=list)
    # External ids of tweets deleted at the source; a Bluesky did stands for all of its posts.
    gone: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    cursor: str = ""
    stopped: str = ""  # in words, why the source ended before all was read; "" when it did not

    @property
    def size(self) -> int:
        return len(self.papers) + len(self.announcements) + len(self.tweets) + len(self.gone)


class Fetch(Protocol):
    """One polite request; `papers.sources.http` implements it. Raises SourceError."""

    def __call__(
        self,
        url: str,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes: ...


class Source(Protocol):
    """One network: where its records come from."""

    name: str
    network: str

    def tweets(self, since: datetime, cursor: str) -> Iterator[Batch]:
        """Yield what was posted since, in batches; a batch's cursor resumes behind it, and that of
        the last batch is where the next run begins. A cursor goes before `since`."""

    def look_up(self, external_ids: Sequence[str]) -> Iterator[Batch]:
        """Yield these tweets as they are now; those deleted at the source are in `gone`."""
