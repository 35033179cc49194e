"""How the papers of a day stand: as computed, as printed, and as its editors want them.

What editors want is kept apart from the entries (`DigestEdit`): a draft is built anew under it,
and readers see nothing of it before it is published.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from papers.models import Digest, DigestEdit, DigestEntry


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What editors want of a day; papers are named by their keys, texts are Markdown.

    `order` names papers that stand elsewhere than computed, and those around them. A paper that it
    does not name, as one that is left out, stands where it was computed.
    """

    introduction: str = ""
    order: tuple[int, ...] = ()
    pinned: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()
    notes: Mapping[int, str] = field(default_factory=dict)

    def among(self, entries: Iterable[DigestEntry]) -> "Arrangement":
        """Return it for these entries: the same wishes are equal, however they were written."""
        there = computed(entries)
        left_out = self.left_out.intersection(there)
        pinned = self.pinned.intersection(there) - left_out
        order = [paper for paper in _in_places(there, self) if paper not in left_out]
        is_computed = order == [paper for paper in there if paper not in left_out] and not pinned
        return replace(
            self,
            order=() if is_computed else tuple(order),
            pinned=pinned,
            left_out=left_out,
            notes={key: note for key, note in self.notes.items() if note and key in there},
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry is to stand. `rank` counts from 1 and is None for what is left out."""

    entry: DigestEntry
    rank: int | None
    computed: int
    is_pinned: bool
    note: str

    @property
    def is_left_out(self) -> bool:
        return self.rank is None

    @property
    def is_moved(self) -> bool:
        return self.rank is not None and self.rank != self.computed


def computed(entries: Iterable[DigestEntry]) -> list[int]:
    """Return the papers in the order in which they were computed."""
    found = sorted(entries, key=lambda entry: entry.computed_rank or entry.rank)
    return [entry.paper_id for entry in found]


def printed(digest: Digest, entries: Iterable[DigestEntry]) -> Arrangement:
    """Return how a day stands without what is pending; `entries` are all it has."""
    entries = sorted(entries, key=lambda entry: entry.rank)
    return Arrangement(
        introduction=digest.introduction,
        order=tuple(entry.paper_id for entry in entries if not entry.left_out),
        pinned=frozenset(entry.paper_id for entry in entries if entry.pinned),
        left_out=frozenset(entry.paper_id for entry in entries if entry.left_out),
        notes={entry.paper_id: entry.note for entry in entries},
    ).among(entries)


def saved(edit: DigestEdit) -> Arrangement:
    return Arrangement(
        introduction=edit.introduction,
        order=tuple(edit.order),
        pinned=frozenset(edit.pinned),
        left_out=frozenset(edit.left_out),
        notes={int(key): note for key, note in edit.notes.items()},
    )


def places(entries: Sequence[DigestEntry], wanted: Arrangement) -> list[Place]:
    """Return where these entries are to stand, those left out between the others."""
    entry_of = {entry.paper_id: entry for entry in entries}
    there = computed(entries)
    computed_ranks = {paper: rank for rank, paper in enumerate(there, start=1)}
    found, rank = [], 0
    for paper in _in_places(there, wanted):
        is_out = paper in wanted.left_out
        rank += not is_out
        found.append(
            Place(
                entry=entry_of[paper],
                rank=None if is_out else rank,
                computed=computed_ranks[paper],
                is_pinned=paper in wanted.pinned and not is_out,
                note=wanted.notes.get(paper, ""),
            )
        )
    return found


def arrange(entries: Sequence[DigestEntry], wanted: Arrangement) -> list[DigestEntry]:
    """Let the entries, unsaved, stand as wanted; return those that are printed, in order."""
    shown = []
    for place in places(entries, wanted):
        row = place.entry
        row.rank = place.rank or place.computed
        row.computed_rank = place.computed if place.is_moved else None
        row.pinned, row.left_out, row.note = place.is_pinned, place.is_left_out, place.note
        if not place.is_left_out:
            shown.append(row)
    return shown


@dataclass(frozen=True, slots=True)
class Difference:
    """What one arrangement has otherwise than another: `what` of a paper, or of the whole day."""

    what: Literal["introduction", "order", "pin", "left out", "note"]
    entry: DigestEntry | None
    before: str | bool | list[DigestEntry]
    after: str | bool | list[DigestEntry]


def differences(
    entries: Sequence[DigestEntry], before: Arrangement, after: Arrangement
) -> list[Difference]:
    """Return what is otherwise in `after`; leaving a paper out is no change of the order."""
    found: list[Difference] = []
    if before.introduction != after.introduction:
        found.append(Difference("introduction", None, before.introduction, after.introduction))
    was, became = ({p.entry.paper_id: p for p in places(entries, a)} for a in (before, after))
    printed_both = {key for key in was if not was[key].is_left_out and not became[key].is_left_out}
    orders = [[p.entry for key, p in of.items() if key in printed_both] for of in (was, became)]
    if orders[0] != orders[1]:
        found.append(Difference("order", None, *_where_they_differ(*orders)))
    for key, old in was.items():
        new = became[key]
        if old.is_pinned != new.is_pinned and key in printed_both:
            found.append(Difference("pin", old.entry, old.is_pinned, new.is_pinned))
        if old.is_left_out != new.is_left_out:
            found.append(Difference("left out", old.entry, old.is_left_out, new.is_left_out))
        if old.note != new.note:
            found.append(Difference("note", old.entry, old.note, new.note))
    return found


def _where_they_differ(
    one: list[DigestEntry], other: list[DigestEntry]
) -> tuple[list[DigestEntry], list[DigestEntry]]:
    """Return of two orders of the same what stands between their first and last difference."""
    unlike = [
        index for index, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]
    ]
    start, end = unlike[0], unlike[-1] + 1
    return one[start:end], other[start:end]


def _in_places(there: Sequence[int], wanted: Arrangement) -> list[int]:
    """Return the papers that are there in the order wanted.

    What the order does not name, as it came later or is left out, stands where it was computed.
    What is pinned keeps the rank it was given, whatever came or went above it.
    """
    ranked = [paper for paper in dict.fromkeys(wanted.order) if paper not in wanted.left_out]
    order = [paper for paper in ranked if paper in set(there)]
    pinned = {ranked.index(paper): paper for paper in order if paper in wanted.pinned}
    known = set(order)
    for index, paper in enumerate(there):
        if paper not in known:
            order.insert(index, paper)
    free = [paper for paper in order if paper not in set(pinned.values())]
    placed: list[int] = []
    rank = 0
    while free or pinned:
        is_held = rank in pinned or not free
        paper = pinned.pop(rank if rank in pinned else min(pinned)) if is_held else free.pop(0)
        placed.append(paper)
        rank += paper not in wanted.left_out
    return placed
