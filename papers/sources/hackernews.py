"""Hacker News: stories whose link is a paper, by Algolia's search, and their points by look-up.

Knows the search's hits, the items of both interfaces and their paging; must not know sockets or
the database. Points are the favorites. Nothing can be reposted there, so retweets are known: 0.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from papers import clock
from papers.sources.answers import (
    JsonObject,
    Unreadable,
    as_object,
    count_of,
    decode,
    decode_object,
    first_of,
    line_of,
    look_up_each,
    moment_of,
    papers_of,
    read_cursor,
    reject,
    unix_moment_of,
    write_cursor,
)
from papers.sources.base import Batch, Fetch, SourceError, TweetRecord

NAME = "hackernews"
PAGE_SIZE = 100
MAX_PAGES = 1000
# A story is found some minutes after it was posted, so the next run begins before the last hit.
OVERLAP = timedelta(hours=1)

_ID = re.compile(r"[1-9][0-9]{0,11}")
_SECONDS = re.compile(r"[0-9]{1,11}")
_HANDLE = re.compile(r"[A-Za-z0-9_-]{1,60}")


# What Hacker News answers ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of a search. For paging, hits that are no tweets count too."""

    batch: Batch
    ids: frozenset[str]
    total: int | None  # that match, as far as the search says
    newest: int | None  # seconds since 1970
    oldest: int | None


def parse_search(body: bytes, fetched_at: datetime) -> Hits:
    """Read a page of search_by_date."""
    answer = decode_object(body, "Hacker News")
    hits = answer.get("hits")
    if not isinstance(hits, list):
        reason = line_of(first_of(answer, "message", "error")) or "an answer without hits"
        raise SourceError(f"Hacker News did not give hits: {reason}")
    total = count_of(answer.get("nbHits"))
    if total and not hits and answer.get("page") == 0:
        raise SourceError(f"Hacker News speaks of {total} hits and shows none")
    batch, ids, times = Batch(), set(), []
    for item in hits:
        hit = as_object(item)
        ids.add(str(hit.get("objectID")))
        moment = unix_moment_of(hit.get("created_at_i"))
        if moment:
            times.append(int(moment.timestamp()))
        try:
            tweet = _read_hit(hit, fetched_at)
        except Unreadable as error:
            batch.rejects.append(reject(item, hit.get("objectID"), error))
            continue
        if tweet is not None:
            batch.tweets.append(tweet)
    newest, oldest = max(times, default=None), min(times, default=None)
    return Hits(batch, frozenset(ids), total, newest, oldest)


def parse_item(body: bytes, external_id: str, fetched_at: datetime) -> Batch:
    """Read one item, of Firebase or of Algolia. Null, deleted and dead (killed by moderators or by
    flags, and no longer shown to visitors) are gone."""
    answer = decode(body, "Hacker News")
    if answer is None:
        return Batch(gone=[external_id])
    item = as_object(answer)
    if type(item.get("id")) is not int or str(item["id"]) != external_id:
        raise SourceError("Hacker News answered with another item than was asked for")
    try:
        if _is_gone(item):
            return Batch(gone=[external_id])
        tweet = _read_story(item, external_id, fetched_at)
    except Unreadable as error:
        return Batch(rejects=[reject(item, external_id, error)])
    return Batch(tweets=[tweet] if tweet else [])


def _is_gone(item: JsonObject) -> bool:
    told = [item.get("deleted", False), item.get("dead", False)]
    if not all(isinstance(value, bool | None) for value in told):
        raise Unreadable("whether it is deleted is said in another way than it was")
    return True in told


def _read_hit(hit: JsonObject, fetched_at: datetime) -> TweetRecord | None:
    external_id = hit.get("objectID")
    if not isinstance(external_id, str) or not _is_id(external_id):
        raise Unreadable("its objectID is no id of Hacker News")
    return _read_story(hit, external_id, fetched_at)


def _read_story(item: JsonObject, external_id: str, fetched_at: datetime) -> TweetRecord | None:
    """The record of a story; None where its link is no paper's. Algolia names the fields one way,
    Firebase another, where titles are HTML."""
    if "url" not in item:
        raise Unreadable("it was found by its url and shows none")
    url = item["url"]
    if url is not None and not isinstance(url, str):
        raise Unreadable("its url is no text")
    arxiv_ids = papers_of(url)
    if not arxiv_ids:
        return None
    title = line_of(item.get("title"), 1000)
    handle = first_of(item, "author", "by")
    posted_at = unix_moment_of(first_of(item, "created_at_i", "time"))
    return TweetRecord(
        network=NAME,
        external_id=external_id,
        url=f"https://news.ycombinator.com/item?id={external_id}",
        handle=handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else "",
        author_name="",
        text=html.unescape(title) if "by" in item else title,
        posted_at=posted_at or moment_of(item.get("created_at")),
        fetched_at=fetched_at,
        arxiv_ids=tuple(arxiv_ids),
        retweets=0,
        favorites=count_of(first_of(item, "points", "score")),
    )


# Asking Hacker News ------------------------------------------------------------------------------


class HackerNews:
    """`item_url` has `{id}` in the place of the id. Firebase's
    (https://hacker-news.firebaseio.com/v0/item/{id}.json) is small and tells what was deleted;
    Algolia's (…/api/v1/items/{id}) brings all comments along."""

    name = NAME
    network = NAME

    def __init__(
        self,
        fetch: Fetch,
        *,
        base_url: str,
        item_url: str,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._fetch = fetch
        self._base_url = base_url.rstrip("/")
        self._item_url = item_url
        self._now = now

    def tweets(self, since: datetime, cursor: str) -> Iterator[Batch]:
        """Yield a batch a page, newest first. A query shows its first 1,000 hits at most, so the
        next page is not asked for as such, but as what is no newer than the oldest hit so far."""
        parts = read_cursor(cursor)
        begin = _seconds(parts, "begin") or int(since.timestamp())
        newest, until = _seconds(parts, "newest") or begin, _seconds(parts, "until")
        seen: set[str] = set()
        is_shown = False  # a hit of the second `until`, so that the page cannot be empty
        for _ in range(MAX_PAGES):
            page = self._page(begin, until)
            if is_shown and not page.ids:
                raise SourceError("Hacker News shows no hits where it showed some before")
            is_news = not page.ids <= seen
            seen |= page.ids
            newest = max(newest, min(page.newest or 0, int(self._now().timestamp())))
            is_all = page.total is not None and page.total <= len(page.ids) < PAGE_SIZE
            # A page of nothing but what is known is the end, unless it is one full second.
            if is_all or not (is_news or page.oldest == until):
                end = max(begin, newest - int(OVERLAP.total_seconds()))
                page.batch.cursor = write_cursor(begin=str(end))
                yield page.batch
                return
            if page.oldest is None:
                raise SourceError("Hacker News shows hits without a time, so no more can be asked")
            # Others may share the second of the oldest: it is asked for again, but only once.
            is_shown = page.oldest != until
            until = page.oldest - (page.oldest == until)
            page.batch.cursor = write_cursor(begin=str(begin), newest=str(newest), until=str(until))
            yield page.batch
        raise SourceError(f"Hacker News gave more than {MAX_PAGES} pages")

    def look_up(self, external_ids: Sequence[str]) -> Iterator[Batch]:
        return look_up_each(external_ids, _is_id, self._item, self._read_item)

    def _page(self, begin: int, until: int | None) -> Hits:
        window = f"created_at_i>{begin}" + (f",created_at_i<={until}" if until else "")
        params = {
            "query": "arxiv.org",
            "restrictSearchableAttributes": "url",
            "typoTolerance": "false",
            "tags": "story",
            "hitsPerPage": str(PAGE_SIZE),
            "numericFilters": window,
        }
        body = self._fetch(f"{self._base_url}/api/v1/search_by_date", params)
        return parse_search(body, self._now())

    def _item(self, external_id: str) -> bytes:
        return self._fetch(self._item_url.replace("{id}", external_id))

    def _read_item(self, body: bytes, external_id: str) -> Batch:
        return parse_item(body, external_id, self._now())


def _is_id(name: str) -> bool:
    return _ID.fullmatch(name) is not None


def _seconds(parts: dict[str, str], name: str) -> int | None:
    value = parts.get(name, "")
    return int(value) if _SECONDS.fullmatch(value) else None
