"""What is searched of a paper: the words of title, authors and abstract, each text by itself."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from papers.words import words

# Between two authors, and in the place of words too many: no query holds it, so that no phrase
# reaches across.
GAP = "…"
MOST_TIMES = 255  # that one word counts in a paper: PostgreSQL keeps no more places of a word
# Words of each text that are looked at; with the gaps between the texts they fit its 16,383 places.
MOST_WORDS = {"title": 1_000, "authors": 10_000, "abstract": 5_000}

Row = tuple[int, str, Sequence[str], str]  # key, title, names of authors, abstract


class Document(NamedTuple):
    paper_id: int
    title: list[str]
    authors: list[str]
    abstract: list[str]


def of_rows(rows: Iterable[Row]) -> Iterator[Document]:
    for paper_id, title, names, abstract in rows:
        by = [word for name in names for word in (*words(name), GAP)]
        counts: Counter[str] = Counter()
        texts = zip(MOST_WORDS.values(), (words(title), by, words(abstract)), strict=True)
        yield Document(paper_id, *(_bounded(text[:most], counts) for most, text in texts))


def _bounded(text: list[str], counts: Counter[str]) -> list[str]:
    kept = []
    for word in text:
        counts[word] += 1
        kept.append(word if counts[word] <= MOST_TIMES else GAP)
    return kept
