"""The first hours of a new site: recent within minutes, or quietly the sample."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from logging.config import DictConfigurator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from papers import clock, harvest, ingest, search
from papers.models import Digest, IngestRun, Paper
from papers.sources.base import PaperRecord
from tests.papers.seeded import Sky, sky
from tests.upstream import faults
from tests.upstream.world import World

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2026, 11, 19, 10, tzinfo=UTC)
State = IngestRun.State


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Sky]:
    """A world that has gone on for eight listing days before the site is started."""
    world = World(seed=5, start=date(2026, 11, 9), days=12, papers_per_day=6)
    with sky(world, tmp_path, monkeypatch, settings) as found:
        found.move_to(THURSDAY)
        yield found


def published() -> list[str]:
    digests = Digest.objects.filter(state=Digest.State.PUBLISHED).order_by("published_at")
    return [str(day) for day in digests.values_list("date", flat=True)]


def add_sample_paper(found: Sky) -> Paper:
    """A paper of the world as the sample would hold it: with a summary of our own."""
    known = found.world.papers_announced(THURSDAY)[0]
    record = PaperRecord(
        arxiv_id=known.arxiv_id,
        title="As the Sample Has It",
        authors=("Ada Lark",),
        categories=("cs.LG",),
        abstract="In our words.",
        abstract_is_summary=True,
        recorded_at=datetime(2021, 6, 10, tzinfo=UTC),
        announced_on=date(2021, 6, 10),
    )
    keys = ingest.store_papers([record], sample=True)
    search.index(keys.values())
    return Paper.objects.get()


def test_a_new_site_is_recent(found: Sky, client: Client) -> None:
    found.settle()
    # Thursday's list is out; its digest is not due before Friday.
    assert published() == ["2026-11-17", "2026-11-18"]
    assert "18 November 2026" in client.get("/").content.decode()
    held = set(Paper.objects.values_list("announced_on", flat=True))
    assert {date(2026, 11, day) for day in (17, 18, 19)} <= held
    # What arXiv listed before was not asked for.
    first = found.world.listing(date(2026, 11, 10))[0].paper.arxiv_id
    assert not Paper.objects.filter(arxiv_id=first, tweets=None).exists()


def test_arxivs_words_replace_those_of_the_sample(found: Sky) -> None:
    paper = add_sample_paper(found)
    found.settle()
    paper.refresh_from_db()
    known = found.world.paper(paper.arxiv_id)
    assert known
    assert paper.title == known.versions[-1].title
    assert not paper.abstract_is_summary
    assert not paper.from_sample
    run = IngestRun.objects.get(kind=harvest.SAMPLE)
    assert (run.state, run.counts["papers"]) == (State.COMPLETE, 1)
    # With no paper of the sample left there is nothing to look up any more.
    found.move_to(datetime(2026, 11, 21, tzinfo=UTC))
    found.settle()
    assert IngestRun.objects.filter(kind=harvest.SAMPLE).count() == 1


def test_an_upstream_that_is_away_leaves_the_site_as_it_is(found: Sky, client: Client) -> None:
    add_sample_paper(found)
    with found.upstream.offline("arxiv"):
        harvest.plan()
        for run in IngestRun.objects.filter(source="arxiv"):
            harvest.execute(run.pk)
        assert set(Paper.objects.values_list("title", flat=True)) == {"As the Sample Has It"}
        assert client.get("/hot/").status_code == 200
        waiting = IngestRun.objects.filter(source="arxiv", attempts=1)
        assert waiting
        assert all(run.is_open and run.reason for run in waiting)
    found.move_to(max(run.not_before for run in waiting))
    found.settle()
    assert "2026-11-18" in published()


def said(*arguments: str) -> list[str]:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue().splitlines()


def test_backfill_fetches_and_prints_the_days_asked_for(found: Sky) -> None:
    lines = said("backfill", "--from", "2026-11-12", "--to", "2026-11-16")
    assert published() == ["2026-11-12", "2026-11-13", "2026-11-16"]
    assert len(lines) == 1 + 4 + 3
    assert all("complete" in line for line in lines)


def test_backfill_may_be_run_again(found: Sky) -> None:
    said("backfill", "--from", "2026-11-12", "--to", "2026-11-13")
    before = list(Digest.objects.values())
    papers = Paper.objects.count()
    found.move_to(clock.now().replace(minute=30))
    lines = said("backfill", "--from", "2026-11-12", "--to", "2026-11-13")
    assert len(lines) == 1 + 4
    assert list(Digest.objects.values()) == before
    assert Paper.objects.count() == papers


def test_a_network_that_is_away_does_not_hold_the_days_up(found: Sky) -> None:
    found.upstream.misbehave("/api/v1/search_by_date", faults.status(500), always=True)
    with pytest.raises(CommandError, match=r"hackernews tweets.*500"):
        said("backfill", "--from", "2026-11-12", "--to", "2026-11-12")
    assert published() == ["2026-11-12"]


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-11-13", "2026-11-12"), ("2026-11-12", "2026-11-20"), ("1990-01-01", "2026-11-12")],
)
def test_days_that_make_no_sense_are_refused(found: Sky, first: str, last: str) -> None:
    with pytest.raises(CommandError, match="in order"):
        said("backfill", "--from", first, "--to", last)
    assert not IngestRun.objects.exists()


def test_every_line_of_a_run_carries_its_number(found: Sky, settings: Any) -> None:
    handler = logging.StreamHandler(stream := StringIO())
    formatter = DictConfigurator(settings.LOGGING).configure_formatter(
        dict(settings.LOGGING["formatters"]["structured"])
    )
    handler.setFormatter(formatter)
    logger = logging.getLogger("papers")
    logger.addHandler(handler)
    try:
        said("ingest", "papers")
    finally:
        logger.removeHandler(handler)
    run = IngestRun.objects.get()
    lines = stream.getvalue().splitlines()
    assert len(lines) >= 3
    assert all(f"run={run.pk} " in f"{line} " for line in lines)
    assert "started" in lines[0]
    assert "complete" in lines[-1]
