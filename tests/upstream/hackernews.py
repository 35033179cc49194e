"""Hacker News: Algolia's search by date or relevance, its items, and the items of Firebase."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from tests.upstream.model import Tweet
from tests.upstream.wire import Answer, Request, as_json, seconds
from tests.upstream.world import World

_REACHABLE = 1000  # hits of one query, however many there are
_FILTER = re.compile(r"(created_at_i|points|num_comments)(<=|>=|<|>|=)(\d+)")
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
    "=": lambda left, right: left == right,
}


class HackerNews:
    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, request: Request) -> Answer:
        head, _, name = request.path.rpartition("/")
        if name in {"search", "search_by_date"}:
            return self._search(request, by_date=name == "search_by_date")
        if head.endswith("/items"):
            story = self._story(name, request)
            if story is None:
                return as_json({"status": 404, "error": "Not Found"}, 404)
            return as_json(_item(story, request.at))
        if head.endswith("/item"):
            return as_json(self._firebase(name.removesuffix(".json"), request))
        return as_json({"status": 404, "error": "Not Found"}, 404)

    def _story(self, number: str, request: Request) -> Tweet | None:
        story = self.world.tweet("hackernews", number)
        return story if story and story.alive(request.at) else None

    def _firebase(self, number: str, request: Request) -> dict[str, Any] | None:
        story = self.world.tweet("hackernews", number)
        if story is None or story.posted_at > request.at:
            return None
        time = int(story.posted_at.timestamp())
        if not story.alive(request.at):
            return {"deleted": True, "id": int(number), "time": time, "type": "story"}
        points = _points(story, request.at)
        return {
            "by": story.author.handle,
            "descendants": points // 3,
            "id": int(number),
            "score": points,
            "time": time,
            "title": story.text,
            "type": "story",
            "url": story.links[0],
        }

    def _search(self, request: Request, by_date: bool) -> Answer:
        size, page = request.number("hitsPerPage", 20), request.number("page", 0)
        filters = [part for part in request.one("numericFilters").split(",") if part]
        parsed = [_FILTER.fullmatch(part) for part in filters]
        if size is None or page is None or size > _REACHABLE or None in parsed:
            return as_json({"message": "invalid parameter", "status": 400}, 400)
        found = [
            story
            for story in self.world.posts("hackernews", request.at)
            if _matches(story, request)
            and all(_holds(story, match, request.at) for match in parsed if match)
        ]
        if by_date:
            found.reverse()
        else:
            found.sort(key=lambda story: -_points(story, request.at))
        reachable = found[:_REACHABLE]
        hits = reachable[page * size : (page + 1) * size]
        body = {
            "exhaustive": {"nbHits": True, "typo": True},
            "hits": [_hit(story, request.at) for story in hits],
            "hitsPerPage": size,
            "nbHits": len(found),
            "nbPages": -(-len(reachable) // size) if size else 0,
            "page": page,
            "params": request.target.partition("?")[2],
            "processingTimeMS": 3,
            "query": request.one("query"),
            "serverTimeMS": 4,
        }
        return as_json(body)


def _matches(story: Tweet, request: Request) -> bool:
    only = request.one("restrictSearchableAttributes")
    texts = {"url": story.links[0], "title": story.text, "author": story.author.handle}
    searched = [text for name, text in texts.items() if not only or name in only.split(",")]
    words = _tokens(" ".join(searched))
    asked = _tokens(request.one("query"))
    tags = {"story", f"author_{story.author.handle}", f"story_{story.external_id}"}
    return all(any(word.startswith(one) for word in words) for one in asked) and all(
        tags & set(group) for group in _tag_groups(request.one("tags"))
    )


def _tag_groups(text: str) -> Iterator[list[str]]:
    """Yield the tags a hit must have one of, group by group: `story,(author_a,author_b)`."""
    for several, single in re.findall(r"\(([^)]*)\)|([^,()]+)", text):
        yield several.split(",") if several else [single]


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _holds(story: Tweet, match: re.Match[str], at: datetime) -> bool:
    points = _points(story, at)
    values = {
        "created_at_i": int(story.posted_at.timestamp()),
        "points": points,
        "num_comments": points // 3,
    }
    return _COMPARE[match[2]](values[match[1]], int(match[3]))


def _points(story: Tweet, at: datetime) -> int:
    return story.counts(at).favorites


def _hit(story: Tweet, at: datetime) -> dict[str, Any]:
    points = _points(story, at)
    marked = {
        "author": {"matchLevel": "none", "matchedWords": [], "value": story.author.handle},
        "title": {"matchLevel": "none", "matchedWords": [], "value": story.text},
    }
    return {
        "_highlightResult": marked,
        "_tags": ["story", f"author_{story.author.handle}", f"story_{story.external_id}"],
        "author": story.author.handle,
        "children": [],
        "created_at": seconds(story.posted_at),
        "created_at_i": int(story.posted_at.timestamp()),
        "num_comments": points // 3,
        "objectID": story.external_id,
        "points": points,
        "story_id": int(story.external_id),
        "title": story.text,
        "updated_at": seconds(at),
        "url": story.links[0],
    }


def _item(story: Tweet, at: datetime) -> dict[str, Any]:
    return {
        "id": int(story.external_id),
        "created_at": seconds(story.posted_at),
        "created_at_i": int(story.posted_at.timestamp()),
        "type": "story",
        "author": story.author.handle,
        "title": story.text,
        "url": story.links[0],
        "text": None,
        "points": _points(story, at),
        "parent_id": None,
        "story_id": int(story.external_id),
        "children": [],
    }
