"""What the world is made of: people, papers with their versions, tweets. Plain data, all frozen."""

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

NETWORKS = ("x", "bluesky", "hackernews", "huggingface")
EARLIEST = date(2005, 9, 16)  # the datestamp that arXiv gave to all that is older


class Counts(NamedTuple):
    retweets: int
    favorites: int

    @property
    def score(self) -> int:
        return self.retweets + self.favorites


@dataclass(frozen=True, slots=True)
class Person:
    forenames: str  # "" for a collaboration
    keyname: str
    language: str
    affiliation: str = ""
    tex_name: str = ""  # as submitted, where its accents were typed in TeX

    @property
    def name(self) -> str:
        return f"{self.forenames} {self.keyname}".strip()


@dataclass(frozen=True, slots=True)
class Account:
    network: str
    user_id: str  # a number, a DID, a nickname
    handle: str
    name: str
    language: str
    bot: bool = False


class Topic(NamedTuple):
    """What a paper is about, in the words of its field."""

    method: str
    object: str
    property: str
    tex: str


@dataclass(frozen=True, slots=True)
class Community:
    """People who write together, and the categories they write in, the primary one first."""

    field: str
    categories: tuple[str, ...]
    people: tuple[Person, ...]
    warmth: float  # how much the networks care for it


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    submitted_at: datetime
    title: str
    abstract: str
    comment: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    arxiv_id: str
    community: Community
    topic: Topic
    authors: tuple[Person, ...]
    categories: tuple[str, ...]  # at its announcement, the primary one first
    versions: tuple[Version, ...]
    announced_at: datetime
    listing: date | None  # None for what was announced before the world begins
    popularity: float  # about the score it will have in the end
    licence: str
    doi: str = ""
    journal_ref: str = ""
    classes: tuple[str, ...] = ()  # of the ACM or MSC, which the query API mixes with categories

    @property
    def primary(self) -> str:
        return self.categories[0]


@dataclass(frozen=True, slots=True)
class Event:
    """A paper stands in the listing of a day: new, replaced, or in one category more."""

    paper: Paper
    kind: str  # new | replace | cross
    version: int
    listing: date
    visible_at: datetime
    added: tuple[str, ...] = ()  # the categories that a late cross-list adds


class State(NamedTuple):
    """A paper as harvesters see it at one moment."""

    paper: Paper
    version: Version
    categories: tuple[str, ...]
    datestamp: date


@dataclass(frozen=True, slots=True)
class Tweet:
    network: str
    external_id: str
    url: str
    author: Account
    text: str  # without its links
    links: tuple[str, ...]
    papers: tuple[str, ...]  # the arXiv ids its links name
    posted_at: datetime
    deleted_at: datetime | None
    final: Counts  # what its counts come to in the end
    hours: float  # after which 63 % of that is reached
    quotes: str = ""

    def alive(self, at: datetime) -> bool:
        return self.posted_at <= at and (self.deleted_at is None or at < self.deleted_at)

    def counts(self, at: datetime) -> Counts:
        """Return its counts at a moment; they grow and level off, and never fall."""
        age = max((at - self.posted_at).total_seconds(), 0) / 3600
        reached = 1 - math.exp(-age / self.hours)
        first = 1 if self.network == "hackernews" else 0  # the submitter's own point
        favorites = first + round((self.final.favorites - first) * reached)
        return Counts(round(self.final.retweets * reached), favorites)
