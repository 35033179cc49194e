"""A batch is stored with how far its run is thereby, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from papers import harvest, intake, ledger, search
from papers.models import IngestRun, Paper, Quarantine, Sample, Tweet
from papers.sources.base import Batch, PaperRecord, Reject, SourceError, TweetRecord
from tests.papers.seeded import MORNING, Sky

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> IngestRun:
    ledger.plan("x", "tweets", [datetime.now(UTC) - timedelta(hours=1)])
    claimed = ledger.claim(IngestRun.objects.get().pk)
    assert claimed
    return claimed


def paper(number: int = 1) -> PaperRecord:
    return PaperRecord(
        arxiv_id=f"2611.{number:05}",
        title=f"Paper {number}",
        authors=("Ada Lark",),
        categories=("cs.LG",),
        abstract="What it says.",
        recorded_at=MORNING,
    )


def tweet(number: int = 1) -> TweetRecord:
    return TweetRecord(
        network="x",
        external_id=str(number),
        url=f"https://x.com/ada/status/{number}",
        handle="ada",
        author_name="Ada Lark",
        text="Read this",
        fetched_at=MORNING,
        posted_at=MORNING,
        arxiv_ids=("2611.00001",),
        retweets=3,
        favorites=4,
    )


def taken_over(run: IngestRun) -> IngestRun:
    """Return the run as another worker has it, once the lease of its first one is over."""
    IngestRun.objects.filter(pk=run.pk).update(lease_until=MORNING - timedelta(days=9000))
    other = ledger.claim(run.pk)
    assert other
    return other


def test_it_works(run: IngestRun) -> None:
    intake.store_papers(Batch(papers=[paper()]))
    intake.store_tweets(Batch(tweets=[tweet()], cursor="behind"), run, MORNING, reads=1)
    run.refresh_from_db()
    assert (run.cursor, run.counts["tweets"], run.counts["reads"]) == ("behind", 1, 1)
    stored = Paper.objects.get()
    assert (stored.score, stored.tweet_count) == (7, 1)
    assert list(search.search("paper 1", Paper.objects.all())) == [stored]


def test_what_cannot_be_ranked_is_not_stored_either(
    run: IngestRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may die at any statement: here at the one before the last."""
    intake.store_papers(Batch(papers=[paper()]))

    def die(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(intake.ranking, "rescore", die)
        with pytest.raises(ZeroDivisionError):
            intake.store_tweets(Batch(tweets=[tweet()], cursor="behind"), run, MORNING)
        with pytest.raises(ZeroDivisionError):
            intake.store_papers(Batch(papers=[paper(2)]), run, cursor="behind")
    run.refresh_from_db()
    assert (run.cursor, run.counts) == ("", {})
    assert (Tweet.objects.count(), Sample.objects.count(), Paper.objects.count()) == (0, 0, 1)


def test_a_run_that_was_taken_over_is_stored_by_the_other_alone(run: IngestRun) -> None:
    intake.store_papers(Batch(papers=[paper()]))
    other = taken_over(run)
    with pytest.raises(ledger.TakenOver):
        intake.store_tweets(Batch(tweets=[tweet()], cursor="old"), run, MORNING)
    with pytest.raises(ledger.TakenOver):
        intake.store_papers(Batch(papers=[paper(2)]), run, cursor="old")
    assert not Tweet.objects.exists()
    intake.store_tweets(Batch(tweets=[tweet()], cursor="new"), other, MORNING)
    run.refresh_from_db()
    assert (run.cursor, run.counts["tweets"]) == ("new", 1)
    assert Paper.objects.count() == 1


def test_a_batch_of_which_much_is_not_understood_is_not_believed(run: IngestRun) -> None:
    rejects = [Reject(str(number), "it has no text") for number in range(4)]
    batch = Batch(papers=[paper()], rejects=rejects)
    with pytest.raises(SourceError, match="4 of 5 items could not be understood"):
        intake.store_papers(batch, run)
    assert Quarantine.objects.filter(run=run).count() == 4
    assert not Paper.objects.exists()


def test_a_worker_whose_run_was_taken_over_leaves_the_other_its_end(found: Sky) -> None:
    """It loses the run between the feed of the day and the list."""
    harvest.plan()
    run = IngestRun.objects.get(source="arxiv", kind="papers", due_at__date=MORNING.date())
    IngestRun.objects.filter(source="arxiv", due_at__lt=run.due_at).delete()
    harvest.execute(run.pk, taken_over)
    run.refresh_from_db()
    announced = {event.paper.arxiv_id for event in found.world.listing(MORNING.date())}
    assert set(Paper.objects.values_list("arxiv_id", flat=True)) == announced
    assert (run.state, run.losses, run.cursor) == ("running", 1, "")
    assert run.counts["announcements"] == len(announced)


def test_a_database_that_went_away_is_no_failed_attempt(found: Sky) -> None:
    """Each error a driver has for that, at a moment when the run has stored its first batch."""
    harvest.plan()
    run = IngestRun.objects.filter(source="x", kind="tweets").earliest("due_at")
    for number, error in enumerate((OperationalError, InterfaceError, DatabaseError), start=1):

        def break_off(run: IngestRun, error: type[Exception] = error) -> None:
            raise error("server closed the connection unexpectedly")

        harvest.execute(run.pk, break_off)
        run.refresh_from_db()
        assert (run.state, run.attempts, run.losses) == ("planned", 0, number)
        found.move_to(run.not_before)
    harvest.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == ("complete", 1)


def test_a_mistake_of_ours_is_a_failed_attempt(found: Sky) -> None:
    harvest.plan()
    run = IngestRun.objects.filter(source="x", kind="tweets").earliest("due_at")

    def break_a_rule(run: IngestRun) -> None:
        raise IntegrityError("null value in column")

    harvest.execute(run.pk, break_a_rule)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.losses) == ("planned", 1, 0)
