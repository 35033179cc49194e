"""When arXiv announces: moments of a listing day, and which listing a moment belongs to.

A listing day is announced at 20:00 US Eastern the evening before, harvestable by OAI-PMH at 22:30
and in the feeds from midnight. There is no announcement on Friday and Saturday evening, so listings
are Monday to Friday, and none on the evening of a holiday.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
HOLIDAYS = frozenset(
    date(2026, month, day)
    for month, day in (
        *((1, 1), (1, 19), (6, 19), (7, 3), (9, 7)),
        *((11, 26), (12, 25), (12, 29), (12, 31)),
    )
)


def is_listing_day(day: date, holidays: frozenset[date] = HOLIDAYS) -> bool:
    return day.weekday() < 5 and day - DAY not in holidays


def listing_days(start: date, days: int, holidays: frozenset[date] = HOLIDAYS) -> list[date]:
    """Return the listing days among the `days` calendar days from `start` on."""
    every = (start + DAY * number for number in range(days))
    return [day for day in every if is_listing_day(day, holidays)]


def announced_at(listing: date) -> datetime:
    return eastern(listing - DAY, time(20))


def visible_at(listing: date) -> datetime:
    """Return when the listing's records can be harvested and queried."""
    return eastern(listing - DAY, time(22, 30))


def feed_day(at: datetime) -> date:
    """Return the day whose feed is served at a moment: the feeds change at midnight Eastern."""
    return at.astimezone(EASTERN).date()


def submissions(listing: date, holidays: frozenset[date] = HOLIDAYS) -> tuple[datetime, datetime]:
    """Return from when to when the papers of a listing were submitted: 14:00 to 14:00 Eastern."""
    before = listing - DAY
    while not is_listing_day(before, holidays):
        before -= DAY
    return _deadline(before), _deadline(listing)


def _deadline(listing: date) -> datetime:
    evening = listing - DAY
    day = evening - 2 * DAY if evening.weekday() == 6 else evening
    return eastern(day, time(14))


def eastern(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, EASTERN).astimezone(UTC)
