"""The arithmetic of ranking: heat, the day's order, which papers and which tweets are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.digest_markdown import decode, parse
from papers.ranking import choose_papers, choose_tweets, day_order, heat, listing_number

THURSDAY = date(2021, 6, 10)


@dataclass(frozen=True)
class Scored:
    arxiv_id: str
    score: int


@dataclass(frozen=True)
class ScoredTweet:
    name: str
    score: int | None


def papers(*scores: int, start: int = 1) -> list[Scored]:
    return [Scored(f"2106.{number:05}", score) for number, score in enumerate(scores, start)]


def test_it_works():
    choices = choose_papers(papers(49, 60, 110, 60, 70, 80))
    assert [choice.paper.score for choice in choices] == [110, 80, 70, 60, 60]
    assert not any(choice.late or choice.below for choice in choices)


# Heat --------------------------------------------------------------------------------------------


def test_listing_days_are_numbered_without_weekends():
    monday = date(2021, 6, 7)
    numbers = [listing_number(monday + timedelta(days)) for days in range(8)]
    assert [number - numbers[0] for number in numbers] == [0, 1, 2, 3, 4, 5, 5, 5]


def test_friday_is_the_day_before_monday_everywhere():
    for week in range(0, 3_000, 7):
        friday = date(2019, 12, 27) + timedelta(week)
        assert listing_number(friday + timedelta(3)) == listing_number(friday) + 1


def test_newer_papers_need_less():
    day_later = THURSDAY + timedelta(1)
    assert heat(49, day_later) == heat(99, THURSDAY)
    assert heat(50, day_later) > heat(99, THURSDAY)
    assert heat(48, day_later) < heat(99, THURSDAY)


def test_a_half_life_is_the_time_in_which_heat_halves(settings):
    settings.HEAT_HALF_LIFE = 3.0
    three_days_later = THURSDAY + timedelta(5)  # a weekend lies between
    assert heat(49, three_days_later) == pytest.approx(heat(99, THURSDAY))


def test_heat_grows_with_the_score():
    assert heat(0, THURSDAY) < heat(1, THURSDAY) < heat(5_337, THURSDAY)


def test_the_worked_example_of_the_documentation():
    monday, thursday = date(2021, 6, 7), THURSDAY
    assert heat(700, thursday) > heat(5_337, monday)


def test_a_paper_without_a_listing_day_is_as_cold_as_can_be():
    assert heat(0, None) == 0.0
    assert heat(5_337, None) < heat(0, THURSDAY)


# The order of a day ------------------------------------------------------------------------------


def test_the_highest_score_stands_first_and_ties_by_id():
    order = day_order(papers(60, 110, 60, 70)[::-1])
    assert [paper.arxiv_id[-1] for paper in order] == ["2", "4", "1", "3"]


@pytest.mark.data
def test_the_order_computed_from_the_counts_is_the_blogs(posts_dir: Path):
    for path in sorted(posts_dir.glob("*.md")):
        entries = parse(decode(path.read_bytes())).entries
        printed = [Scored(entry.arxiv_id, entry.retweets + entry.favorites) for entry in entries]
        assert ties(day_order(printed[::-1])) == ties(printed), path.name


def ties(order: Iterable[Scored]) -> list[tuple[int, set[str]]]:
    """What stands level as sets: three ties of the blog are not in id order."""
    level = groupby(order, key=lambda paper: paper.score)
    return [(score, {paper.arxiv_id for paper in group}) for score, group in level]


# Which papers ------------------------------------------------------------------------------------


def test_a_paper_on_the_line_is_in():
    scores = [choice.paper.score for choice in choose_papers(papers(50, 49, 51, 60, 61, 62))]
    assert scores == [62, 61, 60, 51, 50]


def test_the_line_is_a_setting(settings):
    settings.PAPER_THRESHOLD = 3
    settings.ENTRIES_AT_LEAST = 0
    assert [choice.paper.score for choice in choose_papers(papers(2, 3, 4))] == [4, 3]


def test_late_papers_stand_among_the_others_and_say_so():
    choices = choose_papers(papers(110, 60, 60, 60, 60), late=papers(100, start=900))
    assert [(choice.paper.score, choice.late) for choice in choices][:3] == [
        (110, False),
        (100, True),
        (60, False),
    ]


def test_of_late_papers_only_the_best_are_in(settings):
    settings.LATE_ENTRIES = 2
    choices = choose_papers(papers(*[60] * 5), late=papers(70, 90, 80, start=900))
    assert [choice.paper.score for choice in choices if choice.late] == [90, 80]


def test_a_late_paper_under_the_line_is_out_even_on_a_quiet_day():
    choices = choose_papers(papers(10), late=papers(49, start=900))
    assert [choice.paper.score for choice in choices] == [10]


def test_a_quiet_day_shows_its_best_below_the_line_and_says_so():
    choices = choose_papers(papers(110, 49, 1, 2, 3, 4, 48))
    assert [(choice.paper.score, choice.below) for choice in choices] == [
        (110, False),
        (49, True),
        (48, True),
        (4, True),
        (3, True),
        (2, True),
    ]


def test_five_over_the_line_are_no_quiet_day():
    assert len(choose_papers(papers(50, 50, 50, 50, 50, 49))) == 5


def test_late_papers_count_against_quiet():
    choices = choose_papers(papers(60, 60, 60, 60, 49), late=papers(60, start=900))
    assert not any(choice.below for choice in choices)


def test_a_paper_nobody_noticed_is_never_in():
    assert choose_papers(papers(0, 0)) == []


def test_nothing_listed_is_nothing_printed():
    assert choose_papers([]) == []


@given(st.lists(st.integers(0, 99)), st.lists(st.integers(0, 99)))
def test_no_paper_is_printed_twice_and_none_over_the_line_is_lost(listed, late):
    all_listed, all_late = papers(*listed), papers(*late, start=900)
    choices = choose_papers(all_listed, all_late)
    printed = [choice.paper for choice in choices]
    assert len(set(printed)) == len(printed)
    assert {paper for paper in all_listed if paper.score >= 50} <= set(printed)
    assert sum(choice.late for choice in choices) == min(5, sum(s >= 50 for s in late))


# Which tweets ------------------------------------------------------------------------------------


def tweets(*scores: int | None) -> list[ScoredTweet]:
    return [ScoredTweet(f"tweet {number}", score) for number, score in enumerate(scores)]


def shown(*scores: int | None) -> list[int | None]:
    return [tweet.score for tweet in choose_tweets(tweets(*scores))]


def test_tweets_from_the_line_up_are_shown_the_best_first():
    assert shown(24, 30, 25, 100) == [100, 30, 25]


def test_the_best_tweet_is_always_shown():
    assert shown(3, 24, 1) == [24]
    assert shown(0) == [0]


def test_a_tweet_of_unknown_counts_is_shown_only_where_nothing_better_is():
    assert shown(None, None) == [None]
    assert shown(None, 0) == [0]
    assert shown(None, 30, 40) == [40, 30]


def test_no_tweets_are_no_tweets():
    assert shown() == []


def test_at_most_ten_tweets_are_shown():
    assert shown(*range(100, 130)) == list(range(129, 119, -1))


def test_tweets_that_stand_level_keep_their_order():
    names = [tweet.name for tweet in choose_tweets(tweets(30, 40, 30, 40))]
    assert names == ["tweet 1", "tweet 3", "tweet 0", "tweet 2"]


def test_the_tweets_line_and_number_are_settings(settings):
    settings.TWEET_THRESHOLD = 5
    settings.TWEETS_SHOWN = 3
    assert shown(4, 5, 6, 7, 8) == [8, 7, 6]


@given(st.lists(st.none() | st.integers(0, 60), max_size=30))
def test_the_choice_of_tweets_is_the_rule_read_word_for_word(scores):
    """Take one after the other the best left, until the rule ends it."""
    left = tweets(*scores)
    expected: list[ScoredTweet] = []
    while left and len(expected) < 10:
        best = left[0]
        for tweet in left:
            known = -1 if tweet.score is None else tweet.score
            if known > (-1 if best.score is None else best.score):
                best = tweet
        if expected and (best.score is None or best.score < 25):
            break
        expected.append(best)
        left.remove(best)
    assert choose_tweets(tweets(*scores)) == expected
