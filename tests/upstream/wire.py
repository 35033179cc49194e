"""A request as an upstream sees it, its answer, and the log of all of them."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

XML = "text/xml; charset=utf-8"
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    target: str  # path with query
    headers: Mapping[str, str]  # names in lower case
    at: datetime  # the world's moment
    first_versions: bool = False  # a fault: papers as they were before any replacement

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int) -> int | None:
        """Return a parameter that must be a number; None for one that is not."""
        text = self.one(name, str(default))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def number_text(self, name: str) -> int:
        """Return a long id; 0 where there is none."""
        text = self.one(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def as_json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(data, ensure_ascii=False).encode(), JSON, headers or {})


def as_xml(text: str, status: int = 200, content_type: str = XML) -> Answer:
    return Answer(status, text.encode(), content_type)


def stamp(moment: datetime) -> str:
    """Return a moment as most JSON interfaces write it: to the millisecond, ending in Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Entry(NamedTuple):
    """One request: monotonic seconds at its start and just before its last byte."""

    start: float
    end: float
    upstream: str
    path: str  # with query
    status: int  # 0 where the connection was dropped without an answer
    fault: str = ""


class Log:
    """What was asked, by all threads, in order of start; the judge of a harvester's pace."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def entries(self, upstream: str = "") -> list[Entry]:
        with self._lock:
            found = [entry for entry in self._entries if upstream in ("", entry.upstream)]
        return sorted(found, key=lambda entry: entry.start)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries())

    def __len__(self) -> int:
        return len(self.entries())

    def __getitem__(self, index: int) -> Entry:
        return self.entries()[index]

    def gaps(self, upstream: str) -> list[float]:
        """Return the seconds between the starts of each request and the one before it."""
        starts = [entry.start for entry in self.entries(upstream)]
        return [after - before for before, after in zip(starts, starts[1:], strict=False)]

    def pauses(self, upstream: str) -> list[float]:
        """Return the seconds from the end of each request to the next; negative: they overlap."""
        entries = self.entries(upstream)
        found, end = [], None
        for entry in entries:
            if end is not None:
                found.append(entry.start - end)
            end = max(end or 0.0, entry.end)
        return found

    def overlaps(self, upstream: str) -> int:
        """Return how many requests began before an earlier one had ended."""
        return sum(pause < 0 for pause in self.pauses(upstream))


class Allowance:
    """A rate limit with a fixed window, by the world's clock."""

    def __init__(self, limit: int, window: int) -> None:
        self.limit, self.window = limit, window
        self._lock = threading.Lock()
        self._reset, self._left = 0, limit

    def take(self, at: datetime) -> tuple[int, int]:
        """Return what is left after this request (negative: refused), and when it is reset."""
        now = int(at.timestamp())
        with self._lock:
            if now >= self._reset:
                self._reset, self._left = now + self.window, self.limit
            self._left -= 1
            return self._left, self._reset
