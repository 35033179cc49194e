"""What a reader wants to see and what not, and the papers of a window that it touches, with why.

Two queries: one for what the reader chose, one for the papers. The latter is a union with a branch
for each kind of reason, over narrow rows: no paper's text is read but to look for words.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import Mute, User
from papers import clock, search
from papers.models import (
    Announcement,
    Author,
    Category,
    Neighbour,
    Paper,
    PaperAuthor,
    PaperCategory,
    SearchEntry,
)
from papers.readers import Kind, Marks

LEAST_WORD = 3  # letters of one muted or followed: fewer are in nearly every text
HIDDEN, SEEN = "hidden", "seen"  # beside the states of saved papers
CLOSE = "close"  # beside the kinds of follows
NEW, CROSS, REPLACED = KINDS = "new", "cross", "replaced"  # how a paper came to be listed
MUTED = "muted"  # beside these
# A paper's page can be opened before the date that arXiv prints over its list.
AHEAD = timedelta(days=3)
# arXiv's words for what it lists again.
_AGAIN = {REPLACED: ("replace", "replace-cross"), CROSS: ("cross",)}


@dataclass(frozen=True, slots=True)
class Interests:
    """What a reader follows (name by target), muted, saved, saw and hid."""

    follows: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    mutes: frozenset[tuple[str, str]] = frozenset()  # kind and target
    marks: Marks = field(default_factory=Marks)
    hidden: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not self.follows and not self.marks.states

    def targets(self, kind: Kind) -> list[str]:
        return list(self.follows.get(kind, {}))


class Reason(NamedTuple):
    """Why a paper is in a feed: the kind of a follow and its target, or CLOSE.

    `how` it was listed. `near` is the saved paper it is close to, or the place of the category on
    the paper, from 0.
    """

    how: str
    kind: str
    target: str
    near: int
    similarity: float


@dataclass(slots=True)
class Candidate:
    """A paper that a reader's interests touch. `listed_on` is the day that brought it here."""

    paper_id: int
    listed_on: date
    score: int
    hot: float
    rising: float
    fair: float
    reasons: list[Reason] = field(default_factory=list)

    def add(self, reason: Reason, listed_on: date) -> None:
        self.reasons.append(reason)
        self.listed_on = max(self.listed_on, listed_on)

    @property
    def is_followed(self) -> bool:
        return any(reason.kind != CLOSE for reason in self.reasons)

    @property
    def near(self) -> list[Reason]:
        """The saved papers it is close to, the closest first."""
        near = [reason for reason in self.reasons if reason.kind == CLOSE]
        return sorted(near, key=lambda reason: (-reason.similarity, reason.near))

    @property
    def kind(self) -> str:
        """Tell how it is here: "new", "cross" (beyond its own field) or "replaced"."""
        hows = {reason.how for reason in self.reasons}
        if NEW not in hows:
            return REPLACED if REPLACED in hows else CROSS
        is_beyond = all(reason.kind == Kind.CATEGORY and reason.near for reason in self.reasons)
        return CROSS if is_beyond else NEW


@dataclass(frozen=True, slots=True)
class Touched:
    """The candidates of a window, and how many more were muted, by each mute, or hidden."""

    candidates: list[Candidate]
    muted: Counter[tuple[str, str]]
    hidden: int


# What the reader chose ---------------------------------------------------------------------------


def of_account(user: User, since: date) -> Interests:
    """Return the interests of an account; of what was seen, that since the window began."""
    chosen = list(_choices(user))
    follows: dict[Kind, dict[str, str]] = defaultdict(dict)
    mutes = set()
    for is_mute, kind, target, name in chosen:
        if is_mute:
            mutes.add((kind, target))
        else:
            follows[Kind(kind)][target] = name or target
    met = list(_met(user, since))
    states = {paper_id: mark for paper_id, mark in met if mark not in (SEEN, HIDDEN)}
    return Interests(
        follows=dict(follows),
        mutes=frozenset(mutes),
        marks=Marks(states, {paper_id for paper_id, mark in met if mark == SEEN}),
        hidden=frozenset(paper_id for paper_id, mark in met if mark == HIDDEN),
    )


def of_guest(followed: Iterable[tuple[str, str]]) -> Interests:
    """Return the interests of a visitor, who follows and no more."""
    follows: dict[Kind, dict[str, str]] = defaultdict(dict)
    for kind, target in followed:
        follows[Kind(kind)][target] = target
    if slugs := follows.get(Kind.AUTHOR):
        found = Author.objects.filter(slug__in=list(slugs))
        follows[Kind.AUTHOR] |= dict(found.values_list("slug", "name"))
    return Interests(follows=dict(follows))


def _choices(user: User) -> QuerySet[Any, Any]:
    name = Author.objects.filter(slug=OuterRef("target")).values("name")[:1]
    follows = user.subscriptions.order_by().annotate(is_mute=Value(0), name=Subquery(name))
    holds = Q(until=None) | Q(until__gte=clock.now().date())
    mutes = user.mutes.order_by().filter(holds).annotate(is_mute=Value(1), name=F("target"))
    columns = ("is_mute", "kind", "target", "name")
    return follows.values_list(*columns).union(mutes.values_list(*columns), all=True)


def _met(user: User, since: date) -> QuerySet[Any, Any]:
    saved = user.saved_papers.order_by().values_list("paper", "state")
    start = datetime.combine(since - AHEAD, time.min, UTC)
    seen = user.seen.filter(seen_at__gte=start)
    hidden = seen.exclude(hidden_at=None).annotate(mark=Value(HIDDEN))
    shown = seen.filter(hidden_at=None).annotate(mark=Value(SEEN))
    return saved.union(
        hidden.values_list("paper", "mark"), shown.values_list("paper", "mark"), all=True
    )


def named(kind: str, typed: str) -> str:
    """Return the target that a reader means: the code of a category, the slug of an author, words.

    LookupError says why there is none.
    """
    words = " ".join(typed.split())
    if kind not in (Kind.CATEGORY, Kind.AUTHOR):
        if len(words) < LEAST_WORD:
            raise LookupError(f"A word of {LEAST_WORD} letters or more.")
        if kind == Kind.SEARCH:
            _understood(words)
        return words
    if kind == Kind.CATEGORY:
        category = Category.objects.filter(code__iexact=words).first()
        if category is None:
            raise LookupError(f"arXiv has no category “{words}”.")
        return category.code
    author = Author.objects.filter(Q(slug=words) | Q(name__iexact=words)).first()
    if author is None:
        raise LookupError(f"No paper here is by “{words}”.")
    return author.slug


def _understood(query: str) -> None:
    """Raise LookupError where a search says nothing that can be searched."""
    try:
        search.parse(query)
    except search.QueryError as error:
        raise LookupError(str(error)) from None


# The papers it touches ---------------------------------------------------------------------------


def touched(interests: Interests, since: date, kinds: Collection[str]) -> Touched:
    """Return the papers listed since then for which there is a reason, in no order.

    Those that the reader hid or muted are left out, and those that are of none of the `kinds`.
    """
    branches = list(_branches(interests, since, kinds))
    found: dict[int, Candidate] = {}
    muted: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = branches[0].union(*branches[1:], all=True) if branches else []
    for key, how, kind, target, near, similarity, day, *ranks in rows:
        if how == MUTED:
            muted[key].append((kind, target))
            continue
        if key not in found:
            found[key] = Candidate(key, day, *ranks)
        found[key].add(Reason(how, kind, target, near, similarity), day)
    wanted = [candidate for candidate in found.values() if candidate.kind in kinds]
    shown = [each for each in wanted if each.paper_id not in interests.hidden]
    return Touched(
        [each for each in shown if each.paper_id not in muted],
        Counter(mute for each in shown for mute in muted.get(each.paper_id, ())),
        hidden=len(wanted) - len(shown),
    )


_Branch = QuerySet[Any, Any]
_NOTHING, _UNLIKE = Value(0), Value(0.0)


def _branches(interests: Interests, since: date, kinds: Collection[str]) -> Iterator[_Branch]:
    """Yield for each kind of reason the papers it brings; then those that mutes take away."""
    codes, slugs = interests.targets(Kind.CATEGORY), interests.targets(Kind.AUTHOR)
    listed = _visible(PaperCategory.objects.filter(category__in=codes))
    signed = _visible(PaperAuthor.objects.filter(author__slug__in=slugs))
    if codes:
        new = listed.filter(announced_on__gte=since)
        yield _rows(new, NEW, Kind.CATEGORY, F("category"), near=F("position"))
    if slugs:
        new = signed.filter(paper__announced_on__gte=since)
        yield _rows(new, NEW, Kind.AUTHOR, F("author__slug"), ranks="paper__")
    of_window = Paper.objects.visible().filter(announced_on__gte=since)
    for words, found in _searched(interests.targets(Kind.SEARCH)):
        yield _rows(of_window.filter(found), NEW, Kind.SEARCH, Value(words), key="pk")
    if saved := list(interests.marks.states):
        # What ranks a paper is repeated on its listings: the papers themselves lie far apart.
        first = {"listed_on__gte": since, "other__listings__position": 0}
        gone = Paper.objects.filter(Q(hidden=True) | Q(withdrawn=True)).values("pk")
        pairs = Neighbour.objects.filter(paper__in=saved, **first).exclude(other__in=gone)
        near = {"near": F("paper"), "similarity": F("similarity")}
        yield _rows(pairs, NEW, CLOSE, Value(""), key="other", ranks="other__listings__", **near)
    for how in _AGAIN.keys() & set(kinds):
        again, day = _again(since, how), F("paper__announcements__listed_on")
        if codes:
            old, at = listed.filter(again), F("position")
            yield _rows(old, how, Kind.CATEGORY, F("category"), near=at, day=day)
        if slugs:
            old = signed.filter(again)
            yield _rows(old, how, Kind.AUTHOR, F("author__slug"), ranks="paper__", day=day)
    yield from _muted(interests, since, kinds)


def _searched(targets: Iterable[str]) -> Iterator[tuple[str, Q]]:
    """Yield followed searches, each with what it finds. One that is no longer understood finds
    nothing: its page says why.
    """
    for words in targets:
        with suppress(search.QueryError):
            yield words, search.Conditions().of(search.parse(words))


def _visible(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out papers that a curator hid, which are few, without a look at all the others."""
    return rows.exclude(paper__in=Paper.objects.filter(hidden=True).values("pk"))


def _rows(
    rows: QuerySet[Any],
    how: str,
    kind: str,
    target: Any,
    *,
    near: Any = _NOTHING,
    similarity: Any = _UNLIKE,
    key: str = "paper",
    ranks: str = "",
    day: Any = None,
) -> _Branch:
    """Return the columns that `touched` reads; `ranks` leads to those that papers are ranked by."""
    names = (f"{ranks}{name}" for name in ("score", "hot", "rising", "fair"))
    listed_on = day or F(f"{ranks}announced_on")
    columns = (key, Value(how), Value(str(kind)), target, near, similarity, listed_on, *names)
    return rows.order_by().values_list(*columns)


def _again(since: date, how: str) -> Q:
    """Return what holds of a paper that was listed earlier and stands in a list once more."""
    return Q(
        paper__announcements__listed_on__gte=since,
        paper__announcements__kind__in=_AGAIN[how],
        paper__announced_on__lt=since,
    )


def _muted(interests: Interests, since: date, kinds: Collection[str]) -> Iterator[_Branch]:
    """Yield the papers of the window that each mute is about."""
    again = Announcement.objects.filter(listed_on__gte=since).values("paper")
    of_window = Q(paper__announced_on__gte=since)
    if _AGAIN.keys() & set(kinds):
        of_window |= Q(paper__in=again)
    muted: dict[str, Callable[[str], QuerySet[Any]]] = {
        Mute.Kind.WORD: _holding,
        Mute.Kind.AUTHOR: lambda slug: PaperAuthor.objects.filter(author__slug=slug),
        Mute.Kind.CATEGORY: lambda code: PaperCategory.objects.filter(category=code),
    }
    for kind, target in sorted(interests.mutes):
        found = muted[kind](target).filter(of_window)
        yield _rows(found, MUTED, kind, Value(target), ranks="paper__")


def _holding(muted: str) -> QuerySet[SearchEntry]:
    """Return the entries of papers that hold muted words, side by side."""
    held = search.Conditions("paper__").of(search.words_side_by_side(muted))
    return SearchEntry.objects.filter(held)
