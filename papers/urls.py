"""The addresses of papers and digests."""

import re
from datetime import date

from django.urls import path, register_converter

from papers.selection import Sort
from papers.views import curation, digests, health, lists, pages, papers


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

app_name = "papers"
urlpatterns = [
    path("", digests.home, name="home"),
    path("digests/", digests.archive, name="archive"),
    path("digests/<day:day>/", digests.digest, name="digest"),
    path("<sort:sort>/", lists.ranked, name="ranked"),
    path("papers/<arxiv_id:arxiv_id>/", papers.paper, name="paper"),
    path("abs/<path:raw>", papers.any_abs, name="abs"),
    path("categories/", lists.categories, name="categories"),
    path("categories/<code:code>/", lists.category, name="category"),
    path("authors/<slug:slug>/", lists.author, name="author"),
    path("tags/<slug:slug>/", lists.tag, name="tag"),
    path("search/", lists.search, name="search"),
    path("about/", pages.about, name="about"),
    path("about/ranking/", pages.about_ranking, name="about_ranking"),
    path("curation/", curation.page, name="curation"),
    path("privacy/", pages.privacy, name="privacy"),
    path("status/", health.page, name="status"),
    path("status.json", health.as_json, name="status_json"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("appearance/", pages.theme, name="theme"),
]
