"""Papers that readers asked for: looked up at arXiv until they are here, or are said not to be."""

from datetime import timedelta

import pytest

from papers import clock, wanted
from papers.models import Paper, WantedPaper
from tests.factories import make_paper
from tests.papers.seeded import MORNING, Sky
from tests.upstream import faults

pytestmark = pytest.mark.django_db

NOBODYS = "2611.99999"
API = "/api/query"


def known(found: Sky, count: int = 3) -> list[str]:
    return [paper.arxiv_id for paper in found.world.papers_announced(MORNING)][:count]


def look_up(found: Sky, after: timedelta = wanted.PATIENCE) -> None:
    found.move_to(clock.now() + after)
    wanted.look_up(seconds=20)


def test_it_works(found: Sky) -> None:
    ids = known(found)
    WantedPaper.objects.want([*ids, NOBODYS])
    look_up(found)
    assert set(Paper.objects.values_list("arxiv_id", flat=True)) == set(ids)
    left = WantedPaper.objects.get()
    assert (left.arxiv_id, left.is_missing) == (NOBODYS, False)


def test_what_arxiv_does_not_know_twice_is_missing(found: Sky) -> None:
    WantedPaper.objects.want([NOBODYS])
    look_up(found)
    look_up(found, after=timedelta(seconds=1))  # too soon to be asked again
    assert WantedPaper.objects.get().answers == 1
    look_up(found)
    assert WantedPaper.objects.get().is_missing
    look_up(found)
    assert WantedPaper.objects.get().answers == 2


def test_while_arxiv_is_away_the_wish_stays(found: Sky) -> None:
    (arxiv_id,) = known(found, 1)
    WantedPaper.objects.want([arxiv_id])
    found.upstream.misbehave(API, faults.status(503), always=True)
    for _ in range(4):
        look_up(found, after=timedelta(hours=1))
    assert not Paper.objects.exists()
    left = WantedPaper.objects.get()
    assert (left.answers, left.is_missing) == (0, False)
    found.upstream.calm()
    look_up(found, after=timedelta(hours=1))
    assert Paper.objects.get().arxiv_id == arxiv_id
    assert not WantedPaper.objects.exists()


def test_what_came_meanwhile_is_not_asked_for(found: Sky) -> None:
    make_paper(arxiv_id="2611.00001")
    WantedPaper.objects.want(["2611.00001"])
    found.upstream.misbehave(API, faults.status(503), always=True)
    look_up(found)
    assert not WantedPaper.objects.exists()


def test_a_wish_is_one_row_whoever_has_it(found: Sky) -> None:
    WantedPaper.objects.want([NOBODYS])
    look_up(found)
    WantedPaper.objects.want([NOBODYS, "2611.99998"])
    assert WantedPaper.objects.get(arxiv_id=NOBODYS).answers == 1
    assert WantedPaper.objects.count() == 2


def test_more_than_one_question_holds(found: Sky, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "AT_ONCE", 2)
    ids = known(found, 5)
    WantedPaper.objects.want(ids)
    look_up(found)
    assert Paper.objects.count() == 5
