"""The work of the ingest: which job is due when, and what each one asks, stores and ranks.

Sources yield records, `intake` stores them, `ledger` keeps the promise. A batch is stored together
with the cursor behind it, and all of it may run twice.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Q
from structlog.contextvars import bound_contextvars

from papers import clock, digests, intake, ledger, upstreams, wanted
from papers.curation import editing
from papers.models import Announcement, Category, Digest, IngestRun, Network, Paper, Tweet
from papers.sources.arxiv_calendar import expected_listing, is_listing_day, is_shown
from papers.sources.base import Batch, Source, SourceError

logger = logging.getLogger(__name__)

ARXIV, SITE = upstreams.ARXIV, "site"
PAPERS, SAMPLE, TWEETS, COUNTS, DIGEST = "papers", "sample", "tweets", "counts", "digest"
FIRST_DAYS = 3  # listing days a new site, or a network switched on, begins with
OVERLAP = timedelta(days=1)  # of two harvests: arXiv's datestamps are whole days
TRACKED = timedelta(days=14)  # how long the counts of a tweet are refreshed
# How old a tweet is, and how old its counts may be by then.
REFRESH = [
    (timedelta(days=1), timedelta(hours=3)),
    (timedelta(days=3), timedelta(hours=12)),
    (TRACKED, timedelta(days=2)),
]


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of run: when it is due, and what it does. `work` returns why it is only partial."""

    source: str
    kind: str
    due: Callable[[datetime, datetime], list[datetime]]
    work: Callable[[IngestRun], str]


# When --------------------------------------------------------------------------------------------


def listing_days(at: time, later: int = 0) -> Callable[[datetime, datetime], list[datetime]]:
    """Return due times for each weekday, `later` days after it: every one missed is caught up."""

    def due(since: datetime, now: datetime) -> list[datetime]:
        days = [since.date() + timedelta(days=n) for n in range((now - since).days + 2)]
        weekdays = [day for day in days if day.weekday() < 5]
        moments = [datetime.combine(day + timedelta(later), at, now.tzinfo) for day in weekdays]
        return [moment for moment in moments if since < moment <= now]

    return due


def every(hours: int, minute: int) -> Callable[[datetime, datetime], list[datetime]]:
    """Return the newest due time alone: one run fetches all that was missed."""

    def due(since: datetime, now: datetime) -> list[datetime]:
        start = now.replace(hour=0, minute=minute, second=0, microsecond=0) - timedelta(days=1)
        steps = int((now - start) / timedelta(hours=hours))
        newest = start + timedelta(hours=hours) * steps
        return [newest] if newest > since else []

    return due


# Papers ------------------------------------------------------------------------------------------


def harvest_papers(run: IngestRun) -> str:
    """Store what arXiv announced for the listing day of the run, and what it changed since.

    The cursor is "since token": where the OAI list goes on, and at the end where the next begins.
    """
    source = upstreams.arxiv()
    since, _, token = (run.cursor or _start(run)).partition(" ")
    if not token:
        ledger.restart(run)
    missing = ""
    if not token and run.due_at.date() == expected_listing(clock.now()):
        missing = _store_feed(run, source.announced(_archives()))
    first = date.fromisoformat(since) if since else (run.due_at - OVERLAP * 3).date()
    following = ""
    for page in source.harvest(first, token):
        if page.response_date and not following:
            following = (page.response_date - OVERLAP).date().isoformat()
        Paper.objects.filter(arxiv_id__in=page.deleted).update(withdrawn=True)
        cursor = f"{first} {page.cursor}" if page.cursor else following
        intake.store_papers(page, run, cursor=cursor)
    if missing and run.attempts < ledger.MAX_ATTEMPTS:
        raise SourceError(missing)
    return missing


def _store_feed(run: IngestRun, feed: Batch) -> str:
    """Store arXiv's feed; say so where the list of the day should be in it and is not."""
    intake.store_papers(feed, run)
    day = run.due_at.date()
    is_there = any(announcement.listed_on == day for announcement in feed.announcements)
    return "" if is_there or not is_shown(day, clock.now()) else f"arXiv's feed lacks {day}'s list"


def _start(run: IngestRun) -> str:
    return run.since.date().isoformat() if run.since else _previous_cursor(run)


def _previous_cursor(run: IngestRun) -> str:
    earlier = IngestRun.objects.ended_well().filter(source=run.source, kind=run.kind)
    return earlier.exclude(cursor="").values_list("cursor", flat=True).first() or ""


def _archives() -> list[str]:
    active = Category.objects.filter(is_active=True).exclude(archive="")
    return sorted(set(active.values_list("archive", flat=True)))


def look_up_sample(run: IngestRun) -> str:
    """Let arXiv's own words take the place of the sample's summaries, the newest papers first."""
    sample = Paper.objects.filter(from_sample=True).order_by("-announced_on", "arxiv_id")
    ids = list(sample.values_list("arxiv_id", flat=True))
    if not ids:
        ledger.rest(run)
    intake.look_up(ids, run)
    return ""


def refetch(run: IngestRun) -> str:
    """Store what arXiv says now of the paper that the run's cursor names."""
    intake.look_up([run.cursor], run)
    return "" if run.counts.get("papers") else f"arXiv told nothing of {run.cursor}"


# Tweets ------------------------------------------------------------------------------------------


def collect_tweets(run: IngestRun) -> str:
    """Store what was posted on a network since the last run, and count it."""
    source = upstreams.NETWORKS[run.source]()
    cursor = run.cursor or ("" if run.since else _previous_cursor(run))
    batches = source.tweets(run.since or run.due_at - OVERLAP, cursor)
    return _store_tweets(run, source, batches)


def refresh_counts(run: IngestRun) -> str:
    """Ask again for the counts of recent tweets, the older ones less often."""
    source = upstreams.NETWORKS[run.source]()
    tracked = _tracked(run.source)
    if not tracked:
        ledger.rest(run)
    return _store_tweets(run, source, source.look_up(tracked))


def _tracked(network: str) -> list[str]:
    now = clock.now()
    stale = Q()
    youngest = timedelta(0)
    for age, interval in REFRESH:
        posted = Q(posted_at__gt=now - age, posted_at__lte=now - youngest)
        stale |= posted & Q(fetched_at__lte=now - interval)
        youngest = age
    tweets = Tweet.objects.filter(stale, network=network, deleted_at=None, from_sample=False)
    return list(tweets.order_by("-posted_at").values_list("external_id", flat=True))


def _store_tweets(run: IngestRun, source: Source, batches: Iterable[Batch]) -> str:
    """Store what a source yields, and book the posts X was paid for; return why it stopped."""
    stopped, moment, booked = "", clock.now(), 0
    try:
        for batch in batches:
            spent = getattr(source, "spent", 0)
            intake.store_tweets(batch, run, moment, reads=spent - booked)
            stopped, booked = _lack(batch) or stopped, spent
    except Exception:
        # What an answer cost that nothing came of was paid for, too.
        if unbooked := getattr(source, "spent", 0) - booked:
            ledger.keep(run, {"reads": unbooked})
        raise
    return stopped


def _lack(batch: Batch) -> str:
    """Say what a batch lacks: what the source did not come to, or a field it now calls another."""
    if batch.tweets and all(record.favorites is None for record in batch.tweets):
        return batch.stopped or f"none of {len(batch.tweets)} tweets told its counts"
    return batch.stopped


# Digests -----------------------------------------------------------------------------------------


def publish_digest(run: IngestRun) -> str:
    """Build and publish the digest of the listing day before the run; wait for its papers."""
    day = day_of(run.due_at)
    if not Announcement.objects.filter(listed_on=day).exists():
        if not is_listing_day(day):
            return ""
        papers = IngestRun.objects.filter(source=ARXIV, kind=PAPERS, due_at__date=day)
        if papers.open().exists():
            raise ledger.Postponed(f"the papers of {day} are not here yet")
    if untried := _untried_collection(by=run.started_at):
        raise ledger.Postponed(f"waits for {untried}")
    digest = digests.build(day)
    if digest is None:
        return f"no paper of {day} was noticed"
    missing = _fetch_embeds(digest)
    editing.publish_in_time(digest)
    return f"of X's embeds {missing} did not come: links stand in their place" if missing else ""


def _fetch_embeds(digest: Digest) -> int:
    """Ask X for the embed of each of its tweets the digest shows; return how many did not come."""
    if not upstreams.is_configured(Network.X):
        return 0
    source = upstreams.x()
    shown = Tweet.objects.filter(printings__entry__digest=digest, network=Network.X)
    missing = 0
    for tweet in shown.filter(embed_html="", deleted_at=None).distinct():
        try:
            digests.store_embed(tweet, source.embed(tweet.url))
        except SourceError as error:
            missing += 1
            logger.warning("no embed", extra={"tweet": tweet.url, "reason": str(error)})
            if not error.permanent:
                break  # X is away, not one tweet
    return missing


def digests_due(since: datetime, now: datetime) -> list[datetime]:
    """Return when the digests of the listing days from `since` on are due, as far as they are."""
    return listing_days(time(settings.DIGEST_HOUR), later=1)(since, now)


def day_of(due_at: datetime) -> date:
    """Return the listing day whose digest is due then."""
    return due_at.date() - timedelta(days=1)


def _untried_collection(by: datetime | None) -> IngestRun | None:
    """Return a collection of tweets that was due by then and is at or before its first attempt.

    A site that was off, or is new, collects before it prints. A network that does not answer is
    not waited for, and neither is what comes due meanwhile.
    """
    runs = IngestRun.objects.open().filter(kind__in=[TWEETS, COUNTS], due_at__lte=by)
    return runs.filter(Q(attempts=0) | Q(attempts=1, state=IngestRun.State.RUNNING)).first()


# Which jobs there are ----------------------------------------------------------------------------


def jobs() -> list[Job]:
    """Return the jobs of the sources that are on."""
    found = [
        # arXiv's feed of a day is made at midnight in New York, 04:00 or 05:00 UTC.
        Job(ARXIV, PAPERS, listing_days(time(5, 30)), harvest_papers),
        Job(SITE, DIGEST, digests_due, publish_digest),
    ]
    if Paper.objects.filter(from_sample=True).exists():
        found.append(Job(ARXIV, SAMPLE, every(24, 5), look_up_sample))
    for minute, network in enumerate(filter(upstreams.is_configured, upstreams.NETWORKS)):
        found.append(Job(network, TWEETS, every(4, 10 + minute), collect_tweets))
        found.append(Job(network, COUNTS, every(6, 40 + minute), refresh_counts))
    return found


def plan() -> None:
    """Promise every run that is due by now; a job that never ran begins some listing days back."""
    now = clock.now()
    first = datetime.combine(_first_day(now), time.min, now.tzinfo)
    for job in jobs():
        last = ledger.last_due(job.source, job.kind)
        due = job.due(last or first, now)
        ledger.plan(job.source, job.kind, due, since=None if last else first)


def _first_day(now: datetime) -> date:
    """Return the listing day FIRST_DAYS back, the newest one included."""
    day = expected_listing(now)
    earlier = (day - timedelta(days=n) for n in range(1, 30))
    return list(islice(filter(is_listing_day, earlier), FIRST_DAYS - 1))[-1]


def execute(run_id: int, watch: Callable[[IngestRun], object] | None = None) -> None:
    """Do a run that is ready, and leave a row that says how it ended.

    `watch` is told whenever more of it is done.
    """
    run = ledger.claim(run_id)
    if run is None:
        return
    run.watch = watch
    about = {"run": run.pk, "source": run.source, "kind": run.kind, "attempt": run.attempts}
    with bound_contextvars(**about), ledger.held(run):
        _do(run)


def _do(run: IngestRun) -> None:
    works = {(job.source, job.kind): job.work for job in jobs()} | {
        (ARXIV, wanted.REFETCH): refetch
    }
    work = works.get((run.source, run.kind))
    logger.info("started", extra={"due": run.due_at.isoformat()})
    try:
        if work is None:
            raise SourceError(f"{run.source} is switched off", permanent=True)
        ledger.complete(run, work(run))
    except ledger.Postponed as error:
        ledger.postpone(run, str(error))
    except ledger.TakenOver as error:
        logger.warning("taken over", extra={"reason": str(error)})
    except Exception as error:
        # Whatever it was, the row must say so: a run that dies silently would be an empty day.
        if not isinstance(error, SourceError):
            logger.exception("broke")
        if _is_of_the_connection(error):
            if connection.connection and not connection.is_usable():
                connection.close()
            ledger.lose(run, "the database went away")  # still away: then its lease ends
        else:
            ledger.give_back(run, error)


def _is_of_the_connection(error: Exception) -> bool:
    """Tell whether the database was away, or too busy: no fault of what was asked of it."""
    # psycopg2 raises the base class itself where the server closed the connection.
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError
