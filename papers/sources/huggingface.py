"""Hugging Face: the papers of its daily page and their upvotes, one tweet a paper.

Knows the answers of daily_papers and of a paper; must not know sockets or the database. Upvotes
are the favorites. Nothing can be reposted there, so retweets are known: 0. The page of a paper has
no words of whoever put it there, so the tweet has no text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from papers import clock, identifiers
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
    reject,
)
from papers.sources.base import Batch, Fetch, SourceError, TweetRecord

NAME = "huggingface"
PAGE_SIZE = 50
MAX_PAGES = 20  # of one day
# Papers come to a day until it is over, and one that showed nothing may have been a bad answer.
READ_AGAIN = timedelta(days=2)

_HANDLE = re.compile(r"[A-Za-z0-9._-]{1,100}")


# What Hugging Face answers -----------------------------------------------------------------------


def parse_day(body: bytes, fetched_at: datetime) -> Batch:
    """Read a page of the papers of a day; none is a normal answer, at weekends."""
    answer = decode(body, "Hugging Face")
    if not isinstance(answer, list):
        reason = line_of(as_object(answer).get("error")) or "an answer that is not a list"
        raise SourceError(f"Hugging Face did not give papers: {reason}")
    batch = Batch()
    for entry in answer:
        paper = as_object(as_object(entry).get("paper"))
        try:
            batch.tweets.append(_read_paper(paper, as_object(entry), fetched_at))
        except Unreadable as error:
            batch.rejects.append(reject(entry, paper.get("id"), error))
    return batch


def parse_paper(body: bytes, external_id: str, fetched_at: datetime) -> Batch:
    """Read the answer about one paper, whose id it must have."""
    paper = decode_object(body, "Hugging Face")
    try:
        tweet = _read_paper(paper, paper, fetched_at)
    except Unreadable as error:
        return Batch(rejects=[reject(paper, external_id, error)])
    if tweet.external_id != external_id:
        raise SourceError("Hugging Face answered with another paper than was asked for")
    return Batch(tweets=[tweet])


def _read_paper(paper: JsonObject, entry: JsonObject, fetched_at: datetime) -> TweetRecord:
    name = paper.get("id")
    arxiv_id = identifiers.canonical(name) if isinstance(name, str) else None
    if arxiv_id is None:
        raise Unreadable("its id is no arXiv id")
    # Who put it on the page is named beside the paper and again inside; both may be missing.
    person = as_object(entry.get("submittedBy")) or as_object(paper.get("submittedOnDailyBy"))
    handle = first_of(person, "name", "user")
    return TweetRecord(
        network=NAME,
        external_id=arxiv_id,
        url=f"https://huggingface.co/papers/{arxiv_id}",
        handle=handle if isinstance(handle, str) and _HANDLE.fullmatch(handle) else "",
        author_name=line_of(person.get("fullname")),
        text="",
        # publishedAt is when arXiv had it.
        posted_at=moment_of(paper.get("submittedOnDailyAt")),
        fetched_at=fetched_at,
        arxiv_ids=(arxiv_id,),
        retweets=0,
        favorites=count_of(paper.get("upvotes")),
    )


# Asking Hugging Face -----------------------------------------------------------------------------


class HuggingFace:
    """A cursor is the day that was read last. It is read once more, with those before it."""

    name = NAME
    network = NAME

    def __init__(
        self, fetch: Fetch, *, base_url: str, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._fetch = fetch
        self._base_url = base_url.rstrip("/")
        self._now = now

    def tweets(self, since: datetime, cursor: str) -> Iterator[Batch]:
        """Yield a batch a page, the oldest day first."""
        today = self._now().astimezone(UTC).date()
        last = _day_of(cursor)
        day = min(last - READ_AGAIN if last else since.astimezone(UTC).date(), today)
        while day <= today:
            for batch in self._day(day):
                batch.cursor = day.isoformat()
                yield batch
            day += timedelta(days=1)

    def look_up(self, external_ids: Sequence[str]) -> Iterator[Batch]:
        return look_up_each(external_ids, _is_id, self._paper, self._read_paper)

    def _day(self, day: date) -> Iterator[Batch]:
        """Yield the pages of a day until one brings nothing new: how many papers a page holds is
        theirs to decide, whatever was asked for."""
        seen: set[str] = set()
        url = f"{self._base_url}/api/daily_papers"
        for number in range(MAX_PAGES):
            params = {"date": day.isoformat(), "limit": str(PAGE_SIZE), "p": str(number)}
            batch = parse_day(self._fetch(url, params), self._now())
            names = {tweet.external_id for tweet in batch.tweets}
            if number and names <= seen:
                return
            seen |= names
            yield batch
            if not names:
                return
        raise SourceError(f"Hugging Face gave more than {MAX_PAGES} pages for {day}")

    def _paper(self, external_id: str) -> bytes:
        return self._fetch(f"{self._base_url}/api/papers/{external_id}")

    def _read_paper(self, body: bytes, external_id: str) -> Batch:
        return parse_paper(body, external_id, self._now())


def _is_id(name: str) -> bool:
    return identifiers.canonical(name) == name


def _day_of(cursor: str) -> date | None:
    try:
        return date.fromisoformat(cursor)
    except ValueError:
        return None
