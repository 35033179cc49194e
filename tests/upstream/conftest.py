"""The world of these tests, with a clock they set."""

from collections.abc import Iterator

import pytest

from tests.upstream.client import START, Clock
from tests.upstream.server import Upstream
from tests.upstream.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(7, START, 10)


@pytest.fixture
def now() -> Clock:
    return Clock()


@pytest.fixture
def upstream(world: World, now: Clock) -> Iterator[Upstream]:
    with Upstream(world, now) as playing:
        yield playing


@pytest.fixture
def feed(upstream: Upstream) -> str:
    return f"{upstream.environment['ARXIV_RSS_URL']}/cs.LG"
