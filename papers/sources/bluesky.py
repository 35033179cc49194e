"""Bluesky: posts that link papers, found in the stream of all posts and read by getPosts.

Knows Jetstream's frames and the post views of the AppView; must not know sockets or the database.
Search is not for programs there, so every post made is looked at, and what links a paper is asked
for again: the stream tells neither names nor counts, and by then the post may be gone.

Retweets are reposts without quotes: a quote is a post, counted itself where it links the paper.
Authors who ask not to be shown to visitors without an account (`!no-unauthenticated`) are not
shown at all: our pages have no other visitors, so not even the text is stored.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from urllib.parse import urlencode

from papers import clock
from papers.sources.answers import (
    NO_ID,
    JsonObject,
    Unreadable,
    add,
    as_list,
    as_object,
    chunks,
    count_of,
    decode,
    decode_object,
    first_of,
    language_of,
    line_of,
    moment_of,
    papers_of,
    reject,
    text_of,
)
from papers.sources.base import Batch, Fetch, Reject, SourceError, TweetRecord

NAME = "bluesky"
COLLECTION = "app.bsky.feed.post"
ASKED_AT_ONCE = 25  # the most that getPosts takes
POSTS_A_BATCH = 500
GONE_A_BATCH = 5000  # every deletion on Bluesky is told, and hardly any is of a post that we know
FRAMES_A_BATCH = 50_000  # a batch, though it be empty: its cursor keeps what was read through
CAUGHT_UP = timedelta(seconds=5)
# The AppView may not know yet what the stream just told: the last minute is read again next time.
READ_AGAIN = timedelta(seconds=60)
OUT_OF_TIME = "the stream of Bluesky was longer than one run reads"
CUT_SHORT = "the stream of Bluesky ended before the present"

_DID = re.compile(r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,250}")
_RKEY = re.compile(r"[A-Za-z0-9._:~-]{1,150}")
_URI = re.compile(rf"at://({_DID.pattern})/{re.escape(COLLECTION)}/({_RKEY.pattern})")
_HANDLE = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MICROSECONDS = re.compile(r"[1-9][0-9]{15}")  # shorter numbers are counters, not times
_HIDING_LABELS = ("!no-unauthenticated", "!hide", "!takedown")
# Not the author's doing, and over by itself: the network has trouble with the account's data.
_PASSING_STATES = ("desynchronized", "throttled")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# Frames ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """What a frame of the stream tells us."""

    at: int | None = None  # microseconds since 1970; also the cursor behind it
    uri: str = ""  # a post that links papers
    gone: str = ""  # the uri of a deleted post, or the did of an account that was taken away


def parse_event(frame: str) -> Event | Reject | None:
    """Read a frame, of version 1 or 2 of the stream; None for what is no event.

    Millions of posts a day concern nobody here: a frame that cannot be understood is a Reject only
    where it names arXiv. Raises SourceError where the stream tells that it gives up.
    """
    try:
        answer = as_object(decode(frame, "Bluesky's stream"))
        event = as_object(answer.get("payload")) if "$type" in answer else answer
        if answer.get("$type") == "error":
            raise _GivenUp(f"Bluesky's stream gave up: {line_of(answer.get('error'))}")
        return _read_event(event)
    except _GivenUp:
        raise
    except (SourceError, Unreadable) as error:
        return reject(frame[:200], "", error) if "arxiv" in frame.lower() else None


class _GivenUp(SourceError):
    pass


def _read_event(event: JsonObject) -> Event | None:
    """Version 1 tells its kind and puts the commit inside; version 2 has a type and is flat."""
    kind = event.get("kind")
    if kind is None and isinstance(event.get("$type"), str):
        kind = str(event["$type"]).partition("#")[2]
    at = _microseconds(event)
    if kind == "account":
        return Event(at, gone=_account_gone(event))
    if kind == "commit":
        commit = as_object(event.get("commit")) if "commit" in event else event
        return _read_commit(at, event.get("did"), commit)
    return Event(at) if at is not None else None


def _microseconds(event: JsonObject) -> int | None:
    told = event.get("time_us")
    if type(told) is int and _MICROSECONDS.fullmatch(str(told)):
        return told
    moment = moment_of(event.get("time"))
    return to_microseconds(moment) if moment else None


def to_microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _account_gone(event: JsonObject) -> str:
    """The did whose posts are all to be hidden, if any."""
    account = as_object(event.get("account")) if "account" in event else event
    did = first_of(account, "did") or event.get("did")
    if account.get("active") is not False or account.get("status") in _PASSING_STATES:
        return ""
    return did if isinstance(did, str) and _DID.fullmatch(did) else ""


def _read_commit(at: int | None, did: object, commit: JsonObject) -> Event:
    if commit.get("collection", COLLECTION) != COLLECTION:
        return Event(at)
    rkey = commit.get("rkey")
    named = isinstance(did, str) and isinstance(rkey, str)
    uri = f"at://{did}/{COLLECTION}/{rkey}" if named else ""
    if not _URI.fullmatch(uri):
        uri = ""
    operation = commit.get("operation")
    if operation == "delete":
        return Event(at, gone=uri)
    if operation not in ("create", "update"):
        raise Unreadable("an operation that is neither create, update nor delete")
    if not arxiv_ids(commit.get("record")):
        return Event(at)
    if not uri:
        raise Unreadable("the post has no address (did, rkey)")
    return Event(at, uri=uri)


# Posts -------------------------------------------------------------------------------------------


def arxiv_ids(record: object) -> tuple[str, ...]:
    """The papers a post links: by facets of its text, by the card below it, and by the bare text
    only where no facets say what is a link, for with facets the text shows links cut short."""
    if not isinstance(record, dict):
        raise Unreadable("the post has no record")
    facets = record.get("facets", [])
    if not isinstance(facets, list):
        raise Unreadable("its facets are no list")
    addresses = list(_facet_links(facets))
    embed = as_object(record.get("embed"))
    for holder in (embed, as_object(embed.get("media"))):
        uri = as_object(holder.get("external")).get("uri")
        if uri is not None:
            addresses.append(uri)
    if not facets:
        addresses.append(record.get("text", ""))
    found: dict[str, None] = {}
    for address in addresses:
        found |= dict.fromkeys(papers_of(address))
    if not found and any(not isinstance(address, str) for address in addresses):
        raise Unreadable("a link of it has no address")
    return tuple(found)


def _facet_links(facets: list[object]) -> Iterator[object]:
    for facet in map(as_object, facets):
        features = facet.get("features")
        if not isinstance(features, list):
            yield None
            continue
        for feature in map(as_object, features):
            kind = feature.get("$type")
            if kind == "app.bsky.richtext.facet#link" or not isinstance(kind, str):
                yield feature.get("uri")


def parse_posts(body: bytes, fetched_at: datetime, asked: Sequence[str] = ()) -> Batch:
    """Read the answer of getPosts. Of those `asked`, what is not there is gone: the answer has no
    other way to say so. So is what its author does not want shown. An answer that holds a post
    without a name says of none that it is gone."""
    answer = decode_object(body, "Bluesky")
    posts = answer.get("posts")
    if not isinstance(posts, list):
        reason = line_of(answer.get("message")) or "an answer without posts"
        raise SourceError(f"Bluesky did not give posts: {reason}")
    batch = Batch()
    missing = dict.fromkeys(asked)
    for post in posts:
        view = as_object(post)
        uri = view.get("uri")
        if not isinstance(uri, str) or not _URI.fullmatch(uri):
            batch.rejects.append(reject(post, uri, "its uri is not that of a post"))
            missing = {}
            continue
        try:
            if _is_hidden(view):
                continue
            tweet = _read_post(view, uri, fetched_at)
        except Unreadable as error:
            batch.rejects.append(reject(post, uri, error))
            tweet = None
        missing.pop(uri, None)
        if tweet is not None and (not asked or uri in asked):
            batch.tweets.append(tweet)
    batch.gone = list(missing)
    return batch


def _is_hidden(view: JsonObject) -> bool:
    labels: list[object] = []
    for holder in (view, as_object(view.get("author"))):
        told = holder.get("labels", [])
        if not isinstance(told, list):
            raise Unreadable("its labels are no list")
        labels += told
    for label in map(as_object, labels):
        if not isinstance(label.get("val"), str):
            raise Unreadable("a label of it has no value")
        if label["val"] in _HIDING_LABELS and label.get("neg") is not True:
            return True
    return False


def _read_post(view: JsonObject, uri: str, fetched_at: datetime) -> TweetRecord | None:
    linked = arxiv_ids(view.get("record"))
    if not linked:
        return None
    _, _, did, _, rkey = uri.split("/")
    record, author = as_object(view.get("record")), as_object(view.get("author"))
    handle = line_of(author.get("handle"))
    # A handle whose domain no longer points back is told as handle.invalid.
    known = _HANDLE.fullmatch(handle) and handle == author["handle"] != "handle.invalid"
    # createdAt is what the author's program claims, indexedAt what the network saw.
    times = [moment_of(record.get("createdAt")), moment_of(view.get("indexedAt"))]
    return TweetRecord(
        network=NAME,
        external_id=uri,
        url=f"https://bsky.app/profile/{handle if known else did}/post/{rkey}",
        handle=handle if known else "",
        author_name=line_of(author.get("displayName")),
        text=text_of(record.get("text")),
        language=language_of(next(iter(as_list(record.get("langs"))), "")),
        posted_at=min((moment for moment in times if moment), default=None),
        fetched_at=fetched_at,
        arxiv_ids=linked,
        retweets=count_of(view.get("repostCount")),
        favorites=count_of(view.get("likeCount")),
    )


# Asking Bluesky ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Window:
    """What a stretch of the stream held."""

    uris: dict[str, None] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    frames: int = 0
    until: int = 0  # microseconds; what lies before was read through
    stopped: str = ""

    def take(self, event: Event | Reject | None) -> None:
        self.frames += 1
        if isinstance(event, Reject):
            self.rejects.append(event)
        elif event is not None:
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
        start = int(cursor) if _MICROSECONDS.fullmatch(cursor) else to_microseconds(since)
        asked = {"wantedCollections": COLLECTION, "cursor": str(start)}
        for window in self._windows(f"{self._jetstream_url}/subscribe?{urlencode(asked)}", start):
            batch = Batch(gone=list(window.gone), rejects=window.rejects, stopped=window.stopped)
            for uris in chunks(list(window.uris), ASKED_AT_ONCE):
                # Not there is not gone: the post was never here, and may not be known there yet.
                found = self._get_posts(uris)
                found.gone = []
                add(batch, found)
            again = to_microseconds(self._now() - READ_AGAIN)
            batch.cursor = str(max(min(window.until, again), start))
            yield batch

    def look_up(self, external_ids: Sequence[str]) -> Iterator[Batch]:
        for some in chunks(external_ids, ASKED_AT_ONCE):
            uris = [uri for uri in some if _URI.fullmatch(uri)]
            batch = self._get_posts(uris) if uris else Batch()
            if batch.gone:
                # Asked twice, since being absent is all that a deletion shows.
                again = self._get_posts(batch.gone)
                batch.gone = []
                add(batch, again)
            strange = [uri for uri in some if not _URI.fullmatch(uri)]
            batch.rejects += [Reject(uri[:200], NO_ID) for uri in strange]
            yield batch

    def _get_posts(self, uris: Sequence[str]) -> Batch:
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
