"""A week of the seeded world through a real worker and scheduler, against the world's truth."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from papers import clock
from papers.models import Digest, DigestTweet, IngestRun, Paper, Sample, Tweet
from tests.papers import truth
from tests.processes import Site, running
from tests.upstream.world import World

pytestmark = pytest.mark.long

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


def test_the_judge_misses_nothing(week: Site, world: World) -> None:
    """Taken away by hand, a tweet is lost; a count, a revision and an order made wrong are seen."""
    with transaction.atomic():
        seen = [tweet for tweet in world.tweets_alive(BEGIN) if tweet.network == "x"][0]
        Tweet.objects.get(network="x", external_id=seen.external_id).delete()
        assert len(truth.lost(world, clock.now())) == len(seen.papers)
        run = IngestRun.objects.filter(kind="papers", counts__announcements__gt=0)[0]
        run.counts["announcements"] += 1
        run.save()
        first = Digest.objects.earliest("date")
        first.revisions.create(number=2, markdown="")
        Paper.objects.filter(pk=Paper.objects.filter(score__gt=0)[0].pk).update(score=0)
        said = " ".join(truth.twice(world))
        for complaint in ("announcements of", "revisions", "not ranked", "x: "):
            assert complaint in said
        Digest.objects.filter(pk=first.pk).update(published_at=clock.now())
        assert any("were due" in complaint for complaint in truth.lost(world, clock.now()))
        transaction.set_rollback(True)
