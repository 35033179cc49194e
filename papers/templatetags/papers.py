"""How moments, names and places are written on the pages."""

import json
import math
from datetime import UTC, date, datetime

from django import template
from django.utils import dateformat

register = template.Library()

ORDINALS = [
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
]


@register.filter
def moment(value: datetime | None, year: int | None = None) -> str:
    """Return "10 June, 08:38" in UTC; with the year unless it is the `year` the page is about.

    In UTC for whoever reads: what a digest printed, and what the world did, is the same to all.
    """
    if value is None:
        return "–"
    when = value.astimezone(UTC)
    return dateformat.format(when, "j F, H:i" if when.year == year else "j F Y, H:i")


@register.filter
def day(value: date) -> str:
    """Return "Thursday 10 June 2021"."""
    return dateformat.format(value, "l j F Y")


@register.filter
def counted(number: int | None, noun: str) -> str:
    """Return "1 tweet", "1,200 tweets", or "– tweets" while nobody knows the number."""
    if number is None:
        return f"– {noun}s"
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


@register.filter
def times(value: float, factor: float) -> float:
    return round(value * factor, 1)


@register.filter
def percent_of(value: int, whole: int) -> int:
    """Return how many percent of `whole` a value is, at least 1 unless it is 0."""
    return max(1, round(100 * value / whole)) if value and whole else 0


@register.filter
def top_percent(share: float) -> str:
    """Return "2 %" for 0.016 and "0.3 %" for 0.0024: rounded up, so that it is never too good."""
    percent = 100 * share
    return f"{math.ceil(percent)} %" if percent > 1 else f"{math.ceil(10 * percent) / 10:.1f} %"


@register.filter
def short_title(title: str, length: int = 56) -> str:
    """Return what a title is known by: the part before its colon, cut between words."""
    name = title.partition(": ")[0]
    if len(name) <= length:
        return name
    return name[:length].rpartition(" ")[0].rstrip(",;") + " …"


@register.filter
def ordinal_word(rank: int) -> str:
    """Return "first" to "tenth", then "11th": the rank in a sentence."""
    if 1 <= rank <= len(ORDINALS):
        return ORDINALS[rank - 1]
    suffix = "th" if 11 <= rank % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{suffix}"


@register.simple_tag
def code_site(url: str) -> str:
    """Return the short name of the site a repository lies on: "github"."""
    host = url.split("/")[2].removeprefix("www.") if url.count("/") > 2 else url
    return host.split(".")[0]


@register.filter
def from_top(height: float, whole: int = 60) -> float:
    """Return where a bar of `height` begins in a drawing whose y grows downwards."""
    return round(whole - height, 1)


@register.filter
def run_words(states: list[str]) -> str:
    """Return "12 complete, 2 failed": how runs ended."""
    kinds = list(dict.fromkeys(states))
    return ", ".join(f"{states.count(kind)} {kind}" for kind in kinds)


# What would end the element, or begin another, written as JSON lets it be.
_IN_HTML = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class _LinkedData(template.Node):
    def __init__(self, data: template.base.FilterExpression) -> None:
        self.data = data

    def render(self, context: template.Context) -> str:
        text = json.dumps(self.data.resolve(context), ensure_ascii=False).translate(_IN_HTML)
        return f'<script type="application/ld+json">{text}</script>'


@register.tag
def linked_data(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Write data of schema.org for programs: `{% linked_data data %}`. No browser runs it."""
    _, data = token.split_contents()
    return _LinkedData(parser.compile_filter(data))
