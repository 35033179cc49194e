"""How an upstream is asked, how a fault is met and got over, and the judge: the world's truth."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from papers import clock, harvest, ledger
from papers.models import Announcement, IngestRun, Paper, Tweet
from tests.papers.seeded import Sky
from tests.upstream.faults import Fault

MORNING = datetime(2026, 11, 11, 6, tzinfo=UTC)
SOUND = Fault("sound")
State = IngestRun.State


@dataclass(frozen=True, slots=True)
class Service:
    """One way in which an upstream is asked, and the run that asks so."""

    path: str  # how its requests begin
    source: str
    kind: str
    name: str  # a field without which no item is understood
    is_single: bool = False  # one item an answer: what cannot be read is set aside, not tried again

    @property
    def at(self) -> datetime:
        """The hour of the run: when counts are old enough, when the digest is due."""
        return MORNING + timedelta(hours={harvest.COUNTS: 13, harvest.DIGEST: 27}.get(self.kind, 0))


SERVICES = {
    "arXiv's list": Service("/oai", "arxiv", harvest.PAPERS, "title"),
    "arXiv's feed": Service("/rss", "arxiv", harvest.PAPERS, "guid"),
    "arXiv's look-ups": Service("/api/query", "hackernews", harvest.TWEETS, "published"),
    "X's search": Service("/2/tweets/search", "x", harvest.TWEETS, "id"),
    "X's look-ups": Service("/2/tweets?", "x", harvest.COUNTS, "id"),
    "Bluesky's new posts": Service("/xrpc/", "bluesky", harvest.TWEETS, "uri"),
    "Bluesky's look-ups": Service("/xrpc/", "bluesky", harvest.COUNTS, "uri"),
    "Hacker News' search": Service("/api/v1/", "hackernews", harvest.TWEETS, "objectID"),
    "Hacker News' items": Service("/v0/item", "hackernews", harvest.COUNTS, "id", is_single=True),
    "Hugging Face's days": Service("/api/daily", "huggingface", harvest.TWEETS, "paper"),
    "Hugging Face's papers": Service("/api/papers", "huggingface", harvest.COUNTS, "id", True),
}


@contextmanager
def undone() -> Iterator[None]:
    """Let nothing written inside stay."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Runs -------------------------------------------------------------------------------------------


def run_of(source: str, kind: str) -> IngestRun:
    """Plan a run that is due now, and do it once."""
    due = clock.now().replace(minute=0, second=0)
    ledger.plan(source, kind, [due])
    run = IngestRun.objects.get(source=source, kind=kind, due_at=due)
    harvest.execute(run.pk)
    run.refresh_from_db()
    return run


def begin(found: Sky, service: Service) -> None:
    """Let it be the hour of the run; counts are those of the tweets of the morning."""
    found.move_to(MORNING)
    if service.kind == harvest.COUNTS:
        assert run_of(service.source, harvest.TWEETS).state == State.COMPLETE
    found.move_to(service.at)


def meet(found: Sky, service: Service, *those: Fault, always: bool = False) -> IngestRun:
    """Do the run while its upstream misbehaves, and say how it ended."""
    found.move_to(service.at)
    found.upstream.misbehave(service.path, *those, always=always)
    run = run_of(service.source, service.kind)
    assert found.upstream.faults_waiting == 0
    assert run.state == State.COMPLETE or run.reason
    found.upstream.calm()
    return run


def recover(found: Sky, run: IngestRun) -> IngestRun:
    """Let the time pass that the run waits, until it has ended."""
    while run.is_open:
        found.move_to(max(run.not_before, clock.now()) + timedelta(seconds=1))
        harvest.execute(run.pk)
        run.refresh_from_db()
    return run


def follow(found: Sky, run: IngestRun) -> IngestRun:
    """Do the next run of the same job, in its time."""
    later = {harvest.PAPERS: timedelta(days=1)}.get(run.kind, timedelta(hours=4))
    found.move_to(clock.now() + later)
    return run_of(run.source, run.kind)


# The judge --------------------------------------------------------------------------------------


def judge(found: Sky, service: Service) -> None:
    """Hold what is stored against the truth."""
    if service.kind == harvest.PAPERS:
        _judge_papers(found)
    else:
        is_late = service.kind == harvest.COUNTS  # it asks for what is known, and finds no more
        _judge_tweets(found, service.source, by=MORNING if is_late else clock.now())


def _judge_papers(found: Sky) -> None:
    """Every paper announced is there as it is now, and stands in the lists it should."""
    at = clock.now()
    rows = {paper.arxiv_id: paper for paper in Paper.objects.all()}
    assert {paper.arxiv_id for paper in found.world.papers_announced(at)} <= rows.keys()
    for arxiv_id, row in rows.items():
        paper = found.world.paper(arxiv_id)
        state = found.world.state(paper, at) if paper else None
        assert state
        told = (row.title, row.category_codes, row.withdrawn)
        assert told == (state.version.title, list(state.categories), state.version.withdrawn)
    listed = Announcement.objects.filter(listed_on=at.date())
    truth = sorted((event.paper.arxiv_id, event.kind) for event in found.world.listing(at.date()))
    assert truth == sorted(listed.values_list("paper__arxiv_id", "kind"))


def _judge_tweets(found: Sky, network: str, by: datetime) -> None:
    """Every tweet of the day until then is there, with the counts it had when it was last read."""
    at = clock.now()
    rows = {row.external_id: row for row in Tweet.objects.filter(network=network)}
    recent = [
        tweet.external_id
        for tweet in found.world.tweets_posted(by - timedelta(minutes=1), network)
        if tweet.posted_at > by - harvest.OVERLAP and tweet.alive(at)
    ]
    assert recent
    assert set(recent) <= rows.keys()
    for external_id, row in rows.items():
        tweet = found.world.tweet(network, external_id)
        assert tweet
        assert set(row.papers.values_list("arxiv_id", flat=True)) == set(tweet.papers)
        if row.deleted_at is None:
            assert (row.retweets, row.favorites) == tweet.counts(row.fetched_at)
        else:
            assert not tweet.alive(at)


def landed() -> int:
    """How much was stored or read again at this moment, which the clock stands still in."""
    papers = Paper.objects.filter(recorded_at=clock.now())
    tweets = Tweet.objects.filter(fetched_at=clock.now())
    return papers.count() + tweets.count() + Announcement.objects.count()
