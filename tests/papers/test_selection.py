"""Selections: what is filtered, where windows end, what is refused."""

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest

from papers.models import Paper
from papers.selection import DAYS, LISTS, Selection, SelectionError, Sort, Window
from tests.factories import DAY, let_all_rise, make_paper, make_tweet

ALL_SORTS = pytest.mark.parametrize("sort", LISTS)


def select(sort: Sort = Sort.TOP, **params: str) -> Selection:
    return Selection.from_params(sort, params)


def found(sort: Sort = Sort.TOP, **params: str) -> list[str]:
    """The ids of the first page, without the month they share; all papers rise."""
    let_all_rise()
    page = select(sort, **params).page(Paper.objects.newest_day())
    return [paper.arxiv_id.removeprefix("2106.0000") for paper in page.papers]


@pytest.mark.django_db
def test_it_works():
    for score in (5, 50, 20):
        make_paper(score=score)
    assert found() == ["2", "3", "1"]


@pytest.mark.django_db
def test_nothing_held_is_an_empty_page():
    page = select().page(None)
    assert (page.papers, page.after) == ([], "")


# Orders ------------------------------------------------------------------------------------------


@pytest.fixture
def three(db) -> None:
    """1: old and highest; 2: new and low; 3: new and in between."""
    make_paper(score=100, announced_on=DAY - timedelta(days=6))
    make_paper(score=1)
    make_paper(score=30)


@pytest.mark.parametrize(
    ("sort", "order"),
    [(Sort.HOT, ["3", "1", "2"]), (Sort.NEW, ["3", "2", "1"]), (Sort.TOP, ["1", "3", "2"])],
)
def test_orders(three, sort: Sort, order: list[str]):
    assert found(sort) == order
    assert found(sort, category="cs.LG") == order


@ALL_SORTS
@pytest.mark.django_db
def test_what_stands_level_is_ordered_by_key(sort: Sort):
    keys = [make_paper(score=7).pk for _ in range(3)]
    let_all_rise()
    page = select(sort).page(DAY)
    assert [paper.pk for paper in page.papers] == keys[::-1]


@pytest.mark.django_db
def test_what_gained_nothing_does_not_rise():
    make_paper(score=7)
    assert not select(Sort.RISING).page(DAY).papers


@pytest.mark.django_db
def test_a_paper_without_a_listing_day_is_not_new():
    make_paper(announced_on=None, score=5)
    assert found(Sort.NEW) == []
    assert found(Sort.TOP, window="all") == ["1"]


# Windows -----------------------------------------------------------------------------------------


@ALL_SORTS
@pytest.mark.parametrize("window", DAYS)
@pytest.mark.parametrize("category", ["", "cs.LG"])
@pytest.mark.django_db
def test_windows_end_at_the_newest_listing_day(sort: Sort, window: Window, category: str):
    """Not at the clock, which is years ahead of DAY."""
    first_day = DAY - timedelta(days=DAYS[window] - 1)
    make_paper(announced_on=DAY)
    make_paper(announced_on=first_day)
    make_paper(announced_on=first_day - timedelta(1))
    assert sorted(found(sort, window=window, category=category)) == ["1", "2"]


@ALL_SORTS
@pytest.mark.django_db
def test_the_window_of_all_time_has_no_start(sort: Sort):
    make_paper(announced_on=DAY)
    make_paper(announced_on=date(1991, 8, 14))
    assert len(found(sort, window="all")) == 2


@pytest.mark.django_db
def test_a_hidden_paper_moves_no_window():
    make_paper(announced_on=DAY)
    make_paper(announced_on=DAY + timedelta(400), hidden=True)
    assert Paper.objects.newest_day() == DAY
    assert found(window="day") == ["1"]


# Filters -----------------------------------------------------------------------------------------


@pytest.fixture
def filtered(db) -> None:
    """1 matches every filter of the tests below, 2 none; 3 would match and is hidden."""
    matching = {"categories": ("stat.ML", "cs.CV"), "authors": ("Bo Finch",), "title": "Folds"}
    one, _, hidden = make_paper(**matching), make_paper(), make_paper(**matching, hidden=True)
    make_tweet(one, hidden, network="bluesky")
    one.tags.add("origami")
    hidden.tags.add("origami")


FILTERS = {
    "category": "cs.CV",
    "author": "bo-finch",
    "network": "bluesky",
    "tag": "origami",
    "q": "folds",
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_keeps_what_matches(filtered, name: str):
    assert found(Sort.TOP, **{name: FILTERS[name]}) == ["1"]


@ALL_SORTS
def test_filters_go_together(filtered, sort: Sort):
    assert found(sort, **FILTERS) == ["1"]
    assert found(sort, **FILTERS | {"q": "weight"}) == []


@pytest.mark.parametrize("name", ["author", "tag", "q"])
def test_what_nobody_has_finds_nothing(filtered, name: str):
    assert found(Sort.TOP, **{name: "nobody"}) == []


def test_a_hidden_tweet_is_no_link(filtered):
    make_tweet(Paper.objects.get(arxiv_id="2106.00002"), network="mastodon", hidden=True)
    assert found(network="mastodon") == []


@pytest.mark.django_db
def test_two_places_of_an_author_are_one_row():
    make_paper(authors=("Wei Wu", "Wei Wu"))
    assert found(author="wei-wu") == ["1"]


@pytest.mark.django_db
def test_two_tweets_are_one_row():
    paper = make_paper()
    make_tweet(paper)
    make_tweet(paper)
    assert found(network="x") == ["1"]


def test_a_filter_the_page_sets_is_not_taken_from_the_query_string(filtered):
    params = {"category": "math.AG", "author": "bo-finch"}
    selection = Selection.from_params(Sort.TOP, params, category="cs.CV")
    assert (selection.category, selection.author) == ("cs.CV", "bo-finch")


# Nonsense ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        {"window": "decade"},
        {"window": "DAY"},
        {"category": "cs.QQ"},
        {"category": "cs.LG'--"},
        {"network": "myspace"},
        {"q": "nul\x00"},
        {"author": "\x00"},
        {"tag": "a" * 10_000},
        {"q": "a" * 10_000},
        {"after": "9" * 10_000},
        {"fair": "1"},  # of hot papers alone
        {"after": "x"},
        {"after": "~"},
        {"after": "9" * 11 + "~1" * 20},
        {"after": "7~99999999999999999999"},
        {"after": "-7~1"},
        {"after": "７~1"},
        {"after": "2021-06-10~7~1"},
        {"after": "12.5~1"},
    ],
)
@pytest.mark.django_db
def test_nonsense_is_refused_with_a_sentence(params: dict[str, str]):
    with pytest.raises(SelectionError, match=r"(?s)^[A-Za-z].*\.$"):
        select(Sort.TOP, **params)


@pytest.mark.parametrize("day", ["2021-02-30", "2021-13-01", "0000-01-01"])
def test_an_impossible_day_in_a_cursor_is_refused(day: str):
    with pytest.raises(SelectionError):
        select(Sort.NEW, after=f"{day}~7~1")


@pytest.mark.parametrize(
    "after", ["7~1", "nan~1", "inf~1", "1e999~1", "1~1", "2021-06-10~7~1", "0x1.8p3~1"]
)
def test_a_cursor_of_another_order_is_refused(after: str):
    with pytest.raises(SelectionError):
        select(Sort.HOT, after=after)


@pytest.mark.parametrize(
    ("sort", "after"),
    [
        (Sort.TOP, "9999999999~999999999999999999"),
        (Sort.NEW, "9999-12-31~9999999999~999999999999999999"),
        (Sort.HOT, "999999999.99999999999999999e+99~999999999999999999"),
    ],
)
@pytest.mark.django_db
def test_the_largest_cursors_are_no_error(sort: Sort, after: str):
    make_paper(score=7)
    for category in ("", "cs.LG"):
        selection = select(sort, window="all", after=after, category=category)
        assert len(selection.page(DAY).papers) == 1


# Query strings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "params"),
    [
        (Sort.HOT, {}),
        (Sort.HOT, {"window": "week"}),
        (Sort.HOT, {"fair": "1", "category": "cs.LG"}),
        (Sort.TOP, {"window": "all", "tag": "origami"}),
        (Sort.NEW, {"q": "50% & “more” ＋ε", "author": "bo-finch"}),
        (Sort.TOP, {"category": "cs.CV", "network": "bluesky"}),
    ],
)
@pytest.mark.django_db
def test_a_query_string_says_the_selection(sort: Sort, params: dict[str, str]):
    selection = select(sort, **params)
    written = dict(parse_qsl(selection.querystring()[1:]))
    assert written == params
    assert Selection.from_params(sort, written) == selection


def test_defaults_are_left_out():
    assert select(Sort.TOP, window="week").querystring() == "?"
    assert select(Sort.HOT, window="all", q="  ").querystring() == "?"


def test_changes_start_at_the_first_page():
    selection = select(Sort.TOP, after="7~1", q="folds")
    assert selection.querystring(window="day") == "?window=day&q=folds"


def test_blanks_around_a_value_are_ignored():
    assert select(q=" folds ", window=" day ") == select(q="folds", window="day")
