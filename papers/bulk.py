"""Writing many rows at once, on natural keys."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import Model

from papers.models import Paper

BATCH = 500
M = TypeVar("M", bound=Model)
V = TypeVar("V")


def chunks(values: Iterable[V]) -> Iterator[list[V]]:
    """Yield the values in lists of at most BATCH."""
    iterator = iter(values)
    while chunk := list(islice(iterator, BATCH)):
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
    fixed = {*key, "id", "created_at"}
    fields = [field.name for field in model._meta.concrete_fields if field.name not in fixed]
    for row in rows:
        row.pk = None  # the natural key decides, also when the row was read before
    model._default_manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=key, update_fields=fields
    )


def replace_rows(model: type[M], papers: Sequence[Paper], rows: Sequence[M]) -> None:
    """Put `rows` in the place of what these papers had in `model`."""
    for chunk in chunks(papers):
        model._default_manager.filter(paper__in=chunk).delete()
    model._default_manager.bulk_create(rows, batch_size=BATCH)
