"""Days as ink: the strip of the last twelve months, and the calendar of a year."""

import calendar
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

HEIGHT = 40  # of the strip's drawing; a day is two units wide
STEPS = 10  # heights of a day in the calendar


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the strip: one column for each weekday, `path` and `now` in SVG."""

    first: date
    path: str
    now: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday of the calendar; `step` 1 to 10, 0 when no digest is held."""

    date: date
    step: int = 0
    score: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month of the archive as weeks of Monday to Friday; None pads the first and last."""

    first: date
    weeks: list[list[Day | None]]
    score: int
    day_count: int


def weekdays(first: date) -> list[date]:
    """Return Monday to Friday of the month that begins on `first`."""
    length = calendar.monthrange(first.year, first.month)[1]
    days = (first + timedelta(days=number) for number in range(length))
    return [day for day in days if day.weekday() < 5]


def months_before(day: date, count: int) -> list[date]:
    """Return the first days of `count` months, the last one that of `day`."""
    last = day.year * 12 + day.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - count + 1, last + 1)]


def strip(scores: Mapping[date, int], current: date) -> list[Month]:
    """Draw the twelve months to `current`. Square roots, so that a quiet day is still seen."""
    highest = max(scores.values(), default=0)
    months = []
    for first in months_before(current, 12):
        columns = {"path": "", "now": ""}
        for number, day in enumerate(weekdays(first)):
            if score := scores.get(day):
                height = max(1, round(36 * math.sqrt(score / highest)))
                key = "now" if day == current else "path"
                columns[key] += f"M{2 * number + 1} {HEIGHT}v-{height}"
        months.append(
            Month(first, columns["path"], columns["now"], first == current.replace(day=1))
        )
    return months


def step_of(score: int, highest: int) -> int:
    """Return the height of a day, 1 to 10, by the square root of its score."""
    return max(1, math.ceil(STEPS * math.sqrt(score / highest))) if highest else 1


def months_of(days: Mapping[date, tuple[int, int]], highest: int) -> list[CalendarMonth]:
    """Lay out the months `days` (day to score and number of papers) fall in, the newest first."""
    firsts = sorted({day.replace(day=1) for day in days}, reverse=True)
    return [_month(first, days, highest) for first in firsts]


def _month(first: date, days: Mapping[date, tuple[int, int]], highest: int) -> CalendarMonth:
    weeks: list[list[Day | None]] = []
    held = []
    for number, day in enumerate(weekdays(first)):
        if number == 0 or day.weekday() == 0:
            weeks.append([None] * day.weekday())
        if day in days:
            score, count = days[day]
            held.append(score)
            weeks[-1].append(Day(day, step_of(score, highest), score, count))
        else:
            weeks[-1].append(Day(day))
    weeks[-1] += [None] * (5 - len(weeks[-1]))
    return CalendarMonth(first, weeks, sum(held), len(held))
