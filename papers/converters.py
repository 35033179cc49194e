"""What stands in addresses: days, arXiv ids, categories, orders. Registered by being imported."""

import re
from datetime import date

from django.urls import register_converter

from papers.selection import Sort


class DayConverter:
    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        if not re.fullmatch(r"[0-9-]+", value):  # \d matches digits of every script
            raise ValueError
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class ArxivIdConverter:
    """A canonical id; every other spelling goes through /abs/."""

    regex = r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter:
    """An arXiv category."""

    regex = r"[a-zA-Z-]{1,32}(?:\.[a-zA-Z-]{1,32})?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SortConverter:
    regex = "|".join(Sort)

    def to_python(self, value: str) -> Sort:
        return Sort(value)

    def to_url(self, value: str) -> str:
        return value


register_converter(DayConverter, "day")
register_converter(ArxivIdConverter, "arxiv_id")
register_converter(CodeConverter, "code")
register_converter(SortConverter, "sort")
