from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from papers.sources.arxiv import expected_listing, listing_day
from papers.sources.arxiv_calendar import NEW_YORK, is_shown


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def test_it_works():
    assert listing_day(eastern("2021-06-09T20:00:00")) == date(2021, 6, 10)


@pytest.mark.parametrize(
    ("announced", "printed"),
    [
        ("2021-06-09T19:59:59", "2021-06-09"),
        ("2021-06-09T20:00:00", "2021-06-10"),
        ("2021-06-09T23:59:59", "2021-06-10"),
        ("2021-06-09T23:59:59.999999", "2021-06-10"),
        ("2021-06-10T00:00:00", "2021-06-10"),  # the pubDate of that day's feed
        ("2021-06-10T00:00:01", "2021-06-10"),
        ("2021-06-10T20:00:00", "2021-06-11"),  # Thursday's announcement, Friday's list
        ("2021-06-13T20:00:00", "2021-06-14"),  # Sunday's announcement, Monday's list
        ("2021-06-11T20:00:00", "2021-06-14"),  # none is made on Friday: the next list
        ("2021-06-12T12:00:00", "2021-06-14"),
        ("2024-02-28T20:00:00", "2024-02-29"),
        ("2026-12-31T20:00:00", "2027-01-01"),
        # Summer time begins on Sunday 8 March 2026 at 2:00 and ends on 1 November.
        ("2026-03-08T00:00:00", "2026-03-09"),
        ("2026-03-08T03:00:00", "2026-03-09"),
        ("2026-03-08T20:00:00", "2026-03-09"),
        ("2026-03-09T00:00:00", "2026-03-09"),
        ("2026-11-01T01:30:00", "2026-11-02"),
        ("2026-11-01T20:00:00", "2026-11-02"),
        ("2026-11-02T00:00:00", "2026-11-02"),
    ],
)
def test_the_listing_day_is_the_date_arxiv_prints(announced: str, printed: str):
    assert listing_day(eastern(announced)) == date.fromisoformat(printed)


@pytest.mark.parametrize(
    ("announced", "printed"),
    [
        ("2026-01-13T00:59:59Z", "2026-01-12"),  # 19:59:59 in winter
        ("2026-01-13T01:00:00Z", "2026-01-13"),
        ("2026-07-13T23:59:59Z", "2026-07-13"),  # 19:59:59 in summer
        ("2026-07-14T00:00:00Z", "2026-07-14"),
        ("2026-03-28T00:30:00Z", "2026-03-30"),  # Europe's change is not America's
        ("2026-07-24T04:00:00Z", "2026-07-24"),  # the feed's midnight, said in UTC
        ("2026-07-24T13:00:00+09:00", "2026-07-24"),
        ("2026-07-24T18:00:00+14:00", "2026-07-24"),
    ],
)
def test_the_hour_is_new_yorks_whatever_zone_says_it(announced: str, printed: str):
    assert listing_day(datetime.fromisoformat(announced)) == date.fromisoformat(printed)


def test_no_list_is_dated_saturday_or_sunday():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    days = {listing_day(start + timedelta(hours=hour)) for hour in range(24 * 366)}
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-07-21T19:59:59", "2026-07-21"),  # Tuesday
        ("2026-07-21T20:00:00", "2026-07-22"),
        ("2026-07-23T20:00:00", "2026-07-24"),  # Thursday
        ("2026-07-24T20:00:00", "2026-07-24"),  # Friday
        ("2026-07-25T23:00:00", "2026-07-24"),
        ("2026-07-26T19:59:00", "2026-07-24"),
        ("2026-07-26T20:00:00", "2026-07-27"),  # Sunday
        ("2026-11-26T20:00:00", "2026-11-26"),  # Thanksgiving
        ("2026-11-28T12:00:00", "2026-11-26"),
        ("2026-11-29T20:00:00", "2026-11-30"),
        ("2026-01-19T21:00:00", "2026-01-19"),  # a Monday off: Sunday's list stays the newest
        ("2026-01-20T20:00:00", "2026-01-21"),
        ("2026-12-27T21:00:00", "2026-12-25"),  # a Friday off: no announcement on Sunday
        ("2026-12-28T20:00:00", "2026-12-29"),
        ("2026-12-29T20:00:00", "2026-12-29"),
        ("2026-12-31T23:00:00", "2026-12-31"),
        ("2025-11-27T20:00:00", "2025-11-28"),  # of other years no holiday is known
    ],
)
def test_expected_listing(now: str, newest: str):
    assert expected_listing(eastern(now)) == date.fromisoformat(newest)


def test_an_expected_list_is_one_that_could_have_been_announced_by_then():
    for hour in range(24 * 730):
        now = datetime(2025, 6, 1, tzinfo=timezone(timedelta(hours=5))) + timedelta(hours=hour)
        assert expected_listing(now) <= listing_day(now)


def test_a_list_is_shown_from_midnight_to_midnight_of_new_york():
    day = date(2026, 11, 10)
    moments = ["2026-11-09T23:59:59", "2026-11-10T00:00:00", "2026-11-10T23:59:59"]
    assert [is_shown(day, eastern(moment)) for moment in moments] == [False, True, True]
    saturday, holiday = date(2026, 11, 14), date(2026, 11, 27)
    assert not is_shown(saturday, eastern("2026-11-14T12:00:00"))
    assert not is_shown(holiday, eastern("2026-11-27T12:00:00"))
