"""The personal feed: what a reader asked to see of it, its order, and its pages.

Which papers are in it and why is `interests`'; the formula is explained in docs/ranking.md.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from accounts import interests
from accounts.interests import CLOSE, KINDS, Candidate, Interests
from accounts.models import User
from papers.selection import DAYS, PAGE_SIZE, SelectionError, Window

# In doublings of the score, by what `python -m benchmarks.relevance --grid` found: less of either
# finds less, and twice as much of the latter little more.
FOLLOWED = 4.0  # what a follow is worth
ALIKE = 128.0  # and a paper that says what a saved one says
WINDOWS = (Window.DAY, Window.WEEK, Window.MONTH)
PAUSE = timedelta(minutes=30)  # who comes back later pays another visit
AWAY = timedelta(days=3)  # who comes back later may want to catch up
NOTED = timedelta(minutes=5)  # a visit that goes on is not written down with every page


class Order(StrEnum):
    FOR_YOU = "for-you"
    HOT = "hot"
    NEW = "new"
    RISING = "rising"


BY_HEAT = (Order.FOR_YOU, Order.HOT)  # which field-fair changes


# Arithmetic --------------------------------------------------------------------------------------


def likeness(candidate: Candidate) -> float:
    """Return how much a paper is like what the reader saved, from 0 to 1.

    Each saved paper it is close to leaves a part of the doubt: two of 0.5 make 0.75.
    """
    return 1 - math.prod(1 - reason.similarity for reason in candidate.near)


def for_you(candidate: Candidate, *, is_fair: bool = False) -> float:
    """Return the value For you is sorted by, in doublings of the score as `hot` is.

    With nothing saved all that is in a feed is followed: the order is that of hot.
    """
    heat = candidate.fair if is_fair else candidate.hot
    return heat + FOLLOWED * candidate.is_followed + ALIKE * likeness(candidate)


_Value = tuple[float, ...]
_VALUES: dict[Order, Callable[[Candidate, bool], _Value]] = {
    Order.FOR_YOU: lambda each, is_fair: (for_you(each, is_fair=is_fair),),
    Order.HOT: lambda each, is_fair: (each.fair if is_fair else each.hot,),
    Order.NEW: lambda each, is_fair: (each.listed_on.toordinal(), each.score),
    Order.RISING: lambda each, is_fair: (each.rising,),
}


# What was asked for ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FeedSelection:
    """Which papers of the feed, in which order, from where on."""

    order: Order = Order.FOR_YOU
    window: Window = Window.WEEK
    kinds: tuple[str, ...] = ("new", "cross")
    is_fair: bool = False
    unread: bool = False
    after: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, str], user: User | None) -> "FeedSelection":
        """Read a query string; what it does not say is as the reader set it.

        Raises SelectionError with a sentence that says what was wrong.
        """
        settings = user or User()
        order = params.get("sort") or Order.FOR_YOU
        window = params.get("window") or settings.feed_window
        kinds = params["kinds"].split(",") if params.get("kinds") else settings.feed_kinds
        if order not in list(Order):
            raise SelectionError("A feed is sorted by for-you, hot, new or rising.")
        if window not in WINDOWS:
            raise SelectionError("A feed goes back a day, a week or a month.")
        if not set(kinds) <= set(KINDS):
            raise SelectionError("The papers of a feed are new, cross or replaced.")
        found = cls(
            order=Order(order),
            window=Window(window),
            kinds=tuple(kind for kind in KINDS if kind in kinds),
            is_fair=_switch(params, "fair", settings.feed_is_fair),
            unread=_switch(params, "unread", False),
            after=params.get("after", ""),
        )
        found.cursor()
        return found

    def querystring(self, user: User | None, **changes: object) -> str:
        """Return "?…" for this selection with `changes`, from its first page; what is as the
        reader set it is left out."""
        settings = user or User()
        usual = FeedSelection(
            window=Window(settings.feed_window),
            kinds=tuple(kind for kind in KINDS if kind in settings.feed_kinds),
            is_fair=settings.feed_is_fair,
        )
        values = {name: getattr(self, name) for name in self.__slots__} | {"after": ""} | changes
        written = {
            _PARAMS.get(name, name): _written(value)
            for name, value in values.items()
            if value != getattr(usual, name)
        }
        return "?" + urlencode(written)

    @property
    def is_ordered_fairly(self) -> bool:
        return self.is_fair and self.order in BY_HEAT

    def since(self, newest: date) -> date:
        """Return the first day of the window, which ends at the newest listing day held."""
        return newest - timedelta(days=DAYS[self.window] - 1)

    def value(self, candidate: Candidate) -> _Value:
        """Return what the order compares, the highest first; no two papers have the same."""
        return (*_VALUES[self.order](candidate, self.is_fair), candidate.paper_id)

    def cursor(self) -> _Value | None:
        """Return the value of the last paper of the page before."""
        if not self.after:
            return None
        numbers = r"-?\d{1,18}(\.\d{1,17})?(e[+-]?\d\d)?"
        places = len(_VALUES[self.order](_NOBODYS, False)) + 1
        parts = self.after.split("~")
        if len(parts) != places or not all(re.fullmatch(numbers, p, re.ASCII) for p in parts):
            raise SelectionError("This page of the feed does not exist.")
        return tuple(float(part) for part in parts)


_PARAMS = {"order": "sort", "is_fair": "fair"}
_NOBODYS = Candidate(0, date.min, 0, 0.0, 0.0, 0.0)


def _switch(params: Mapping[str, str], name: str, otherwise: bool) -> bool:
    value = params.get(name) or str(int(otherwise))
    if value not in ("0", "1"):
        raise SelectionError(f"“{name}” is 0 or 1.")
    return value == "1"


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


# The feed ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as far as its page shows it: all that is counted, and one page of it."""

    page: list[Candidate]
    after: str  # the cursor of the next page, "" at the end
    total: int
    unread: int
    since_last_visit: int | None  # None: there was no visit before
    of_follows: Counter[tuple[str, str]]  # papers by kind and target
    muted: Counter[tuple[str, str]]
    saved: int  # of those in the feed
    hidden: int


class Glance:
    """Tells of a paper whether its reader has met it."""

    def __init__(self, of: Interests, user: User | None) -> None:
        self.met = of.marks.states.keys() | set(of.marks.seen)
        self.read_through = user.read_through if user else None
        self.last_through = user.last_visit_through if user else None

    def is_unread(self, candidate: Candidate) -> bool:
        is_later = self.read_through is None or candidate.listed_on > self.read_through
        return is_later and candidate.paper_id not in self.met

    def is_fresh(self, candidate: Candidate) -> bool:
        """Tell whether it came since the last visit, and was not met in this one."""
        is_later = self.last_through is not None and candidate.listed_on > self.last_through
        return is_later and candidate.paper_id not in self.met


def build(
    selection: FeedSelection, of: Interests, newest: date, glance: Glance, size: int = PAGE_SIZE
) -> Feed:
    """Return a feed; one query, whatever its length."""
    found = interests.touched(of, selection.since(newest), selection.kinds)
    every = found.candidates
    if selection.order == Order.RISING:
        every = [candidate for candidate in every if candidate.rising > 0]
    shown = [each for each in every if not selection.unread or glance.is_unread(each)]
    ranked = sorted(((selection.value(each), each) for each in shown), reverse=True, key=_first)
    cursor = selection.cursor()
    rest = [pair for pair in ranked if cursor is None or pair[0] < cursor]
    page = rest[:size]
    return Feed(
        page=[each for _, each in page],
        after="~".join(map(repr, page[-1][0])) if len(rest) > size else "",
        total=len(every),
        unread=sum(map(glance.is_unread, every)),
        since_last_visit=sum(map(glance.is_fresh, every)) if glance.last_through else None,
        of_follows=_count(every),
        muted=found.muted,
        saved=sum(each.paper_id in of.marks.states for each in every),
        hidden=found.hidden,
    )


def _first(pair: tuple[_Value, Candidate]) -> _Value:
    return pair[0]


def _count(candidates: list[Candidate]) -> Counter[tuple[str, str]]:
    return Counter(
        target
        for candidate in candidates
        for target in {(reason.kind, reason.target) for reason in candidate.reasons}
        if target[0] != CLOSE
    )


# Visits ------------------------------------------------------------------------------------------


def note_visit(user: User, now: datetime, newest: date | None) -> None:
    """Write down that the feed is looked at; who comes back after a PAUSE pays another visit."""
    if user.visit_at and now - user.visit_at < NOTED and user.visit_through == newest:
        return
    if user.visit_at and now - user.visit_at > PAUSE:
        if now - user.visit_at > AWAY and newest != user.visit_through:
            user.away_since = user.away_since or user.visit_through
        user.last_visit_at, user.last_visit_through = user.visit_at, user.visit_through
    user.visit_at, user.visit_through = now, newest
    names = ("visit_at", "visit_through", "last_visit_at", "last_visit_through", "away_since")
    User.objects.filter(pk=user.pk).update(**{name: getattr(user, name) for name in names})
