"""SQL time of searches for rare, middling and the commonest words, by each order.

    SHARED_BUFFERS=2GB python -m tests.services python -m benchmarks.search # 1,000,000 papers
    python -m benchmarks.search                                             # SQLite, 100,000
    python -m tests.services python -m benchmarks.search --papers 50000

Runs in a database of the benchmark's own: 1,000 papers a listing day, of 108 words each, drawn as
texts draw them, so that the commonest word is in nine of ten papers and most are in a few; indexed
as the ingest does it. Asked is for words of each kind, for a beginning, and for two common words,
with a category and without, and for what is suggested. Summed is the time of every query of a
page's papers, after searches for other words that are not counted: a database reads from memory
what it has read before.
"""

# isort: off
from benchmarks import rows  # sets Django up
from benchmarks.rows import A_DAY

# isort: on
import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache, partial
from itertools import accumulate
from random import Random
from statistics import median, quantiles
from typing import Any

from django.db import connection, transaction

from papers import models as world
from papers import ranking, search
from papers.bulk import chunks
from papers.search import suggestions
from papers.selection import OF_SEARCH, Selection

AIMS = {"postgresql": 50.0, "sqlite": 60.0}  # milliseconds, of 95 in 100 searches
SIZES = {"postgresql": 1_000_000, "sqlite": 100_000}
VOCABULARY, TITLE, ABSTRACT = 60_000, 8, 100  # words
CODES = ("cs.LG", "cs.CV", "math.CT", "hep-th")
EACH = 30  # searches of a kind and an order
BEFORE = 100  # of each of three kinds, not counted
# In how many of all papers the words of a kind are, from and up to.
KINDS = {
    "rare": (0.00005, 0.0005),
    "middling": (0.003, 0.02),
    "frequent": (0.02, 0.15),
    "common": (0.15, 0.4),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.search",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    usual = SIZES[connection.vendor]
    parser.add_argument("--papers", type=int, default=usual, help="how many papers")
    size = parser.parse_args().papers
    with rows.own_database():
        started = time.monotonic()
        held = add_papers(size)
        settle()
        print(f"{size:,} papers, {time.monotonic() - started:.0f} s to fill and index", flush=True)
        for search_of_before in searched_before(held, size):
            search_of_before()
        aim, slowest = AIMS[connection.vendor], 0.0
        for name, searches in asked(held, size):
            slowest = max(slowest, report(name, [milliseconds(each) for each in searches]))
        print(f"the slowest kind: p95 {slowest:.1f} ms (aim: {aim:g} at most)")


def report(name: str, times: Sequence[float]) -> float:
    p95 = quantiles(times, n=20)[-1]
    print(f"{name:32} p50 {median(times):7.1f} ms  p95 {p95:7.1f} ms  most {max(times):7.1f} ms")
    return p95


def milliseconds(ask: Callable[[], object]) -> float:
    """Return for how long the database worked at what `ask` asks it."""
    taken = 0.0

    def timed(execute: Any, *args: Any) -> Any:
        nonlocal taken
        started = time.perf_counter()
        try:
            return execute(*args)
        finally:
            taken += time.perf_counter() - started

    with connection.execute_wrapper(timed):
        ask()
    return 1000 * taken


# What is asked -----------------------------------------------------------------------------------


def asked(held: Sequence[int], size: int) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """Yield what is searched; `held` is in how many papers each word is, the commonest first."""
    by_chance, kinds = Random(2), words_by_kind(held, size)
    for sort in OF_SEARCH:
        for name in (*KINDS, "commonest"):
            yield (
                f"{name}, {sort}",
                pages((pick(by_chance, kinds[name]) for _ in range(EACH)), sort),
            )
        two = (" ".join(by_chance.sample(kinds["common"], 2)) for _ in range(EACH))
        yield f"two common words, {sort}", pages(two, sort)
        narrow = (f"{pick(by_chance, kinds['common'])} cat:math.CT" for _ in range(EACH))
        yield f"common in a category, {sort}", pages(narrow, sort)
    begun = [pick(by_chance, kinds["middling"])[:4] + "*" for _ in range(EACH)]
    yield "a beginning, relevance", pages(begun, "relevance")
    typed = [pick(by_chance, kinds[name])[:end] for name in kinds for end in (2, 3, 5)]
    yield "suggestions", [partial(suggestions.of, each) for each in typed]


def words_by_kind(held: Sequence[int], size: int) -> dict[str, list[str]]:
    kinds = {"commonest": [word(place) for place in range(6)]}
    for name, (least, most) in KINDS.items():
        kinds[name] = [word(p) for p, n in enumerate(held) if least * size <= n <= most * size]
    return kinds


def searched_before(held: Sequence[int], size: int) -> list[Callable[[], object]]:
    by_chance, kinds = Random(3), words_by_kind(held, size)
    names = [name for name in ("rare", "middling", "frequent") for _ in range(BEFORE)]
    return pages((pick(by_chance, kinds[name]) for name in names), "relevance")


def pick(by_chance: Random, words: Sequence[str]) -> str:
    assert words, "no word is so common: take more papers"
    return by_chance.choice(words)


def pages(queries: Any, sort: str) -> list[Callable[[], object]]:
    found = [Selection.from_search({"q": query, "sort": sort}) for query in queries]
    return [partial(each.page, None) for each in found]


# Rows --------------------------------------------------------------------------------------------


@cache
def word(place: int) -> str:
    """Return a word that nobody knows, of letters: each place another one."""
    letters = "aeioubcdfghklmnprstvwz"
    spelt = ""
    while place or len(spelt) < 4:
        place, rest = divmod(place, len(letters))
        spelt += letters[rest]
    return spelt


def add_papers(size: int) -> list[int]:
    """Add papers with their listings, index them; return in how many of them each word is."""
    held = [0] * VOCABULARY
    by_chance = Random(1)
    weights = list(accumulate(1 / (place + 4) for place in range(VOCABULARY)))
    for some in chunks(range(size), 2_000):
        with transaction.atomic():
            papers = [paper(number, by_chance, weights, held) for number in some]
            world.Paper.objects.bulk_create(papers, batch_size=500)
            world.PaperCategory.objects.bulk_create([listing(p) for p in papers], batch_size=500)
            search.write((p.pk, p.title, p.author_names, p.abstract) for p in papers)
    return held


def paper(number: int, by_chance: Random, weights: Sequence[float], held: list[int]) -> world.Paper:
    day = rows.NEWEST - timedelta(days=number // A_DAY)
    score = 0 if by_chance.random() < 0.8 else int(2 ** (10 * by_chance.random()))
    drawn = by_chance.choices(range(VOCABULARY), cum_weights=weights, k=TITLE + ABSTRACT)
    for place in set(drawn):
        held[place] += 1
    title, abstract = map(" ".join, (map(word, drawn[:TITLE]), map(word, drawn[TITLE:])))
    return world.Paper(
        arxiv_id=f"{number // 99_999 + 1501:04}.{number % 99_999 + 1:05}",
        title=title,
        title_html=title,
        title_text=title,
        abstract=abstract,
        abstract_html=abstract,
        author_names=["Ada Lark", "Bo Finch"],
        category_codes=[CODES[number % len(CODES)]],
        recorded_at="2026-11-27T00:00:00Z",
        announced_on=day,
        score=score,
        hot=ranking.heat(score, day),
    )


def listing(of: world.Paper) -> world.PaperCategory:
    return world.PaperCategory(
        paper=of,
        category_id=of.category_codes[0],
        position=0,
        announced_on=of.announced_on,
        score=of.score,
        hot=of.hot,
    )


def settle() -> None:
    if connection.vendor == "postgresql":
        rows.settle()
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
