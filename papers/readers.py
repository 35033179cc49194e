"""What a page asks about who reads it. Knows no accounts: they implement it."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Protocol

from django.http import HttpRequest


class Kind(StrEnum):
    """What can be followed: by the code of a category, the slug of an author, words searched."""

    CATEGORY = "category"
    AUTHOR = "author"
    SEARCH = "search"


class Reader(Protocol):
    """Who reads. Each call costs at most one query: pages ask once, for all their rows."""

    has_account: bool  # may save
    has_session: bool  # may be shown forms: a visitor gets no cookie, and so no CSRF token

    def marks(self, paper_ids: Collection[int]) -> Mapping[int, str]:
        """Return the state ("later", "reading", "done") of those papers that are saved."""

    def follows(self, kind: Kind, targets: Collection[str]) -> set[str]:
        """Return those of `targets` that are followed."""


class Nobody:
    """A visitor who has chosen nothing yet. Costs no query."""

    has_account = False
    has_session = False

    def marks(self, paper_ids: Collection[int]) -> Mapping[int, str]:
        return {}

    def follows(self, kind: Kind, targets: Collection[str]) -> set[str]:
        return set()


NOBODY: Reader = Nobody()


def of(request: HttpRequest) -> Reader:
    """Return who reads; a middleware has said it as `request.reader`."""
    reader: Reader = getattr(request, "reader", NOBODY)
    return reader
