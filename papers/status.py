"""Which source is late, which waits and which is off: for notices, readiness and the status page.

A job is late when a time it was due at is past by its grace and no run since ended well: where
nothing is due, at weekends or on holidays, nothing is late. A job that never ended well is waited
for from the site's first look on. Plain data; templates put moments into sentences.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.timesince import timesince

from papers import clock, harvest, upstreams
from papers.models import Digest, IngestRun, Network

NAMES = {upstreams.ARXIV: "arXiv", harvest.SITE: "Digest"} | dict(Network.choices)
WHAT = {
    upstreams.ARXIV: "papers announced",
    Network.X: "tweets that link arXiv",
    Network.HACKERNEWS: "stories and points",
    Network.HUGGINGFACE: "papers of the day, upvotes",
}
USUAL_WHAT = "posts that link arXiv"
# What of a source comes with a job: said where its other jobs are on time.
PARTS = {
    harvest.PAPERS: "papers",
    harvest.SAMPLE: "abstracts",
    harvest.TWEETS: "tweets",
    harvest.COUNTS: "counts",
}
# Five attempts take half an hour; an upstream that comes back in the next hours is no news.
GRACE = {harvest.PAPERS: timedelta(hours=6), harvest.DIGEST: timedelta(hours=3)}
USUAL_GRACE = timedelta(hours=4)
MEMORY = timedelta(days=60)
Due = Callable[[datetime, datetime], list[datetime]]
LONGEST_GAP = 96  # hours between two due times of a job, at most: those of a weekend


class Standing(StrEnum):
    ON_TIME = "on time"
    LATE = "late"
    WAITING = "waiting"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Late:
    """What did not come: all of a source or, where `part` names it, some."""

    name: str
    since: datetime  # the first time due that nothing came of
    last_answer: datetime | None
    part: str = ""
    day: date | None = None  # of a digest: its listing day


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One kind of run of one source."""

    source: str
    kind: str
    last_answer: datetime | None
    last_good: datetime | None  # the due time of the newest run that ended well
    next_due: datetime
    next_at: datetime | None  # the same or, sooner, another attempt; None: now
    late_since: datetime | None
    has_failed: bool  # whether a run ever failed, or an attempt of one that is open


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source with all of its jobs; `runs` is for `overview` to fill."""

    source: str
    name: str
    what: str
    standing: Standing
    in_words: str
    last_answer: datetime | None
    next_at: datetime | None  # None: now or, of a source that is off, never
    late: Sequence[Late]
    runs: Sequence[str] = ()  # how the last ones ended, the oldest first


@dataclass(frozen=True, slots=True)
class Notices:
    """What stands above every page."""

    at: datetime
    is_sample: bool
    is_unreachable: bool  # the first papers could not be fetched, nor any since
    late: Sequence[Late]


def jobs() -> list[JobStatus]:
    """Return how each job of the sources that are on stands."""
    now = clock.now()
    on = harvest.jobs()
    pasts = _pasts(on, now)
    first_look = max((past.first for past in pasts.values()), default=now)
    found = []
    for job in on:
        # One that was never promised was switched on a moment ago, and is about to be.
        past = pasts.get((job.source, job.kind))
        found.append(_job(job, past or _Past(now, ready_at=now), first_look if past else now, now))
    return found


def sources(of: Sequence[JobStatus]) -> list[SourceStatus]:
    """Return the sources that these jobs make up, and those that are off; digests are none."""
    now = clock.now()
    return [
        _source(source, [job for job in of if job.source == source], now)
        for source in [upstreams.ARXIV, *upstreams.NETWORKS]
    ]


def late() -> list[Late]:
    """Return what is late: the digest last, since it is often late for want of the others."""
    return lateness(jobs())


def lateness(of: Sequence[JobStatus]) -> list[Late]:
    """Return what is late of these jobs."""
    digests = [
        Late("Digest", job.late_since, job.last_answer, day=harvest.day_of(job.late_since))
        for job in of
        if job.source == harvest.SITE and job.late_since
    ]
    return [item for source in sources(of) for item in source.late] + digests


def is_unreachable(of: Sequence[JobStatus]) -> bool:
    """Tell whether arXiv was asked for papers and never gave any."""
    papers = [job for job in of if job.kind == harvest.PAPERS]
    return any(job.has_failed and job.last_good is None for job in papers)


def notices() -> Notices:
    """Return what to say above every page; a few queries, for a cache to keep a while."""
    of = jobs()
    is_sample = Digest.objects.filter(from_sample=True).exists()
    unreachable = is_unreachable(of)
    # A sample that never went online is whole: that it has no news is said once, not as alarm.
    found = [] if is_sample and unreachable else lateness(of)
    return Notices(clock.now(), is_sample, unreachable, found)


def is_ready() -> dict[str, bool]:
    """Tell whether the site can do its work: the database answers, and nothing is late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"database": True, "ingest": not late()}


def recent_runs(now: datetime) -> QuerySet[IngestRun]:
    """Return the runs of the last months, by the index and not by reading the whole ledger."""
    return _of_jobs().filter(source__in=NAMES, due_at__gt=now - MEMORY)


def _of_jobs() -> QuerySet[IngestRun]:
    """Return the runs that are due by the clock, not because somebody asked."""
    return IngestRun.objects.filter(kind__in=[*PARTS, harvest.DIGEST])


def next_digest() -> datetime:
    """Return when the next digest is due; `harvest.day_of` says of which listing day it is."""
    return _due_after(harvest.digests_due, clock.now())


def duration(start: datetime, end: datetime) -> str:
    """Return "9 hours" or "2 minutes": the largest unit alone."""
    return timesince(start, end, depth=1).replace("\xa0", " ")


# One job -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Past:
    """What the ledger says of all runs of a job."""

    first: datetime
    last_good: datetime | None = None
    last_answer: datetime | None = None
    failures: int = 0
    ready_at: datetime | None = None  # of those planned: the oldest goes first and waits longest
    at_work: int = 0


def _pasts(on: Sequence[harvest.Job], now: datetime) -> dict[tuple[str, str], _Past]:
    """Return what the ledger says of each job: the recent part where that answers for all."""
    pasts = _told(recent_runs(now))
    known = (pasts.get((job.source, job.kind)) for job in on)
    is_enough = all(past and past.last_good for past in known)
    return pasts if is_enough else _told(_of_jobs())


def _told(runs: QuerySet[IngestRun]) -> dict[tuple[str, str], _Past]:
    well = Q(state__in=[IngestRun.State.COMPLETE, IngestRun.State.PARTIAL])
    answered = well & ~Q(counts__has_key=IngestRun.IDLE)
    rows: Iterable[Any] = (
        runs.order_by()
        .values_list("source", "kind")
        .annotate(
            first=Min("due_at"),
            last_good=Max("due_at", filter=well),
            last_answer=Max("ended_at", filter=answered),
            failures=Count("pk", filter=~well & ~Q(reason="")),
            ready_at=Max("not_before", filter=Q(state=IngestRun.State.PLANNED)),
            at_work=Count("pk", filter=Q(state=IngestRun.State.RUNNING)),
        )
    )
    return {(source, kind): _Past(*past) for source, kind, *past in rows}


def _job(job: harvest.Job, past: _Past, first_look: datetime, now: datetime) -> JobStatus:
    missed = _due_after(job.due, past.last_good or first_look)
    is_late = missed + GRACE.get(job.kind, USUAL_GRACE) < now
    waits = past.ready_at if past.ready_at and past.ready_at > now else None
    is_at_work = past.at_work or (past.ready_at and not waits)
    next_due = _due_after(job.due, now)
    return JobStatus(
        source=job.source,
        kind=job.kind,
        last_answer=past.last_answer,
        last_good=past.last_good,
        next_due=next_due,
        next_at=None if is_at_work else waits or next_due,
        late_since=missed if is_late else None,
        has_failed=past.failures > 0,
    )


def _due_after(due: Due, moment: datetime) -> datetime:
    """Return the next time due.

    A job may tell only the newest of many, so it is asked hour by hour; and a digest's time belongs
    to the listing day before.
    """
    for hours in range(1, LONGEST_GAP + 1):
        times = due(moment - timedelta(days=1), moment + timedelta(hours=hours))
        if following := [time for time in times if time > moment]:
            return following[0]
    raise AssertionError(f"a job is not due for {LONGEST_GAP} hours")


# One source --------------------------------------------------------------------------------------


def _source(source: str, of: Sequence[JobStatus], now: datetime) -> SourceStatus:
    late = _late_parts(of)
    standing = _standing(of, late)
    waits = [job.next_at for job in of if job.next_at]
    return SourceStatus(
        source=source,
        name=NAMES[source],
        what=WHAT.get(source, USUAL_WHAT),
        standing=standing,
        in_words=_in_words(standing, of, late, now),
        last_answer=_last_answer(of),
        next_at=min(waits) if waits and len(waits) == len(of) else None,
        late=late,
    )


def _last_answer(of: Sequence[JobStatus]) -> datetime | None:
    return max((job.last_answer for job in of if job.last_answer), default=None)


def _late_parts(of: Sequence[JobStatus]) -> list[Late]:
    """Return what is late job by job or, where no other job is on time, the source as a whole."""
    late = [(job.late_since, job) for job in of if job.late_since]
    if late and not any(job.last_answer for job in of if not job.late_since):
        since = min(since for since, _ in late)
        return [Late(NAMES[of[0].source], since, _last_answer(of))]
    return [Late(NAMES[job.source], since, job.last_answer, PARTS[job.kind]) for since, job in late]


def _standing(of: Sequence[JobStatus], late: Sequence[Late]) -> Standing:
    if not of:
        return Standing.OFF
    if late:
        return Standing.LATE
    return Standing.ON_TIME if _last_answer(of) else Standing.WAITING


def _in_words(
    standing: Standing, of: Sequence[JobStatus], late: Sequence[Late], now: datetime
) -> str:
    if standing == Standing.LATE:
        longest = min(late, key=lambda item: item.since)
        return f"{longest.part} {duration(longest.since, now)} late".lstrip()
    if standing == Standing.WAITING:
        has_failed = any(job.has_failed for job in of)
        return "no answer yet" if has_failed else "waiting for its first run"
    return "switched off" if standing == Standing.OFF else standing.value
