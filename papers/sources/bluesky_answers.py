"""What Bluesky answers: the frames of its stream, the views of its posts.

Knows the fields of both; must not know how or when it is asked, sockets, or the database. Retweets
are reposts without quotes: a quote is a post, counted itself where it links the paper. Authors who
ask not to be shown to visitors without an account (`!no-unauthenticated`) are not shown at all: our
pages show everybody the same tweets, so not even the text is stored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from papers.sources.answers import (
    JsonObject,
    Unreadable,
    as_list,
    as_object,
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
from papers.sources.base import Batch, Reject, SourceError, TweetRecord

NAME = "bluesky"
COLLECTION = "app.bsky.feed.post"
MICROSECONDS = re.compile(r"[1-9][0-9]{15}")  # shorter numbers are counters, not times

_DID = re.compile(r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,250}")
_RKEY = re.compile(r"[A-Za-z0-9._:~-]{1,150}")
_URI = re.compile(rf"at://({_DID.pattern})/{re.escape(COLLECTION)}/({_RKEY.pattern})")
_HANDLE = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HIDING_LABELS = ("!no-unauthenticated", "!hide", "!takedown")
# Not the author's doing, and over by itself: the network has trouble with the account's data.
_PASSING_STATES = ("desynchronized", "throttled")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_uri(name: str) -> bool:
    return _URI.fullmatch(name) is not None


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
    if type(told) is int and MICROSECONDS.fullmatch(str(told)):
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
