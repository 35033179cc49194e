"""Saved papers: what a reader asked to see of them, and the shelf they stand on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Left, Lower

from accounts.models import ListEntry, ReaderTag, ReadingList, SavedPaper, Tagging, User
from accounts.models.saved import SavedPaperQuerySet
from papers import cursor, search
from papers.models import Paper
from papers.selection import MAX_QUERY, PAGE_SIZE, SelectionError

TITLE_LENGTH = 80  # of a title, what sorting and its cursor look at


# The shelf ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelved:
    """A tag or a list, with how many papers it holds."""

    pk: int
    name: str
    slug: str
    count: int
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """How many papers are in each state; the tags and the lists, by name."""

    states: dict[str, int]
    tags: list[Shelved]
    lists: list[Shelved]

    @property
    def total(self) -> int:
        return sum(self.states.values())

    def places(self, saved: Sequence[SavedPaper]) -> dict[int, tuple[list[Shelved], list[Shelved]]]:
        """Return the tags and lists of each of these, by its key; one query."""
        keys = [each.pk for each in saved]
        tagged = Tagging.objects.filter(content_object__in=keys).annotate(kind=Value("tag"))
        placed = ListEntry.objects.filter(saved__in=keys).annotate(kind=Value("list")).order_by()
        pairs = tagged.values_list("kind", "content_object_id", "tag_id").union(
            placed.values_list("kind", "saved_id", "reading_list_id"), all=True
        )
        held = set(pairs)
        return {
            key: (
                [tag for tag in self.tags if ("tag", key, tag.pk) in held],
                [each for each in self.lists if ("list", key, each.pk) in held],
            )
            for key in keys
        }


def shown_to(user: User) -> SavedPaperQuerySet:
    """Return the reader's saved papers but those a curator hid."""
    return SavedPaper.objects.filter(user=user, paper__hidden=False)


def shelf(user: User) -> Shelf:
    """Return the shelf, in one query; hidden papers are not counted."""
    states = shown_to(user).order_by().values("state")
    states = states.annotate(kind=Value("state"), key=Value(0), of=F("state"), link=Value(""))
    tags = ReaderTag.objects.filter(user=user).order_by()
    lists = ReadingList.objects.filter(user=user).order_by()
    columns = ("kind", "key", "state", "of", "n", "link")
    found = states.annotate(n=Count("pk")).values_list(*columns)
    found = found.union(
        _counted(tags, "tag", "taggings__content_object", Value("")),
        _counted(lists, "list", "entries__saved", F("share_hash")),
        all=True,
    )
    counts = dict.fromkeys(SavedPaper.State.values, 0)
    shelved: dict[str, list[Shelved]] = {"tag": [], "list": []}
    for kind, key, name, slug, number, link in found:
        if kind == "state":
            counts[name] = number
        else:
            shelved[kind].append(Shelved(key, name, slug, number, bool(link)))
    for each in shelved.values():
        each.sort(key=lambda item: (item.name.casefold(), item.slug))
    return Shelf(counts, shelved["tag"], shelved["list"])


def _counted(rows: QuerySet[Any], kind: str, saved: str, link: Any) -> QuerySet[Any]:
    visible = Q(**{f"{saved}__paper__hidden": False})
    rows = rows.annotate(kind=Value(kind), n=Count(saved, filter=visible), link=link)
    return rows.values_list("kind", "pk", "name", "slug", "n", "link")


# What a reader asked to see -----------------------------------------------------------------------


def _title(text: str) -> str:
    if "\x00" in text or len(text) > TITLE_LENGTH:
        raise ValueError(text)
    return text


@dataclass(frozen=True, slots=True)
class _Order:
    """What rows are sorted by, which way, and how its value is read from a cursor."""

    key: Any
    is_descending: bool
    read: Callable[[str], Any]


_ORDERS = {
    "saved": _Order(F("saved_at"), True, cursor.moment),
    "score": _Order(F("paper__score"), True, cursor.number),
    "title": _Order(Left(Lower("paper__title_text"), TITLE_LENGTH), False, _title),
    # What arXiv has not listed comes last.
    "listed": _Order(Coalesce("paper__announced_on", date(1, 1, 1)), True, cursor.day),
    "": _Order(F("places__position"), False, cursor.number),  # a list's own
}
SORTS = {"saved": "newest first", "score": "by score", "title": "by title", "listed": "by day"}
_FIELDS = ("state", "q", "tag", "reading_list", "sort", "after")
_PARAMS = dict(zip(_FIELDS, ("state", "q", "tag", "list", "sort", "after"), strict=True))


@dataclass(frozen=True, slots=True)
class SavedSelection:
    """Which of the saved papers, in which order. Empty strings filter nothing; without a sort the
    newest come first, those of a list in its order."""

    state: str = ""
    q: str = ""
    tag: str = ""  # slugs, both
    reading_list: str = ""
    sort: str = ""
    after: str = ""

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> "SavedSelection":
        """Read a query string; raise SelectionError with a sentence that says what was wrong."""
        found = cls(*(params.get(_PARAMS[name], "").strip() for name in _FIELDS))
        if "\x00" in found.q or len(found.q) > MAX_QUERY:
            raise SelectionError("The words are too long or hold a NUL byte.")
        try:
            search.parse(found.q)
        except search.QueryError as error:
            raise SelectionError(str(error)) from None
        if found.state and found.state not in SavedPaper.State.values:
            raise SelectionError("A saved paper is for later, being read, or done.")
        if found.sort and found.sort not in SORTS:
            raise SelectionError("Saved papers are sorted by saved, score, title or listed.")
        if found.after:
            cursor.read(found.after, _ORDERS[found.order].read)
        return found

    def querystring(self, **changes: str) -> str:
        """Return "?…" for this selection with `changes`, from its first page."""
        values = {name: getattr(self, name) for name in _FIELDS} | {"after": "", **changes}
        return "?" + urlencode({_PARAMS[key]: value for key, value in values.items() if value})

    @property
    def order(self) -> str:
        """What it is sorted by; "" is a list's own order."""
        return self.sort or ("" if self.reading_list else "saved")

    @property
    def sorts(self) -> list[tuple[bool, str, str]]:
        """Return what it may be sorted by: whether it is, in words, its address."""
        names = ({"": "in its order"} if self.reading_list else {}) | SORTS
        return [(key == self.order, names[key], self.querystring(sort=key)) for key in names]

    @property
    def is_in_order(self) -> bool:
        """Tell whether a list shows as its reader ordered it, and whole."""
        whole = not (self.state or self.q or self.tag)
        return bool(self.reading_list) and self.order == "" and whole

    @property
    def is_of_all(self) -> bool:
        """Tell whether the counts of the states are those of what can be chosen here."""
        return not (self.tag or self.reading_list)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return what a search leaves as it is, as parameters."""
        names = ("state", "tag", "reading_list", "sort")
        return [(_PARAMS[name], getattr(self, name)) for name in names if getattr(self, name)]

    def page(
        self,
        user: User,
        tag: Shelved | None = None,
        reading_list: Shelved | None = None,
        size: int = PAGE_SIZE,
    ) -> tuple[list[SavedPaper], str]:
        """Return one page with its papers, and the cursor of the next ("" at the end).

        `tag` and `reading_list` are what the slugs name on the reader's shelf.
        """
        found = self.chosen(user, tag, reading_list).defer("paper__title", "paper__abstract")
        if self.after:
            found = found.filter(self._behind_cursor())
        rows: list[Any] = list(found[: size + 1])
        if len(rows) <= size:
            return rows, ""
        last = rows[size - 1]
        return rows[:size], cursor.write(last.key, last.pk)

    def chosen(
        self, user: User, tag: Shelved | None = None, reading_list: Shelved | None = None
    ) -> SavedPaperQuerySet:
        """Return all of them with their papers, in order; `key` is what they are sorted by."""
        found = shown_to(user).select_related("paper")
        if self.state:
            found = found.filter(state=self.state)
        if tag:
            found = found.filter(
                Exists(Tagging.objects.filter(tag=tag.pk, content_object=OuterRef("pk")))
            )
        if reading_list:
            found = found.filter(places__reading_list=reading_list.pk)
        if self.q:
            found = found.holding(self.q)
        order = _ORDERS[self.order]
        minus = "-" if order.is_descending else ""
        return found.annotate(key=order.key).order_by(f"{minus}key", f"{minus}pk")

    def _behind_cursor(self) -> Q:
        value, pk = cursor.read(self.after, _ORDERS[self.order].read)
        way = "lt" if _ORDERS[self.order].is_descending else "gt"
        behind = Q(**{f"key__{way}": value}) | Q(key=value, **{f"pk__{way}": pk})
        # The plain bound is implied, but an index can start at it.
        return Q(**{f"key__{way}e": value}) & behind


# What others see of a list ------------------------------------------------------------------------


def shared_page(shared: ReadingList, after: str) -> tuple[list[Paper], str]:
    """Return a page of the papers of a list, and the cursor of the next ("" at the end)."""
    keys, more = shared_keys(shared, after, PAGE_SIZE)
    papers = Paper.objects.for_list().in_bulk(keys)
    return [papers[key] for key in keys if key in papers], more


def shared_keys(shared: ReadingList, after: str, size: int) -> tuple[list[int], str]:
    """Return the keys of the papers of a page, and the cursor of the next ("" at the end).

    What its reader keeps beside them is not read.
    """
    entries = ListEntry.objects.filter(reading_list=shared, saved__paper__hidden=False)
    if after:
        position, key = cursor.read(after, cursor.number)
        behind = Q(position__gt=position) | Q(position=position, saved__paper__gt=key)
        entries = entries.filter(behind)
    entries = entries.order_by("position", "saved__paper_id")
    found = list(entries.values_list("position", "saved__paper_id")[: size + 1])
    more = cursor.write(*found[size - 1]) if len(found) > size else ""
    return [key for _, key in found[:size]], more
