"""X: the recent and full search, look-ups, counts, and the embed service beside it."""

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from html import escape
from typing import Any

from tests.upstream.model import Tweet
from tests.upstream.wire import Allowance, Answer, Request, as_json, stamp
from tests.upstream.world import World

TOKEN = "a-bearer-token-of-the-played-world"
WEEK = timedelta(days=7)
_PROBLEM = "https://api.twitter.com/2/problems/"
_WINDOW = 15 * 60
_LIMITS = {"search/recent": 450, "search/all": 300, "counts/recent": 300, "lookup": 3500}
_TERM = re.compile(r'-?[a-z_]+:(?:"[^"]*"|[^\s()]+)|[()]|\bOR\b|"[^"]*"|[^\s()]+')
_ADDRESS = re.compile(r"https?://(?:www\.)?(?:twitter|x)\.com/\w+/status/([0-9]+)(?:\?.*)?")
_WIDGETS = "https://platform.twitter.com/widgets.js"
_STANDING = {"has:links", "-is:retweet", "-is:reply", "-is:quote", "-is:nullcast", "is:quote"}


class Refused(Exception):
    def __init__(self, name: str, value: str, message: str) -> None:
        super().__init__(message)
        self.error = {"parameters": {name: [value]}, "message": message}


class XApi:
    def __init__(self, world: World, token: str = TOKEN) -> None:
        self.world, self.token = world, token
        self._allowances = {name: Allowance(limit, _WINDOW) for name, limit in _LIMITS.items()}

    def answer(self, request: Request) -> Answer:
        path = request.path.removeprefix("/2/tweets").strip("/") or "lookup"
        if not request.path.startswith("/2/tweets") or path not in _LIMITS:
            return as_json({"title": "Not Found", "type": "about:blank", "status": 404}, 404)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            title = "Unauthorized"
            return as_json(
                {"title": title, "type": "about:blank", "status": 401, "detail": title}, 401
            )
        left, reset = self._allowances[path].take(request.at)
        headers = {
            "x-rate-limit-limit": str(_LIMITS[path]),
            "x-rate-limit-remaining": str(max(left, 0)),
            "x-rate-limit-reset": str(reset),
        }
        if left < 0:
            title = "Too Many Requests"
            body = {"title": title, "detail": title, "type": "about:blank", "status": 429}
            return as_json(body, 429, headers)
        routes: dict[str, Callable[[Request], Any]] = {
            "lookup": self._lookup,
            "counts/recent": self._counts,
            "search/recent": lambda request: self._search(request, 100, recent=True),
            "search/all": lambda request: self._search(request, 500, recent=False),
        }
        try:
            return as_json(routes[path](request), 200, headers)
        except Refused as refusal:
            body = {
                "errors": [refusal.error],
                "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": f"{_PROBLEM}invalid-request",
            }
            return as_json(body, 400, headers)

    def _search(self, request: Request, most: int, recent: bool) -> dict[str, Any]:
        size = request.number("max_results", 10)
        if size is None or not 10 <= size <= most:
            given = request.one("max_results")
            message = (
                f"The `max_results` query parameter value [{given}] is not between 10 and {most}"
            )
            raise Refused("max_results", given, message)
        found = self._matching(request, recent)[::-1]  # the newest first
        token = request.one("next_token") or request.one("pagination_token")
        if token:
            last = _position(token)
            found = [tweet for tweet in found if int(tweet.external_id) < last]
        page = found[:size]
        if not page:
            return {"meta": {"result_count": 0}}
        meta: dict[str, Any] = {
            "newest_id": page[0].external_id,
            "oldest_id": page[-1].external_id,
            "result_count": len(page),
        }
        if len(found) > size:
            meta["next_token"] = page_token(int(page[-1].external_id))
        return {**_data(page, request), "meta": meta}

    def _matching(self, request: Request, recent: bool) -> list[Tweet]:
        matches = _query(request.one("query"))
        oldest = request.at - WEEK if recent else datetime.min.replace(tzinfo=request.at.tzinfo)
        begin = _moment(request, "start_time", oldest)
        end = _moment(request, "end_time", request.at - timedelta(seconds=30))
        if begin < oldest:
            given = request.one("start_time")
            message = f"Invalid 'start_time':'{given}'. 'start_time' must be on or after {oldest}"
            raise Refused("start_time", given, message)
        if begin >= end and request.one("start_time"):
            given = request.one("start_time")
            message = f"Invalid 'start_time':'{given}'. 'start_time' must be before 'end_time'"
            raise Refused("start_time", given, message)
        since = self._since(request, oldest)
        until = request.number_text("until_id")
        return [
            tweet
            for tweet in self.world.posts("x", request.at)
            if max(begin, oldest) <= tweet.posted_at < end
            and int(tweet.external_id) > since
            and (not until or int(tweet.external_id) < until)
            and matches(tweet)
        ]

    def _since(self, request: Request, oldest: datetime) -> int:
        since = request.number_text("since_id")
        known = self.world.tweet("x", str(since))
        if known and known.posted_at < oldest:
            message = f"'since_id' must be a tweet id created after {stamp(oldest)}"
            raise Refused("since_id", str(since), message)
        return since

    def _lookup(self, request: Request) -> dict[str, Any]:
        ids = [text for text in request.one("ids").split(",") if text]
        if not 1 <= len(ids) <= 100:
            message = f"The number of values in the `ids` query parameter list [{len(ids)}]"
            raise Refused("ids", request.one("ids"), f"{message} is not between 1 and 100")
        bad = next((text for text in ids if not re.fullmatch(r"[0-9]{1,19}", text)), None)
        if bad is not None:
            message = f"The `ids` query parameter value [{bad}] is not valid"
            raise Refused("ids", bad, message)
        found, missing = [], []
        for text in ids:
            tweet = self.world.tweet("x", text)
            if tweet and tweet.alive(request.at):
                found.append(tweet)
            else:
                missing.append(_missing(text))
        answer: dict[str, Any] = _data(found, request) if found else {}
        return {**answer, "errors": missing} if missing else answer

    def _counts(self, request: Request) -> dict[str, Any]:
        found = self._matching(request, recent=True)
        width = {"minute": 60, "hour": 3600, "day": 86400}[request.one("granularity", "hour")]
        begin = _moment(request, "start_time", request.at - WEEK)
        end = _moment(request, "end_time", request.at - timedelta(seconds=30))
        data = []
        while begin < end:
            after = datetime.fromtimestamp((begin.timestamp() // width + 1) * width, begin.tzinfo)
            after = min(after, end)
            many = sum(begin <= tweet.posted_at < after for tweet in found)
            data.append({"start": stamp(begin), "end": stamp(after), "tweet_count": many})
            begin = after
        return {"data": data, "meta": {"total_tweet_count": len(found)}}


class XEmbed:
    """publish.x.com: a post as HTML, asked by its address, without credentials."""

    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, request: Request) -> Answer:
        address = _ADDRESS.fullmatch(request.one("url"))
        tweet = self.world.tweet("x", address[1]) if address else None
        if request.path != "/oembed" or tweet is None or not tweet.alive(request.at):
            return Answer(404, b"<html><body>Not Found</body></html>", "text/html")
        said = {name: request.one(name).lower() in {"true", "t", "1"} for name in request.query}
        width = request.number("maxwidth", 550) or 550
        body = {
            "url": f"https://twitter.com/{tweet.author.handle}/status/{tweet.external_id}",
            "author_name": tweet.author.name,
            "author_url": f"https://twitter.com/{tweet.author.handle}",
            "html": _embed(tweet, said.get("omit_script", False), said.get("dnt", False)),
            "width": min(max(width, 220), 550),
            "height": None,
            "type": "rich",
            "cache_age": "3153600000",
            "provider_name": "Twitter",
            "provider_url": "https://twitter.com",
            "version": "1.0",
        }
        return as_json(body)


def _embed(tweet: Tweet, omit_script: bool, dnt: bool) -> str:
    right = tweet.author.language in {"ar", "he"}
    text = escape(tweet.text, quote=False).replace("\n", "<br>")
    links = "".join(f' <a href="{_short(url)}">{_short(url)}</a>' for url in tweet.links)
    where = f"https://twitter.com/{tweet.author.handle}/status/{tweet.external_id}"
    day = f"{tweet.posted_at:%B} {tweet.posted_at.day}, {tweet.posted_at.year}"
    script = f'<script async src="{_WIDGETS}" charset="utf-8"></script>\n'
    marked = ' data-dnt="true"' if dnt else ""
    return (
        f'<blockquote class="twitter-tweet"{marked}>'
        f'<p lang="{tweet.author.language}" dir="{"rtl" if right else "ltr"}">{text}{links}</p>'
        f"&mdash; {escape(tweet.author.name, quote=False)} (@{tweet.author.handle})"
        f' <a href="{where}?ref_src=twsrc%5Etfw">{day}</a></blockquote>\n'
        f"{'' if omit_script else script}"
    )


def _data(tweets: list[Tweet], request: Request) -> dict[str, Any]:
    """A request that says post.fields is answered in the new names, any other in the old ones."""
    new = "post.fields" in request.query
    fields = set(request.one("post.fields" if new else "tweet.fields").split(","))
    data = []
    for tweet in tweets:
        known = _known(tweet, request.at, new)
        history = "edit_history_post_ids" if new else "edit_history_tweet_ids"
        kept = {"id", "text", history, *fields}
        data.append({name: value for name, value in known.items() if name in kept})
    answer: dict[str, Any] = {"data": data}
    if "author_id" in request.one("expansions").split(","):
        authors = {tweet.author.user_id: tweet.author for tweet in tweets}
        wanted = {"id", "name", "username", *request.one("user.fields").split(",")}
        users = (
            {"id": one.user_id, "name": one.name, "username": one.handle, "verified": one.bot}
            for one in authors.values()
        )
        answer["includes"] = {
            "users": [{key: user[key] for key in user if key in wanted} for user in users]
        }
    return answer


def _known(tweet: Tweet, at: datetime, new: bool) -> dict[str, Any]:
    counts = tweet.counts(at)
    text, urls = tweet.text, []
    for link in tweet.links:
        start, short = len(text) + 1, _short(link)
        text = f"{text} {short}"
        shown = link.partition("://")[2]
        urls.append(
            {
                "start": start,
                "end": len(text),
                "url": short,
                "expanded_url": link,
                "display_url": shown if len(shown) <= 24 else f"{shown[:24]}…",
            }
        )
    return {
        "id": tweet.external_id,
        "text": text,
        "author_id": tweet.author.user_id,
        "created_at": stamp(tweet.posted_at),
        "lang": {"he": "iw"}.get(tweet.author.language, tweet.author.language),
        "conversation_id": tweet.external_id,
        "possibly_sensitive": False,
        "edit_history_post_ids" if new else "edit_history_tweet_ids": [tweet.external_id],
        "public_metrics": {
            "repost_count" if new else "retweet_count": counts.retweets,
            "reply_count": counts.favorites // 30,
            "like_count": counts.favorites,
            "quote_count": counts.retweets // 8,
            "bookmark_count": counts.favorites // 3,
            "impression_count": counts.score * 60 + 11,
        },
        **({"entities": {"urls": urls}} if urls else {}),
    }


def _query(text: str) -> Callable[[Tweet], bool]:
    """Read the operators a harvester needs: url:, from:, lang:, OR, and what is always so here."""
    if not text or len(text) > 1024:
        raise Refused("query", text[:80], "Invalid 'query':''. 'query' must be a non-empty string")
    hosts, others = [], []
    for term in _TERM.findall(text):
        name, _, value = term.partition(":")
        value = value.strip('"')
        if name == "url" and value:
            hosts.append(_tokens(value))
        elif name in {"from", "lang"} and value:
            others.append((name, value.lower()))
        elif term not in _STANDING and term not in {"(", ")", "OR"}:
            message = (
                f"There were errors processing your request: Reference to invalid operator {term}"
            )
            raise Refused("query", text, message)
    if not hosts and not others:
        raise Refused("query", text, "Rules must contain at least one non-negation standalone term")

    def matches(tweet: Tweet) -> bool:
        said = {"from": tweet.author.handle.lower(), "lang": tweet.author.language}
        linked = any(host in _tokens(link) for host in hosts for link in tweet.links)
        return (linked or not hosts) and all(said[name] == value for name, value in others)

    return matches


@cache
def _tokens(text: str) -> str:
    """Return the words of an address, so that what is within it can be looked for."""
    words = re.findall(r"[^\W_]+", text.lower())
    return f" {' '.join(words)} "


def _moment(request: Request, name: str, default: datetime) -> datetime:
    text = request.one(name)
    if not text:
        return default
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text):
        raise Refused(
            name, text, f"The `{name}` query parameter value [{text}] is not valid RFC3339"
        )
    return datetime.fromisoformat(text)


def _missing(text: str) -> dict[str, str]:
    return {
        "value": text,
        "detail": f"Could not find tweet with ids: [{text}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": text,
        "type": f"{_PROBLEM}resource-not-found",
    }


def _short(url: str) -> str:
    code = base64.b32encode(str(hash_of(url)).encode()).decode().lower().rstrip("=")
    return f"https://t.co/{code[:10]}"


def hash_of(text: str) -> int:
    """A hash that is the same in every process, unlike Python's own."""
    value = 7
    for letter in text:
        value = (value * 131 + ord(letter)) % 1_000_000_007
    return value


def page_token(last: int) -> str:
    return base64.b32encode(f"before {last}".encode()).decode().lower().rstrip("=")


def _position(token: str) -> int:
    try:
        padded = token.upper() + "=" * (-len(token) % 8)
        word, _, last = base64.b32decode(padded).decode().partition(" ")
        if word != "before":
            raise ValueError(token)
        return int(last)
    except ValueError as error:
        message = f"The `next_token` query parameter value [{token}] is not valid"
        raise Refused("next_token", token, message) from error
