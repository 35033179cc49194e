"""A week of the seeded world through the ledger and the real HTTP module, against its truth."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers import digest_markdown, digests, harvest
from papers.models import Digest, DigestTweet, IngestRun, Paper, Sample, Tweet
from tests.papers.seeded import Sky, sky
from tests.upstream.world import World

pytestmark = pytest.mark.django_db

FIRST_DIGEST = datetime(2026, 11, 10, tzinfo=UTC)
END = datetime(2026, 11, 14, 12, tzinfo=UTC)  # the Saturday after


@pytest.fixture
def week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Sky]:
    world = World(seed=7, start=date(2026, 11, 9), days=5, papers_per_day=8)
    with sky(world, tmp_path, monkeypatch, settings) as found:
        moment = datetime(2026, 11, 8, 12, tzinfo=UTC)
        while moment < END:
            moment += timedelta(hours=6)
            found.move_to(moment)
            found.settle()
        yield found


def test_the_database_holds_the_truth(week: Sky) -> None:
    early = IngestRun.objects.filter(kind=harvest.DIGEST, due_at__lt=FIRST_DIGEST)
    assert {run.reason.partition(" ")[0] for run in early} == {"no"}  # the world had not begun
    ended = IngestRun.objects.exclude(pk__in=early).exclude(state=IngestRun.State.COMPLETE)
    assert not list(ended.values_list("source", "kind", "state", "reason"))

    announced = {paper.arxiv_id for paper in week.world.papers_announced(END)}
    assert announced <= set(Paper.objects.values_list("arxiv_id", flat=True))
    listed = Paper.objects.filter(announced_by_arxiv=True)
    for day in {day for day in listed.values_list("announced_on", flat=True) if day}:
        new = {event.paper.arxiv_id for event in week.world.listing(day) if event.kind == "new"}
        assert new == set(listed.filter(announced_on=day).values_list("arxiv_id", flat=True))

    seen_by = END - timedelta(hours=8)
    alive = {(tweet.network, tweet.external_id) for tweet in week.world.tweets_alive(seen_by)}
    posted = {(tweet.network, tweet.external_id) for tweet in week.world.tweets_posted(END)}
    stored = set(Tweet.objects.values_list("network", "external_id"))
    assert alive <= stored <= posted

    days = list(Digest.objects.order_by("published_at").values_list("date", flat=True))
    assert days == [date(2026, 11, day) for day in (9, 10, 11, 12, 13)]
    for day in days:
        markdown = digests.export(day)
        assert digest_markdown.render(digest_markdown.parse(markdown)) == markdown
        assert Digest.objects.get(date=day).revisions.get().markdown == markdown
    on_x = DigestTweet.objects.filter(tweet__network="x", tweet__deleted_at=None)
    assert on_x
    assert all("twitter-tweet" in printed.html for printed in on_x)
    assert Sample.objects.filter(kind=Sample.Kind.COUNTED).values("network").distinct().count() > 2

    # Everything again: nothing is added, nothing is lost.
    before = (Paper.objects.count(), Tweet.objects.count(), Digest.objects.count())
    IngestRun.objects.filter(kind__in=[harvest.PAPERS, harvest.TWEETS]).delete()
    week.settle()
    assert (Paper.objects.count(), Tweet.objects.count(), Digest.objects.count()) == before
