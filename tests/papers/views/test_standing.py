"""How papers stand on each network, and the line their scores draw."""

from datetime import timedelta

import pytest
from django.test import Client

from papers.models import Paper, Sample
from papers.ranking import rescore
from papers.views.standing import of_papers
from tests.factories import MORNING, make_digest, make_paper, make_tweet

pytestmark = pytest.mark.django_db


def count(paper: Paper, network: str, score: int, hours: int) -> None:
    Sample.objects.create(
        paper=paper,
        network=network,
        observed_at=MORNING + timedelta(hours=hours),
        retweets=0,
        favorites=score,
        kind=Sample.Kind.COUNTED,
    )


def counted_thrice() -> Paper:
    paper = make_paper()
    count(paper, "x", 10, 0)
    count(paper, "bluesky", 6, 5)
    count(paper, "x", 34, 10)
    rescore([paper.pk])
    return paper


def test_it_works() -> None:
    paper = counted_thrice()
    standing = of_papers([paper.pk])[paper.pk]
    assert [(sample.network, sample.score) for sample in standing.networks] == [
        ("x", 34),
        ("bluesky", 6),
    ]
    assert [total for _, total in standing.growth] == [10, 16, 40]
    assert standing.points == "0.0,15.0 50.0,12.0 100.0,0.0"


def test_two_moments_are_no_line() -> None:
    paper = make_paper()
    count(paper, "x", 10, 0)
    count(paper, "bluesky", 6, 0)
    count(paper, "x", 34, 10)
    assert of_papers([paper.pk])[paper.pk].points == ""


def test_counts_that_do_not_count_draw_nothing() -> None:
    paper = make_paper(score=5_337)
    make_tweet(paper)
    count(paper, "x", 40, 5)
    standing = of_papers([paper.pk])[paper.pk]
    assert [total for _, total in standing.growth] == [5_337]
    assert len(standing.samples) == 2


def test_a_paper_that_was_never_counted_stands_nowhere() -> None:
    assert of_papers([make_paper().pk]) == {}


@pytest.mark.parametrize("address", ["/new/", "/papers/2106.00001/"])
def test_a_line_is_drawn_where_there_is_one(client: Client, address: str) -> None:
    counted_thrice()
    assert "<polyline points=" in client.get(address).content.decode()


def test_rows_say_each_network(client: Client) -> None:
    paper = counted_thrice()
    assert "By network: X <" in client.get("/new/").content.decode()
    digest = make_digest(paper)
    digest.state = digest.State.PUBLISHED
    digest.save()
    page = client.get("/").content.decode()
    assert "By network now: X <" in page
    assert "<polyline" not in page  # a digest shows what was printed


def test_one_network_alone_is_not_repeated(client: Client) -> None:
    make_paper(score=70)
    assert "By network" not in client.get("/new/").content.decode()
