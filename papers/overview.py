"""What came lately, what did not, what was set aside: all that the status page and its JSON show.

Plain data; how the sources stand is `status`'s to say. What upstreams answered is cut short: this
is a public page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count, islice, takewhile
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate

from papers import clock, harvest, ledger, status, upstreams
from papers.models import Announcement, Digest, IngestRun, Paper, Quarantine, Tweet
from papers.sources.arxiv_calendar import is_listing_day

RUNS_SHOWN = 14
DAYS_SHOWN = 5
EVENTS_SHOWN = 8
EVENTS_READ = 50  # of which many may say the same
ITEMS_SHOWN = 3
REASON_SHOWN = 120  # characters
HEALTH_DAYS = 30
CAME = {harvest.PAPERS: "papers", harvest.TWEETS: "tweets"}  # of a kind of run: what it brings
WEEK = timedelta(days=7)
DIGEST_FIELDS = ("date", "state", "entry_count", "published_at", "publish_at")
_ERRNO = re.compile(r"\[Errno -?\d+\] ")
State = IngestRun.State
OPEN = (State.PLANNED, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Day:
    """A listing day: what arXiv's feed named, what is held of that, and the new ones by group."""

    day: date
    announced: int | None  # None: the feed of that day was not read
    held: int
    groups: Mapping[str, int]

    @property
    def new(self) -> int:
        return sum(self.groups.values())


@dataclass(frozen=True, slots=True)
class Tweets:
    """How many tweets of the last days are held of a network, today's first."""

    name: str
    is_on: bool
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Event:
    """A run that did not end as it should, and how often that was so before for the same reason."""

    at: datetime
    first_at: datetime
    times: int
    name: str
    part: str
    day: date | None  # of a digest: its listing day
    reason: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """An item that could not be understood."""

    name: str
    item: str
    reason: str


@dataclass(slots=True)
class Ended:
    """What the runs of a day brought of a source, and how many of them failed."""

    came: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """What came of a source day by day, the oldest first; a column of the chart a day."""

    name: str
    days: Sequence[tuple[date, Ended]]

    @property
    def came(self) -> int:
        return sum(ended.came for _, ended in self.days)

    @property
    def highest(self) -> tuple[date, int]:
        day, ended = max(self.days, key=lambda item: item[1].came)
        return day, ended.came

    @property
    def failed(self) -> int:
        return sum(ended.failed for _, ended in self.days)

    @property
    def failed_days(self) -> list[date]:
        return [day for day, ended in self.days if ended.failed]

    @property
    def columns(self) -> list[tuple[float, bool]]:
        """Height of each day, from 0 to 40, and whether a run of it failed."""
        highest = self.highest[1] or 1
        return [(round(40 * ended.came / highest, 1), ended.failed > 0) for _, ended in self.days]


@dataclass(frozen=True, slots=True)
class Overview:
    """`digests` are rows, the newest first; `set_aside` counts the items of the last week."""

    at: datetime
    has_fetched: bool
    is_unreachable: bool
    late: Sequence[status.Late]
    sources: Sequence[status.SourceStatus]
    sources_on: int
    sources_late: int
    days: Sequence[Day]
    tweet_days: Sequence[date]
    tweets: Sequence[Tweets]
    digests: Sequence[Mapping[str, Any]]
    next_digest: date
    next_digest_at: datetime
    set_aside: Mapping[str, int]
    set_aside_newest: Sequence[SetAside]
    events: Sequence[Event]

    @property
    def groups(self) -> list[tuple[str, list[int]]]:
        """New papers of each group of categories, day by day; the largest group first."""
        names = {name for day in self.days for name in day.groups}
        rows = [(name, [day.groups.get(name, 0) for day in self.days]) for name in names]
        return sorted(rows, key=lambda row: (-sum(row[1]), row[0]))


def overview() -> Overview:
    now = clock.now()
    jobs = status.jobs()
    runs = _runs(now)
    sources = [replace(source, runs=runs.get(source.source, ())) for source in status.sources(jobs)]
    papers = next(job for job in jobs if job.kind == harvest.PAPERS)
    digest = next(job for job in jobs if job.kind == harvest.DIGEST)
    tweet_days = [now.date() - timedelta(days=n) for n in range(DAYS_SHOWN)]
    return Overview(
        at=now,
        has_fetched=any(source.last_answer for source in sources),
        is_unreachable=status.is_unreachable(jobs),
        late=status.lateness(jobs),
        sources=sources,
        sources_on=sum(source.standing != status.Standing.OFF for source in sources),
        sources_late=sum(source.standing == status.Standing.LATE for source in sources),
        days=_days(before=papers.next_due.date()),
        tweet_days=tweet_days,
        tweets=_tweets(tweet_days, sources),
        digests=list(Digest.objects.values(*DIGEST_FIELDS)[:DAYS_SHOWN]),
        next_digest=harvest.day_of(digest.next_due),
        next_digest_at=digest.next_due,
        set_aside=_set_aside(now),
        set_aside_newest=_newest_set_aside(now),
        events=_events(jobs, now),
    )


def _runs(now: datetime) -> dict[str, list[str]]:
    newest_first = Window(RowNumber(), partition_by="source", order_by=F("due_at").desc())
    ended = status.recent_runs(now).exclude(state__in=OPEN)
    # Those that had nothing to ask for say nothing of the upstream.
    asked = ended.exclude(counts__has_key=IngestRun.IDLE).annotate(place=newest_first)
    found: dict[str, list[str]] = {}
    rows = asked.filter(place__lte=RUNS_SHOWN).order_by("due_at", "pk")
    for source, state in rows.values_list("source", "state"):
        found.setdefault(source, []).append(state)
    return found


# The last weeks ----------------------------------------------------------------------------------


def health() -> tuple[list[Health], list[IngestRun]]:
    """Return what came of each source in the last 30 days, and which runs failed for good.

    One query of the ledger, whatever it brought: nothing that came is counted again. A run that a
    later one made up for did not fail for good; a digest is made up for by none.
    """
    now = clock.now()
    days = [now.date() - timedelta(days=n) for n in reversed(range(HEALTH_DAYS))]
    start = datetime.combine(days[0], time.min, now.tzinfo)
    ended = status.recent_runs(now).filter(due_at__gte=start).exclude(state__in=OPEN)
    runs = ended.only("source", "kind", "due_at", "state", "counts", "reason")
    of_source: dict[str, dict[date, Ended]] = {}
    last_good: dict[tuple[str, str], datetime] = {}
    failed: list[IngestRun] = []
    for run in runs.order_by("due_at", "pk"):
        day = of_source.setdefault(run.source, {}).setdefault(run.due_at.date(), Ended())
        day.came += run.counts.get(CAME.get(run.kind, ""), 0)
        if run.state == State.FAILED:
            day.failed += 1
            failed.append(run)
        elif run.kind != harvest.DIGEST:
            last_good[run.source, run.kind] = run.due_at
    charts = [
        Health(status.NAMES[source], [(day, of_source[source].get(day, Ended())) for day in days])
        for source in [upstreams.ARXIV, *upstreams.NETWORKS]
        if source in of_source
    ]
    is_open = [run for run in failed if run.due_at > last_good.get((run.source, run.kind), start)]
    return charts, [run for run in is_open if run.due_at > now - WEEK]


# Papers ------------------------------------------------------------------------------------------


def _days(before: date) -> list[Day]:
    """Return the last listing days before a date, as far back as the site asked for papers."""
    runs = IngestRun.objects.filter(source=upstreams.ARXIV, kind=harvest.PAPERS)
    asked = runs.order_by("due_at").values_list("due_at", flat=True).first()
    days = _listing_days(asked.date(), before) if asked else []
    if not days:
        return []
    listed = Announcement.objects.filter(listed_on__in=days).order_by().values_list("listed_on")
    held = dict(listed.annotate(Count("paper", distinct=True)))
    read: dict[date, int] = {}
    for due_at, counts in runs.filter(due_at__date__gte=days[-1]).values_list("due_at", "counts"):
        read[due_at.date()] = max(read.get(due_at.date(), 0), counts.get("announcements", 0))
    groups = _new_by_group(days)
    return [Day(day, read.get(day) or None, held.get(day, 0), groups.get(day, {})) for day in days]


def _listing_days(since: date, before: date) -> list[date]:
    back = (before - timedelta(days=n) for n in count(1))
    days = takewhile(lambda day: day >= since, back)
    return list(islice(filter(is_listing_day, days), DAYS_SHOWN))


def _new_by_group(days: Sequence[date]) -> dict[date, dict[str, int]]:
    new = Paper.objects.filter(announced_on__in=days).order_by()
    counted = new.values_list("announced_on", "primary_category__group_name")
    groups: dict[date, dict[str, int]] = {}
    for day, group, papers in counted.annotate(Count("pk")):
        groups.setdefault(day, {})[group or "Other"] = papers
    return groups


# Tweets ------------------------------------------------------------------------------------------


def _tweets(days: Sequence[date], sources: Sequence[status.SourceStatus]) -> list[Tweets]:
    start = datetime.combine(days[-1], time.min, clock.now().tzinfo)
    recent = Tweet.objects.filter(posted_at__gte=start).order_by()
    rows = recent.values_list("network", TruncDate("posted_at")).annotate(Count("pk"))
    counts = {(network, day): tweets for network, day, tweets in rows}
    return [
        Tweets(
            source.name,
            source.standing != status.Standing.OFF,
            [counts.get((source.source, day), 0) for day in days],
        )
        for source in sources
        if source.source in upstreams.NETWORKS
    ]


# What went wrong ---------------------------------------------------------------------------------


def _set_aside(now: datetime) -> dict[str, int]:
    recent = _quarantined(now).order_by().values_list("run__source")
    return {status.NAMES[source]: items for source, items in recent.annotate(Count("pk"))}


def _newest_set_aside(now: datetime) -> list[SetAside]:
    rows = _quarantined(now).values_list("run__source", "item", "reason")[:ITEMS_SHOWN]
    return [
        SetAside(status.NAMES[source], item, _in_words(source, reason))
        for source, item, reason in rows
    ]


def _quarantined(now: datetime) -> QuerySet[Quarantine]:
    return Quarantine.objects.filter(seen_at__gt=now - WEEK, resolved_at=None)


def _events(jobs: Sequence[status.JobStatus], now: datetime) -> list[Event]:
    """Return the newest runs that did not end well; those that say the same are one event."""
    last_good = {(job.source, job.kind): job.last_good for job in jobs}
    runs = status.recent_runs(now).exclude(reason="").exclude(state=State.COMPLETE).defer("cursor")
    alike: dict[tuple[str, str], list[IngestRun]] = {}
    for run in runs.order_by("-due_at", "-pk")[:EVENTS_READ]:
        alike.setdefault((run.source, run.reason), []).append(run)
    return [
        _event(found, _outcome(found[0], last_good.get((found[0].source, found[0].kind)), now))
        for found in islice(alike.values(), EVENTS_SHOWN)
    ]


def _event(alike: Sequence[IngestRun], outcome: str) -> Event:
    run = alike[0]
    parts = sorted({status.PARTS[run.kind] for run in alike if run.kind in status.PARTS})
    return Event(
        at=_moment(run),
        first_at=_moment(alike[-1]),
        times=len(alike),
        name=status.NAMES.get(run.source, run.source),
        part=" and ".join(parts),
        day=harvest.day_of(run.due_at) if run.kind == harvest.DIGEST else None,
        reason=_in_words(run.source, run.reason),
        outcome=outcome,
    )


def _moment(run: IngestRun) -> datetime:
    return run.ended_at or run.started_at or run.due_at


def _outcome(run: IngestRun, last_good: datetime | None, now: datetime) -> str:
    """Return what came of a run, or will."""
    if run.state == State.RUNNING:
        return f"attempt {run.attempts} of {ledger.MAX_ATTEMPTS} is at work"
    if run.state == State.PLANNED:
        wait = status.duration(now, run.not_before)
        is_soon = run.not_before < now + timedelta(minutes=1)
        return "next try within a minute" if is_soon else f"next try in {wait}"
    if run.state == State.PARTIAL:
        return "" if run.kind == harvest.DIGEST else "what came is kept"
    count = run.attempts + run.losses
    tries = f"{count} attempt" + ("" if count == 1 else "s")
    # The next run of a source fetches what one missed; the next digest is another day's.
    is_made_up = last_good and last_good > run.due_at and run.kind != harvest.DIGEST
    return f"given up after {tries}" + (", a later run made up for it" if is_made_up else "")


def _in_words(source: str, reason: str) -> str:
    """Return a reason as the end of a sentence about the source, without an answer's own text."""
    words = " ".join(_ERRNO.sub("", reason.partition(": {")[0]).split())
    for name in (source, status.NAMES.get(source, source)):
        if words.startswith(f"{name}'s "):
            words = "its" + words.removeprefix(f"{name}'s")
        words = words.removeprefix(f"{name} ")
    return words if len(words) <= REASON_SHOWN else words[:REASON_SHOWN].rpartition(" ")[0] + " …"
