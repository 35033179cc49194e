"""X: posts that link arXiv, by the recent search of API v2, and their counts by look-up.

Knows X's requests, their limits and their price; must not know sockets, the database, or what a
post is worth. Posts are paid for one by one, so nothing here reads more than its budget.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from papers import clock
from papers.sources.answers import (
    NO_ID,
    chunks,
    decode_object,
    moment_of,
    read_cursor,
    write_cursor,
)
from papers.sources.base import Batch, Fetch, Reject, SourceError
from papers.sources.x_answers import (
    NAME,
    Page,
    explain,
    id_until,
    is_id,
    is_token,
    parse_look_up,
    parse_search,
)
from papers.tweet_embed import EmbedError, read_embed, snowflake_time

QUERY = 'url:"arxiv.org" -is:retweet'
SMALLEST_PAGE, LARGEST_PAGE = 10, 100
MAX_PAGES = 1000
# A search begins at most a week ago, and refuses an older since_id; a little less is on time.
WINDOW = timedelta(days=7) - timedelta(minutes=5)
BUDGET_USED = "the budget of posts to read on X is used up for today"

_PERMALINK_ID = re.compile(r"/status(?:es)?/([1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class _Search:
    """Where a search stands. Its pages go back in time and share their beginning; when they end,
    the first post of the first one is where the next search begins."""

    since_id: str = ""
    start: str = ""  # the beginning where there is no since_id
    newest_id: str = ""
    next_token: str = ""

    @classmethod
    def resumed(cls, cursor: str, since: datetime, now: datetime) -> "_Search":
        parts = read_cursor(cursor)
        earliest = now - WINDOW
        since_id = id_until(parts.get("since_id", ""), now)
        begun = (snowflake_time(since_id) if since_id else None) or moment_of(parts.get("start"))
        token = parts.get("next_token", "")
        if begun is None or begun <= earliest:
            # A search may not begin there any more, and its pages cannot be asked for either.
            return cls(start=_stamp(max(begun or since, earliest)))
        return cls(
            since_id=since_id,
            start="" if since_id else _stamp(begun),
            newest_id=id_until(parts.get("newest_id", ""), now),
            next_token=token if is_token(token) else "",
        )

    def after(self, page: Page) -> "_Search":
        newest = self.newest_id or page.newest_id
        if page.next_token:
            return replace(self, newest_id=newest, next_token=page.next_token)
        return _Search(since_id=newest) if newest else replace(self, next_token="")

    @property
    def cursor(self) -> str:
        return write_cursor(
            since_id=self.since_id,
            start=self.start,
            newest_id=self.newest_id,
            next_token=self.next_token,
        )


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class X:
    """`budget`: the posts that may still be read today. Used up, it ends a run cleanly: the last
    batch says so in `stopped`, and its cursor goes on from there. `spent`: the posts read so far,
    those before an error too. `noun`: "post" when X has stopped calling them tweets."""

    name = NAME
    network = NAME

    def __init__(
        self,
        fetch: Fetch,
        *,
        base_url: str,
        oembed_url: str,
        bearer_token: str,
        budget: int,
        noun: str = "tweet",
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._fetch = fetch
        self._base_url = base_url.rstrip("/")
        self._oembed_url = oembed_url
        self._headers = {"Authorization": f"Bearer {bearer_token}"}
        self._budget = budget
        self._noun = noun
        self._now = now
        self.spent = 0

    @property
    def remaining(self) -> int:
        return max(self._budget - self.spent, 0)

    def tweets(self, since: datetime, cursor: str) -> Iterator[Batch]:
        """Yield a batch a page, newest posts first. A search that was cut short is finished first,
        then what was posted since it began is searched."""
        search = _Search.resumed(cursor, since, self._now())
        is_last = not search.next_token
        for _ in range(MAX_PAGES):
            if self.remaining < SMALLEST_PAGE:  # X gives no fewer
                yield Batch(cursor=search.cursor, stopped=BUDGET_USED)
                return
            page = self._page(search)
            search = search.after(page)
            page.batch.cursor = search.cursor
            yield page.batch
            if not search.next_token:
                if is_last:
                    return
                is_last = True
        raise SourceError(f"X gave more than {MAX_PAGES} pages for one search")

    def look_up(self, external_ids: Sequence[str]) -> Iterator[Batch]:
        for some in chunks(external_ids, LARGEST_PAGE):
            known = [name for name in some if is_id(name)]
            paid = known[: self.remaining]
            batch = Batch()
            if paid:
                params = {"ids": ",".join(paid), **self._fields()}
                body = self._get(f"{self._base_url}/2/tweets", params)
                page = parse_look_up(body, paid, self._now())
                self.spent += page.posts
                batch = page.batch
            batch.rejects += [Reject(name[:200], NO_ID) for name in some if name not in known]
            if len(paid) < len(known):
                batch.stopped = BUDGET_USED
            yield batch
            if batch.stopped:
                return

    def embed(self, url: str) -> str:
        """The HTML that X gives for embedding a post, without its script. Raises SourceError,
        permanent where the post is deleted or its account no longer public."""
        params = {"url": url, "omit_script": "true", "hide_thread": "true", "dnt": "true"}
        try:
            body = self._fetch(self._oembed_url, params)
        except SourceError as error:
            raise explain(error, self._now()) from error
        markup = decode_object(body, "X's oEmbed").get("html")
        markup = markup.strip() if isinstance(markup, str) else ""
        try:
            found = read_embed(markup).external_id
        except EmbedError as error:
            raise SourceError(f"X gave an embed that is not understood: {error}") from error
        wanted = _PERMALINK_ID.search(url)
        if wanted is None or wanted[1] != found:
            raise SourceError(f"X gave the embed of another post, {found}")
        return markup

    def _page(self, search: _Search) -> Page:
        size = min(LARGEST_PAGE, self.remaining)
        params = {"query": QUERY, "max_results": str(size), **self._fields()}
        params |= {"since_id": search.since_id} if search.since_id else {"start_time": search.start}
        if search.next_token:
            params["next_token"] = search.next_token
        page = parse_search(
            self._get(f"{self._base_url}/2/tweets/search/recent", params), self._now()
        )
        self.spent += page.posts
        if page.next_token and page.next_token == search.next_token:
            raise SourceError("X gave the same next_token twice")
        return page

    def _fields(self) -> dict[str, str]:
        fields = "created_at,author_id,public_metrics,entities,lang,conversation_id"
        noun = self._noun
        return {
            f"{noun}.fields": f"{fields},referenced_{noun}s,possibly_sensitive,note_{noun}",
            "expansions": "author_id",
            "user.fields": "username,name,verified,public_metrics",
        }

    def _get(self, url: str, params: dict[str, str]) -> bytes:
        try:
            return self._fetch(url, params, self._headers)
        except SourceError as error:
            raise explain(error, self._now()) from error
