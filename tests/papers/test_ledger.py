"""The life of a run: promised once, claimed by one, bounded in attempts, never silent."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from papers import clock, ledger
from papers.models import IngestRun, Quarantine
from papers.sources.base import Reject, SourceError

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 10, 6, tzinfo=UTC)
State = IngestRun.State


@pytest.fixture(autouse=True)
def traveller():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def planned(*hours: int, kind: str = "tweets") -> list[IngestRun]:
    ledger.plan("x", kind, [NOW - timedelta(hours=hour) for hour in hours])
    return list(IngestRun.objects.filter(kind=kind).order_by("due_at"))


def claimed() -> IngestRun:
    run = ledger.claim(planned(1)[0].pk)
    assert run is not None
    return run


@pytest.fixture
def lost(monkeypatch):
    """Call it for the machine's time to pass that ends a lease: the one clock is not asked."""
    monkeypatch.setattr(ledger, "LEASE", timedelta(milliseconds=20))
    return lambda: time.sleep(0.04)


def test_it_works():
    run = claimed()
    ledger.keep(run, {"tweets": 3}, cursor="here")
    ledger.complete(run)
    run = IngestRun.objects.get()
    assert (run.state, run.counts, run.cursor, run.ended_at) == (
        "complete",
        {"tweets": 3},
        "here",
        NOW,
    )


def test_a_due_time_is_promised_once():
    planned(1)
    assert len(planned(1, 2)) == 2


def test_of_two_workers_one_gets_the_run():
    (run,) = planned(1)
    assert ledger.claim(run.pk)
    assert ledger.claim(run.pk) is None


def test_the_oldest_open_run_of_a_kind_goes_first():
    old, new = planned(5, 1)
    (other,) = planned(1, kind="counts")
    assert {run.pk for run in ledger.ready(NOW)} == {old.pk, other.pk}
    assert ledger.claim(new.pk) is None


def test_a_lost_worker_gives_the_run_back_when_its_lease_is_over(lost):
    run = claimed()
    lost()
    again = ledger.claim(run.pk)
    assert again is not None
    assert (again.attempts, again.losses) == (1, 1)


def test_a_lost_worker_is_no_fault_of_the_upstream(lost):
    run = claimed()
    for _ in range(ledger.MAX_ATTEMPTS):
        lost()
        run = ledger.claim(run.pk) or run
    assert run.losses == ledger.MAX_ATTEMPTS
    ledger.give_back(run, SourceError("no answer"))
    assert (run.state, run.not_before) == (State.PLANNED, NOW + ledger.FIRST_WAIT)


def test_a_lease_is_the_machines_time_however_fast_the_world_runs(traveller):
    run = claimed()
    traveller.shift(timedelta(days=30))
    assert ledger.ready(clock.now()) == []
    ledger.keep(run, {"tweets": 1})
    traveller.shift(timedelta(days=30))
    assert ledger.claim(run.pk) is None


def test_a_worker_that_goes_on_keeps_its_run(lost, monkeypatch):
    run = claimed()
    monkeypatch.setattr(ledger, "LEASE", timedelta(minutes=1))
    ledger.keep(run)
    lost()
    assert ledger.claim(run.pk) is None


def test_a_worker_that_lost_its_run_changes_nothing(lost):
    run = claimed()
    lost()
    assert ledger.claim(run.pk)
    ledger.complete(run)
    assert IngestRun.objects.get().state == State.RUNNING


def test_a_worker_that_lost_its_run_stores_nothing(lost):
    run = claimed()
    lost()
    assert ledger.claim(run.pk)
    with pytest.raises(ledger.TakenOver), ledger.writing(run):
        pytest.fail("it wrote")
    with pytest.raises(ledger.TakenOver):
        ledger.keep(run, {"tweets": 1}, cursor="there")
    assert (IngestRun.objects.get().counts, IngestRun.objects.get().cursor) == ({}, "")


def test_a_run_promised_once_more_is_not_the_lost_workers(lost):
    run = claimed()
    lost()
    other = ledger.claim(run.pk)
    assert other
    ledger.complete(other)
    ledger.reopen(other)
    assert ledger.claim(run.pk)
    with pytest.raises(ledger.TakenOver):
        ledger.keep(run, {"tweets": 1})


def test_what_was_not_stored_was_not_counted_either():
    run = claimed()
    ledger.keep(run, {"tweets": 2}, cursor="here")
    with suppress(ZeroDivisionError), ledger.writing(run):
        ledger.keep(run, {"tweets": 5}, cursor="there")
        raise ZeroDivisionError
    ledger.keep(run, {"tweets": 1})
    run = IngestRun.objects.get()
    assert (run.counts, run.cursor) == ({"tweets": 3}, "here")


def test_workers_that_die_every_time_end_in_a_visible_failure(lost):
    run = claimed()
    for _ in range(ledger.MAX_LOSSES + 1):
        assert IngestRun.objects.get().state == State.RUNNING
        lost()
        ledger.claim(run.pk)
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert "lost at every attempt" in run.reason


def test_a_failure_waits_longer_each_time_and_ends(traveller):
    run = claimed()
    waits = []
    while True:
        ledger.give_back(run, SourceError("no answer"))
        if run.state == State.FAILED:
            break
        waits.append(run.not_before - datetime.now(UTC))
        traveller.move_to(run.not_before, tick=False)
        again = ledger.claim(run.pk)
        assert again is not None
        run = again
    assert waits == sorted(waits)
    assert len(waits) == ledger.MAX_ATTEMPTS - 1
    assert run.reason == "no answer"


def test_what_the_upstream_asked_for_is_waited():
    run = claimed()
    ledger.give_back(run, SourceError("slow down", retry_after=7200))
    assert run.not_before == NOW + timedelta(hours=2)


def test_what_cannot_help_is_not_tried_again():
    run = claimed()
    ledger.give_back(run, SourceError("wrong token", permanent=True))
    assert (run.state, run.attempts) == (State.FAILED, 1)


def test_a_postponed_run_has_not_tried():
    run = claimed()
    ledger.postpone(run, "not yet")
    assert (run.state, run.attempts, run.reason) == (State.PLANNED, 0, "not yet")
    assert ledger.ready(NOW) == []


def test_a_run_whose_database_went_away_is_tried_again_and_not_for_ever(traveller):
    run = claimed()
    while run.state == State.RUNNING:
        ledger.lose(run, "the database went away")
        traveller.shift(ledger.PATIENCE)
        run = ledger.claim(run.pk) or run
    assert (run.state, run.losses) == (State.FAILED, ledger.MAX_LOSSES)
    assert run.reason == "the database went away"


def test_a_reason_makes_a_run_partial():
    run = claimed()
    ledger.complete(run, "the budget of the day is used up")
    assert run.state == State.PARTIAL


def test_an_item_is_quarantined_once_with_its_reason():
    run = claimed()
    for _ in range(2):
        ledger.quarantine(run, [Reject("2611.00001", "no title")])
    assert Quarantine.objects.get().reason == "no title"
