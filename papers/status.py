"""What came, what is late and why, in words: for the status page, its JSON and the banner."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max

from papers import clock, harvest, upstreams
from papers.models import Announcement, Digest, IngestRun, Network, Paper, Tweet

NAMES = {upstreams.ARXIV: "arXiv", harvest.SITE: "Digests"} | dict(Network.choices)
WHAT = {
    (upstreams.ARXIV, harvest.PAPERS): "papers announced",
    (harvest.SITE, harvest.DIGEST): "built and published each morning",
    harvest.TWEETS: "tweets that link papers",
    harvest.COUNTS: "counts of recent tweets",
}
GRACE = {harvest.PAPERS: timedelta(hours=6), harvest.DIGEST: timedelta(hours=3)}
USUAL_GRACE = timedelta(hours=4)
RUNS_SHOWN = 14
DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One kind of run of one source. `late_since` is None while it is on time or off."""

    name: str
    what: str
    is_on: bool
    last_good: datetime | None = None
    next_due: datetime | None = None
    late_since: datetime | None = None
    reason: str = ""
    runs: Sequence[str] = ()  # how the last ones ended, the oldest first


@dataclass(frozen=True, slots=True)
class DayStatus:
    """A listing day: what arXiv's feed named, and what is held of it."""

    day: date
    announced: int | None  # None: the feed of that day was not read
    held: int
    groups: dict[str, int]


def jobs() -> list[JobStatus]:
    """Return how each job stands, and the networks that are off."""
    now = clock.now()
    found = [_job(job, now) for job in harvest.jobs()]
    off = [network for network in upstreams.NETWORKS if not upstreams.is_configured(network)]
    return found + [
        JobStatus(NAMES[network], "off: it has no credentials", is_on=False) for network in off
    ]


def _job(job: harvest.Job, now: datetime) -> JobStatus:
    runs = list(IngestRun.objects.filter(source=job.source, kind=job.kind)[:RUNS_SHOWN])
    ended_well = {IngestRun.State.COMPLETE, IngestRun.State.PARTIAL}
    good = next((run for run in runs if run.state in ended_well), None)
    since = good.due_at if good else (runs[-1].due_at - timedelta(minutes=1) if runs else now)
    missed = job.due(since, now - GRACE.get(job.kind, USUAL_GRACE))
    coming = job.due(now, now + timedelta(days=4))
    newest = next((run for run in runs if run.state not in ended_well or run.reason), None)
    has_trouble = newest is not None and (good is None or newest.due_at >= good.due_at)
    return JobStatus(
        name=NAMES[job.source],
        what=WHAT.get((job.source, job.kind)) or WHAT[job.kind],
        is_on=True,
        last_good=good.ended_at if good else None,
        next_due=coming[0] if coming else None,
        late_since=missed[0] if missed else None,
        reason=newest.reason if newest and has_trouble else "",
        runs=[run.state for run in reversed(runs)],
    )


def late() -> list[JobStatus]:
    """Return the jobs that are late; for the banner, so it is asked on every page."""
    if not IngestRun.objects.exists():
        return []
    return [job for job in jobs() if job.late_since]


def days() -> list[DayStatus]:
    """Return the last listing days: announced against held, by group of categories."""
    newest = Announcement.objects.aggregate(Max("listed_on"))["listed_on__max"]
    if newest is None:
        return []
    start = newest - timedelta(days=DAYS_SHOWN)
    groups: dict[date, dict[str, int]] = {}
    held = Paper.objects.filter(announced_on__gt=start, announced_by_arxiv=True)
    counted = held.values_list("announced_on", "primary_category__group_name")
    for day, group, count in counted.annotate(Count("pk")).order_by("-announced_on"):
        groups.setdefault(day, {})[group or "other"] = count
    runs = IngestRun.objects.filter(source=upstreams.ARXIV, kind=harvest.PAPERS)
    read = {run.due_at.date(): run.counts.get("announcements") for run in runs[: DAYS_SHOWN * 2]}
    listed = Announcement.objects.filter(listed_on__gt=start)
    rows = listed.values_list("listed_on").annotate(Count("paper", distinct=True))
    return [
        DayStatus(day, read.get(day) or None, count, groups.get(day, {}))
        for day, count in rows.order_by("-listed_on")
    ]


def tweets_by_network() -> list[tuple[str, int]]:
    """Return how many tweets of the last day each network gave."""
    recent = Tweet.objects.filter(posted_at__gt=clock.now() - timedelta(days=1))
    counts = dict(recent.values_list("network").annotate(Count("pk")).order_by())
    return [(NAMES[network], counts.get(network, 0)) for network in upstreams.NETWORKS]


def troubles() -> list[IngestRun]:
    """Return the newest runs that did not end as they should."""
    return list(IngestRun.objects.exclude(reason="").order_by("-due_at")[:10])


def overview() -> dict[str, Any]:
    """Return all of it as plain data."""
    return {
        "jobs": [asdict(job) for job in jobs()],
        "days": [asdict(day) for day in days()],
        "tweets_of_the_last_day": dict(tweets_by_network()),
        "digests": list(Digest.objects.values("date", "state", "entry_count")[:DAYS_SHOWN]),
    }


def is_ready() -> dict[str, bool]:
    """Tell whether the site can do its work: the database answers, and the ingest is not late."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"database": True, "ingest": not late()}
