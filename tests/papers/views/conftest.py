"""A small world: posts of our own, imported as the blog's would be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from papers import fairness
from papers.digest_markdown import DigestPost, PostEntry, TweetEmbed, default_head
from papers.posts import import_posts

THURSDAY = date(2021, 6, 10)

# What a reader can open, with the world below; {day} and {paper} stand for one of it.
PAGES = [
    "/",
    "/digests/2021-06-10/",
    "/digests/2021-06-10/?view=list",
    "/digests/2021-06-10/?view=list&category=cs.LG",
    "/digests/",
    "/hot/",
    "/hot/?fair=1",
    "/hot/?fair=1&category=cs.LG",
    "/new/",
    "/top/?window=month",
    "/top/?window=all&category=cs.LG",
    "/hot/?network=x",
    "/rising/",
    "/rising/?category=cs.LG",
    "/papers/2106.00001/",
    "/categories/",
    "/categories/cs.LG/",
    "/authors/ada-first/",
    "/tags/distillation/",
    "/search/",
    "/search/?q=paper",
    "/search/?q=nothing+like+it",
    "/search/?q=paper&sort=hot&category=cs.LG&year=2021",
    "/search/?q=paper+-survey+cat:cs.*+since:2021&sort=new",
    "/about/",
    "/about/ranking/",
    "/privacy/",
    "/curation/",
    "/feeds/",
    "/papers/2106.99999/",
]


def make_tweet(number: int, **changes: object) -> TweetEmbed:
    handle = str(changes.pop("handle", f"reader{number}"))
    tweet = TweetEmbed(
        network="x",
        external_id=str(1402907931406909440 + number),
        url=f"https://twitter.com/{handle}/status/{1402907931406909440 + number}",
        handle=handle,
        author_name="A Reader",
        text=f"Tweet number {number} says this.",
        language="en",
        direction="ltr",
        posted_at=datetime(2021, 6, 10, 8, 38, tzinfo=UTC),
        html="",
    )
    return replace(tweet, **changes)  # type: ignore[arg-type]


def make_entry(number: int, **changes: object) -> PostEntry:
    entry = PostEntry(
        rank=number,
        title=f"Paper number {number}",
        author_line="Ada First, Ben Second",
        retweets=2000 - number,
        favorites=10,
        observed_at=datetime(2021, 6, 11, 9, 50, 30, tzinfo=UTC),
        arxiv_id=f"2106.{number:05}",
        version=None,
        categories=("cs.LG", "stat.ML"),
        abstract=f"What paper {number} found, with $x^2$ in it.",
        tweets=(make_tweet(2 * number), make_tweet(2 * number + 1)),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def make_post(*entries: PostEntry, day: date = THURSDAY) -> DigestPost:
    stamp = datetime(day.year, day.month, day.day, 9, 50, 30, tzinfo=UTC) + timedelta(days=1)
    return DigestPost(date=day, stamp=stamp, head=default_head(day, stamp), entries=entries)


def store(*entries: PostEntry, day: date = THURSDAY) -> None:
    """Import a post of these entries, for Thursday 10 June 2021 unless `day` says otherwise."""
    import_posts([make_post(*entries, day=day)])
    fairness.refresh()


@pytest.fixture
def import_day(db: None) -> Callable[..., None]:
    return store
