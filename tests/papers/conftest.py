"""The world that most tests of the ingest look at; a file that needs another makes its own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.papers.seeded import MORNING, Sky, sky
from tests.upstream.world import World


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Sky]:
    """Two listing days, seen on the second morning."""
    world = World(seed=3, start=date(2026, 11, 9), days=2, papers_per_day=6)
    with sky(world, tmp_path, monkeypatch, settings) as found:
        found.move_to(MORNING)
        yield found
