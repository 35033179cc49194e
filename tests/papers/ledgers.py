"""Sites on a Wednesday morning as the ingest would have left them, for the page that tells of it.

Each state is written by a call; `CLOCK_FILE` must say NOW.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q, QuerySet

from papers import harvest, ingest, ledger
from papers.models import IngestRun, Network
from papers.sources.base import (
    AnnouncementRecord,
    AnnounceType,
    PaperRecord,
    Reject,
    TweetRecord,
)
from tests.factories import make_digest, make_paper

NOW = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
BEGAN = datetime(2026, 11, 16, tzinfo=UTC)
LAST_WORD = datetime(2026, 11, 24, 20, 40, tzinfo=UTC)  # of Bluesky, where it is late
DAYS = [date(2026, 11, day) for day in (18, 19, 20, 23, 24, 25)]
FIELDS = {"cs.LG": 14, "math.CO": 9, "hep-th": 6, "q-bio.NC": 3, "stat.ML": 2}
POSTS = {Network.BLUESKY: 9, Network.HACKERNEWS: 2, Network.HUGGINGFACE: 4}

State = IngestRun.State


def empty() -> None:
    """Nothing ran yet."""


def of_the_sample() -> None:
    """A day of the sample, or what tells it from others."""
    make_digest(make_paper(from_sample=True), from_sample=True)


def well() -> None:
    """Every run since the site began was complete."""
    IngestRun.objects.bulk_create(
        IngestRun(
            source=job.source,
            kind=job.kind,
            due_at=due,
            not_before=due,
            started_at=due,
            ended_at=due + timedelta(minutes=4),
            attempts=1,
            state=State.COMPLETE,
            counts={"announcements": sum(FIELDS.values())} if job.kind == harvest.PAPERS else {},
        )
        for job in harvest.jobs()
        for due in _due_times(job.due)
    )
    for day in DAYS:
        _list(day)
    for network, count in POSTS.items():
        _post(network, count)
    made = make_paper(arxiv_id="2611.00001", announced_on=DAYS[-2])
    printed = {"state": "published", "published_at": NOW - timedelta(minutes=38)}
    make_digest(made, date=DAYS[-2], entry_count=1, **printed)


def late() -> None:
    """Bluesky does not answer; others had their troubles and are on time."""
    well()
    silence_bluesky()
    _trouble_others()


def silence_bluesky() -> None:
    silent = _runs(Network.BLUESKY).filter(due_at__gt=LAST_WORD - timedelta(minutes=4))
    silent.update(state=State.FAILED, attempts=5, reason="bluesky did not answer in time")
    newest = silent.order_by("-due_at")[0]
    IngestRun.objects.filter(pk=newest.pk).update(
        state=State.PLANNED, attempts=3, ended_at=None, not_before=NOW + timedelta(minutes=8)
    )


def _trouble_others() -> None:
    refused = _runs(Network.HACKERNEWS).order_by("-due_at")[5]
    IngestRun.objects.filter(pk=refused.pk).update(
        state=State.FAILED, attempts=1, reason='hackernews answered 403: {"error": "secret-detail"}'
    )
    partial = _runs(Network.HUGGINGFACE).order_by("-due_at")[2]
    reason = "Hugging Face gave more than 20 pages for 2026-11-24"
    IngestRun.objects.filter(pk=partial.pk).update(state=State.PARTIAL, reason=reason)
    ledger.quarantine(partial, [Reject("2611.00412", "it has no title")])
    feed = _runs(harvest.ARXIV, harvest.PAPERS).order_by("-due_at")[1]
    ledger.quarantine(feed, [Reject(f"2611.{n:05}", "'cs.XX' is no category") for n in (1, 2, 3)])
    IngestRun.objects.filter(pk=feed.pk).update(counts={"announcements": sum(FIELDS.values()) + 3})


def unreachable() -> None:
    """A new site without a way out: everything was tried and nothing came.

    There are no tweets to count yet, so those runs are over without a question.
    """
    harvest.plan()
    idle = IngestRun.objects.filter(kind=harvest.COUNTS)
    ended = {"state": State.COMPLETE, "ended_at": NOW - timedelta(minutes=5), "attempts": 1}
    idle.update(counts={IngestRun.IDLE: 1}, **ended)
    for job in harvest.jobs():
        if job.kind == harvest.COUNTS:
            continue
        oldest = _runs(job.source, job.kind).order_by("due_at")[0]
        reason = "could not be reached: [Errno -3] Temporary failure in name resolution"
        IngestRun.objects.filter(pk=oldest.pk).update(
            attempts=2,
            started_at=NOW - timedelta(minutes=6),
            not_before=NOW + timedelta(minutes=4),
            reason=f"{job.source} {reason}",
        )
    _runs(harvest.SITE).exclude(reason="").update(
        attempts=0, reason="the papers of 2026-11-23 are not here yet"
    )


def _runs(source: str, kind: str = "") -> QuerySet[IngestRun]:
    return IngestRun.objects.filter(Q(kind=kind) if kind else Q(), source=source)


def _due_times(due: Callable[[datetime, datetime], list[datetime]]) -> list[datetime]:
    """Return every time due since the site began, also of jobs that tell only the newest one."""
    hours = int((NOW - BEGAN) / timedelta(hours=1))
    starts = [BEGAN + timedelta(hours=n) for n in range(hours)]
    return [
        moment
        for start in starts
        for moment in due(start - timedelta(days=1), start + timedelta(hours=1))
        if moment > start
    ]


def _list(day: date) -> None:
    codes = [code for code, count in FIELDS.items() for _ in range(count)]
    papers = [
        PaperRecord(
            arxiv_id=f"2611.{day.day:02}{number:03}",
            title=f"Paper {number}",
            authors=("Ada Lark",),
            categories=(code,),
            abstract="We weigh paper.",
            recorded_at=NOW,
            announced_on=day,
            announced_by_arxiv=True,
        )
        for number, code in enumerate(codes)
    ]
    announcements = [
        AnnouncementRecord(
            arxiv_id=paper.arxiv_id,
            version=1,
            kind=AnnounceType.NEW,
            listed_on=day,
            categories=paper.categories,
        )
        for paper in papers
    ]
    keys = ingest.store_papers(papers)
    ingest.store_announcements(announcements, keys)


def _post(network: str, count: int) -> None:
    arxiv_id = f"2611.{DAYS[0].day:02}000"
    records = [
        TweetRecord(
            network=network,
            external_id=f"{network} {days} {number}",
            url="https://posts.example/1",
            handle="ada",
            author_name="Ada Lark",
            text="We weighed it.",
            fetched_at=NOW,
            posted_at=NOW - timedelta(days=days, minutes=number),
            arxiv_ids=(arxiv_id,),
        )
        for days in range(5)
        for number in range(count + days % 3)
    ]
    ingest.store_tweets(records, ingest.keys_of([arxiv_id]))
