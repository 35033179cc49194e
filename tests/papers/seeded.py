"""The seeded world as the site's only upstream, and its clock; for tests of the ingest."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from papers import clock, harvest, ledger
from papers.models import Pace
from tests.upstream import clock_file
from tests.upstream.server import Upstream
from tests.upstream.world import World

MORNING = datetime(2026, 11, 10, 6, tzinfo=UTC)


class Sky:
    """The world, its servers, and the one clock both the world and the site go by."""

    def __init__(self, world: World, upstream: Upstream, clock_path: Path) -> None:
        self.world = world
        self.upstream = upstream
        self.clock_path = clock_path

    def move_to(self, moment: datetime) -> None:
        """Set the clock, which stands still then. How long an upstream is left in peace goes by
        the database's, which nobody can set: the end of it moves the other way."""
        Pace.objects.update(free_at=F("free_at") - (moment - clock.now()))
        clock_file.write(self.clock_path, moment, speed=0)

    def settle(self) -> None:
        """Do what is due by now, as the scheduler and its workers would in a minute or two."""
        harvest.plan()
        while runs := ledger.ready(clock.now()):
            for run in runs:
                harvest.execute(run.pk)
            self.move_to(clock.now() + ledger.PATIENCE)


@contextmanager
def sky(
    world: World,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    oai_page: int = 25,
) -> Iterator[Sky]:
    path = folder / "clock"
    clock_file.write(path, datetime(2026, 11, 8, 12, tzinfo=UTC), speed=0)
    monkeypatch.setenv("CLOCK_FILE", str(path))
    with Upstream(world, clock.now, oai_page=oai_page) as upstream:
        for name, value in upstream.environment.items():
            setattr(settings, name, value)
        settings.ARXIV_INTERVAL = 0.0
        settings.X_DAILY_READS = 100_000
        yield Sky(world, upstream, path)
