"""The file of the sample: the facts of posts, written and read back as posts."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from papers.digest_markdown import DigestPost, PostEntry, TweetEmbed
from papers.tweet_embed import snowflake_time

FACTS = Path(__file__).with_name("archive.json.gz")
WORDS = Path(__file__).with_name("words.json")


def read() -> list[DigestPost]:
    """Return the posts of the sample, with our words in place of abstracts and tweets."""
    words = json.loads(WORDS.read_text(encoding="utf-8"))
    with gzip.open(FACTS, "rt", encoding="utf-8") as file:
        return [_post(facts, words) for facts in json.load(file)]


def write(posts: list[DigestPost]) -> None:
    text = json.dumps([_facts(post) for post in posts], ensure_ascii=False, separators=(",", ":"))
    FACTS.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _facts(post: DigestPost) -> list[Any]:
    entries = [
        [
            entry.title,
            entry.author_line,
            entry.retweets,
            entry.favorites,
            int(entry.observed_at.timestamp()),
            entry.arxiv_id,
            " ".join(entry.categories),
            [[tweet.external_id, tweet.handle, tweet.author_name] for tweet in entry.tweets],
        ]
        for entry in post.entries
    ]
    return [post.date.isoformat(), int(post.stamp.timestamp()), entries]


def _post(facts: list[Any], words: dict[str, dict[str, str]]) -> DigestPost:
    day, stamp, entries = facts
    return DigestPost(
        date=date.fromisoformat(day),
        stamp=datetime.fromtimestamp(stamp, UTC),
        head="",
        entries=tuple(_entry(rank, entry, words) for rank, entry in enumerate(entries, start=1)),
    )


def _entry(rank: int, facts: list[Any], words: dict[str, dict[str, str]]) -> PostEntry:
    title, author_line, retweets, favorites, observed_at, arxiv_id, categories, tweets = facts
    return PostEntry(
        rank=rank,
        title=title,
        author_line=author_line,
        retweets=retweets,
        favorites=favorites,
        observed_at=datetime.fromtimestamp(observed_at, UTC),
        arxiv_id=arxiv_id,
        version=None,
        categories=tuple(categories.split()),
        abstract=words["summaries"].get(arxiv_id, ""),
        tweets=tuple(_tweet(tweet, words["tweets"]) for tweet in tweets),
    )


def _tweet(facts: list[str], lines: dict[str, str]) -> TweetEmbed:
    external_id, handle, name = facts
    return TweetEmbed(
        network="x",
        external_id=external_id,
        url=f"https://twitter.com/{handle}/status/{external_id}",
        handle=handle,
        author_name=name,
        text=lines.get(external_id, ""),
        language="",
        direction="",
        posted_at=snowflake_time(external_id),
        html="",
    )
