"""The pace of an upstream over real processes, judged by the upstream's own log."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from tests.upstream import faults
from tests.upstream.server import Upstream
from tests.upstream.world import World

pytestmark = pytest.mark.long

ASK = """
import sys, django
django.setup()
from urllib.parse import urlsplit
from papers.gate import DatabaseGate
from papers.sources.http import Http, Upstream
url, interval, times, lease = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
upstream = Upstream("arxiv", frozenset([urlsplit(url).netloc]), interval)
http = Http(upstream, DatabaseGate(lease), "test")
print("ready", flush=True)
for _ in range(times):
    http(url, {"verb": "Identify"})
"""


class Askers:
    """Processes that ask one upstream through the gate, on a database of their own."""

    def __init__(self, var: Path, url: str) -> None:
        self.environment = {**os.environ, "VAR_DIR": str(var)}
        self.environment["DJANGO_SETTINGS_MODULE"] = "hotpapers.settings"
        self.url = url
        self.run("manage.py", "migrate", "-v0").wait()

    def run(self, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, *arguments]
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.environment, stdout=subprocess.PIPE
        )

    def start(
        self, count: int, interval: float, times: int = 1, lease: float = 150
    ) -> list["subprocess.Popen[bytes]"]:
        arguments = (self.url, str(interval), str(times), str(lease))
        return [self.run("-c", ASK, *arguments) for _ in range(count)]


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    world = World(seed=1, start=date(2026, 11, 9), days=1, papers_per_day=2)
    with Upstream(world, lambda: datetime(2026, 11, 12, tzinfo=UTC)) as upstream:
        yield upstream


@pytest.fixture
def askers(tmp_path: Path, upstream: Upstream) -> Askers:
    return Askers(tmp_path, upstream.environment["ARXIV_OAI_URL"])


def test_it_works(askers: Askers, upstream: Upstream) -> None:
    for process in askers.start(8, interval=0.4):
        assert process.wait(60) == 0
    assert len(upstream.log) == 8
    assert min(upstream.gaps("arxiv")) >= 0.4
    assert upstream.overlaps("arxiv") == 0


def test_arxivs_three_seconds(askers: Askers, upstream: Upstream) -> None:
    for process in askers.start(3, interval=3.0):
        assert process.wait(60) == 0
    assert len(upstream.log) == 3
    assert min(upstream.gaps("arxiv")) >= 3.0
    assert upstream.overlaps("arxiv") == 0


def test_an_answer_that_takes_longer_than_a_lease_keeps_its_turn(
    askers: Askers, upstream: Upstream
) -> None:
    upstream.misbehave("/oai", faults.hang(2.5))
    for process in askers.start(2, interval=0.0, lease=0.6):
        assert process.wait(60) == 0
    assert len(upstream.log) == 2
    assert upstream.overlaps("arxiv") == 0


def test_a_killed_holder_neither_stops_nor_doubles_the_pace(
    askers: Askers, upstream: Upstream
) -> None:
    (holder,) = askers.start(1, interval=0.5, times=1000, lease=3)
    while len(upstream.log) < 2:
        time.sleep(0.05)
    holder.kill()
    for process in askers.start(3, interval=0.5, lease=3):
        assert process.wait(60) == 0
    assert len(upstream.log) >= 5
    assert min(upstream.gaps("arxiv")) >= 0.5
    assert upstream.overlaps("arxiv") == 0
