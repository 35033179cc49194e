"""Papers in numbers no test has, made by PostgreSQL itself; and a database of a benchmark's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import accumulate, islice
from random import Random
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotpapers.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.test.utils import (  # noqa: E402
    setup_databases,
    setup_test_environment,
    teardown_databases,
)

from papers import models as world  # noqa: E402
from papers import ranking  # noqa: E402

NEWEST = date(2026, 11, 27)
A_DAY = 1_000  # papers
PLACES = 1_000  # of the list that a category is drawn from, the more often the greater it is


@contextmanager
def own_database() -> Iterator[None]:
    setup_test_environment()
    # Nothing is collected here: files are served from where they lie, without a manifest.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    config = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(config, verbosity=0)


def settle() -> None:
    """Let the database know what it holds, as it does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


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
        arxiv_id="lpad((i / 99999 + 1501)::text, 4, '0') || '.' || lpad((i % 99999)::text, 5, '0')",
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


def draw(of: str, salt: int, count: int) -> str:
    """Return SQL for a number below `count` by chance, always the same for the same `of`."""
    return f"((hashint8extended(({of})::bigint, {salt}) & 2147483647) % {count})::int"


def chance(of: str, salt: int) -> str:
    """Return SQL for a number from 0 to 1 by chance."""
    return f"({draw(of, salt, 1_000_000)} / 1000000.0)"


def fill(model: type[models.Model], source: str, /, **values: str) -> None:
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
