"""Totals of papers: which sample counts on each network, and what repeats them."""

from datetime import timedelta

import pytest

from papers.models import Digest, DigestTweet, Network, Paper, Sample, Tweet
from papers.ranking import heat, rescore, surge
from tests.factories import DAY, MORNING, make_digest, make_paper, make_tweet, raw_tables

pytestmark = pytest.mark.django_db

COUNTED, IMPORTED = Sample.Kind.COUNTED, Sample.Kind.IMPORTED


def add_sample(paper: Paper, score: int, *, hours: int = 0, network="x", kind=COUNTED) -> None:
    Sample.objects.create(
        paper=paper,
        network=network,
        observed_at=MORNING + timedelta(hours=hours),
        retweets=1,
        favorites=score - 1,
        kind=kind,
    )


def printed(paper: Paper, *tweets: Tweet) -> None:
    """Let a digest have shown these tweets under the paper."""
    entry = make_digest(paper, state="published").entries.get()
    DigestTweet.objects.bulk_create(
        DigestTweet(entry=entry, position=position, tweet=tweet)
        for position, tweet in enumerate(tweets)
    )


def score_of(paper: Paper) -> int:
    rescore([paper.pk])
    return Paper.objects.get(pk=paper.pk).score


def test_it_works():
    paper = make_paper()
    add_sample(paper, 40)
    rescore([paper.pk])
    paper.refresh_from_db()
    assert (paper.retweets, paper.favorites, paper.score) == (1, 39, 40)
    assert paper.observed_at == MORNING
    assert paper.hot == heat(40, DAY)


def test_the_score_is_the_sum_over_the_networks():
    paper = make_paper()
    for score, network in enumerate(Network.values, start=10):
        add_sample(paper, score, network=network)
    assert score_of(paper) == 10 + 11 + 12 + 13 + 14


def test_of_each_network_the_newest_sample_counts():
    paper = make_paper()
    add_sample(paper, 30, hours=5)
    add_sample(paper, 50, hours=1)
    add_sample(paper, 7, hours=0, network="bluesky")
    assert score_of(paper) == 37
    assert Paper.objects.get().observed_at == MORNING + timedelta(hours=5)


def test_a_paper_without_samples_has_no_score_and_no_time():
    paper = make_paper(score=9)
    Sample.objects.all().delete()
    assert score_of(paper) == 0
    assert Paper.objects.get().observed_at is None


def test_an_imported_sample_stays_while_a_tweet_has_no_counts():
    paper = make_paper(score=5_337)
    make_tweet(paper, retweets=10, favorites=30)
    make_tweet(paper)
    add_sample(paper, 40, hours=1)
    assert score_of(paper) == 5_337


def test_it_goes_when_every_tweet_has_counts():
    paper = make_paper(score=5_337)
    shown = make_tweet(paper, retweets=10, favorites=30)
    make_tweet(paper, favorites=0)
    printed(paper, shown)
    add_sample(paper, 40, hours=1)
    assert score_of(paper) == 40


@pytest.mark.parametrize("column", ["hidden", "by_blocked", "by_bot"])
def test_hiding_a_tweet_without_counts_does_not_take_it_away(column: str):
    paper = make_paper(score=5_337)
    printed(paper, make_tweet(paper, retweets=10, favorites=30))
    make_tweet(paper, **{column: True})
    add_sample(paper, 40, hours=1)
    assert score_of(paper) == 5_337


def test_a_draft_that_shows_tweets_does_not_let_it_go():
    paper = make_paper(score=5_337)
    printed(paper, make_tweet(paper, favorites=40))
    add_sample(paper, 40, hours=1)
    assert score_of(paper) == 40
    Digest.objects.update(state=Digest.State.DRAFT)
    assert score_of(paper) == 5_337


def test_what_a_curator_set_holds_against_all_that_is_counted_later():
    paper = make_paper(score=5_337)
    add_sample(paper, 12, hours=1, kind=Sample.Kind.FIXED)
    add_sample(paper, 90, hours=2)
    add_sample(paper, 6_000, hours=3, kind=IMPORTED)
    add_sample(paper, 7, hours=2, network="bluesky")
    assert score_of(paper) == 12 + 7
    add_sample(paper, 13, hours=4, kind=Sample.Kind.FIXED)
    assert score_of(paper) == 13 + 7


def test_a_tweet_of_another_network_does_not_hold_it():
    paper = make_paper(score=5_337)
    printed(paper, make_tweet(paper, retweets=10, favorites=30))
    make_tweet(paper, network="bluesky")
    add_sample(paper, 40, hours=1)
    assert score_of(paper) == 40


def test_a_tweet_of_another_paper_does_not_hold_it():
    paper = make_paper(score=5_337)
    printed(paper, make_tweet(paper, retweets=10, favorites=30))
    make_tweet(make_paper())
    add_sample(paper, 40, hours=1)
    assert score_of(paper) == 40


@pytest.mark.parametrize(("counted", "score"), [(40, 5_337), (5_336, 5_337), (5_338, 5_338)])
def test_where_no_tweet_was_shown_the_counts_must_reach_it(counted: int, score: int):
    paper = make_paper(score=5_337)
    make_tweet(paper, favorites=counted)
    add_sample(paper, counted, hours=1)
    assert score_of(paper) == score


def test_a_newer_import_replaces_an_older_one():
    paper = make_paper(score=5_337)
    make_tweet(paper)
    add_sample(paper, 40, hours=1)
    add_sample(paper, 6_000, hours=2, kind=IMPORTED)
    assert score_of(paper) == 6_000


def test_counted_samples_alone_count_though_a_tweet_is_uncounted():
    paper = make_paper()
    make_tweet(paper)
    add_sample(paper, 40)
    assert score_of(paper) == 40


def rising_of(paper: Paper) -> float:
    rescore([paper.pk])
    return Paper.objects.get(pk=paper.pk).rising


def test_what_the_last_day_added_makes_a_paper_rise():
    paper = make_paper()
    for hours, score in ((0, 10), (2, 40), (26, 50), (30, 70)):
        add_sample(paper, score, hours=hours)
    assert rising_of(paper) == surge(30, MORNING + timedelta(hours=30))


def test_all_that_a_new_paper_has_was_gained():
    paper = make_paper()
    add_sample(paper, 40, hours=3)
    add_sample(paper, 7, hours=5, network="bluesky")
    assert rising_of(paper) == surge(47, MORNING + timedelta(hours=5))


def test_of_an_imported_total_nobody_knows_when_it_was_gained():
    paper = make_paper(score=5_337)
    assert rising_of(paper) == 0
    add_sample(paper, 5_400, hours=4)
    assert rising_of(paper) == surge(63, MORNING + timedelta(hours=4))


def test_a_network_that_stood_still_adds_nothing():
    paper = make_paper()
    add_sample(paper, 500, network="bluesky")
    add_sample(paper, 40, hours=30)
    assert rising_of(paper) == surge(40, MORNING + timedelta(hours=30))


def test_counts_that_fell_are_no_rise():
    paper = make_paper()
    add_sample(paper, 40)
    add_sample(paper, 30, hours=30)
    assert rising_of(paper) == 0


def test_visible_tweets_are_counted():
    paper = make_paper()
    make_tweet(paper)
    make_tweet(paper, network="bluesky")
    make_tweet(paper, hidden=True)
    rescore([paper.pk])
    assert Paper.objects.get().tweet_count == 2


def test_running_twice_changes_nothing():
    keys = [make_paper(score=score).pk for score in (5, 50, 500)]
    rescore(keys)
    before = raw_tables()
    rescore(keys + keys)
    assert raw_tables() == before


def test_only_the_papers_named_are_touched():
    one, other = make_paper(score=5), make_paper(score=6)
    Sample.objects.all().delete()
    rescore([one.pk])
    assert dict(Paper.objects.values_list("pk", "score")) == {one.pk: 0, other.pk: 6}


def test_no_papers_are_no_error():
    rescore([])


def test_more_papers_than_one_batch():
    papers = [Paper(arxiv_id=f"2106.{n:05}", recorded_at=MORNING) for n in range(501)]
    Paper.objects.bulk_create(papers)
    add_sample(papers[-1], 7)
    rescore([paper.pk for paper in papers])
    assert Paper.objects.get(score=7).pk == papers[-1].pk


def test_listings_repeat_what_lists_sort_by():
    paper = make_paper(categories=("cs.LG", "cs.CV"), score=77)
    Paper.objects.update(announced_on=DAY - timedelta(1), rising=0.5)
    rescore([paper.pk])
    paper.refresh_from_db()
    repeated = (paper.announced_on, paper.score, paper.hot, paper.rising)
    assert paper.hot == heat(77, DAY - timedelta(1))
    for listing in paper.listings.all():
        assert (listing.announced_on, listing.score, listing.hot, listing.rising) == repeated
