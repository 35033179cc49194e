"""SQL time of the page For you at 10,000, 100,000 and 1,000,000 papers: does it depend on how many?

    python -m tests.services python -m benchmarks.feed

Runs on PostgreSQL, in a database of the benchmark's own that grows into the past: 1,000 papers a
listing day in 1.8 categories each, a fifth of them noticed, and 20 neighbours of every paper that
somebody saved, half of them of the last month. 1,000 readers follow 10 categories and saved 200
papers each. 200 of them open /feed/, as the site answers it; summed is the time of every query,
session and account included. It takes some minutes and some gigabytes.
"""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate, islice
from random import Random
from statistics import median, quantiles
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotpapers.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import (  # noqa: E402
    CaptureQueriesContext,
    setup_databases,
    setup_test_environment,
    teardown_databases,
)

from accounts.models import SavedPaper, Subscription, User  # noqa: E402
from papers import models as world  # noqa: E402
from papers import ranking  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
NEWEST = date(2026, 11, 27)
A_DAY = 1_000  # papers
READERS, FOLLOWS, SAVED, NEAR = 1_000, 10, 200, 10
OPENED, WARM = 200, 20  # readers who open their feed, and some before, who are not counted
SAVABLE = 20_000  # papers that readers save: they share what they save
RECENT = 20_000  # papers of the last month, among which half of the neighbours are
PLACES = 1_000  # of the list that a category is drawn from, the more often the greater it is
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
    setup_test_environment()
    # Nothing is collected here: files are served from where they lie, without a manifest.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    config = setup_databases(verbosity=0, interactive=False)
    try:
        add_days(max(sizes) // A_DAY)
        add_readers()
        medians = list(measure_sizes(sorted(sizes)))
    finally:
        teardown_databases(config, verbosity=0)
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
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
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


# Rows, made by the database itself ---------------------------------------------------------------


def add_days(count: int) -> None:
    """Make a table of listing days, the newest first, and one of categories to draw from."""
    every = (NEWEST - timedelta(days=back) for back in range(2 * count + 10))
    days = list(islice((day for day in every if day.weekday() < 5), count))
    codes = list(world.Category.objects.filter(is_active=True).values_list("code", flat=True))
    weights = list(accumulate(1 / (place + 5) for place in range(len(codes))))
    drawn = Random(1).choices(codes, cum_weights=weights, k=PLACES)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE own_day (place int PRIMARY KEY, day date, start float)")
        cursor.execute("CREATE TABLE own_code (place int PRIMARY KEY, code varchar(32))")
        cursor.executemany(
            "INSERT INTO own_day VALUES (%s, %s, %s)",
            [(place, day, ranking.start_of(day)) for place, day in enumerate(days)],
        )
        cursor.executemany("INSERT INTO own_code VALUES (%s, %s)", list(enumerate(drawn)))


def add_papers(held: int, size: int) -> None:
    """Add the papers from number `held` on; each listing day is older than the one before."""
    fill(
        world.Paper,
        f"(SELECT i, day, start, code, CASE WHEN {chance('i', 1)} < 0.8 THEN 0"
        f" ELSE floor(2 ^ (10 * {chance('i', 2)}))::int END AS score"
        f" FROM generate_series({held}, {size - 1}) i"
        f" JOIN own_day ON own_day.place = i / {A_DAY}"
        f" JOIN own_code ON own_code.place = {draw('i', 3, PLACES)}) paper",
        id="i + 1",
        arxiv_id="lpad((i / 99999 + 1000)::text, 4, '0') || '.' || lpad((i % 99999)::text, 5, '0')",
        title="'A paper on ' || md5(i::text)",
        title_html="'A paper on ' || md5(i::text)",
        title_text="'A paper on ' || md5(i::text)",
        abstract="repeat(md5(i::text) || ' ', 24)",
        abstract_html="repeat(md5(i::text) || ' ', 24)",
        author_names="""'["Ada Lark", "Bo Finch"]'""",
        category_codes="jsonb_build_array(code)",
        primary_category="code",
        announced_on="day",
        announced_by_arxiv="true",
        score="score",
        favorites="score",
        hot="ln(1 + score) / ln(2) + start",
        rising="CASE WHEN score > 0 THEN ln(1 + score) / ln(2) + start ELSE 0 END",
        fair="ln(1 + score) / ln(4) + start",
    )
    # A second category for 60 of 100, a third for 20; a paper that draws one twice has it once.
    for position, share in enumerate((1.0, 0.6, 0.2)):
        code = "primary_category_id" if position == 0 else "code"
        join = f" JOIN own_code ON own_code.place = {draw('id', 10 + position, PLACES)}"
        fill(
            world.PaperCategory,
            f"papers_paper {join if position else ''} WHERE id > {held}"
            f" AND {chance('id', 20 + position)} < {share}",
            paper="id",
            category=code,
            position=str(position),
            announced_on="announced_on",
            **{name: name for name in ("score", "hot", "rising", "fair")},
        )


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


def draw(of: str, salt: int, count: int) -> str:
    """Return SQL for a number below `count` by chance, always the same for the same `of`."""
    return f"((hashint8extended(({of})::bigint, {salt}) & 2147483647) % {count})::int"


def chance(of: str, salt: int) -> str:
    """Return SQL for a number from 0 to 1 by chance."""
    return f"({draw(of, salt, 1_000_000)} / 1000000.0)"


def fill(model: type[models.Model], source: str, **values: str) -> None:
    """Insert a row for each of `source`, an expression a field; what is not said is as usual."""
    given: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in values:
            given[str(field.column)] = values[field.name]
        elif not field.primary_key:
            given[str(field.column)] = usual(field)
    columns = ", ".join(map(connection.ops.quote_name, given))
    with connection.cursor() as cursor:
        # Only names and expressions of ours are written into the statement.
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({columns})"  # noqa: S608
            f" SELECT {', '.join(given.values())} FROM {source} ON CONFLICT DO NOTHING"
        )
        if "id" in values:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'),"  # noqa: S608
                f" (SELECT max(id) FROM {model._meta.db_table}))"
            )


def usual(field: "models.Field[Any, Any]") -> str:
    """Return the SQL of what a field holds when nothing is said of it."""
    if field.null:
        return "NULL"
    if isinstance(field, models.DateTimeField):
        return "now()"
    if isinstance(field, models.JSONField):
        return "'[]'"
    value = field.get_default()
    return str(value).lower() if isinstance(value, bool | int | float) else f"'{value}'"


if __name__ == "__main__":
    main()
