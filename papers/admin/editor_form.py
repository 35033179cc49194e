"""The editor's form: a day as it was typed. Every button sends all of it, so nothing is lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from papers.arrangement import Arrangement, computed, places
from papers.converters import number
from papers.models import Act, DigestEntry

MOST = {"introduction": 10_000, "note": 4_000}
REASON = Act._meta.get_field("reason").max_length


class Words(forms.CharField):
    """Markdown on lines that end in LF."""

    def __init__(self, what: str) -> None:
        rows = 3 if what == "introduction" else 2
        super().__init__(
            required=False,
            max_length=MOST[what],
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={
                "null_characters_not_allowed": "There is a NUL character in it.",
                "max_length": f"At most {MOST[what]:,} characters fit; it has %(show_value)d.",
            },
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class EditorForm(forms.Form):
    """`edition` is that of the day as this editor saw it. The order, what is pinned and what is
    left out are keys of papers, as often as there are some."""

    edition = forms.IntegerField(min_value=0)
    introduction = Words("introduction")
    reason = forms.CharField(required=False, max_length=REASON)

    def __init__(self, entries: Sequence[DigestEntry], data: QueryDict | None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.entries = entries
        for entry in entries:
            self.fields[note_of(entry)] = Words("note")

    @classmethod
    def of(
        cls, entries: Sequence[DigestEntry], wanted: Arrangement, edition: int, reason: str
    ) -> "EditorForm":
        """Return the form with what was saved for the day."""
        notes = {note_of(entry): wanted.notes.get(entry.paper_id, "") for entry in entries}
        words = {"introduction": wanted.introduction, "edition": edition, "reason": reason}
        return cls(entries, None, initial=words | notes)

    def typed(self) -> Arrangement:
        """Return what was typed, whether it can be kept or not; papers of other days are not."""
        assert isinstance(self.data, QueryDict)
        there = set(computed(self.entries))
        order, pinned, left_out = (
            [key for key in map(number, self.data.getlist(name)) if key in there]
            for name in ("order", "pinned", "left_out")
        )
        text = {name: Words("note").to_python(value) for name, value in self.data.items()}
        return Arrangement(
            introduction=text.get("introduction", ""),
            order=tuple(dict.fromkeys(order)),
            pinned=frozenset(pinned),
            left_out=frozenset(left_out),
            notes={e.paper_id: text[note_of(e)] for e in self.entries if text.get(note_of(e))},
        )


def note_of(entry: DigestEntry) -> str:
    """Return the name of the field of an entry's note."""
    return f"note-{entry.paper_id}"


# What a button does to a day ---------------------------------------------------------------------


def moved(
    entries: Sequence[DigestEntry], wanted: Arrangement, paper: int, step: int
) -> Arrangement:
    """Move a paper past the one above (-1) or below (1) of those that are printed."""
    order = [p.entry.paper_id for p in places(entries, wanted) if not p.is_left_out]
    if paper in order:
        place = order.index(paper)
        other = min(max(place + step, 0), len(order) - 1)
        order[place], order[other] = order[other], order[place]
    return replace(wanted, order=tuple(order))


def toggled(keys: frozenset[int], paper: int) -> frozenset[int]:
    return keys ^ {paper}
