"""What a page asks about who reads it. Knows no accounts: they implement it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from urllib.parse import quote, urlencode

from django.http import HttpRequest
from django.urls import reverse


class Kind(StrEnum):
    """What can be followed: by the code of a category, the slug of an author, words searched."""

    CATEGORY = "category"
    AUTHOR = "author"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Follow:
    """What can be followed, what it is called, and whether its reader follows it."""

    kind: Kind
    target: str
    name: str
    is_on: bool

    @property
    def place(self) -> str:
        """Return the id of its button on a page."""
        return f"follow-{self.kind}-{quote(self.target, safe='')}"

    def get_absolute_url(self) -> str:
        if self.kind == Kind.SEARCH:
            return reverse("papers:search") + "?" + urlencode({"q": self.target})
        return reverse(f"papers:{self.kind}", args=[self.target])


@dataclass(frozen=True, slots=True)
class Marks:
    """What a reader did with the papers of a page, by their keys."""

    states: Mapping[int, str] = field(default_factory=dict)  # of the saved: later, reading, done
    seen: Collection[int] = frozenset()


class Reader(Protocol):
    """Who reads. Each call costs at most one query: pages ask once, for all their rows."""

    has_account: bool  # may save
    has_session: bool  # may be shown forms: a visitor gets no cookie, and so no CSRF token

    def marks(self, paper_ids: Collection[int]) -> Marks:
        """Return which of these papers are saved and which were seen."""

    def follows(self, kind: Kind, targets: Collection[str]) -> set[str]:
        """Return those of `targets` that are followed."""

    def opened(self, paper_id: int) -> None:
        """Remember that the page of this paper was opened."""


class Nobody:
    """A visitor who has chosen nothing yet. Costs no query."""

    has_account = False
    has_session = False

    def marks(self, paper_ids: Collection[int]) -> Marks:
        return Marks()

    def follows(self, kind: Kind, targets: Collection[str]) -> set[str]:
        return set()

    def opened(self, paper_id: int) -> None:
        pass


NOBODY: Reader = Nobody()


def of(request: HttpRequest) -> Reader:
    """Return who reads; a middleware has said it as `request.reader`."""
    reader: Reader = getattr(request, "reader", NOBODY)
    return reader


def follow(request: HttpRequest, kind: Kind, target: str, name: str) -> Follow:
    """Return what a page is about, with whether its reader follows it."""
    return Follow(kind, target, name, target in of(request).follows(kind, [target]))
