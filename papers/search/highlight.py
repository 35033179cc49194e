"""Where the words that were searched stand in what a page shows. Knows no papers and no database.

Of HTML only the text between tags is looked at, and no formula: what was rendered stays whole.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape

from papers.search.query import Node, Words, leaves
from papers.words import spans

SNIPPET = 220  # characters, about
LEAD = 60  # of them before the first word found
_MARKUP = re.compile(r"(<math.*?</math>|<[^>]*>)", re.DOTALL)
Piece = tuple[str, bool]  # text, and whether it was found
Span = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Highlight:
    """The words of a query, to be found in texts."""

    looked_for: tuple[Words, ...]

    @classmethod
    def of(cls, tree: Node) -> "Highlight":
        return cls(tuple(leaves(tree)))

    def pieces(self, text: str, field: str = "") -> list[Piece]:
        """Cut a plain text of a paper's `field` into what was found and what lies between."""
        pieces, at = [], 0
        for start, end in self._found(text, field):
            if start > at:
                pieces.append((text[at:start], False))
            pieces.append((text[start:end], True))
            at = end
        return [*pieces, (text[at:], False)] if at < len(text) or not pieces else pieces

    def in_html(self, html: str, field: str) -> str:
        """Return rendered HTML with each word found in <mark>."""
        parts = _MARKUP.split(html)
        # Between tags stand the parts of even number.
        parts[::2] = [self._marked(unescape(part), field) for part in parts[::2]]
        return "".join(parts)

    def snippet(self, text: str, field: str) -> list[Piece]:
        """Return the pieces of a stretch of the text where a word is found; [] where none is."""
        first = next(self._found(text, field), None)
        if first is None:
            return []
        start = max(0, first[0] - LEAD)
        if start:  # from the beginning of a word
            start = text.find(" ", start, first[0]) + 1 or first[0]
        end = start + SNIPPET
        if end < len(text):
            end = max(text.rfind(" ", start, end), first[1])
        pieces = self.pieces(text[start:end], field)
        before = [("… ", False)] if start else []
        return [*before, *pieces, *([(" …", False)] if end < len(text) else [])]

    def _marked(self, text: str, field: str) -> str:
        return "".join(
            f"<mark>{escape(piece, quote=False)}</mark>" if is_found else escape(piece, quote=False)
            for piece, is_found in self.pieces(text, field)
        )

    def _found(self, text: str, field: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where words are found, in order; none reaches into another."""
        standing = list(spans(text))
        wanted = [each for each in self.looked_for if each.field in ("", field)]
        by_first: dict[str, list[tuple[Words, Sequence[str]]]] = {}
        for each in wanted:
            for phrase in each.phrases:
                is_begun = each.is_beginning and len(phrase) == 1
                by_first.setdefault("" if is_begun else phrase[0], []).append((each, phrase))
        done = 0
        for place, (word, start, _) in enumerate(standing):
            if start < done:
                continue
            candidates = [*by_first.get(word, ()), *by_first.get("", ())]
            lengths = [len(p) for each, p in candidates if _stands(each, p, standing, place)]
            if lengths:
                done = standing[place + max(lengths) - 1][2]
                yield start, done


def _stands(of: Words, phrase: Sequence[str], standing: Sequence[Span], place: int) -> bool:
    """Tell whether a phrase begins at this place."""
    there = [word for word, _, _ in standing[place : place + len(phrase)]]
    if of.is_beginning and len(there) == len(phrase) and there[-1].startswith(phrase[-1]):
        there[-1] = phrase[-1]
    return there == list(phrase)
