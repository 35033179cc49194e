"""Faults of upstreams: none ends in a silently empty day or a wrong row, and all are got over."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers import clock, digest_markdown, digests, harvest, ingest, ledger, status
from papers.models import Digest, IngestRun, Paper, Quarantine, Tweet
from papers.sources import http
from tests.factories import make_entry, make_post
from tests.papers.seeded import Sky, sky
from tests.upstream import faults
from tests.upstream.world import World

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 10, 6, tzinfo=UTC)
State = IngestRun.State


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Sky]:
    world = World(seed=3, start=date(2026, 11, 9), days=2, papers_per_day=6)
    with sky(world, tmp_path, monkeypatch, settings) as found:
        found.move_to(MORNING)
        yield found


def run_of(source: str, kind: str) -> IngestRun:
    ledger.plan(source, kind, [clock.now().replace(hour=5, minute=30, second=0, microsecond=0)])
    run = IngestRun.objects.get(source=source, kind=kind)
    harvest.execute(run.pk)
    run.refresh_from_db()
    return run


def later(found: Sky, run: IngestRun) -> IngestRun:
    """Let the time pass that the run waits, and try again."""
    found.move_to(max(run.not_before, clock.now()) + timedelta(seconds=1))
    harvest.execute(run.pk)
    run.refresh_from_db()
    return run


def truth(found: Sky) -> set[str]:
    return {paper.arxiv_id for paper in found.world.papers_announced(MORNING)}


def test_it_works(found: Sky) -> None:
    run = run_of("arxiv", "papers")
    assert run.state == State.COMPLETE
    assert truth(found) <= set(Paper.objects.values_list("arxiv_id", flat=True))
    assert run.counts["announcements"] > 0


PAGE_FAULTS = {
    "429 without a time": faults.status(429),
    "429 with a time": faults.status(429, retry_after="60"),
    "500": faults.status(500),
    "503": faults.status(503, retry_after="soon"),
    "cut": faults.cut(),
    "wrong length": faults.wrong_length(),
    "html": faults.html(),
    "gzip bomb": faults.gzip_bomb(),
    "xml bomb": faults.xml_bomb(),
    "nesting": faults.nesting(),
    "wrong charset": faults.wrong_charset(),
    "down": faults.down(),
}


@pytest.mark.parametrize("fault", PAGE_FAULTS.values(), ids=PAGE_FAULTS)
def test_a_broken_page_of_arxiv_is_asked_for_again(found: Sky, fault: faults.Fault) -> None:
    found.upstream.misbehave("/oai", fault)
    run = run_of("arxiv", "papers")
    assert run.state == State.PLANNED
    assert run.reason
    assert run.not_before > clock.now()
    run = later(found, run)
    assert run.state == State.COMPLETE
    assert truth(found) <= set(Paper.objects.values_list("arxiv_id", flat=True))


def test_what_came_twice_is_counted_once(found: Sky) -> None:
    """The feed was read before the list broke; the next attempt reads both."""
    found.upstream.misbehave("/oai", faults.status(503))
    run = run_of("arxiv", "papers")
    named = run.counts["announcements"]
    assert named > 0
    assert later(found, run).counts["announcements"] == named


@pytest.mark.parametrize("fault", [faults.status(503), faults.cut(), faults.html(), faults.down()])
@pytest.mark.parametrize(
    ("network", "path"),
    [("x", "/2/tweets"), ("hackernews", "/api/v1"), ("huggingface", "/api/daily_papers")],
)
def test_a_broken_page_of_a_network_is_asked_for_again(
    found: Sky, network: str, path: str, fault: faults.Fault
) -> None:
    found.upstream.misbehave(path, fault)
    run = run_of(network, "tweets")
    assert run.state == State.PLANNED
    run = later(found, run)
    assert run.state == State.COMPLETE
    alive = found.world.tweets_alive(MORNING - timedelta(minutes=5), network)
    stored = set(Tweet.objects.filter(network=network).values_list("external_id", flat=True))
    since = run.due_at - harvest.OVERLAP
    assert {tweet.external_id for tweet in alive if tweet.posted_at > since} <= stored


def test_a_hanging_upstream_costs_one_attempt(found: Sky, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_TIMEOUT", 0.5)
    found.upstream.misbehave("/oai", faults.hang(30))
    run = run_of("arxiv", "papers")
    assert (run.state, run.attempts) == (State.PLANNED, 1)
    assert "did not answer in time" in run.reason
    found.upstream.calm()


def test_a_redirect_to_another_host_ends_the_run(found: Sky) -> None:
    found.upstream.misbehave("/oai", faults.redirect())
    run = run_of("arxiv", "papers")
    assert run.state == State.FAILED
    assert "not one of its hosts" in run.reason


def test_an_item_nobody_understands_is_set_aside_and_the_rest_lands(found: Sky) -> None:
    found.upstream.misbehave("/oai", faults.missing_field("title"))
    run = run_of("arxiv", "papers")
    assert run.state == State.COMPLETE
    assert Quarantine.objects.filter(run=run).count() == 1
    assert Paper.objects.count() > 1


def test_a_page_nobody_understands_fails_the_run(found: Sky) -> None:
    found.upstream.misbehave("/oai", faults.missing_field("title", item=None), always=True)
    run = run_of("arxiv", "papers")
    assert run.state == State.PLANNED
    assert "could not be understood" in run.reason


def test_repeated_and_shuffled_items_change_nothing(found: Sky) -> None:
    found.upstream.misbehave("/oai", faults.repeated(), faults.shuffled(5))
    assert run_of("arxiv", "papers").state == State.COMPLETE
    ids = list(Paper.objects.values_list("arxiv_id", flat=True))
    assert len(ids) == len(set(ids))


def test_a_network_without_credentials_is_off(found: Sky, settings: Any) -> None:
    settings.X_BEARER_TOKEN = ""
    harvest.plan()
    assert not IngestRun.objects.filter(source="x").exists()


def test_a_run_with_nothing_to_ask_for_is_no_answer(found: Sky) -> None:
    run = run_of("bluesky", "counts")
    assert (run.state, run.counts) == (State.COMPLETE, {IngestRun.IDLE: 1})
    jobs = {(job.source, job.kind): job for job in status.jobs()}
    assert jobs["bluesky", "counts"].last_answer is None
    assert jobs["bluesky", "counts"].last_good == run.due_at

    run_of("bluesky", "tweets")
    found.move_to(MORNING + timedelta(hours=6))
    ledger.plan("bluesky", "counts", [clock.now()])
    [next_run] = IngestRun.objects.open()
    harvest.execute(next_run.pk)
    next_run.refresh_from_db()
    assert (next_run.state, IngestRun.IDLE in next_run.counts) == (State.COMPLETE, False)


def test_the_read_budget_of_a_day_holds(found: Sky, settings: Any) -> None:
    settings.X_DAILY_READS = 0
    run = run_of("x", "tweets")
    assert run.state == State.PARTIAL
    assert not [entry for entry in found.upstream.log if entry.upstream == "x"]


def test_three_days_without_arxiv_are_caught_up_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    world = World(seed=3, start=date(2026, 11, 9), days=5, papers_per_day=5)
    with sky(world, tmp_path, monkeypatch, settings) as found:
        found.move_to(datetime(2026, 11, 9, 7, tzinfo=UTC))
        found.settle()
        with found.upstream.offline("arxiv"):
            for day in (10, 11, 12):
                found.move_to(datetime(2026, 11, day, 7, tzinfo=UTC))
                found.settle()
        for day in (13, 14):
            for hour in range(0, 24, 3):
                found.move_to(datetime(2026, 11, day, hour, 5, tzinfo=UTC))
                found.settle()
    announced = {paper.arxiv_id for paper in world.papers_announced(clock.now())}
    assert announced <= set(Paper.objects.values_list("arxiv_id", flat=True))
    days = list(Digest.objects.order_by("published_at").values_list("date", flat=True))
    assert days == sorted(days)
    assert days[-1] == date(2026, 11, 13)


def test_a_deleted_tweet_loses_its_text_and_keeps_its_place(found: Sky) -> None:
    run_of("x", "tweets")
    tweet = Tweet.objects.filter(network="x").exclude(text="").first()
    assert tweet is not None
    ingest.forget_tweets("x", [tweet.external_id])
    tweet.refresh_from_db()
    assert (tweet.text, tweet.deleted_at is not None) == ("", True)
    assert tweet.links.exists()


def test_a_new_version_changes_the_paper_and_never_what_was_printed(found: Sky) -> None:
    run_of("arxiv", "papers")
    paper = Paper.objects.filter(announced_by_arxiv=True)[0]
    entry = make_entry(arxiv_id=paper.arxiv_id, title="An older title of it")
    post = make_post(entry, day=date(2026, 11, 9))
    digests.import_posts([post])
    paper.refresh_from_db()
    assert paper.title != "An older title of it"
    assert digests.export(date(2026, 11, 9)) == digest_markdown.render(post)
