"""What sources say before, between and after what curators say: neither is lost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from papers import clock, counting, harvest, ingest, ledger, ranking, wanted
from papers.curation import log, runs, tweets
from papers.curation import papers as of_papers
from papers.curation.log import Refused
from papers.models import Act, Category, IngestRun, Paper, PaperCategory, Sample, Tweet
from papers.sources.base import PaperRecord
from tests.factories import DAY, MORNING, make_paper, make_tweet, raw_tables
from tests.papers.seeded import MORNING as SEEN
from tests.papers.seeded import Sky

pytestmark = pytest.mark.django_db

WHY = "For a test."
TOLD = PaperRecord(
    arxiv_id="2106.00001",
    title="On the Weight of Paper",
    authors=("Ada Lark",),
    categories=("cs.LG", "stat.ML"),
    abstract="",
    recorded_at=MORNING,
    announced_on=DAY,
)
NEWS = replace(
    TOLD, categories=("math.CO",), recorded_at=MORNING + timedelta(days=1), announced_on=None
)


def store(*records: PaperRecord) -> Paper:
    keys = ingest.store_papers(records)
    ranking.rescore(keys.values())
    return Paper.objects.get()


def listings() -> list[str]:
    return list(PaperCategory.objects.order_by("position").values_list("category", flat=True))


def test_it_works() -> None:
    """A correction holds against news, and gives way to it when it is undone."""
    Category.objects.ensure(["cs.CV"])
    paper = store(TOLD)
    act = of_papers.correct_categories(paper, None, WHY, ["cs.CV"])
    paper = store(NEWS)
    assert (paper.category_codes, paper.primary_category_id) == (["cs.CV"], "cs.CV")
    assert paper.overruled == {"category_codes": ["math.CO"]}
    assert listings() == ["cs.CV"]
    log.undo(act, None, "They know better.")
    paper.refresh_from_db()
    assert (paper.category_codes, paper.primary_category_id) == (["math.CO"], "math.CO")
    assert paper.overruled == {}
    assert listings() == ["math.CO"]


@pytest.mark.parametrize("when", [0, 1, 2])
def test_the_order_of_news_and_correction_does_not_matter(when: int) -> None:
    Category.objects.ensure(["cs.CV"])
    records = [TOLD, NEWS, TOLD]
    for place, record in enumerate(records):
        store(record)
        if place == when:
            of_papers.correct_categories(Paper.objects.get(), None, WHY, ["cs.CV"])
    paper = Paper.objects.get()
    assert paper.category_codes == ["cs.CV"]
    assert paper.overruled == {"category_codes": ["math.CO"]}
    assert listings() == ["cs.CV"]


def test_of_corrections_on_two_columns_either_can_be_undone_first() -> None:
    Category.objects.ensure(["cs.CV"])
    paper = store(TOLD)
    categories = of_papers.correct_categories(paper, None, WHY, ["cs.CV"])
    day = of_papers.correct_listing_day(paper, None, WHY, date(2021, 6, 8))
    log.undo(categories, None, WHY)
    paper.refresh_from_db()
    assert (paper.category_codes, paper.announced_on) == (["cs.LG", "stat.ML"], date(2021, 6, 8))
    log.undo(day, None, WHY)
    paper.refresh_from_db()
    assert (paper.announced_on, paper.overruled) == (DAY, {})


def test_of_two_corrections_of_one_column_the_first_comes_back() -> None:
    Category.objects.ensure(["cs.CV", "cs.CL"])
    paper = store(TOLD)
    of_papers.correct_categories(paper, None, WHY, ["cs.CV"])
    second = of_papers.correct_categories(paper, None, WHY, ["cs.CL"])
    store(NEWS)
    log.undo(second, None, WHY)
    paper.refresh_from_db()
    assert paper.category_codes == ["cs.CV"]
    assert paper.overruled == {"category_codes": ["math.CO"]}


def test_a_corrected_day_holds_against_arxivs_own_and_gives_it_back() -> None:
    paper = store(TOLD)
    act = of_papers.correct_listing_day(paper, None, WHY, date(2021, 6, 14))
    paper = store(replace(NEWS, announced_on=date(2021, 6, 9), announced_by_arxiv=True))
    assert paper.announced_on == date(2021, 6, 14)
    assert set(PaperCategory.objects.values_list("announced_on", flat=True)) == {date(2021, 6, 14)}
    log.undo(act, None, WHY)
    paper.refresh_from_db()
    assert (paper.announced_on, paper.announced_by_arxiv) == (date(2021, 6, 9), True)
    store(TOLD)  # the day of an older post
    paper.refresh_from_db()
    assert paper.announced_on == date(2021, 6, 9)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2021, 6, 12), "no listing day"),
        (date(1990, 1, 1), "Name a day from"),
        (date(2999, 1, 4), "Name a day from"),
    ],
)
def test_a_day_without_a_list_is_refused(day: date, words: str) -> None:
    with pytest.raises(Refused, match=words):
        of_papers.correct_listing_day(make_paper(), None, WHY, day)


@pytest.mark.parametrize(
    ("codes", "words"),
    [([], "Name one to"), (["cs.LG", "cs.XX"], "no category “cs.XX”"), (["cs.LG"], "Nothing")],
)
def test_absurd_categories_are_refused(codes: list[str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        of_papers.correct_categories(make_paper(), None, WHY, codes)


# Totals ------------------------------------------------------------------------------------------


def test_corrected_totals_hold_against_later_counts() -> None:
    paper = make_paper()
    make_tweet(paper, retweets=300, favorites=30)
    counting.count([paper.pk], "x", MORNING)
    ranking.rescore([paper.pk])
    act = of_papers.correct_totals(paper, None, WHY, "x", 2, 3)
    Tweet.objects.update(retweets=400)
    counting.count([paper.pk], "x", clock.now() + timedelta(hours=1))
    ranking.rescore([paper.pk])
    paper.refresh_from_db()
    assert (paper.score, paper.rising) == (5, 0)
    log.undo(act, None, WHY)
    paper.refresh_from_db()
    assert paper.score == 430


def test_a_tweet_that_is_hidden_beneath_a_correction_is_missed_after_it() -> None:
    paper = make_paper()
    spam = make_tweet(paper, retweets=300, favorites=30)
    make_tweet(paper, retweets=1, favorites=1)
    counting.count([paper.pk], "x", MORNING)
    act = of_papers.correct_totals(paper, None, WHY, "x", 2, 3)
    tweets.hide(spam, None, WHY)
    log.undo(act, None, WHY)
    paper.refresh_from_db()
    assert paper.score == 2


def test_two_corrections_in_one_moment_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    paper = make_paper(score=40)  # a sample of this very moment
    of_papers.correct_totals(paper, None, WHY, "x", 2, 3)
    of_papers.correct_totals(paper, None, WHY, "x", 4, 3)
    assert Sample.objects.filter(kind=Sample.Kind.FIXED).count() == 2
    paper.refresh_from_db()
    assert paper.score == 7


# Accounts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["SpamFactory", "@spamfactory", " SPAMFACTORY "])
def test_what_a_blocked_account_posts_later_is_hidden(spelling: str) -> None:
    paper = make_paper()
    act = tweets.block(tweets.account("x", spelling), None, WHY)
    make_tweet(paper, handle="SpamFactory", retweets=300, favorites=30)
    make_tweet(paper, handle="spamfactory", network="bluesky", favorites=4)
    make_tweet(paper, handle="ada", favorites=7)
    for network in ("x", "bluesky"):
        counting.count([paper.pk], network, MORNING)
    ranking.rescore([paper.pk])
    paper.refresh_from_db()
    assert (paper.score, paper.tweet_count) == (11, 2)
    log.undo(act, None, WHY)
    paper.refresh_from_db()
    assert (paper.score, paper.tweet_count) == (341, 3)


def test_a_bot_is_seen_and_counts_by_setting_alone(settings: Any) -> None:
    paper = make_paper()
    make_tweet(paper, handle="daily", favorites=50)
    make_tweet(paper, handle="ada", favorites=7)
    counting.count([paper.pk], "x", MORNING)
    tweets.mark_bot(tweets.account("x", "Daily"), None, WHY)
    paper.refresh_from_db()
    assert (paper.score, paper.tweet_count) == (7, 2)
    settings.COUNT_BOTS = True
    call_command("rerank")
    paper.refresh_from_db()
    assert paper.score == 57


def test_a_tweet_read_again_keeps_what_was_decided() -> None:
    paper = make_paper()
    tweet = make_tweet(paper, handle="Ada", favorites=5)
    tweets.hide(tweet, None, WHY)
    tweets.block(tweets.account("x", "ada"), None, WHY)
    later = MORNING + timedelta(hours=3)
    make_tweet(paper, external_id=tweet.external_id, handle="ADA", favorites=9, fetched_at=later)
    tweet.refresh_from_db()
    assert (tweet.favorites, tweet.hidden, tweet.by_blocked) == (9, True, True)


# Runs --------------------------------------------------------------------------------------------


def a_run(**values: Any) -> IngestRun:
    ledger.plan("arxiv", "papers", [MORNING])
    IngestRun.objects.update(**values)
    return IngestRun.objects.get()


def test_a_live_worker_keeps_its_run() -> None:
    run = ledger.claim(a_run().pk)
    assert run
    before = raw_tables()
    with pytest.raises(Refused, match="A worker is at it"):
        runs.give_up(run, None, WHY)
    assert raw_tables() == before
    IngestRun.objects.update(lease_until=clock.now() - timedelta(days=1))
    runs.give_up(run, None, WHY)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("failed", f"given up: {WHY}")


def test_what_the_ingest_did_since_is_not_taken_back() -> None:
    act = runs.rerun(a_run(state=IngestRun.State.COMPLETE), None, WHY)
    assert ledger.claim(IngestRun.objects.get().pk)
    with pytest.raises(Refused, match="The ingest has gone on since"):
        log.undo(act, None, WHY)


def test_what_is_open_is_not_started_again() -> None:
    with pytest.raises(Refused, match="did not end yet"):
        runs.rerun(a_run(), None, WHY)


def test_a_paper_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    paper, other = make_paper(), make_paper()
    runs.refetch(paper, None, WHY)
    with pytest.raises(Refused, match="already"):
        runs.refetch(paper, None, WHY)
    runs.refetch(other, None, WHY)
    found = IngestRun.objects.filter(kind=wanted.REFETCH).values_list("cursor", flat=True)
    assert set(found) == {paper.arxiv_id, other.arxiv_id}
    assert Act.objects.count() == 2


def test_arxiv_is_asked_again_and_the_run_says_what_came(found: Sky) -> None:
    known = found.world.papers_announced(SEEN)[0].arxiv_id
    paper = make_paper(arxiv_id=known, title="A Slip", recorded_at=MORNING)
    stranger = make_paper(arxiv_id="2611.99999")
    for each in (paper, stranger):
        runs.refetch(each, None, WHY)
    asked = IngestRun.objects.filter(kind=wanted.REFETCH)
    for run in asked.order_by("due_at"):
        harvest.execute(run.pk)
    paper.refresh_from_db()
    assert paper.title != "A Slip"
    states = dict(asked.values_list("cursor", "state"))
    assert states == {known: "complete", "2611.99999": "partial"}
    assert asked.get(state="partial").reason == "arXiv told nothing of 2611.99999"
    with pytest.raises(Refused, match="from the paper's page"):
        runs.rerun(asked.get(cursor=known), None, WHY)
