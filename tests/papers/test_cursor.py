"""Paging by cursor: every paper once, in order, though many stand level."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.db import transaction

from papers.models import Paper, PaperCategory
from papers.selection import LISTS, Selection, Sort
from tests.factories import DAY, let_all_rise, make_paper

pytestmark = pytest.mark.django_db

ALL_SORTS = pytest.mark.parametrize("sort", LISTS)
# The highest that a score can be: nine digits twice on each of five networks.
HIGHEST = 9_999_999_990


@pytest.fixture(scope="module", autouse=True)
def hundred(django_db_setup, django_db_blocker) -> Iterator[None]:
    """100 papers of few scores and days, every other in cs.CV; made once, undone after."""
    with django_db_blocker.unblock(), transaction.atomic():
        for number in range(100):
            make_paper(
                score=number * 7 % 5,
                announced_on=DAY - timedelta(days=number * 3 % 4),
                categories=("cs.LG", "cs.CV") if number % 2 else ("cs.LG",),
            )
        let_all_rise()
        yield
        transaction.set_rollback(True)


def select(sort: Sort = Sort.TOP, **params: str) -> Selection:
    return Selection.from_params(sort, params)


def walk(selection: Selection, size: int) -> list[Paper]:
    papers: list[Paper] = []
    while True:
        page = selection.page(DAY, size)
        papers += page.papers
        if not page.after:
            return papers
        assert len(page.papers) == size
        query = dict(parse_qsl(selection.querystring(after=page.after)[1:]))
        selection = Selection.from_params(selection.sort, query)


@ALL_SORTS
@pytest.mark.parametrize("size", [1, 7, 20, 100])
def test_it_works(sort: Sort, size: int):
    keys = [paper.pk for paper in walk(select(sort, window="all"), size)]
    order = {"new": ["-announced_on", "-score"], "top": ["-score"]}.get(sort, [f"-{sort}"])
    assert keys == list(Paper.objects.order_by(*order, "-pk").values_list("pk", flat=True))
    assert len(keys) == 100


@ALL_SORTS
@pytest.mark.parametrize("size", [7, 25])
def test_the_cursor_works_in_a_category(sort: Sort, size: int):
    everything = [paper.pk for paper in walk(select(sort, window="all"), 1_000)]
    inside = set(PaperCategory.objects.filter(category="cs.CV").values_list("paper", flat=True))
    walked = walk(select(sort, window="all", category="cs.CV"), size)
    assert [paper.pk for paper in walked] == [key for key in everything if key in inside]
    assert len(walked) == 50


def test_the_cursor_keeps_to_the_window():
    walked = walk(select(window="day"), 7)
    assert len(walked) == 25
    assert {paper.announced_on for paper in walked} == {DAY}


def test_the_last_page_has_no_cursor():
    assert select(window="all").page(DAY, 100).after == ""
    assert select(window="all").page(DAY, 99).after != ""


@ALL_SORTS
def test_the_highest_scores_have_a_cursor_too(sort: Sort):
    Paper.objects.update(score=HIGHEST)
    assert len(walk(select(sort, window="all"), 30)) == 100


def test_a_page_costs_two_queries(django_assert_num_queries):
    selection = select(window="all")
    with django_assert_num_queries(2):
        selection.page(DAY)
