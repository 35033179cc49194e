"""What holds on every page: cost, cookies, headers, escaping, hostile addresses."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from papers.models import Paper
from tests.papers.views.conftest import PAGES, make_entry, make_tweet, store


@pytest.mark.parametrize("address", PAGES)
def test_it_works(client: Client, import_day: Callable[..., None], address: str) -> None:
    import_day(make_entry(1), make_entry(2))
    Paper.objects.get(arxiv_id="2106.00001").tags.add("distillation")
    response = client.get(address)
    assert response.status_code == (404 if "99999" in address else 200)
    assert response.content.decode().count("<h1") == 1


@pytest.fixture(scope="module")
def costs(django_db_setup: None, django_db_blocker: Any) -> dict[str, tuple[int, int]]:
    """The queries of each page where lists have 10 rows, and where they have 100."""
    with django_db_blocker.unblock(), transaction.atomic():
        store(*(make_entry(rank) for rank in range(1, 11)))
        Paper.objects.get(arxiv_id="2106.00001").tags.add("distillation")
        few = queries_of_all()
        tweets = tuple(make_tweet(1000 + number) for number in range(10))
        store(make_entry(1, tweets=tweets), *(make_entry(rank) for rank in range(2, 101)))
        for paper in Paper.objects.all():
            paper.tags.add("distillation")
        for month in range(1, 13):
            store(make_entry(1), day=date(2020, month, 15))
        many = queries_of_all()
        transaction.set_rollback(True)
    return {address: (few[address], many[address]) for address in PAGES}


def queries_of_all() -> dict[str, int]:
    client, costs = Client(), {}
    for address in PAGES:
        client.get(address)  # what a process asks once a minute is asked here
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs[address] = len(queries)
    return costs


@pytest.mark.parametrize("address", PAGES)
def test_100_rows_cost_what_10_do(costs: dict[str, tuple[int, int]], address: str) -> None:
    few, many = costs[address]
    # A second page ("More papers") and a previous day cost nothing more either.
    assert many <= few + 1, (few, many)
    assert many <= 8


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_gets_no_cookie(
    client: Client, import_day: Callable[..., None], address: str
) -> None:
    import_day(make_entry(1))
    response = client.get(address)
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content


DATA = ' type="application/ld\\+json">'  # of schema.org, which no browser runs


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_allows_nothing_inline(
    client: Client, import_day: Callable[..., None], address: str
) -> None:
    import_day(make_entry(1))
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    html = response.content.decode()
    assert not re.search(rf"\son\w+=|style=|<script(?![^>]*\ssrc=|{DATA})", html)
    assert not re.search(r"""(?:src|srcset)=["']?(?:https?:)?//""", html)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("address", PAGES)
def test_other_peoples_text_is_escaped(
    client: Client, import_day: Callable[..., None], address: str
) -> None:
    tweet = make_tweet(1, text=HOSTILE, author_name=HOSTILE)
    authors = f"Ada First, {HOSTILE}"
    import_day(make_entry(1, title=HOSTILE, author_line=authors, abstract=HOSTILE, tweets=(tweet,)))
    html = client.get(address).content.decode()
    assert "<script>" not in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/hot/?window=decade", 400),
        ("/hot/?category=cs.NONE", 400),
        ("/hot/?network=fax", 400),
        ("/hot/?after=%00", 400),
        ("/hot/?after=1~2~3", 400),
        ("/new/?after=2021-02-30~1~1", 400),
        ("/top/?after=99999999999999999999~1", 400),
        ("/top/?category=%00", 400),
        ("/hot/?tag=" + "x" * 5000, 400),
        ("/search/?q=%00", 400),
        ("/search/?q=" + "x" * 5000, 400),
        ("/abs/hello", 400),
        ("/abs/" + "9" * 3000, 400),
        ("/digests/2021-02-30/", 404),
        ("/digests/2021-6-1/", 404),
        ("/digests/٢٠٢١-٠٦-١٠/", 404),
        ("/digests/?year=20210", 404),
        ("/digests/?year=%00", 404),
        ("/digests/2021-06-10/?view=%00&category=%00", 200),
        ("/papers/2106.00001v2/", 404),
        ("/papers/0000.00000/", 404),
        ("/categories/%00/", 404),
        ("/authors/%00/", 404),
        ("/tags/%00/", 404),
        ("/categories/" + "x" * 2000 + "/", 404),
        ("/%ff%fe", 404),
        ("/hot/?q=%ff%fe", 200),
        ("/hot/?after=", 200),
    ],
)
def test_nonsense_is_answered_and_never_breaks(
    client: Client, import_day: Callable[..., None], address: str, status: int
) -> None:
    import_day(make_entry(1))
    assert client.get(address).status_code == status


def test_pages_refuse_what_they_do_not_do(client: Client, db: None) -> None:
    assert client.get("/appearance/").status_code == 405
