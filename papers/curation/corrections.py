"""Columns of a paper that sources tell and a curator may correct.

`Paper` holds what is valid in the column and, where that is a curator's, what sources say in
`overruled`, which the ingest keeps up to date. The log marks such a value with whose it is, as
{"told": …} or {"corrected": …}. So a correction that is taken back gives what sources say by then,
and news of theirs meanwhile is no change of it.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

CORRECTABLE = ("category_codes", "announced_on")
TOLD, CORRECTED = "told", "corrected"


def marked(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a paper, as JSON keeps them, with whose they are."""
    overruled = columns["overruled"]
    values = {name: value for name, value in columns.items() if name != "overruled"}
    for name in CORRECTABLE:
        values[name] = {CORRECTED if name in overruled else TOLD: columns[name]}
    return values


def plain(row: QuerySet[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return marked values as the columns of this one row: of what was told, the newest."""
    columns = dict(values)
    for name in CORRECTABLE:
        if not isinstance(values.get(name), dict):
            continue
        if "overruled" not in columns:
            paper = row.get()
            columns["overruled"] = dict(paper.overruled)
        now = getattr(paper, name)
        told = columns["overruled"].pop(name, now.isoformat() if hasattr(now, "isoformat") else now)
        columns[name] = values[name].get(CORRECTED, told)
        if CORRECTED in values[name]:
            columns["overruled"][name] = told
    return columns
