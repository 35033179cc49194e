"""Bluesky: posts by their addresses with counts, and Jetstream, the stream of everything posted."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from tests.upstream.model import Tweet
from tests.upstream.wire import Allowance, Answer, Request, as_json, stamp
from tests.upstream.world import World

LOOKBACK = timedelta(hours=36)
_POST = "app.bsky.feed.post"
SOMEBODY = "did:plc:somebodysomebodysomebody"
_MOST = 25
_LIMIT, _WINDOW = 3000, 300


class Bluesky:
    def __init__(self, world: World) -> None:
        self.world = world
        self._allowance = Allowance(_LIMIT, _WINDOW)

    def answer(self, request: Request) -> Answer:
        method = request.path.removeprefix("/xrpc/")
        if method == "app.bsky.feed.searchPosts":  # not for the public
            said = (
                "<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n"
            )
            return Answer(403, f"{said}</body></html>\n".encode(), "text/html")
        left, reset = self._allowance.take(request.at)
        headers = {
            "RateLimit-Limit": str(_LIMIT),
            "RateLimit-Remaining": str(max(left, 0)),
            "RateLimit-Reset": str(reset),
            "RateLimit-Policy": f"{_LIMIT};w={_WINDOW}",
        }
        if left < 0:
            body = {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}
            return as_json(body, 429, headers)
        if method != "app.bsky.feed.getPosts":
            said = "Method Not Implemented"
            return as_json({"error": "MethodNotImplemented", "message": said}, 501, headers)
        uris = request.query.get("uris", [])
        if not 1 <= len(uris) <= _MOST:
            said = f"Error: uris must not have more than {_MOST} elements"
            said = said if uris else 'Error: Params must have the property "uris"'
            return as_json({"error": "InvalidRequest", "message": said}, 400, headers)
        found = (self.world.tweet("bluesky", uri) for uri in dict.fromkeys(uris))
        posts = [_view(post, request.at) for post in found if post and post.alive(request.at)]
        return as_json({"posts": posts}, 200, headers)


@dataclass(frozen=True, slots=True)
class StreamEvent:
    at: datetime
    time_us: int
    collection: str  # "" for what is sent whatever was asked for
    message: str


class Jetstream:
    """All events there will ever be, in order; a connection sends those up to the moment."""

    def __init__(self, world: World) -> None:
        self.world = world

    @cached_property
    def events(self) -> list[StreamEvent]:
        return sorted(_events(self.world), key=lambda event: event.time_us)

    def since(self, cursor: int | None, at: datetime) -> int:
        """Return the place to begin at: the cursor's, as far back as events are kept, else now."""
        floor = int((at - LOOKBACK).timestamp() * 1_000_000)
        live = int(at.timestamp() * 1_000_000)
        begin = live if cursor is None else min(max(cursor, floor), live)
        return sum(event.time_us < begin for event in self.events)


def _events(world: World) -> Iterator[StreamEvent]:
    for number, post in enumerate(world.stream("bluesky")):
        yield _commit(post, post.posted_at, "create", number)
        if post.deleted_at:
            yield _commit(post, post.deleted_at, "delete", number)
        if number % 7 == 0:
            yield _like(post, number)
        if number % 50 == 0:
            yield _account(post, number)


def _micros(moment: datetime, number: int) -> int:
    """No two events have the same microsecond, or a cursor could fall between them."""
    return int(moment.timestamp() * 1000) * 1000 + number % 1000


def _commit(post: Tweet, moment: datetime, operation: str, number: int) -> StreamEvent:
    did, collection, key = post.external_id.removeprefix("at://").split("/")
    commit: dict[str, Any] = {
        "rev": key,
        "operation": operation,
        "collection": collection,
        "rkey": key,
    }
    if operation == "create":
        commit |= {"record": record(post), "cid": content_id(post)}
    micros = _micros(moment, number)
    body = {"did": did, "time_us": micros, "kind": "commit", "commit": commit}
    return StreamEvent(moment, micros, collection, _written(body))


def _like(post: Tweet, number: int) -> StreamEvent:
    moment = post.posted_at + timedelta(minutes=3)
    micros, collection = _micros(moment, number), "app.bsky.feed.like"
    subject = {"cid": content_id(post), "uri": post.external_id}
    liked = {"$type": collection, "createdAt": stamp(moment), "subject": subject}
    commit = {
        "operation": "create",
        "collection": collection,
        "rkey": "likedsince",
        "record": liked,
    }
    body = {"did": "did:plc:likes", "time_us": micros, "kind": "commit", "commit": commit}
    return StreamEvent(moment, micros, collection, _written(body))


def _account(post: Tweet, number: int) -> StreamEvent:
    moment = post.posted_at + timedelta(minutes=1)
    micros = _micros(moment, number)
    said = {"did": post.author.user_id, "seq": number, "time": stamp(moment), "active": True}
    body = {"did": post.author.user_id, "time_us": micros, "kind": "account", "account": said}
    return StreamEvent(moment, micros, "", _written(body))


def heartbeat(at: datetime) -> str:
    """Somebody's handle changes at this very moment, as somebody's always does on the real stream.

    It tells a reader how far the stream has come, though nobody may have posted for minutes.
    """
    micros = int(at.timestamp() * 1_000_000)
    said = {"did": SOMEBODY, "handle": "somebody.example.com", "seq": micros, "time": stamp(at)}
    return _written({"did": SOMEBODY, "time_us": micros, "kind": "identity", "identity": said})


def _written(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False)


def record(post: Tweet) -> dict[str, Any]:
    """The post as its author wrote it: links shortened in the text, whole in facets or a card."""
    text, facets = post.text, []
    for link in post.links:
        shown = link.partition("://")[2]
        shown = shown if len(shown) <= 20 else f"{shown[:20]}..."
        start = len(f"{text} ".encode())
        text = f"{text} {shown}"
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": link}
        index = {"byteStart": start, "byteEnd": len(text.encode())}
        facets.append({"features": [feature], "index": index})
    body: dict[str, Any] = {
        "$type": _POST,
        "createdAt": stamp(post.posted_at),
        "langs": [post.author.language],
    }
    # Some clients leave the link to the card alone.
    carded = bool(post.links) and int(content_id(post)[-1], 36) % 3 == 0
    if carded:
        external = {"uri": post.links[0], "title": "A paper", "description": "Abstract page"}
        body["embed"] = {"$type": "app.bsky.embed.external", "external": external}
    if carded and len(post.links) == 1:
        return {**body, "text": post.text}
    return {**body, "text": text, **({"facets": facets} if facets else {})}


def _view(post: Tweet, at: datetime) -> dict[str, Any]:
    counts = post.counts(at)
    written = record(post)
    view = {
        "uri": post.external_id,
        "cid": content_id(post),
        "author": {
            "did": post.author.user_id,
            "handle": post.author.handle,
            "displayName": post.author.name,
            "avatar": "https://cdn.bsky.app/img/avatar/plain/x@jpeg",
            "labels": [],
            "createdAt": "2024-01-01T00:00:00.000Z",
        },
        "record": written,
        "replyCount": counts.favorites // 30,
        "repostCount": counts.retweets,
        "likeCount": counts.favorites,
        "quoteCount": counts.retweets // 8,
        "bookmarkCount": counts.favorites // 9,
        "indexedAt": stamp(post.posted_at.astimezone(UTC) + timedelta(seconds=1)),
        "labels": [],
    }
    if "embed" in written:
        external = written["embed"]["external"]
        view["embed"] = {"$type": "app.bsky.embed.external#view", "external": external}
    return view


def content_id(post: Tweet) -> str:
    return f"bafyrei{hashlib.sha256(post.external_id.encode()).hexdigest()[:52]}"
