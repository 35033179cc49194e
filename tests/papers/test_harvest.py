"""What a run asks, stores and says of itself. What goes wrong upstream is in `test_faults`."""

from datetime import date, timedelta
from typing import Any

import pytest

from papers import clock, digest_markdown, harvest, ingest, ledger, status
from papers.models import IngestRun, Paper, Tweet
from papers.posts import export, import_posts
from tests.factories import make_entry, make_post
from tests.papers.seeded import MORNING, Sky
from tests.upstream import faults

pytestmark = pytest.mark.django_db

State = IngestRun.State


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


def test_what_came_twice_is_counted_once(found: Sky) -> None:
    """The feed was read before the list broke; the next attempt reads both."""
    found.upstream.misbehave("/oai", faults.status(503))
    run = run_of("arxiv", "papers")
    named = run.counts["announcements"]
    assert named > 0
    assert later(found, run).counts["announcements"] == named


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
    import_posts([post])
    paper.refresh_from_db()
    assert paper.title != "An older title of it"
    assert export(date(2026, 11, 9)) == digest_markdown.render(post)
