"""Requests per second of the API's list of 30 papers, beside nested serializers of the same models.

    python -m benchmarks.api
    python -m tests.services python -m benchmarks.api     (PostgreSQL)

Both answer with the same fields of the same 30 of 300 papers, with the authors, categories and
topic tags of each as objects of their own in the second one, as REST framework's tutorial writes
it: a ModelSerializer in a ModelSerializer, and a query each, prefetched, for what is nested. They
take turns in one process, so that what else the machine does meets both. It takes half a minute.
"""

# isort: off
from benchmarks import rows  # sets Django up

# isort: on
import argparse
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from taggit.models import Tag

from papers.api.shapes import PaperRow
from papers.api.views.papers import PaperList
from papers.models import Author, Category, Paper, PaperAuthor
from tests.factories import make_paper

PAPERS, PAGE, AUTHORS = 300, 30, 6
AIM = 4.0
NESTED = ["authorships__author", "categories", "tags"]


class CategorySerializer(serializers.ModelSerializer[Category]):
    class Meta:
        model = Category
        fields = ("code", "name")


class AuthorSerializer(serializers.ModelSerializer[Author]):
    class Meta:
        model = Author
        fields = ("name", "slug")


class AuthorshipSerializer(serializers.ModelSerializer[PaperAuthor]):
    author = AuthorSerializer()

    class Meta:
        model = PaperAuthor
        fields = ("position", "author")


class TagSerializer(serializers.ModelSerializer[Tag]):
    class Meta:
        model = Tag
        fields = ("name", "slug")


class PaperSerializer(serializers.ModelSerializer[Paper]):
    authorships = AuthorshipSerializer(many=True)
    categories = CategorySerializer(many=True)
    tags = TagSerializer(many=True)

    class Meta:
        model = Paper
        fields = (
            *("arxiv_id", "version", "title", "title_text", "authorships", "categories", "tags"),
            *("abstract", "abstract_is_summary", "announced_on", "submitted_at", "revised_at"),
            *("withdrawn", "comment", "journal_ref", "doi", "licence", "code_url", "score"),
            *("retweets", "favorites", "tweet_count", "observed_at", "hot", "rising", "fair"),
        )


class ByHeat(CursorPagination):
    ordering, page_size = ("-hot", "-id"), PAGE


class Nested(ListAPIView[Paper]):
    queryset = Paper.objects.visible().prefetch_related(*NESTED)
    serializer_class = PaperSerializer
    pagination_class = ByHeat


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.api",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=__doc__,
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--requests", type=int, default=30, help="of each list in a round")
    options = parser.parse_args()
    settings.API_PER_MINUTE = 10**9
    assert len(PaperRow().fields) >= len(PaperSerializer().fields)
    with rows.own_database():
        add_papers()
        lists = {"plain": PaperList.as_view(), "nested": Nested.as_view()}
        rates = compare(lists, options.rounds, options.requests)
    ratios = [plain / nested for plain, nested in zip(*rates.values(), strict=True)]
    for name, found in rates.items():
        least, most = min(found), max(found)
        print(f"{name:6} {median(found):6.1f} requests a second ({least:.1f} to {most:.1f})")
    print(f"ratio  {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}; aim {AIM:g})")


def add_papers() -> None:
    for n in range(PAPERS):
        names = tuple(f"Ada Lark {(n * AUTHORS + place) % 500}" for place in range(AUTHORS))
        paper = make_paper(
            authors=names,
            categories=("cs.LG", "cs.CV", "stat.ML"),
            abstract="We weigh paper, and find it to be $x^2$ as heavy as it looks. " * 18,
            score=50 + n,
        )
        paper.tags.add("weight", f"barns {n % 20}")


def compare(
    lists: Mapping[str, Callable[..., Any]], rounds: int, requests: int
) -> dict[str, list[float]]:
    """Return the requests per second of each list, round by round."""
    found: dict[str, list[float]] = {name: [] for name in lists}
    for view in lists.values():
        ask(view, 5)
    for _ in range(rounds):
        for name, view in lists.items():
            started = time.perf_counter()
            ask(view, requests)
            found[name].append(requests / (time.perf_counter() - started))
    return found


def ask(view: Callable[[HttpRequest], Any], times: int) -> None:
    for _ in range(times):
        response = view(RequestFactory().get("/api/v1/papers/"))
        response.render()
        assert response.status_code == 200
        assert len(response.data["results"]) == PAGE


if __name__ == "__main__":
    main()
