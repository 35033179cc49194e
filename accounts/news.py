"""What is new of a paper since its reader saved it, and what its authors changed, word by word."""

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import SavedPaper
from papers import latex

MOST_WORDS = 1_500  # of each text; an abstract of arXiv's has 300
# Comparing looks again and again at each pair of equal words, one of either text. Two abstracts of
# arXiv's greatest length have some 2,000; a text that repeats itself could have a million.
MOST_PAIRS = 10_000


@dataclass(frozen=True, slots=True)
class News:
    """What the reader does not know yet. Empty, or False, where there is nothing new."""

    version: int | None = None
    journal_ref: str = ""
    withdrawn: bool = False

    def __bool__(self) -> bool:
        return bool(self.version or self.journal_ref or self.withdrawn)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that a text of two versions kept ("same"), lost ("del") or won ("ins")."""

    kind: str
    text: str


def of(saved: SavedPaper) -> News:
    """Return what is new of a saved paper since its reader last knew it; costs no query."""
    known, paper = saved.known, saved.paper
    if not known:  # saved before this was kept
        return News()
    version = paper.version or 0
    if known["version"] is None:
        # The paper came with a post, which named no version: its date tells whether it is newer.
        is_newer = version > 1 and (paper.revised_at or saved.saved_at) > saved.saved_at
    else:
        is_newer = version > known["version"]
    return News(
        version=version if is_newer else None,
        journal_ref=paper.journal_ref if paper.journal_ref != known["journal_ref"] else "",
        withdrawn=paper.withdrawn and not known["withdrawn"],
    )


def title_pieces(saved: SavedPaper) -> list[Piece]:
    """Compare the title known with today's."""
    return _compare(saved.known.get("title", ""), saved.paper.title)


def abstract_pieces(saved: SavedPaper) -> list[Piece]:
    """Compare the abstract known with today's; nothing where either was not arXiv's."""
    known = saved.known.get("abstract", "")
    if not known or saved.paper.abstract_is_summary or not saved.paper.abstract:
        return []
    return _compare(known, saved.paper.abstract)


def _compare(before: str, after: str) -> list[Piece]:
    return list(compare(latex.to_text(before), latex.to_text(after)))


def compare(before: str, after: str) -> Iterator[Piece]:
    """Yield `after` in pieces, and between them what `before` had instead.

    Texts of more than MOST_WORDS or MOST_PAIRS are not compared: one is lost, the other won.
    """
    old, new = before.split(), after.split()
    counts = Counter(new)
    pairs = sum(counts[word] for word in old)
    if old != new and (max(len(old), len(new)) > MOST_WORDS or pairs > MOST_PAIRS):
        yield Piece("del", before)
        yield Piece("ins", after)
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", " ".join(new[new_start:new_end]))
            continue
        if end > start:
            yield Piece("del", " ".join(old[start:end]))
        if new_end > new_start:
            yield Piece("ins", " ".join(new[new_start:new_end]))
