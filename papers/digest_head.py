"""The front matter of a post of the blog "Hot Papers": the lines between the two `---`.

Knows which of its keys say the listing day and the moment of writing; must not know entries. The
rest of the front matter belongs to the site generator that the blog was made with, and is kept as
it stands.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

MAX_SHOWN = 80
_FENCE = "---"
_KEYS = ("slug", "title", "description")
_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)[ \t]*:(?:[ \t]+(.*))?")
_DAY = re.compile(r"(?<![0-9])([0-9]{4})[-_/.]([0-9]{1,2})[-_/.]([0-9]{1,2})(?![0-9])")
_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:\.([0-9]{0,9}))?"
    r" ?(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2}))?)?"
)
_ENTRY = re.compile(r"# [0-9]+\. ")


class DigestSyntaxError(ValueError):
    """A post that cannot be taken: `line` counts from 1, `found` is at most 80 characters."""

    def __init__(self, line: int, expected: str, found: str) -> None:
        self.line = line
        self.expected = expected
        self.found = _visible(found)
        super().__init__(f"line {line}: expected {expected}, found {self.found}")


@dataclass(frozen=True, slots=True)
class Head:
    day: date
    stamp: datetime
    length: int  # in lines, the blank ones before the first entry among them


def read_head(lines: list[str], fallback_date: date | None) -> Head:
    if lines[0].rstrip() != _FENCE:
        raise DigestSyntaxError(1, "the front matter's opening ---", lines[0])
    closing = _closing_fence(lines)
    values = _values(lines, closing)
    if "date" not in values:
        raise DigestSyntaxError(closing + 1, "a date: in the front matter", "its end")
    stamp = _stamp(*values["date"])
    day = _day(values) or fallback_date
    if day is None:
        expected = "a day such as 2021-06-10 in the front matter's slug or title"
        raise DigestSyntaxError(closing + 1, expected, "none")
    length = closing + 1
    while length < len(lines) and not lines[length]:
        length += 1
    return Head(day, stamp, length)


def default_head(day: date, stamp: datetime) -> str:
    """The front matter of a digest of our own, as the blog lays it out."""
    moment = stamp.astimezone(UTC).replace(tzinfo=None)
    printed = moment.isoformat(timespec="microseconds").rstrip("0")
    return (
        f"---\ntitle: Hot Papers {day}\ndate: {printed}Z\n"
        f'template: "post"\ndraft: false\nslug: "hot-papers-{day}"\ncategory: "arXiv"\ntags:\n'
        '  - "arXiv"\n  - "Twitter"\n  - "Machine Learning"\n  - "Computer Science"\n'
        f'description: "Hot papers {day}"\n\n---\n\n'
    )


def _closing_fence(lines: list[str]) -> int:
    for index in range(1, len(lines)):
        if lines[index].rstrip() == _FENCE:
            return index
        if _ENTRY.match(lines[index]):
            raise DigestSyntaxError(index + 1, "the front matter's closing ---", lines[index])
    expected = "the front matter's closing ---"
    raise DigestSyntaxError(last_line(lines), expected, "the end of the file")


def last_line(lines: list[str]) -> int:
    """The number of the last line that says anything, 1 for an empty file."""
    number = len(lines)
    while number > 1 and not lines[number - 1]:
        number -= 1
    return number


def _values(lines: list[str], closing: int) -> dict[str, tuple[int, str]]:
    """Key -> line number and value, for the keys that are read here."""
    values: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines[1:closing], start=2):
        pair = _PAIR.fullmatch(line)
        if pair is None or pair[1] not in (*_KEYS, "date"):
            continue
        if pair[1] in values:
            raise DigestSyntaxError(number, f"{pair[1]}: once in the front matter", line)
        values[pair[1]] = number, _unquoted((pair[2] or "").strip())
    return values


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()


def _day(values: dict[str, tuple[int, str]]) -> date | None:
    for key in _KEYS:
        number, value = values.get(key, (0, ""))
        match = _DAY.search(value)
        if match is None:
            continue
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError as error:
            raise DigestSyntaxError(number, f"a day that exists in {key}", match[0]) from error
    return None


def _stamp(number: int, value: str) -> datetime:
    """A time without a zone is UTC, as all that the blog prints."""
    expected = "a date such as 2021-06-11T09:50:30.Z"
    match = _STAMP.fullmatch(value)
    if match is None:
        raise DigestSyntaxError(number, expected, value)
    day, minutes, seconds, fraction, sign, zone_hours, zone_minutes = match.groups()
    micro = (fraction or "")[:6].ljust(6, "0")
    try:
        moment = datetime.fromisoformat(f"{day}T{minutes or '00:00'}{seconds or ':00'}.{micro}")
        offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DigestSyntaxError(number, expected, value) from error


def _visible(text: str) -> str:
    """On one line, nothing in it that a terminal or a page would act on."""
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text[:MAX_SHOWN]
    )
    cut = len(text) > MAX_SHOWN or len(shown) > MAX_SHOWN
    return shown[: MAX_SHOWN - 1] + "…" if cut else shown
