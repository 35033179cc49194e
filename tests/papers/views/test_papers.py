"""A paper's page, and the addresses that lead to it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from papers import likeness
from papers.models import Paper, Sample, Tweet
from tests.papers.views.conftest import make_entry, make_tweet

ImportDay = Callable[..., None]


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_it_works(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1), make_entry(2))
    page = text(client, "/papers/2106.00002/")
    for words in ("second of 2 on", "What paper 2 found", "<math>", "Tweet number 4 says this."):
        assert words in page
    assert "The totals are what the blog recorded; its tweets carry no counts of their own." in page
    assert "rank 2 of 2, printed with 1,998 retweets and 10 favorites" in page


def test_every_digest_and_sample_is_listed(client: Client, import_day: ImportDay) -> None:
    later = datetime(2021, 6, 14, 9, 0, tzinfo=UTC)
    import_day(make_entry(1))
    import_day(make_entry(1, observed_at=later, retweets=3000), day=date(2021, 6, 11))
    page = text(client, "/papers/2106.00001/")
    assert "Thursday 10 June 2021" in page
    assert "Friday 11 June 2021" in page
    assert "Every time it was counted" in page
    assert "14 June 2021, 09:00" in page


def test_the_abstract_is_not_an_empty_box(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1, abstract="", tweets=()))
    page = text(client, "/papers/2106.00001/")
    assert '<p><a href="https://arxiv.org/abs/2106.00001">Abstract on arXiv</a></p>' in page
    assert "No tweet is recorded; the score is what the blog counted." in page


def test_code_is_linked_when_the_abstract_names_a_repository(
    client: Client, import_day: ImportDay
) -> None:
    import_day(make_entry(1, abstract="Code: https://github.com/ada/paper1."))
    assert 'href="https://github.com/ada/paper1"' in text(client, "/papers/2106.00001/")


def test_unknown_counts_are_a_dash_and_not_zero(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    Sample.objects.all().delete()
    Paper.objects.update(observed_at=None, score=0, retweets=0, favorites=0)
    assert "Nobody’s counts are known yet." in text(client, "/papers/2106.00001/")
    assert "score unknown" in text(client, "/new/")


def test_networks_stand_side_by_side(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    paper = Paper.objects.get()
    Sample.objects.create(
        paper=paper,
        network="bluesky",
        observed_at=datetime(2021, 6, 11, 9, 50, tzinfo=UTC),
        retweets=30,
        favorites=12,
        kind=Sample.Kind.COUNTED,
    )
    page = text(client, "/papers/2106.00001/")
    assert '<th scope="row">X</th>' in page
    assert '<th scope="row">Bluesky</th>' in page


def test_the_most_noticed_tweets_stand_first(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1, tweets=tuple(make_tweet(number) for number in range(12))))
    page = text(client, "/papers/2106.00001/")
    assert "12 tweets" in page
    assert "The 10 most noticed." in page


@pytest.mark.parametrize(
    "spelling",
    ["2106.00001", "2106.00001v3", "arXiv:2106.00001", "https://arxiv.org/pdf/2106.00001v2.pdf"],
)
def test_every_spelling_of_an_id_leads_to_the_paper(
    client: Client, import_day: ImportDay, spelling: str
) -> None:
    import_day(make_entry(1))
    response = client.get(f"/abs/{spelling}")
    assert response.status_code == 301
    assert response["Location"] == "/papers/2106.00001/"


def test_old_ids_have_pages(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1, arxiv_id="hep-th/9901001"))
    assert client.get("/papers/hep-th/9901001/").status_code == 200
    assert client.get("/abs/hep-th/9901001v1")["Location"] == "/papers/hep-th/9901001/"


def test_a_missing_paper_gets_the_way_to_arxiv(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1))
    response = client.get("/papers/2106.99999/")
    assert response.status_code == 404
    assert b"<b>2106.99999</b> looks like an arXiv id" in response.content
    assert b"Paper number 1" in response.content


def test_hidden_papers_are_not_shown(client: Client, import_day: ImportDay) -> None:
    import_day(make_entry(1), make_entry(2))
    Paper.objects.filter(arxiv_id="2106.00001").update(hidden=True)
    assert client.get("/papers/2106.00001/").status_code == 404
    for address in ("/hot/", "/hot/?category=cs.LG", "/search/?q=paper"):
        page = text(client, address)
        assert "Paper number 1" not in page
        assert "Paper number 2" in page


def test_a_tweets_own_counts_are_shown_where_they_are_known(
    client: Client, import_day: ImportDay
) -> None:
    import_day(make_entry(1, tweets=(make_tweet(1), make_tweet(2))))
    Tweet.objects.filter(handle="reader1").update(retweets=1200, favorites=None)
    page = text(client, "/papers/2106.00001/")
    assert page.count("1,200 retweets, – favorites") == 1


CATS = ["Cats chase mice", "Cats dream of mice", "Mice fear cats", "Mice eat what cats leave"]


def test_what_is_close_to_it_is_named(client: Client, import_day: ImportDay) -> None:
    titles = [*CATS, "Cats $x^2$ mice", "Cats carry mice", "Mice meet cats", "Spectra of stars"]
    entries = [
        make_entry(number, title=title, abstract="") for number, title in enumerate(titles, start=1)
    ]
    import_day(*entries)
    address = "/papers/2106.00001/"
    assert "Close to this paper" not in text(client, address)
    likeness.refresh(60)
    close = text(client, address).partition("Close to this paper")[2]
    assert close.count("<h3>") == likeness.SHOWN
    assert '<a href="/papers/2106.00002/">Cats dream of mice</a>' in close
    assert "<bdi>Ada First</bdi>, <bdi>Ben Second</bdi>" in close
    assert '<time datetime="2021-06-10">10 June 2021</time>' in close
    assert "score 2,008" in close
    assert "Spectra" not in close
    assert "Close to this paper" not in text(client, "/papers/2106.00008/")


def test_what_is_close_costs_one_query_however_much_it_is(
    client: Client, import_day: ImportDay, django_assert_max_num_queries: Any
) -> None:
    import_day(*(make_entry(number, title=title) for number, title in enumerate(CATS, start=1)))
    import_day(make_entry(9, title="Spectra of stars", abstract=""), day=date(2021, 6, 11))
    likeness.refresh(60)
    client.get("/about/")  # what a process keeps for a minute is no page's cost
    with django_assert_max_num_queries(8):
        assert "Close to this paper" in text(client, "/papers/2106.00001/")
