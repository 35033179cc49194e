"""What is late, and what only seems so: nights, weekends, holidays, first starts, long outages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers import clock, harvest, ledger, status
from papers.models import Digest, IngestRun, Network
from papers.sources.base import SourceError
from tests.papers import ledgers
from tests.upstream import clock_file

pytestmark = pytest.mark.django_db

Move = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def move_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Move:
    """The clock stands at the moment of the ledgers until it is moved."""
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))

    def move(moment: datetime) -> None:
        clock_file.write(tmp_path / "clock", moment, speed=0)

    move(ledgers.NOW)
    return move


def let_all_run_well() -> None:
    """Promise what is due and end it well."""
    harvest.plan()
    IngestRun.objects.open().update(state=IngestRun.State.COMPLETE, ended_at=clock.now())


def names_of(late: list[status.Late]) -> list[str]:
    return [f"{item.name} {item.part}".strip() for item in late]


def test_it_works() -> None:
    ledgers.well()
    assert status.late() == []
    ledgers.silence_bluesky()
    (bluesky,) = status.late()
    assert (bluesky.name, bluesky.part) == ("Bluesky", "")
    assert bluesky.last_answer == datetime(2026, 11, 24, 20, 14, tzinfo=UTC)
    assert bluesky.since == datetime(2026, 11, 25, 0, 10, tzinfo=UTC)


def test_nothing_is_late_over_thanksgiving_and_a_weekend(move_to: Move) -> None:
    """arXiv announces nothing on Thursday 26 November 2026, Friday and Saturday evening."""
    ledgers.well()
    moment = ledgers.NOW
    while moment < datetime(2026, 12, 2, tzinfo=UTC):
        move_to(moment)
        let_all_run_well()
        # Just before the next look, when all that ran is at its oldest.
        moment += timedelta(hours=3)
        move_to(moment)
        assert status.late() == []
    assert IngestRun.objects.filter(kind=harvest.DIGEST, due_at__gt=ledgers.NOW).count() == 4


@pytest.mark.parametrize(
    ("kind", "hours"),
    [(harvest.PAPERS, 6), (harvest.DIGEST, 3), (harvest.TWEETS, 4), (harvest.COUNTS, 4)],
)
def test_a_job_is_late_when_its_grace_is_over(move_to: Move, kind: str, hours: int) -> None:
    ledgers.well()
    job = next(job for job in status.jobs() if job.kind == kind)
    move_to(job.next_due + timedelta(hours=hours))
    assert {job.kind for job in status.jobs() if job.late_since} & {kind} == set()
    move_to(job.next_due + timedelta(hours=hours, seconds=1))
    late = next(job for job in status.jobs() if job.kind == kind)
    assert late.late_since == job.next_due


@pytest.mark.parametrize(
    ("hour", "listing_day"), [(datetime(2026, 11, 25, 8, 59), 24), (datetime(2026, 11, 25, 9), 25)]
)
def test_the_next_digest_is_of_yesterday_until_its_hour(
    move_to: Move, hour: datetime, listing_day: int
) -> None:
    move_to(hour.replace(tzinfo=UTC))
    digest = next(job for job in status.jobs() if job.kind == harvest.DIGEST)
    assert harvest.day_of(digest.next_due).day == listing_day
    assert digest.next_due.hour == 9


def test_it_is_late_since_the_first_time_missed(move_to: Move) -> None:
    """A source read every four hours is not always four hours late."""
    ledgers.well()
    move_to(ledgers.NOW + timedelta(days=12))
    late = {item.name: item.since for item in status.late()}
    assert late["Bluesky"] == datetime(2026, 11, 25, 12, 10, tzinfo=UTC)
    assert late["arXiv"] == datetime(2026, 11, 26, 5, 30, tzinfo=UTC)
    assert late["Digest"] == datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def test_a_scheduler_that_stopped_makes_everything_late(move_to: Move) -> None:
    """No row says so: nothing was promised."""
    ledgers.well()
    rows = IngestRun.objects.count()
    move_to(ledgers.NOW + timedelta(days=2))
    assert names_of(status.late()) == ["arXiv", "Bluesky", "Hacker News", "Hugging Face", "Digest"]
    assert IngestRun.objects.count() == rows


def test_a_long_silence_is_remembered(move_to: Move) -> None:
    """Longer than the part of the ledger that is read usually."""
    ledgers.well()
    move_to(ledgers.NOW + 3 * status.MEMORY)
    late = status.late()
    assert names_of(late) == ["arXiv", "Bluesky", "Hacker News", "Hugging Face", "Digest"]
    assert late[0].last_answer == datetime(2026, 11, 25, 5, 34, tzinfo=UTC)


def test_of_a_source_that_answers_in_part_the_part_is_late() -> None:
    ledgers.well()
    IngestRun.objects.filter(
        source=Network.BLUESKY, kind=harvest.COUNTS, due_at__gt=ledgers.NOW - timedelta(hours=10)
    ).update(state=IngestRun.State.FAILED)
    assert names_of(status.late()) == ["Bluesky counts"]
    (bluesky,) = (s for s in status.sources(status.jobs()) if s.name == "Bluesky")
    assert bluesky.in_words == "counts 9 hours late"


def test_a_run_that_was_partial_is_an_answer(move_to: Move) -> None:
    """The reads of a day are used up every day, which is as it should be."""
    ledgers.well()
    IngestRun.objects.update(state=IngestRun.State.PARTIAL, reason="its day's reads are used up")
    assert status.late() == []


def test_what_is_tried_again_is_not_late_yet() -> None:
    ledgers.well()
    ledger.plan(Network.BLUESKY, harvest.TWEETS, [ledgers.NOW])
    run = IngestRun.objects.get(due_at=ledgers.NOW)
    claimed = ledger.claim(run.pk)
    assert claimed is not None
    ledger.give_back(claimed, SourceError("bluesky answered 503"))
    assert status.late() == []
    tweets = next(job for job in status.jobs() if job.source == Network.BLUESKY)
    assert tweets.next_at == ledgers.NOW + ledger.FIRST_WAIT
    assert tweets.has_failed


def test_a_new_site_is_waited_for(move_to: Move) -> None:
    assert status.late() == []
    harvest.plan()  # three listing days back, which is no fault of the site
    assert status.late() == []
    move_to(ledgers.NOW + timedelta(minutes=30))
    IngestRun.objects.update(state=IngestRun.State.FAILED, attempts=5, reason="no answer")
    assert status.late() == []


def test_a_new_site_whose_workers_never_come_is_late_in_the_end(move_to: Move) -> None:
    harvest.plan()
    move_to(ledgers.NOW + timedelta(days=1, hours=4))
    harvest.plan()
    late = status.late()
    assert names_of(late) == ["arXiv", "Bluesky", "Hacker News", "Hugging Face", "Digest"]
    assert {item.last_answer for item in late} == {None}


def test_a_network_switched_on_is_waited_for(settings: Any) -> None:
    ledgers.well()
    settings.X_BEARER_TOKEN = "token"
    assert status.late() == []
    harvest.plan()
    assert status.late() == []
    x = next(source for source in status.sources(status.jobs()) if source.name == "X")
    assert x.in_words == "waiting for its first run"


def test_a_network_switched_off_is_not_late(settings: Any, move_to: Move) -> None:
    settings.X_BEARER_TOKEN = "token"
    ledgers.well()
    move_to(ledgers.NOW + timedelta(days=2))
    assert "X" in names_of(status.late())
    settings.X_BEARER_TOKEN = ""
    assert "X" not in names_of(status.late())


def test_a_sample_without_a_way_out_is_not_alarmed(move_to: Move) -> None:
    ledgers.of_the_sample()
    ledgers.unreachable()
    move_to(ledgers.NOW + timedelta(days=2))
    notices = status.notices()
    assert (notices.is_sample, notices.is_unreachable, notices.late) == (True, True, [])
    assert status.is_ready()["ingest"] is False
    Digest.objects.all().delete()
    assert status.notices().late


def test_once_papers_came_the_sample_is_no_excuse(move_to: Move) -> None:
    ledgers.of_the_sample()
    ledgers.unreachable()
    papers = IngestRun.objects.filter(kind=harvest.PAPERS)
    papers.update(state=IngestRun.State.COMPLETE, reason="", ended_at=ledgers.NOW)
    assert not status.notices().is_unreachable
    move_to(ledgers.NOW + timedelta(days=2))
    assert "arXiv" in names_of(list(status.notices().late))
