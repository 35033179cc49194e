"""What a reader asked to see: one object for every list, read from a query string and written."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from papers import search
from papers.models import (
    Category,
    Network,
    Paper,
    PaperAuthor,
    PaperCategory,
    TweetPaper,
    is_visible,
)

PAGE_SIZE = 30
MAX_QUERY = search.MAX_LENGTH  # characters
# Of a search as many matches are looked at as they come. Where there are no more, all of them are
# counted and put in order; where there are, the order's own index is walked.
MOST_COUNTED = 500
# The closest of more than that are looked for among those with the words in their titles; if these
# are too many, among the hottest matches instead, and if they are few, among both.
ENOUGH, MOST_COMPARED, HOTTEST = 100, 2_000, 300


class SelectionError(ValueError):
    """A parameter that cannot be understood; the message is for the reader."""


class Sort(StrEnum):
    HOT = "hot"
    RISING = "rising"
    NEW = "new"
    TOP = "top"
    RELEVANCE = "relevance"  # of a search


class Window(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


# Calendar days of each window, the last one included.
DAYS = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30, Window.YEAR: 365}


def first_day(window: Window, newest: date) -> date:
    """Return the first day of a window that ends at `newest`."""
    return newest - timedelta(days=DAYS[window] - 1)


# Heat and surges already prefer what is new, and new papers come by day: only the highest scores of
# all time would stand still.
DEFAULT_WINDOW = dict.fromkeys(Sort, Window.ALL) | {Sort.TOP: Window.WEEK}
LISTS = (Sort.HOT, Sort.RISING, Sort.NEW, Sort.TOP)  # each a page of its own
OF_SEARCH = (Sort.RELEVANCE, Sort.HOT, Sort.NEW)
FAIR = "1"  # the switch, in a query string
# Descending, and always by key at last, so that a cursor has exactly one place.
_ORDER = {
    Sort.HOT: ("hot",),
    Sort.RISING: ("rising",),
    Sort.NEW: ("announced_on", "score"),
    Sort.TOP: ("score",),
    Sort.RELEVANCE: ("rank",),
}
_FLOAT = r"\d{1,9}\.\d{1,17}(?:e[+-]\d\d)?"
_RANK = r"\d{1,9}(?:\.\d{1,17})?(?:e-\d\d)?"
_CURSOR: dict[str, tuple[str, Callable[[str], Any]]] = {
    "hot": (_FLOAT, float),
    "fair": (_FLOAT, float),
    "rank": (_RANK, float),
    "rising": (_FLOAT, float),
    "announced_on": (r"\d{4}-\d\d-\d\d", date.fromisoformat),
    "score": (r"\d{1,10}", int),
    "id": (r"\d{1,18}", int),
}


class Page(NamedTuple):
    """One page of a list, and the cursor of the next one ("" at the end).

    Of a search it knows how many papers it found, MOST_COUNTED + 1 for any number beyond.
    """

    papers: list[Paper]
    after: str
    found: int | None


class Keys(NamedTuple):
    """The same, with the keys of the papers alone."""

    keys: list[int]
    after: str
    found: int | None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which papers, in which order, from where on. Empty strings filter nothing."""

    sort: Sort
    window: Window
    category: str = ""
    tag: str = ""
    author: str = ""
    network: str = ""
    year: str = ""
    query: str = ""
    fair: str = ""
    after: str = ""

    @classmethod
    def from_params(cls, sort: Sort, params: Mapping[str, str], **fixed: str) -> "Selection":
        """Read a query string; `fixed` are filters that the page itself sets.

        Raises SelectionError with a sentence that says what was wrong.
        """
        given = {key: params.get(key, "").strip() for key in _FIELDS if key not in fixed}
        for key, value in given.items():
            if "\x00" in value or len(value) > MAX_QUERY:
                raise SelectionError(f"The value of “{key}” is too long or holds a NUL byte.")
        window = given.pop("window", "") or DEFAULT_WINDOW[sort]
        if window not in list(Window):
            raise SelectionError(f"There is no window “{window}”: day, week, month, year or all.")
        query = given.pop("q", "")
        selection = cls(sort=sort, window=Window(window), query=query, **given, **fixed)
        selection._check(fixed)
        return selection

    @classmethod
    def from_search(cls, params: Mapping[str, str], **fixed: str) -> "Selection":
        """Read the query string of a search, which says its order as well: `sort=`.

        Raises SelectionError. What is not searched by words has no closest, and is hot first.
        """
        sort = params.get("sort", "") or Sort.RELEVANCE
        if sort not in OF_SEARCH:
            raise SelectionError(f"A search is sorted by {', '.join(OF_SEARCH)}.")
        if sort == Sort.RELEVANCE and not _holds_words(params.get("q", "")):
            sort = Sort.HOT
        return cls.from_params(Sort(sort), params, **fixed)

    def _check(self, fixed: Collection[str]) -> None:
        """Refuse what is not there; the page that fixed a filter has looked already."""
        try:
            tree = search.parse(self.query)
        except search.QueryError as error:
            raise SelectionError(str(error)) from None
        if self.sort == Sort.RELEVANCE and not any(search.leaves(tree)):
            raise SelectionError("Only what was searched by words is closer to them or less so.")
        if self.year and not re.fullmatch(r"(?:19|20)[0-9]{2}", self.year):
            raise SelectionError("A year is four digits, as in 2021.")
        if self.fair and (self.fair != FAIR or self.sort != Sort.HOT):
            raise SelectionError("Field-fair is an order of hot papers: fair=1, or nothing.")
        if self.network and self.network not in Network.values:
            raise SelectionError(f"There is no network “{self.network}”.")
        found = Category.objects.filter(code=self.category)
        if self.category and "category" not in fixed and not found.exists():
            raise SelectionError(f"arXiv has no category “{self.category}”.")
        if self.after:
            self._cursor()

    def querystring(self, **changes: str) -> str:
        """Return "?…" for this selection with `changes`, from its first page; defaults left out."""
        values = {name: getattr(self, "query" if name == "q" else name) for name in _FIELDS}
        values |= {"after": "", **changes}
        if values["window"] == DEFAULT_WINDOW[self.sort]:
            del values["window"]
        return "?" + urlencode({key: value for key, value in values.items() if value})

    def querystring_of_search(self, **changes: str) -> str:
        """Return the same for a search, which says its order too, unless that is the usual one."""
        sort = changes.pop("sort", self.sort)
        return self.querystring(sort="" if sort == Sort.RELEVANCE else sort, **changes)

    def page(self, newest: date | None, size: int = PAGE_SIZE) -> Page:
        """Return the papers of one page; windows end at `newest`, the newest listing day held.

        Two queries, whatever the filters: the keys from a narrow index, then their rows. A search
        that finds too many to put in order, or ranks them, has looked before how many it finds.
        """
        keys, after, found = self.keys(newest, size)
        papers = Paper.objects.for_list(with_abstract=bool(self.query)).in_bulk(keys)
        return Page([papers[key] for key in keys if key in papers], after, found)

    def keys(self, newest: date | None, size: int = PAGE_SIZE) -> Keys:
        """Return of one page the keys of the papers alone; a query less."""
        rows = self._rows(newest)
        return self._search(rows, size) if self.query else self._read(rows, self._key, size)

    # Everything below works on Paper, or on the narrow PaperCategory when there is a category.

    @property
    def _order(self) -> tuple[str, ...]:
        return ("fair",) if self.fair else _ORDER[self.sort]

    @property
    def _key(self) -> str:
        return "paper_id" if self.category else "id"

    @property
    def _path(self) -> str:
        """What leads from a row to its paper."""
        return "paper__" if self.category else ""

    def _search(self, rows: QuerySet[Any], size: int) -> Keys:
        """Return a page of the rows that the query finds.

        No plan is good for all words: a walk along an order's index is quick where many papers hold
        them, and endless where few do. So those are looked up first, in whatever order; the newest
        first, where they are expected to be so many that the index of words is slower.
        """
        tree, key = search.parse(self.query), self._key
        is_ranked = self.sort == Sort.RELEVANCE  # by what the engine says, and not by a column
        order = [f"-{key}"] if search.expects_many(tree) else []
        matches = search.found_in(rows, tree, self._path).order_by(*order)
        columns = (key,) if is_ranked else (*self._order, key)
        held = list(matches.values_list(*columns)[: MOST_COUNTED + 1])
        found = len(held)
        if is_ranked:
            closest = [*chain(*held)] if found <= MOST_COUNTED else self._candidates(rows, tree)
            return self._read(search.ranked(tree, closest), "paper_id", size, found)
        if found > MOST_COUNTED:
            return self._read(search.walked(rows, tree, self._path), key, size, found)
        behind = [row for row in held if not self.after or row < self._cursor()]
        return _page_of(sorted(behind, reverse=True), size, found)

    def _read(self, rows: QuerySet[Any], key: str, size: int, found: int | None = None) -> Keys:
        """Return a page of rows from the database, which puts them in order."""
        if self.after:
            rows = rows.filter(self._behind_cursor(key))
        columns = (*self._order, key)
        ordered = rows.order_by(*(f"-{name}" for name in columns))
        return _page_of(list(ordered.values_list(*columns)[: size + 1]), size, found)

    def _candidates(self, rows: QuerySet[Any], tree: search.Node) -> list[int]:
        """Return the keys of those that are compared where not all can be: see MOST_COMPARED."""
        key, titles, keys = self._key, search.in_titles(tree), set[int]()
        if titles != tree and not search.expects_many(titles):
            titled = search.found_in(rows, titles, self._path).order_by()
            keys.update(titled.values_list(key, flat=True)[: MOST_COMPARED + 1])
        if ENOUGH <= len(keys) <= MOST_COMPARED:
            return sorted(keys)
        hottest = search.walked(rows, tree, self._path).order_by("-hot", f"-{key}")
        few = keys if len(keys) < ENOUGH else set()
        return sorted(few.union(hottest.values_list(key, flat=True)[:HOTTEST]))

    def _rows(self, newest: date | None) -> QuerySet[Any]:
        rows = self._filtered()
        if newest and self.window in DAYS:
            rows = rows.filter(announced_on__gte=first_day(self.window, newest))
        elif self.sort == Sort.NEW:
            rows = rows.filter(announced_on__isnull=False)
        if self.year:
            rows = rows.filter(announced_on__range=(f"{self.year}-01-01", f"{self.year}-12-31"))
        if self.sort == Sort.RISING:
            rows = rows.filter(rising__gt=0)
        return rows

    def _filtered(self) -> QuerySet[Any]:
        rows: QuerySet[Any]
        key = self._key
        if self.category:
            rows = PaperCategory.objects.filter(category=self.category, paper__hidden=False)
        else:
            rows = Paper.objects.visible()
        if self.author:
            authored = PaperAuthor.objects.filter(author__slug=self.author, paper=OuterRef(key))
            rows = rows.filter(Exists(authored))
        if self.network:
            linked = TweetPaper.objects.filter(
                is_visible("tweet__"), tweet__network=self.network, paper=OuterRef(key)
            )
            rows = rows.filter(Exists(linked))
        if self.tag:
            tagged = Paper.objects.filter(tags__slug=self.tag)
            rows = rows.filter(**{f"{key}__in": tagged.values("pk")})
        return rows

    def _cursor(self) -> tuple[Any, ...]:
        names = [*self._order, "id"]
        pattern = "~".join(f"({_CURSOR[name][0]})" for name in names)
        match = re.fullmatch(pattern, self.after, re.ASCII)
        try:
            if not match:
                raise ValueError
            written = zip(names, match.groups(), strict=True)
            return tuple(_CURSOR[name][1](value) for name, value in written)
        except ValueError:
            raise SelectionError("This page of the list does not exist.") from None

    def _behind_cursor(self, key: str) -> Q:
        """Return rows after the cursor in the (descending) order: a < x or (a = x and …)."""
        condition = Q()
        names = [*self._order, key]
        for name, value in reversed(list(zip(names, self._cursor(), strict=True))):
            behind = Q(**{f"{name}__lt": value})
            condition = behind | (Q(**{name: value}) & condition) if condition else behind
        # The plain bound on the first column is implied, but an index can start at it.
        return Q(**{f"{names[0]}__lte": self._cursor()[0]}) & condition


def _page_of(rows: Sequence[tuple[Any, ...]], size: int, found: int | None) -> Keys:
    """Cut a page off rows in order, whose last column is the key."""
    after = "~".join(str(value) for value in rows[size - 1]) if len(rows) > size else ""
    return Keys([row[-1] for row in rows[:size]], after, found)


_FIELDS = ("window", "category", "tag", "author", "network", "year", "q", "fair", "after")


def _holds_words(query: str) -> bool:
    """Tell whether papers can be closer to a query or less so; a wrong one is refused later."""
    try:
        return any(search.leaves(search.parse(query)))
    except search.QueryError:
        return True
