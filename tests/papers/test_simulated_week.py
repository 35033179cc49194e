"""A week of the seeded world through a real worker and scheduler, against the world's truth."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from papers import clock
from papers.models import Digest, DigestTweet, IngestRun, Sample
from tests.papers import truth
from tests.processes import Site, running
from tests.upstream.world import World

BEGIN = datetime(2026, 11, 9, 4, tzinfo=UTC)
END = datetime(2026, 11, 14, 12, tzinfo=UTC)  # the Saturday after


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, start=date(2026, 11, 9), days=5, papers_per_day=8)


@pytest.fixture(scope="module")
def week(world: World, django_db_blocker: Any) -> Iterator[Site]:
    """The week gone by, and the database that it left."""
    with django_db_blocker.unblock(), running(world, BEGIN) as site:
        site.play(END)
        yield site


def test_it_works(week: Site, world: World) -> None:
    now = clock.now()
    assert now - END < timedelta(hours=1)
    assert truth.lost(world, now) == []


def test_nothing_came_twice(week: Site, world: World) -> None:
    assert truth.twice(world) == []


def test_every_run_ended_well_in_its_first_attempt(week: Site) -> None:
    assert truth.unfinished() == []
    assert IngestRun.objects.count() > 100


def test_digests_show_xs_embeds_and_papers_have_a_history(week: Site) -> None:
    on_x = DigestTweet.objects.filter(tweet__network="x", tweet__deleted_at=None)
    assert on_x
    assert all("twitter-tweet" in printed.html for printed in on_x)
    assert Sample.objects.filter(kind=Sample.Kind.COUNTED).values("network").distinct().count() > 2


def test_every_digest_comes_back_from_its_export(week: Site) -> None:
    assert Digest.objects.published().count() == 5
    assert truth.not_exported() == []
    assert Digest.objects.published().count() == 5
