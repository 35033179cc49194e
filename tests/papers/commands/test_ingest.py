"""Fetching, building and ranking by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from papers.models import Digest, Paper, Tweet
from tests.papers.seeded import Sky, sky
from tests.upstream import faults
from tests.upstream.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Sky]:
    world = World(seed=3, start=date(2026, 11, 9), days=2, papers_per_day=6)
    with sky(world, tmp_path, monkeypatch, settings) as found:
        found.move_to(datetime(2026, 11, 10, 6, tzinfo=UTC))
        yield found


def said(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def test_it_works(found: Sky) -> None:
    assert "complete" in said("ingest", "papers")
    assert "hackernews tweets" in said("ingest", "tweets", "--source", "hackernews")
    assert Paper.objects.exists()
    assert set(Tweet.objects.values_list("network", flat=True)) <= {"hackernews"}


def test_all_networks_that_are_on_are_asked(found: Sky) -> None:
    said("ingest", "papers")
    lines = said("ingest", "tweets").splitlines()
    assert len(lines) == 4


def test_a_failure_is_said_with_its_reason(found: Sky) -> None:
    found.upstream.misbehave("/oai", faults.status(503))
    with pytest.raises(CommandError, match="503"):
        said("ingest", "papers")


def test_a_digest_is_built_published_and_ranked(found: Sky) -> None:
    said("ingest", "papers")
    said("ingest", "tweets")
    day = Paper.objects.filter(announced_by_arxiv=True).values_list("announced_on", flat=True)[0]
    assert "draft" in said("build_digest", str(day))
    assert "published" in said("build_digest", str(day), "--publish")
    assert Digest.objects.get().state == Digest.State.PUBLISHED
    assert "papers ranked" in said("rerank", "--day", str(day))


def test_a_day_nobody_noticed_is_no_digest(found: Sky) -> None:
    with pytest.raises(CommandError, match="nothing to print"):
        said("build_digest", "2026-01-05")
