"""Lists of papers and the fields they narrow to."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from papers.models import Paper
from tests.papers.views.conftest import make_entry

ImportDay = Callable[..., None]


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def order(page: str, *ranks: int) -> bool:
    places = [page.index(f">Paper number {rank}<") for rank in ranks]
    return places == sorted(places)


@pytest.fixture
def two_days(import_day: ImportDay) -> None:
    import_day(make_entry(1, retweets=60), make_entry(2, retweets=50))
    old = [make_entry(n, rank=n - 2, retweets=5000 - n) for n in (3, 4)]
    import_day(*old, day=date(2021, 5, 12))


def test_it_works(client: Client, two_days: None) -> None:
    assert order(text(client, "/hot/"), 1, 2, 3, 4)
    assert order(text(client, "/new/"), 1, 2, 3, 4)
    assert order(text(client, "/top/?window=all"), 3, 4, 1, 2)


def test_windows_end_at_the_newest_day_held(client: Client, two_days: None) -> None:
    week = text(client, "/top/")
    assert "Week to <b>Thursday 10 June 2021</b>" in week
    assert "Paper number 3" not in week
    assert "Paper number 3" in text(client, "/top/?window=month")
    assert "Paper number 3" not in text(client, "/hot/?window=day")


def test_pages_follow_each_other_without_gap_or_repeat(
    client: Client, import_day: ImportDay
) -> None:
    import_day(*(make_entry(rank, retweets=100) for rank in range(1, 71)))
    seen: list[str] = []
    address = "/top/?window=all"
    for _ in range(3):
        response = client.get(address)
        seen += [row.paper.arxiv_id for row in response.context["rows"]]
        address = response.context["more"]
    assert address == ""
    assert len(seen) == len(set(seen)) == 70


def test_a_category_continues_in_the_list(client: Client, import_day: ImportDay) -> None:
    import_day(*(make_entry(rank) for rank in range(1, 41)))
    response = client.get("/categories/cs.LG/")
    assert len(response.context["rows"]) == 30
    assert response.context["more"].startswith("/hot/?category=cs.LG&after=")
    assert len(client.get(response.context["more"]).context["rows"]) == 10


def test_a_legacy_category_names_its_successor(client: Client, db: None) -> None:
    page = text(client, "/categories/alg-geom/")
    assert "A category arXiv no longer uses" in page
    assert 'href="/categories/math.AG/"' in page


def test_an_author_has_a_page(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1), make_entry(2, author_line="Ben Second"))
    page = text(client, "/authors/ada-first/")
    assert "Paper number 1" in page
    assert "Paper number 2" not in page


def test_fields_count_the_last_month(client: Client, two_days: None) -> None:
    page = text(client, "/categories/")
    assert '<b>cs.LG</b> Machine Learning</a><span class="num">4</span>' in page


# Field-fair --------------------------------------------------------------------------------------


@pytest.fixture
def two_fields(import_day: ImportDay) -> None:
    """1 to 10: hundreds in cs.LG, 11 to 21: next to nothing in math.CT, but 12 for one."""
    import_day(
        *(make_entry(n, retweets=900 - n) for n in range(1, 11)),
        *(
            make_entry(n, retweets=12 * (n == 15), favorites=0, categories=("math.CT",))
            for n in range(11, 22)
        ),
    )


def test_a_quiet_field_can_lead(client: Client, two_fields: None) -> None:
    assert order(text(client, "/hot/"), 1, 10, 15)
    page = text(client, "/hot/?fair=1")
    assert order(page, 15, 1, 2, 3)
    assert "top 9 % of math.CT" in page
    assert "top 10 % of cs.LG" in page
    assert "of math.CT" not in page.replace("top 9 % of math.CT", "")  # what nobody noticed
    assert "top 9 %" not in text(client, "/hot/")


def test_the_switch_keeps_the_filters_and_is_of_hot_papers_alone(
    client: Client, two_fields: None
) -> None:
    on, off = "?window=month&category=math.CT&fair=1", "?window=month&category=math.CT"
    assert f'href="/hot/{on}">Field-fair'.replace("&", "&amp;") in text(client, f"/hot/{off}")
    page = text(client, f"/hot/{on}")
    assert f'href="/hot/{off}" aria-current="true">Field-fair'.replace("&", "&amp;") in page
    assert f'href="/new/{off}"'.replace("&", "&amp;") in page
    assert 'name="fair" value="1"' in page
    assert "Field-fair" not in text(client, "/new/")


@pytest.mark.parametrize("address", ["/new/?fair=1", "/hot/?fair=2", "/authors/ada-first/?fair=1"])
def test_no_other_order_is_fair(client: Client, two_fields: None, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "Field-fair is an order of hot papers" in response.content.decode()


def test_fair_pages_follow_each_other(client: Client, import_day: ImportDay) -> None:
    fields = ("cs.LG", "math.CT", "hep-th")
    import_day(*(make_entry(n, retweets=n // 3, categories=(fields[n % 3],)) for n in range(1, 71)))
    seen: list[int] = []
    address = "/hot/?fair=1"
    while address:
        response = client.get(address)
        seen += [row.paper.pk for row in response.context["rows"]]
        address = response.context["more"]
    assert seen == list(Paper.objects.order_by("-fair", "-pk").values_list("pk", flat=True))
