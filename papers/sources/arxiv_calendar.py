"""When arXiv announces, and which date it prints over the list.

Knows arXiv's timetable (info.arxiv.org/help/availability) and nothing else. Its hours are those of
New York, summer time included.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
ANNOUNCES_AT = time(20, 0)
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
_DAY = timedelta(days=1)

# The days on which arXiv announces nothing, as its availability page lists them for 2026. Other
# years: none known, so a list is expected on their holidays too. Years are added here by hand.
HOLIDAYS = frozenset(
    date(2026, month, day)
    for month, day in (
        (1, 1),
        (1, 19),
        (6, 19),
        (7, 3),
        (9, 7),
        (11, 26),
        (12, 25),
        (12, 29),
        (12, 31),
    )
)


def listing_day(announced: datetime) -> date:
    """Return the date arXiv prints over the list that was announced at that moment.

    From 20:00 on it is the next day's list (the availability page: what is announced on Tuesday at
    20:00 is mailed as Wednesday's). The feed is made anew at midnight, and the pubDate it gives
    every item is that midnight of "arXiv's day today" (arXiv/arxiv-feed, get_arxiv_midnight): the
    listing day itself. So the same rule reads both. No list is dated Saturday or Sunday; what a
    feed dates so belongs to Monday's.
    """
    local = announced.astimezone(NEW_YORK)
    day = local.date() + _DAY if local.time() >= ANNOUNCES_AT else local.date()
    while day.weekday() in (_SATURDAY, _SUNDAY):
        day += _DAY
    return day


def expected_listing(now: datetime) -> date:
    """Return the newest listing day that arXiv should have announced by that moment."""
    local = now.astimezone(NEW_YORK)
    evening = local.date() if local.time() >= ANNOUNCES_AT else local.date() - _DAY
    while not _announces(evening):
        evening -= _DAY
    return evening + _DAY


def next_announcement(now: datetime) -> datetime:
    """Return the next moment, in UTC, at which arXiv announces."""
    local = now.astimezone(NEW_YORK)
    evening = local.date() if local.time() < ANNOUNCES_AT else local.date() + _DAY
    while not _announces(evening):
        evening += _DAY
    return datetime.combine(evening, ANNOUNCES_AT, NEW_YORK).astimezone(UTC)


def is_listing_day(day: date) -> bool:
    """Tell whether arXiv prints a list of that date: its evening before is one of announcing."""
    return _announces(day - _DAY)


def _announces(evening: date) -> bool:
    """Whether arXiv announces at 20:00 of that day: Sunday to Thursday, except for holidays.

    Sunday's list is closed on Friday at 14:00, so a Friday off leaves Sunday without one, as
    arXiv's news said of 25 and 27 December 2020.
    """
    if evening.weekday() in (_FRIDAY, _SATURDAY) or evening in HOLIDAYS:
        return False
    return not (evening.weekday() == _SUNDAY and evening - 2 * _DAY in HOLIDAYS)


def is_shown(day: date, now: datetime) -> bool:
    """Tell whether arXiv's feed holds the list of a day: from midnight to midnight of New York."""
    return is_listing_day(day) and now.astimezone(NEW_YORK).date() == day


def probable_listing(submitted: datetime) -> date:
    """Return the listing day a paper submitted then most likely had, where no feed told it.

    Monday to Friday the next weekday's list (before 14:00 New York, as most are); what came on
    Saturday or Sunday is announced on Monday evening, and listed on Tuesday.
    """
    day = submitted.astimezone(UTC).date()
    if day.weekday() in (_SATURDAY, _SUNDAY):
        return day + _DAY * (8 - day.weekday())
    day += _DAY
    while day.weekday() in (_SATURDAY, _SUNDAY):
        day += _DAY
    return day
