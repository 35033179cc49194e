"""Papers as CSV, for spreadsheets: the fields of JSON, a column each."""

import csv
from collections.abc import Iterable, Iterator

from papers.exports.item import About, Item
from papers.exports.plain import FIELDS, fields

_RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a cell begins with that may be a formula


class _Echo:
    """A file that gives back what is written to it: csv writes, we stream."""

    def write(self, line: str) -> str:
        return line


def write(items: Iterable[Item], about: About) -> Iterator[str]:
    """Yield a head, then a line a paper.

    It begins with a byte order mark, without which spreadsheets misread UTF-8.
    """
    writer = csv.writer(_Echo())
    columns = [*FIELDS, *about.columns]
    yield "\ufeff" + writer.writerow(columns)
    for item in items:
        values = fields(item)
        values["authors"] = "; ".join(values["authors"])
        values["categories"] = " ".join(values["categories"])
        yield writer.writerow([_cell(values[name]) for name in columns])


def _cell(value: object) -> str:
    """Return text that no spreadsheet takes for a formula."""
    if isinstance(value, bool):
        return "yes" if value else ""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RISKY) else text
