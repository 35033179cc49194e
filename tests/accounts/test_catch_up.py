"""Catching up after days away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import catch_up, feed
from accounts.models import SavedPaper, Seen, Subscription, User
from papers import clock
from papers.models import Paper
from papers.readers import Kind
from tests.accounts.conftest import words
from tests.accounts.views.test_feed import titles
from tests.factories import DAY, make_paper

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 6, 1, 12, tzinfo=UTC)
LEFT = DAY - timedelta(days=9)  # the last day seen


@pytest.fixture
def away(client: Client, reader: User) -> Client:
    """A reader of cs.LG who comes back after nine days."""
    client.force_login(reader)
    Subscription.objects.create(user=reader, kind=Kind.CATEGORY, target="cs.LG")
    User.objects.update(away_since=LEFT)
    return client


def make_papers(count: int) -> list[Paper]:
    """Papers of the gap, the first the hottest."""
    return [make_paper(title=f"Paper {n}", score=2 * (count - n)) for n in range(count)]


def test_it_works(away: Client) -> None:
    make_papers(40)
    make_paper(title="Before", announced_on=LEFT)
    assert "You were away 9 days. Catch up in 15 minutes" in words(away.get("/feed/"))
    page = away.get("/feed/catch-up/")
    assert titles(page) == [f"Paper {n}" for n in range(30)]
    assert "10 papers more came." in words(page)


def test_what_was_shown_never_comes_again(away: Client) -> None:
    papers = make_papers(25)
    first = [paper.arxiv_id for paper in papers[:10]]
    page = away.post("/feed/catch-up/on/", {"shown": first, "minutes": "5"}, follow=True)
    assert titles(page) == [f"Paper {n}" for n in range(10, 20)]
    assert titles(away.get("/feed/catch-up/?minutes=30")) == [f"Paper {n}" for n in range(10, 25)]


def test_what_was_met_elsewhere_is_not_shown(away: Client, reader: User) -> None:
    opened, saved, hidden, left = make_papers(4)
    away.get(opened.get_absolute_url())
    SavedPaper.objects.create(user=reader, paper=saved)
    Seen.objects.note(reader, hidden.pk, hidden_at=clock.now())
    assert titles(away.get("/feed/catch-up/")) == [left.title]


def test_enough_is_enough(away: Client) -> None:
    make_papers(3)
    page = away.post("/feed/catch-up/on/", {"enough": "1"}, follow=True)
    assert "You have caught up." in words(page)
    assert "You were away" not in words(page)
    assert away.get("/feed/catch-up/")["Location"] == "/feed/"


def test_showing_forgets_no_history(away: Client) -> None:
    (paper,) = make_papers(1)
    away.get(paper.get_absolute_url())
    away.post("/feed/catch-up/on/", {"shown": [paper.arxiv_id, "x", "\x00"]})
    assert Seen.objects.get().opened_at


def test_it_costs_eight_queries_at_most(away: Client) -> None:
    make_papers(35)
    away.get("/feed/")
    with CaptureQueriesContext(connection) as queries:
        away.get("/feed/catch-up/?minutes=30")
    assert len(queries) <= 8


@pytest.mark.parametrize("minutes", ["7", "x", "\x00", "-5"])
def test_time_there_is_none_of_is_refused(away: Client, minutes: str) -> None:
    make_paper()
    assert away.get("/feed/catch-up/", {"minutes": minutes}).status_code == 400


def test_who_was_not_away_has_nothing_to_catch_up_with(reader: User) -> None:
    feed.note_visit(reader, NOON, LEFT)
    feed.note_visit(reader, NOON + timedelta(days=2), LEFT + timedelta(days=2))
    assert reader.away_since is None


def test_an_absence_is_remembered_until_it_is_made_up_for(reader: User) -> None:
    feed.note_visit(reader, NOON, LEFT)
    feed.note_visit(reader, NOON + timedelta(days=4), LEFT + timedelta(days=4))
    feed.note_visit(reader, NOON + timedelta(days=9), DAY)
    assert reader.away_since == LEFT
    reader.refresh_from_db()
    assert catch_up.gap_of(reader, DAY) == catch_up.Gap(LEFT + timedelta(days=1), DAY)


def test_where_nothing_came_nobody_was_away(reader: User) -> None:
    feed.note_visit(reader, NOON, LEFT)
    feed.note_visit(reader, NOON + timedelta(days=9), LEFT)
    assert reader.away_since is None


def test_of_a_long_absence_its_end_is_shown(reader: User) -> None:
    reader.away_since = DAY - timedelta(days=400)
    gap = catch_up.gap_of(reader, DAY)
    assert gap is not None
    assert gap.days == 32
