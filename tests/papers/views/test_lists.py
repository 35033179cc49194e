"""Lists of papers and the fields they narrow to."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

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


def test_search_finds_words_and_ids(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1, title="Écoute active"), make_entry(2))
    assert "Écoute active" in text(client, "/search/?q=ecoute")
    assert client.get("/search/?q=arXiv:2106.00002")["Location"] == "/papers/2106.00002/"
    assert "looks like" not in text(client, "/search/?q=zebra")
    assert "No papers for “zebra”" in text(client, "/search/?q=zebra")
    assert "is an arXiv id, but no day held" in text(client, "/search/?q=2106.99999")


def test_fields_count_the_last_month(client: Client, two_days: None) -> None:
    page = text(client, "/categories/")
    assert '<b>cs.LG</b> Machine Learning</a><span class="num">4</span>' in page
