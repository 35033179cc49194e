"""A few kills at moments when a task runs; `benchmarks/kills` does sixty."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings

from papers import clock
from tests import kills
from tests.kills import Killer
from tests.papers import truth
from tests.processes import running
from tests.upstream.world import World

pytestmark = pytest.mark.long

BEGIN = datetime(2026, 11, 10, 4, tzinfo=UTC)
END = datetime(2026, 11, 12, 12, tzinfo=UTC)
VICTIMS = [kills.WORKER, kills.SCHEDULER, kills.WORKER]
if settings.REDIS_URL:
    VICTIMS += [kills.CHILD, kills.REDIS_WIPED, kills.CHILD]
if not settings.IS_EMBEDDED:
    VICTIMS += [kills.POSTGRESQL]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=11, start=date(2026, 11, 10), days=3, papers_per_day=6)


@pytest.fixture(scope="module")
def killed(world: World, django_db_blocker: Any) -> Iterator[Killer]:
    with django_db_blocker.unblock(), running(world, BEGIN, kills.LEASE) as site:
        killer = Killer(site, VICTIMS, seed=1)
        site.play(END, killer.look)
        yield killer


def test_it_works(killed: Killer, world: World) -> None:
    assert killed.left == []
    assert sorted(killed.hits.elements()) == sorted(VICTIMS)
    assert truth.lost(world, clock.now()) == []


def test_nothing_came_twice(killed: Killer, world: World) -> None:
    assert truth.twice(world) == []


def test_every_run_ended(killed: Killer) -> None:
    assert truth.unfinished(losses=True) == []
