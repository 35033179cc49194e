"""What a site must hold of a world that went by: each of it once, in order, and all derived right.

Reads the database and the world, never what the site says of itself but to hold it against them.
Each function returns complaints in words; none is good.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Model

from papers import digest_markdown, harvest, ranking
from papers.models import (
    Announcement,
    Digest,
    IngestRun,
    Paper,
    PaperCategory,
    Sample,
    SearchEntry,
    Tweet,
    TweetPaper,
)
from papers.posts import export, import_posts
from tests.upstream.model import Tweet as Known
from tests.upstream.world import World

LATEST_LOOK = timedelta(hours=12)  # before the end, by which every network was asked for the last
State = IngestRun.State


def lost(world: World, end: datetime) -> list[str]:
    """What the world has and the site has not, or not as it is."""
    return [*_lost_papers(world, end), *_lost_tweets(world, end), *_lost_days(world, end)]


def _lost_papers(world: World, end: datetime) -> Iterator[str]:
    held = {paper.arxiv_id: paper for paper in Paper.objects.all()}
    for known in world.papers_announced(end):
        paper, state = held.get(known.arxiv_id), world.state(known, end)
        assert state
        if paper is None:
            yield f"paper {known.arxiv_id} is missing"
            continue
        truth = (state.version.title, state.version.withdrawn, known.listing)
        if truth != (paper.title, paper.withdrawn, paper.announced_on):
            yield f"paper {known.arxiv_id} is not as it is: {truth}"
    found = set(SearchEntry.objects.values_list("paper", flat=True))
    yield from (f"{p} cannot be found" for p in held.values() if p.pk not in found)


def _lost_tweets(world: World, end: datetime) -> Iterator[str]:
    links = TweetPaper.objects.values_list(
        "tweet__network", "tweet__external_id", "paper__arxiv_id", "tweet__deleted_at"
    )
    stored = {(network, key, arxiv_id): deleted for network, key, arxiv_id, deleted in links}
    for tweet in world.tweets_alive(end - LATEST_LOOK):
        for arxiv_id in tweet.papers:
            link = tweet.network, tweet.external_id, arxiv_id
            if link not in stored:
                if _was_there_to_see(tweet):
                    yield f"{tweet.network}'s {tweet.external_id} about {arxiv_id} is missing"
            elif stored[link] and tweet.alive(end):
                yield f"{tweet.network}'s {tweet.external_id} is alive and was forgotten"


def _was_there_to_see(tweet: Known) -> bool:
    """Tell whether a tweet stood longer than the site takes to look again."""
    return not tweet.deleted_at or tweet.deleted_at - tweet.posted_at > LATEST_LOOK


def _lost_days(world: World, end: datetime) -> Iterator[str]:
    """The site is told what arXiv announced by the feed of the day, on each but the first days."""
    due = [day for day in world.listings if _hour_of(day) + timedelta(hours=3) < end]
    published = Digest.objects.published()
    days = list(published.order_by("published_at").values_list("date", flat=True))
    if days != due:
        yield f"digests of {due} were due, and published: {days}"
    for day in due:
        named = {(e.paper.arxiv_id, e.kind) for e in world.listing(day)}
        rows = Announcement.objects.filter(listed_on=day)
        if named != set(rows.values_list("paper__arxiv_id", "kind")):
            yield f"the list of {day} is not arXiv's"


def _hour_of(day: date) -> datetime:
    begin = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    return next(at for at in harvest.digests_due(begin, begin + timedelta(days=2)))


def twice(world: World) -> list[str]:
    """What was stored, counted or published more often than it came, or never was."""
    return [*_inventions(world), *_counted_twice(world), *_published_twice(), *_wrong_totals()]


def _inventions(world: World) -> Iterator[str]:
    papers = {paper.arxiv_id for paper in world.papers}
    tweets = {(tweet.network, tweet.external_id) for tweet in world.tweets}
    for arxiv_id in Paper.objects.values_list("arxiv_id", flat=True):
        if arxiv_id not in papers:
            yield f"{arxiv_id} is no paper of the world"
    for tweet in Tweet.objects.values_list("network", "external_id"):
        if tweet not in tweets:
            yield f"{tweet} is no tweet of the world"
    for model, key in _KEYS.items():
        rows = model._default_manager.order_by().values_list(*key)
        yield from (f"{model.__name__} {row} twice" for row, n in Counter(rows).items() if n > 1)


_KEYS: Mapping[type[Model], list[str]] = {
    Paper: ["arxiv_id"],
    Tweet: ["network", "external_id"],
    TweetPaper: ["tweet", "paper"],
    Announcement: ["paper", "listed_on", "kind"],
    Sample: ["paper", "network", "observed_at"],
    Digest: ["date"],
}


def _counted_twice(world: World) -> Iterator[str]:
    """What a run says came is what came: a batch was counted with its rows, once."""
    for run in IngestRun.objects.filter(source=harvest.ARXIV, kind=harvest.PAPERS):
        counted = run.counts.get("announcements", 0)
        named = len(world.listing(run.due_at.date()))
        if counted not in (0, named):
            yield f"{run} counted {counted} announcements of {named}"
    for network in ("x", "bluesky"):  # their cursors are exact: a tweet is read once
        runs = IngestRun.objects.filter(source=network, kind=harvest.TWEETS)
        counted = sum(run.counts.get("tweets", 0) for run in runs)
        stored = Tweet.objects.filter(network=network).count()
        if counted != stored:
            yield f"{network}: {counted} tweets were counted and {stored} stored"


def _published_twice() -> Iterator[str]:
    for digest in Digest.objects.published():
        numbers = list(digest.revisions.values_list("number", flat=True))
        if numbers != [1]:
            yield f"the digest of {digest} has revisions {numbers}"


def _wrong_totals() -> Iterator[str]:
    """Derived anew from the samples, nothing changes."""
    before = _totals()
    ranking.rescore(list(before))
    yield from (
        f"paper {key} was not ranked" for key, row in _totals().items() if row != before[key]
    )
    stale = PaperCategory.objects.exclude(score=F("paper__score"))
    yield from (f"{row} repeats an old score" for row in stale)


def _totals() -> dict[int, Any]:
    names = ("retweets", "favorites", "score", "tweet_count", "hot", "rising", "observed_at")
    return {row[0]: row[1:] for row in Paper.objects.values_list("pk", *names)}


def unfinished(*, losses: bool = False) -> list[str]:
    """Runs that have not ended, or not well; without `losses` by one worker in one attempt."""
    runs = IngestRun.objects.exclude(state=State.COMPLETE)
    quiet = runs.filter(kind=harvest.DIGEST, state=State.PARTIAL, reason__startswith="no paper of")
    found = [f"{run} is {run.state}: {run.reason}" for run in runs.exclude(pk__in=quiet)]
    if not losses:
        more = IngestRun.objects.exclude(attempts=1, losses=0)
        found += [f"{r} took {r.attempts} attempts, {r.losses} workers were lost" for r in more]
    return found


def not_exported() -> list[str]:
    """Write every digest out, read it into an emptied database and write it out again.

    Return those that differ; all of it is undone.
    """
    days = Digest.objects.published().values_list("date", flat=True)
    posts = {day: export(day) for day in days}
    with transaction.atomic():
        for model in (Digest, Tweet, Paper):
            model._default_manager.all().delete()
        import_posts([digest_markdown.parse(text) for text in posts.values()])
        changed = [day for day, text in posts.items() if export(day) != text]
        transaction.set_rollback(True)
    return [f"the digest of {day} comes out changed" for day in changed]
