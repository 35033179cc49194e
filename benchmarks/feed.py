"""SQL time of the page For you at 10,000, 100,000 and 1,000,000 papers: does it depend on how many?

    python -m tests.services python -m benchmarks.feed

Runs on PostgreSQL, in a database of the benchmark's own that grows into the past: 1,000 papers a
listing day in 1.8 categories each, a fifth of them noticed, and 20 neighbours of every paper that
somebody saved, half of them of the last month. 1,000 readers follow 10 categories and saved 200
papers each. 200 of them open /feed/, as the site answers it; summed is the time of every query,
session and account included. It takes some minutes and some gigabytes.
"""

# isort: off
from benchmarks import rows  # sets Django up
from benchmarks.rows import A_DAY, PLACES, add_days, add_papers, chance, draw, fill

# isort: on
import argparse
import time
from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SavedPaper, Subscription, User
from papers import models as world

SIZES = (10_000, 100_000, 1_000_000)
READERS, FOLLOWS, SAVED, NEAR = 1_000, 10, 200, 10
OPENED, WARM = 200, 20  # readers who open their feed, and some before, who are not counted
SAVABLE = 20_000  # papers that readers save: they share what they save
RECENT = 20_000  # papers of the last month, among which half of the neighbours are
RATIO_AIM, P95_AIM = 1.5, 25.0  # of the largest to the smallest; milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.feed",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of papers")
    sizes = parser.parse_args().sizes
    if connection.vendor != "postgresql":
        parser.error("this runs on PostgreSQL: python -m tests.services python -m benchmarks.feed")
    with rows.own_database():
        add_days(max(sizes) // A_DAY)
        add_readers()
        medians = list(measure_sizes(sorted(sizes)))
    ratio = medians[-1] / medians[0]
    print(f"ratio of the medians, {sizes[-1]:,} to {sizes[0]:,} papers: {ratio:.2f}", end="")
    print(f" (aims: {RATIO_AIM} at most, p95 under {P95_AIM:g} ms)")


def measure_sizes(sizes: Sequence[int]) -> Iterator[float]:
    held = 0
    for size in sizes:
        started = time.monotonic()
        add_papers(held, size)
        held = size
        add_saved(size)
        rows.settle()
        filled = time.monotonic() - started
        readers = list(User.objects.order_by("pk")[: WARM + OPENED])
        found = [open_feed(reader) for reader in readers][WARM:]
        times = [milliseconds for milliseconds, _ in found]
        p95 = quantiles(times, n=20)[-1]
        print(
            f"{size:9,} papers: p50 {median(times):6.1f} ms, p95 {p95:6.1f} ms, most "
            f"{max(times):6.1f} ms in {max(count for _, count in found)} queries "
            f"({filled:.0f} s to fill)",
            flush=True,
        )
        yield median(times)


def open_feed(reader: User) -> tuple[float, int]:
    """Return for how many milliseconds the page asked the database, and how often."""
    client = Client()
    client.force_login(reader)
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/feed/")
    assert response.status_code == 200
    assert response.context["items"], "an empty feed measures nothing"
    return 1000 * sum(float(query["time"]) for query in queries), len(queries)


# Rows --------------------------------------------------------------------------------------------


def add_readers() -> None:
    fill(
        User,
        f"generate_series(1, {READERS}) i",
        id="i",
        username="'reader' || i",
        email="'reader' || i || '@papers.example'",
        is_active="true",
        feed_kinds="""'["new", "cross"]'""",
    )
    # Of these draws a few fall on one category: then its reader follows fewer.
    fill(
        Subscription,
        f"generate_series(1, {READERS}) i, generate_series(1, {FOLLOWS}) n"
        f" JOIN own_code ON true WHERE own_code.place = {draw('i * 100 + n', 30, PLACES)}",
        user="i",
        kind="'category'",
        target="code",
    )


def add_saved(size: int) -> None:
    """Let readers have saved papers of all days that are held, and these have neighbours."""
    every = max(1, size // SAVABLE)  # each such paper can be saved
    SavedPaper.objects.all().delete()
    world.Neighbour.objects.all().delete()
    fill(
        SavedPaper,
        f"generate_series(1, {READERS}) i, generate_series(1, {SAVED}) n",
        user="i",
        paper=f"1 + {every} * {draw('i * 1000 + n', 40, size // every)}",
        known="'{}'",
    )
    recent = f"1 + {draw('paper_id * 100 + n', 41, min(size, RECENT))}"
    old = f"1 + {draw('paper_id * 100 + n', 42, size)}"
    source = (
        f"(SELECT paper_id AS one, CASE WHEN n % 2 = 0 THEN {recent} ELSE {old} END AS two,"
        f" round((0.1 + 0.4 * {chance('paper_id * 100 + n', 43)} ^ 3)::numeric, 4) AS alike"
        f" FROM (SELECT DISTINCT paper_id FROM accounts_savedpaper) saved,"
        f" generate_series(1, {NEAR}) n) pair WHERE one <> two"
    )
    for paper, other in (("one", "two"), ("two", "one")):
        day = f"(SELECT announced_on FROM papers_paper WHERE papers_paper.id = {other})"
        fill(world.Neighbour, source, paper=paper, other=other, similarity="alike", listed_on=day)


if __name__ == "__main__":
    main()
