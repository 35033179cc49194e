"""Writing many rows at once, on natural keys."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from papers.models import Paper

BATCH = 500
M = TypeVar("M", bound=Model)
V = TypeVar("V")


def chunks(values: Iterable[V], size: int = BATCH) -> Iterator[list[V]]:
    """Yield the values in lists of at most `size`."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def locked(model: type[M], column: str, values: Collection[str]) -> Iterator[M]:
    """Yield the rows whose `column` is one of `values`, locked until the transaction ends.

    In the order of the column, so that of two who want the same rows one waits for the other; but
    not against rows that only point at them.
    """
    for chunk in chunks(sorted(values)):
        rows = model._default_manager.select_for_update(no_key=True).order_by(column)
        yield from rows.filter(**{f"{column}__in": chunk})


def upsert(model: type[M], rows: Sequence[M], key: list[str]) -> None:
    """Insert rows or overwrite those with the same natural key; each row knows its pk after."""
    quote = connection.ops.quote_name
    names = [quote(field.column) for field in _columns(model) if field.name in key]
    others = [quote(f.column) for f in _columns(model) if f.name not in {*key, "created_at"}]
    news = ", ".join(f"{name} = EXCLUDED.{name}" for name in others)
    conflict = f"ON CONFLICT ({', '.join(names)}) DO UPDATE SET {news} RETURNING {quote('id')}"
    for some in chunks(rows):
        for row, (pk,) in zip(some, _insert(model, some, conflict), strict=True):
            row.pk, row._state.adding = pk, False


def add_missing(model: type[M], rows: Sequence[M]) -> None:
    """Insert those rows that are not there by any of their unique keys."""
    for some in chunks(rows):
        _insert(model, some, "ON CONFLICT DO NOTHING")


def replace_rows(model: type[M], papers: Sequence[Paper], rows: Sequence[M]) -> None:
    """Put `rows` in the place of what these papers had in `model`."""
    for chunk in chunks(papers):
        model._default_manager.filter(paper__in=chunk).delete()
    for some in chunks(rows):
        _insert(model, some)


def _columns(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _insert(model: type[Model], rows: Sequence[Model], end: str = "") -> list[tuple[Any, ...]]:
    """Insert rows in as few statements as the database takes; return what `end` asks them for.

    bulk_create asks each value whether it is an expression, which takes longer than writing it.
    """
    quote, fields = connection.ops.quote_name, _columns(model)
    most = connection.features.max_query_params or len(rows) * len(fields)
    size = max(1, most // len(fields))
    columns = ", ".join(quote(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    told: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            values = [
                field.get_db_prep_save(field.pre_save(row, True), connection)
                for row in some
                for field in fields
            ]
            every = ", ".join([one] * len(some))
            table = quote(model._meta.db_table)
            # Only names of ours are written into the statement.
            cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {every} {end}", values)  # noqa: S608
            told += cursor.fetchall() if "RETURNING" in end else []
    return told
