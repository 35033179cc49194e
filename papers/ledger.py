"""The life of an ingest run: planned, claimed, kept alive, ended. What a run does is `harvest`'s.

Everything is a conditional update of one row, so that two schedulers or ten workers still do each
job once, and whoever dies leaves a row that says so. A worker that was lost is counted apart from
the attempts: that is no fault of the upstream.

What is due, and how long an upstream is left in peace, goes by `clock`, the time of the world. A
lease is about processes: it goes by the database's time, which all machines share and no CLOCK_FILE
moves.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from papers import clock
from papers.heartbeat import beating
from papers.models import IngestRun, Quarantine
from papers.sources.base import Reject, SourceError

logger = logging.getLogger(__name__)

State = IngestRun.State
LEASE = timedelta(seconds=settings.LEASE)  # renewed while the work goes on
# Seconds without anything kept after which the work hangs: longer than a stream is read, or the
# turn to ask is waited for.
SILENCE = 1800.0
MAX_ATTEMPTS = 5
MAX_LOSSES = 20  # workers: a run that kills each of them, for want of memory say, must end too
FIRST_WAIT = timedelta(minutes=2)  # doubles with every attempt
PATIENCE = timedelta(minutes=1)  # until a postponed run looks again


class Postponed(Exception):
    """A run that cannot be done yet, through no fault: it is tried again, as often as it takes."""


class TakenOver(Exception):
    """Another worker has the run by now: whatever this one still has is not to be stored."""


def plan(
    source: str, kind: str, due_times: Iterable[datetime], since: datetime | None = None
) -> None:
    """Promise these runs; one that is promised already stays as it is.

    The first of them asks for what came `since`, the others go on from where it ends.
    """
    runs = [IngestRun(source=source, kind=kind, due_at=due, not_before=due) for due in due_times]
    for run in runs[:1]:
        run.since = since
    IngestRun.objects.bulk_create(runs, ignore_conflicts=True)


def reopen(run: IngestRun) -> None:
    """Promise a run that ended once more, from its beginning.

    Its losses stay: a worker that was lost with it must not be taken for the next one.
    """
    ended = IngestRun.objects.filter(pk=run.pk).exclude(state__in=[State.PLANNED, State.RUNNING])
    ended.update(
        state=State.PLANNED,
        not_before=clock.now(),
        attempts=0,
        cursor="",
        counts={},
        reason="",
    )
    run.refresh_from_db()


def give_up(run: IngestRun, reason: str) -> bool:
    """End a run as failed; False where it has ended, or a worker that lives has it."""
    is_free = Q(state=State.PLANNED) | Q(state=State.RUNNING, lease_until__lt=Now())
    ended = IngestRun.objects.filter(is_free, pk=run.pk).update(
        state=State.FAILED, reason=reason, ended_at=clock.now(), lease_until=None
    )
    run.refresh_from_db()
    return bool(ended)


def last_due(source: str, kind: str) -> datetime | None:
    """Return the newest due time promised so far."""
    runs = IngestRun.objects.filter(source=source, kind=kind).order_by("-due_at")
    return runs.values_list("due_at", flat=True).first()


def ready(now: datetime) -> list[IngestRun]:
    """Return the runs a worker may take now: of each source and kind the oldest that is open."""
    older = IngestRun.objects.open().filter(
        source=OuterRef("source"), kind=OuterRef("kind"), due_at__lt=OuterRef("due_at")
    )
    return list(IngestRun.objects.ready(now).filter(~Exists(older)))


def claim(run_id: int) -> IngestRun | None:
    """Take a run that is ready; None when somebody else has it, or it is not its turn."""
    now = clock.now()
    run = next((run for run in ready(now) if run.pk == run_id), None)
    if run is None:
        return None
    is_lost = run.state == State.RUNNING
    if is_lost and run.losses >= MAX_LOSSES:
        _end(run, State.FAILED, run.reason or "the worker was lost at every attempt")
        return None
    same = IngestRun.objects.filter(
        pk=run.pk, state=run.state, attempts=run.attempts, losses=run.losses
    )
    claimed = same.filter(Q(lease_until=None) | Q(lease_until__lt=Now()) | Q(state=State.PLANNED))
    taken = claimed.update(
        state=State.RUNNING,
        attempts=run.attempts + (not is_lost),
        losses=run.losses + is_lost,
        lease_until=Now() + LEASE,
        started_at=run.started_at or now,
    )
    if not taken:
        return None
    run.refresh_from_db()
    run.kept_at = time.monotonic()
    return run


@contextmanager
def held(run: IngestRun) -> Iterator[None]:
    """Keep the lease of a run alive while it is worked on, however long that takes."""
    with beating(lambda: _renew(run), LEASE):
        yield


def _renew(run: IngestRun) -> bool:
    if time.monotonic() - run.kept_at > SILENCE:
        logger.error("hangs", extra={"run": run.pk})
        return False
    return bool(IngestRun.objects.of_worker(run).update(lease_until=Now() + LEASE))


@contextmanager
def writing(run: IngestRun) -> Iterator[None]:
    """Store in one transaction what belongs together: what came, and how far the run is thereby.

    The row stays locked meanwhile, so that nobody takes the run over in the middle. Raises
    TakenOver where somebody has.
    """
    with transaction.atomic():
        mine = IngestRun.objects.of_worker(run).select_for_update()
        row = mine.values("cursor", "counts").first()
        if row is None:
            raise TakenOver(f"another worker has {run}")
        run.cursor, run.counts = row["cursor"], row["counts"]  # those of a rollback are gone
        yield


def keep(
    run: IngestRun, counts: Mapping[str, int] | None = None, *, cursor: str | None = None
) -> None:
    """Keep what came and how far the run is, so that another attempt goes on from here."""
    with writing(run):
        if cursor is not None:
            run.cursor = cursor
        for name, count in (counts or {}).items():
            run.counts[name] = run.counts.get(name, 0) + count
        mine = IngestRun.objects.of_worker(run)
        mine.update(lease_until=Now() + LEASE, cursor=run.cursor, counts=run.counts)
    run.kept_at = time.monotonic()
    if counts:
        logger.info("stored", extra={name: count for name, count in counts.items() if count})
    if run.watch:
        run.watch(run)


def restart(run: IngestRun) -> None:
    """Count from nothing: what an earlier attempt counted comes once more."""
    with writing(run):
        IngestRun.objects.of_worker(run).update(counts={})


def complete(run: IngestRun, reason: str = "") -> None:
    """End a run well; with a `reason` it is partial: some of it did not come."""
    _end(run, State.PARTIAL if reason else State.COMPLETE, reason)


def give_back(run: IngestRun, error: Exception) -> None:
    """Put a run that failed back for another attempt, later; the last attempt ends it."""
    reason = str(error) or type(error).__name__
    permanent = isinstance(error, SourceError) and error.permanent
    if permanent or run.attempts >= MAX_ATTEMPTS:
        _end(run, State.FAILED, reason)
        return
    wait = FIRST_WAIT * 2 ** (run.attempts - 1)
    if isinstance(error, SourceError) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    logger.warning("attempt failed", extra={"reason": reason, "next_in": str(wait)})
    _update(run, state=State.PLANNED, not_before=clock.now() + wait, reason=reason)


def postpone(run: IngestRun, reason: str) -> None:
    """Put a run back whose time has not come; the attempt does not count."""
    later = clock.now() + PATIENCE
    _update(run, state=State.PLANNED, not_before=later, reason=reason, attempts=run.attempts - 1)


def lose(run: IngestRun, reason: str) -> None:
    """Put back a run that lost what it stands on; as with a lost worker no attempt counts."""
    later = clock.now() + PATIENCE
    if run.losses >= MAX_LOSSES:
        _end(run, State.FAILED, reason)
        return
    given = {"attempts": run.attempts - 1, "losses": run.losses + 1}
    _update(run, state=State.PLANNED, not_before=later, reason=reason, **given)


def rest(run: IngestRun) -> None:
    """Keep that there was nothing to ask for, so that nobody takes its end for an answer."""
    keep(run, {IngestRun.IDLE: 1})


def quarantine(run: IngestRun, rejects: Iterable[Reject]) -> None:
    """Keep what could not be understood, with its reason."""
    Quarantine.objects.bulk_create(
        [Quarantine(run=run, item=reject.item[:200], reason=reject.reason) for reject in rejects],
        ignore_conflicts=True,
    )


def _end(run: IngestRun, state: str, reason: str) -> None:
    level = logging.ERROR if state == State.FAILED else logging.INFO
    logger.log(level, state, extra={"reason": reason} if reason else {})
    _update(run, state=state, reason=reason, ended_at=clock.now(), lease_until=None)


def _update(run: IngestRun, **values: object) -> None:
    """Write to the run unless another worker took it over since."""
    IngestRun.objects.of_worker(run).update(**values)
    run.refresh_from_db()
