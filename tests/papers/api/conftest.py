"""A world for the API: two days with papers, tweets of two networks, tags, what is hidden."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from accounts import shelf
from accounts.models import SavedPaper, Seen, User
from papers.models import DigestEntry, DigestTweet, IngestRun, Paper
from tests.factories import MORNING, make_alike, make_digest, make_paper, make_tweet

SECRET_WORDS = "Words on X stay there."
POSTED = datetime(2021, 6, 10, 8, 30, tzinfo=UTC)
V1 = "/api/v1"
READER = "zoe"
SECRET_OF_LIST = "the-secret-of-a-list"  # noqa: S105
SUBSCRIPTION = 1_000_003  # its key


@pytest.fixture(autouse=True)
def nobody_asked() -> None:
    caches["default"].clear()


def print_tweet(entry: DigestEntry, tweet: Any) -> None:
    DigestTweet.objects.create(entry=entry, position=entry.tweets.count(), tweet=tweet)


@pytest.fixture
def world(db: None) -> Paper:
    return make_world()


def make_world() -> Paper:
    """Return the paper that has most of it: 2106.00001."""
    paper = make_paper(
        score=60, authors=("Ada Lark", "Łukasz Żółć", "李 明"), abstract="We weigh $x^2$."
    )
    other = make_paper(score=90, title="Barns", categories=("math.CT", "cs.LG"))
    hidden = make_paper(score=99, title="Spam", authors=("Spam Mer",))
    paper.tags.add("weight")
    hidden.tags.add("spam")
    counts = {"retweets": 3, "favorites": 4, "posted_at": POSTED}
    on_x = make_tweet(paper, text=SECRET_WORDS, **counts)
    told = make_tweet(
        *(paper, hidden),
        network="bluesky",
        external_id="at://ada/1",
        handle="ada.example",
        text="We weighed it.",
        **counts,
    )
    make_tweet(paper, text="Blocked.", network="mastodon", external_id="m1", hidden=True, **counts)
    make_tweet(hidden, text="Spam!", network="mastodon", external_id="m2", **counts)
    earlier = make_digest(paper, date=date(2021, 6, 9), state="published", published_at=MORNING)
    digest = make_digest(other, paper, hidden, state="published", published_at=MORNING)
    make_digest(date=date(2021, 6, 11))  # a draft
    earlier.revisions.create(number=1, markdown="", reason="Printed.")
    for tweet in (on_x, told):
        print_tweet(digest.entries.get(paper=paper), tweet)
    Paper.objects.filter(pk=hidden.pk).update(hidden=True)
    make_alike(paper, other)
    IngestRun.objects.create(source="arxiv", kind="papers", due_at=MORNING, reason="No answer.")
    make_reader_of(paper)
    return Paper.objects.get(pk=paper.pk)


def make_reader_of(paper: Paper) -> None:
    """Make a reader who has one of everything."""
    user = User.objects.create_user(READER)
    saved = SavedPaper.objects.keep(user, paper)
    shelf.tag(user, [saved], ["Ada Lark"])
    group = shelf.new_list(user, "Ada Lark")
    shelf.enlist(user, group, [saved])
    group.share_hash = hashlib.sha256(SECRET_OF_LIST.encode()).hexdigest()
    group.shared_at = MORNING
    group.save()
    user.subscriptions.create(pk=SUBSCRIPTION, kind="category", target="cs.LG")
    Seen.objects.note(user, paper.pk, hidden_at=MORNING)


def ask(client: Client, path: str, status: int = 200) -> Any:
    response = client.get(V1 + path)
    assert response.status_code == status, response.content
    return response.json()


def ids(found: Any) -> list[str]:
    return [row["id"] for row in found["results"]]
