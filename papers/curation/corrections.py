"""Columns of a paper that sources tell and a curator may correct.

`Paper` holds what is valid in the column and, where that is a curator's, what sources say in
`overruled`, which the ingest keeps up to date. The log marks such a value with whose it is, as
{"told": …} or {"corrected": …}. So a correction that is taken back gives what sources say by then,
and news of theirs meanwhile is no change of it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

CORRECTABLE = ("category_codes", "announced_on")
TOLD, CORRECTED = "told", "corrected"


def marked(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a paper, as JSON keeps them, with whose they are."""
    overruled = columns["overruled"]
    whose = {name: CORRECTED if name in overruled else TOLD for name in CORRECTABLE}
    values = {name: value for name, value in columns.items() if name != "overruled"}
    return values | {name: {whose[name]: columns[name]} for name in CORRECTABLE}


def plain(row: QuerySet[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return marked values as the columns of this one row: of what was told, the newest."""
    named = [name for name in CORRECTABLE if isinstance(values.get(name), dict)]
    if not named:
        return dict(values)
    paper = row.get()
    columns, overruled = dict(values), dict(paper.overruled)
    for name in named:
        told = overruled.pop(name, as_json(getattr(paper, name)))
        columns[name] = values[name].get(CORRECTED, told)
        if CORRECTED in values[name]:
            overruled[name] = told
    return columns | {"overruled": overruled}


def as_json(value: Any) -> Any:
    """Return a value of a column as JSON can keep it: moments to the microsecond."""
    return value.isoformat() if isinstance(value, date | datetime) else value
