"""Hugging Face: the papers of a day with their upvotes, and the page of one paper."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.upstream.model import Tweet
from tests.upstream.wire import Allowance, Answer, Request, as_json, stamp
from tests.upstream.world import World

_MOST = 100
_LIMIT, _WINDOW = 500, 300


class HuggingFace:
    def __init__(self, world: World) -> None:
        self.world = world
        self._allowance = Allowance(_LIMIT, _WINDOW)

    def answer(self, request: Request) -> Answer:
        left, reset = self._allowance.take(request.at)
        rest = reset - int(request.at.timestamp())
        headers = {
            "RateLimit": f'"api";r={max(left, 0)};t={rest}',
            "RateLimit-Policy": f'"fixed window";"api";q={_LIMIT};w={_WINDOW}',
        }
        if left < 0:
            return as_json({"error": "Too Many Requests"}, 429, headers)
        if request.path == "/api/daily_papers":
            status, body = self._daily(request)
            return as_json(body, status, headers)
        name = request.path.removeprefix("/api/papers/")
        entry = self.world.tweet("huggingface", name)
        if request.path.startswith("/api/papers/") and entry and entry.alive(request.at):
            return as_json(self._paper(entry, request.at), 200, headers)
        return as_json({"error": "Paper not found"}, 404, headers)

    def _daily(self, request: Request) -> tuple[int, Any]:
        page, size = request.number("p", 0), request.number("limit", 50)
        if page is None or size is None:
            return 400, {"error": "Invalid parameter"}
        entries = self.world.posts("huggingface", request.at)
        for name, form, shape in (
            ("date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "%Y-%m-%d"),
            ("week", r"\d{4}-W([0-4]\d|5[0-3])", "%G-W%V"),
            ("month", r"\d{4}-(0[1-9]|1[0-2])", "%Y-%m"),
        ):
            wanted = request.one(name)
            if wanted and not re.fullmatch(form, wanted):
                return 400, {"error": f"Invalid {name}"}
            entries = [e for e in entries if not wanted or f"{e.posted_at:{shape}}" == wanted]
        if request.one("sort") == "trending":
            entries.sort(key=lambda entry: -entry.counts(request.at).favorites)
        else:
            entries.reverse()
        size = min(size, _MOST)
        shown = entries[page * size : (page + 1) * size]
        return 200, [self._entry(entry, request.at) for entry in shown]

    def _paper(self, entry: Tweet, at: datetime) -> dict[str, Any]:
        paper = self.world.paper(entry.external_id)
        assert paper
        names = [person.name for person in paper.authors]
        body: dict[str, Any] = {
            "id": paper.arxiv_id,
            "authors": [
                {"_id": _key(f"{paper.arxiv_id}{name}"), "name": name, "hidden": False}
                for name in names
            ],
            "publishedAt": stamp(paper.versions[0].submitted_at),
            "submittedOnDailyAt": stamp(entry.posted_at),
            "title": paper.versions[0].title,
            "submittedOnDailyBy": _user(entry),
            "summary": paper.versions[0].abstract,
            "upvotes": entry.counts(at).favorites,
            "discussionId": _key(paper.arxiv_id),
        }
        # Which keys an entry has varies.
        if int(_key(paper.arxiv_id)[0], 16) % 2:
            body |= {"githubRepo": "https://github.com/example/seeded", "githubStars": 9}
            body |= {"ai_summary": "A summary.", "ai_keywords": ["seeded"]}
        return body

    def _entry(self, entry: Tweet, at: datetime) -> dict[str, Any]:
        paper = self._paper(entry, at)
        submitted = datetime.fromisoformat(paper["publishedAt"])
        return {
            "paper": paper,
            # Outside, the same moment is written in another time zone and called UTC.
            "publishedAt": stamp(submitted.astimezone(UTC) - timedelta(hours=5)),
            "title": paper["title"],
            "summary": paper["summary"],
            "thumbnail": f"https://cdn-thumbnails.huggingface.co/{paper['id']}.png",
            "numComments": paper["upvotes"] // 20,
            "submittedBy": _user(entry),
            "isAuthorParticipating": False,
        }


def _user(entry: Tweet) -> dict[str, Any]:
    name = entry.author.handle
    return {"_id": _key(name), "fullname": entry.author.name, "name": name, "user": name,
            "type": "user", "isPro": False}  # fmt: skip


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
