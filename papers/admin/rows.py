"""Rows that belong to what a page of the admin shows: some of them, in a table or as links."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SHOWN = 20  # of what may be thousands


def table(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table of these cells, which are escaped; a dash where there is no row.

    It scrolls within itself where it is too wide, by keyboard too.
    """
    body = format_html_join("\n", "<tr>{}</tr>", ([_cells("td", row)] for row in rows))
    if not body:
        return "–"
    return format_html(
        '<div class="part" tabindex="0" role="group" aria-label="{}"><table>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        name,
        _cells("th", heads),
        body,
    )


def link(row: Any, text: Any = "") -> SafeString:
    """Return a link to the page of a row, called as it is or as `text` says."""
    address = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(address, args=[row.pk]), str(text or row))


def _cells(tag: str, values: Iterable[Any]) -> SafeString:
    cells = ((tag, "–" if value is None else value, tag) for value in values)
    return format_html_join("", "<{}>{}</{}>", cells)
