"""What stands in addresses: days, arXiv ids, categories, orders, numbers.

Those of paths are registered by being imported.
"""

import re
from datetime import date

from django.urls import register_converter

from papers.exports import FORMATS, Format
from papers.selection import LISTS, Sort


class DayConverter:
    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        if not re.fullmatch(r"[0-9-]+", value):  # \d matches digits of every script
            raise ValueError
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class MonthConverter:
    """A month, as its first day."""

    regex = r"(?:19|20)\d\d-\d\d"

    def to_python(self, value: str) -> date:
        return DayConverter().to_python(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"


class ArxivIdConverter:
    """A canonical id; every other spelling goes through /abs/."""

    regex = r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter:
    """An arXiv category."""

    regex = r"[a-zA-Z-]{1,32}(?:\.(?!csl\.)[a-zA-Z-]{1,32})?"  # hep-th.csl.json is an export

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class FormatConverter:
    """What an address ends with whose answer is a file: an export of the page without it."""

    regex = "|".join(map(re.escape, FORMATS))

    def to_python(self, value: str) -> Format:
        return FORMATS[value]

    def to_url(self, value: Format) -> str:
        return value.suffix


class SortConverter:
    regex = "|".join(LISTS)

    def to_python(self, value: str) -> Sort:
        return Sort(value)

    def to_url(self, value: str) -> str:
        return value


def number(text: str, digits: int = 18) -> int:
    """Return the number that a form or a query string names; -1, which no key is, for any other."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= digits
    return int(text) if is_one else -1


register_converter(DayConverter, "day")
register_converter(MonthConverter, "month")
register_converter(ArxivIdConverter, "arxiv_id")
register_converter(CodeConverter, "code")
register_converter(FormatConverter, "format")
register_converter(SortConverter, "sort")
