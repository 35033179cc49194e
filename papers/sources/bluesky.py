"""Bluesky: posts that link papers, found in the stream of all posts and read by getPosts.

Knows how far to read the stream and what to ask for then; must not know sockets or the database.
Search is not for programs there, so every post made is looked at, and what links a paper is asked
for again: the stream tells neither names nor counts, and by then the post may be gone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from urllib.parse import urlencode

from papers import clock
from papers.sources.answers import NO_ID, add, chunks
from papers.sources.base import Batch, Fetch, Reject, SourceError
from papers.sources.bluesky_answers import (
    COLLECTION,
    MICROSECONDS,
    NAME,
    Event,
    is_uri,
    parse_event,
    parse_posts,
    to_microseconds,
)

ASKED_AT_ONCE = 25  # the most that getPosts takes
POSTS_A_BATCH = 500
GONE_A_BATCH = 5000  # every deletion on Bluesky is told, and hardly any is of a post that we know
FRAMES_A_BATCH = 50_000  # a batch, though it be empty: its cursor keeps what was read through
CAUGHT_UP = timedelta(seconds=5)
# The AppView may not know yet what the stream just told: the last minute is read again next time.
READ_AGAIN = timedelta(seconds=60)
FEW = 5  # posts that may well be deleted all at once
# The stream is never silent: where it begins later than asked, it no longer holds what was before.
LONGEST_SILENCE = timedelta(hours=12)
OUT_OF_TIME = "the stream of Bluesky was longer than one run reads"
CUT_SHORT = "the stream of Bluesky ended before the present"


@dataclass(slots=True)
class _Window:
    """What a stretch of the stream held."""

    uris: dict[str, None] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    frames: int = 0
    begins: int | None = None  # microseconds: its first event
    until: int = 0  # what lies before was read through
    stopped: str = ""

    def take(self, event: Event | Reject | None) -> None:
        self.frames += 1
        if isinstance(event, Reject):
            self.rejects.append(event)
        elif event is not None:
            self.begins = self.begins or event.at
            self.until = max(self.until, event.at or 0)
            if event.uri:
                self.uris[event.uri] = None
            if event.gone:
                self.gone[event.gone] = None
                self.uris.pop(event.gone, None)

    @property
    def is_full(self) -> bool:
        return (
            len(self.uris) + len(self.rejects) >= POSTS_A_BATCH
            or len(self.gone) >= GONE_A_BATCH
            or self.frames >= FRAMES_A_BATCH
        )


class Bluesky:
    """A run reads the stream from where the last one ended to the moment it began itself, at most
    `max_frames` frames and `max_seconds` seconds. `gone` may hold a did: the account was deleted,
    suspended or put to rest, and every post of it is to be hidden."""

    name = NAME
    network = NAME

    def __init__(
        self,
        fetch: Fetch,
        stream: Callable[[str], Iterator[str]],
        *,
        jetstream_url: str,
        api_url: str,
        max_frames: int = 3_000_000,
        max_seconds: float = 900.0,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._fetch = fetch
        self._stream = stream
        self._jetstream_url = jetstream_url.rstrip("/")
        self._api_url = api_url.rstrip("/")
        self._max_frames = max_frames
        self._max_seconds = max_seconds
        self._now = now

    def tweets(self, since: datetime, cursor: str) -> Iterator[Batch]:
        is_resumed = MICROSECONDS.fullmatch(cursor) is not None
        start = int(cursor) if is_resumed else to_microseconds(since)
        asked = {"wantedCollections": COLLECTION, "cursor": str(start)}
        read_to = start if is_resumed else None
        for window in self._windows(f"{self._jetstream_url}/subscribe?{urlencode(asked)}", start):
            batch = Batch(gone=list(window.gone), rejects=window.rejects)
            batch.stopped = window.stopped or _hole(read_to, window.begins)
            read_to = read_to and window.until
            for uris in chunks(list(window.uris), ASKED_AT_ONCE):
                # Not there is not gone: the post was never here, and may not be known there yet.
                found = self._get_posts(uris)
                found.gone = []
                add(batch, found)
                batch.stopped = batch.stopped or found.stopped
            again = to_microseconds(self._now() - READ_AGAIN)
            batch.cursor = str(max(min(window.until, again), start))
            yield batch

    def look_up(self, external_ids: Sequence[str]) -> Iterator[Batch]:
        for some in chunks(external_ids, ASKED_AT_ONCE):
            uris = [uri for uri in some if is_uri(uri)]
            batch = self._get_posts(uris) if uris else Batch()
            strange = [uri for uri in some if not is_uri(uri)]
            batch.rejects += [Reject(uri[:200], NO_ID) for uri in strange]
            yield batch

    def _get_posts(self, uris: Sequence[str]) -> Batch:
        """Ask for posts, twice for those that are missing: being absent is all that a deletion
        shows. That many are gone at once is not believed at all."""
        batch = self._ask(uris)
        if batch.gone:
            again = self._ask(batch.gone)
            batch.gone = []
            add(batch, again)
        if len(batch.gone) == len(uris) > FEW:
            return Batch(stopped=f"Bluesky knew none of {len(uris)} posts it was asked for")
        return batch

    def _ask(self, uris: Sequence[str]) -> Batch:
        url = f"{self._api_url}/xrpc/app.bsky.feed.getPosts"
        return parse_posts(self._fetch(url, {"uris": list(uris)}), self._now(), uris)

    def _windows(self, url: str, start: int) -> Iterator[_Window]:
        """Cut the stream into windows. What was read before an error is yielded before it."""
        present = to_microseconds(self._now() - CAUGHT_UP)
        deadline = monotonic() + self._max_seconds
        window = _Window(until=start, stopped=CUT_SHORT)
        broken: SourceError | None = None
        frames = timed = 0
        try:
            for frame in self._stream(url):
                event = parse_event(frame)
                window.take(event)
                frames += 1
                timed += isinstance(event, Event) and event.at is not None
                if window.until >= present:
                    window.stopped = ""
                    break
                if frames >= self._max_frames or monotonic() > deadline:
                    window.stopped = OUT_OF_TIME
                    break
                if window.is_full:
                    yield replace(window, stopped="")
                    window = _Window(until=window.until, stopped=CUT_SHORT)
        except SourceError as error:
            broken = error
        if frames and not timed:
            broken = SourceError(f"none of {frames} frames of Bluesky's stream was understood")
        yield window
        if broken:
            raise broken


def _hole(read_to: int | None, begins: int | None) -> str:
    """Say so where a stream that was read before goes on too far behind the place."""
    silence = timedelta(microseconds=(begins or 0) - (read_to or begins or 0))
    if silence <= LONGEST_SILENCE:
        return ""
    hours = silence / timedelta(hours=1)
    return f"the stream of Bluesky no longer held {hours:.0f} hours that were missed"
