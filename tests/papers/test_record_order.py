"""Records of all sources may come in any order, any number of times, in any company: the rows are
the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from papers import ingest, ranking, search
from papers.models import Paper, Tweet
from papers.sources.base import AnnouncementRecord, AnnounceType, PaperRecord, TweetRecord
from tests.factories import DAY, MORNING, contents
from tests.papers.trials import undone

pytestmark = pytest.mark.django_db

Record = PaperRecord | AnnouncementRecord | TweetRecord
IDS = ["2106.00001", "2106.00002", "hep-th/9901001"]
NAMES = ["Ada Lark", "Bo Finch", "Cy Wren"]
BASE = {
    # What arXiv says of a paper when a tweet that links it comes first: it is looked up then.
    arxiv_id: PaperRecord(
        arxiv_id=arxiv_id,
        title="As Looked Up",
        authors=("Ada Lark",),
        categories=("cs.LG",),
        abstract="We weigh.",
        recorded_at=MORNING,
        version=1,
        submitted_at=MORNING - timedelta(days=9),
        revised_at=MORNING - timedelta(days=9),
    )
    for arxiv_id in IDS
}


def store(records: Sequence[Record]) -> None:
    """Store them as one batch, the papers they name first."""
    papers = [record for record in records if isinstance(record, PaperRecord)]
    announcements = [record for record in records if isinstance(record, AnnouncementRecord)]
    tweets = [record for record in records if isinstance(record, TweetRecord)]
    named = {record.arxiv_id for record in announcements}
    named |= {arxiv_id for record in tweets for arxiv_id in record.arxiv_ids}
    missing = named - ingest.keys_of(named).keys()
    ingest.store_papers([*papers, *(BASE[arxiv_id] for arxiv_id in sorted(missing))])
    keys = ingest.keys_of(named)
    ingest.store_announcements(announcements, keys)
    ingest.store_tweets(tweets, keys)
    touched = Paper.objects.values_list("pk", flat=True)
    ranking.rescore(list(touched))
    search.index(list(touched))


def after(batches: Sequence[Sequence[Record]]) -> dict[str, list[str]]:
    with undone():
        for batch in batches:
            store(batch)
        return contents()


def tweet(**overrides: Any) -> TweetRecord:
    values: dict[str, Any] = {
        "network": "x",
        "external_id": "1",
        "url": "https://x.example/1",
        "handle": "ada",
        "author_name": "Ada Lark",
        "text": "Yes.",
        "fetched_at": MORNING,
        "arxiv_ids": (IDS[0],),
        "retweets": 1,
        "favorites": 2,
    }
    return TweetRecord(**values | overrides)


@pytest.mark.parametrize("order", [1, -1], ids=["as read", "backwards"])
def test_it_works(order: int) -> None:
    """Of what a reading may leave out, the newest that tells it is right, whatever is between."""
    hour = timedelta(hours=1)
    readings = [
        tweet(),
        tweet(fetched_at=MORNING + hour, retweets=3, favorites=4),
        tweet(fetched_at=MORNING + 2 * hour, text="No.", retweets=None, favorites=None, handle=""),
    ]
    for reading in readings[::order]:
        store([reading])
    row = Tweet.objects.get()
    assert (row.text, row.retweets, row.favorites, row.handle) == ("No.", 3, 4, "ada")


# Any order --------------------------------------------------------------------------------------


def days(least: int, most: int) -> st.SearchStrategy[date]:
    return st.integers(least, most).map(lambda n: DAY + timedelta(n))


@st.composite
def papers(draw: Any, hour: int) -> PaperRecord:
    """A version as one of four sources tells it; a feed and a post do not date it."""
    version, source = (
        draw(st.integers(1, 3)),
        draw(st.sampled_from(["oai", "query", "rss", "post"])),
    )
    made = MORNING + timedelta(days=version)
    authors = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
    record = PaperRecord(
        arxiv_id=draw(st.sampled_from(IDS)),
        title=f"{source} {version} {draw(st.sampled_from(['Weight', '$x^2$']))}",
        authors=tuple(draw(authors)),
        categories=draw(st.sampled_from([("cs.LG",), ("cs.CV", "cs.LG"), ("new.XX",)])),
        abstract=draw(st.sampled_from(["We weigh.", "Code: https://github.com/a/b"])),
        recorded_at=MORNING + timedelta(days=4, hours=hour),
        withdrawn=draw(st.booleans()),
    )
    if source == "oai":
        midnight = made.replace(hour=0, minute=0, second=0)
        return replace(record, submitted_at=BASE[IDS[0]].submitted_at, revised_at=midnight)
    if source == "query":
        return replace(record, version=version, submitted_at=MORNING, revised_at=made)
    listed = draw(days(0, 3))
    if source == "rss":
        is_new = version == 1  # a paper is new on one day
        day = DAY if is_new else None
        return replace(record, version=version, announced_on=day, announced_by_arxiv=is_new)
    return replace(record, version=draw(st.sampled_from([None, version])), announced_on=listed)


@st.composite
def worlds(draw: Any) -> list[Record]:
    """Records of all kinds about few papers and tweets, no two of which were read at one moment."""
    hours = iter(draw(st.permutations(range(20))))
    found: list[Record] = [draw(papers(next(hours))) for _ in range(draw(st.integers(1, 6)))]
    for _ in range(draw(st.integers(0, 4))):
        found.append(
            AnnouncementRecord(
                arxiv_id=draw(st.sampled_from(IDS)),
                version=draw(st.sampled_from([None, 1, 2])),
                kind=draw(st.sampled_from(AnnounceType)),
                listed_on=draw(days(0, 2)),
                categories=("cs.LG",),
            )
        )
    for _ in range(draw(st.integers(1, 6))):
        counts = draw(st.sampled_from([(None, None), (0, 7), (3, None), (5, 1)]))
        found.append(
            tweet(
                external_id=draw(st.sampled_from(["1", "2"])),
                network=draw(st.sampled_from(["x", "bluesky"])),
                author_name=draw(st.sampled_from(["", *NAMES])),
                handle=draw(st.sampled_from(["", "ada"])),
                text=draw(st.sampled_from(["Yes.", "No."])),
                fetched_at=MORNING + timedelta(hours=next(hours)),
                arxiv_ids=tuple(draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))),
                retweets=counts[0],
                favorites=counts[1],
                embed_html=draw(st.sampled_from(["", "<blockquote>1</blockquote>", "<b>2</b>"])),
            )
        )
    # A paper that is linked is looked up, at once or because another batch did.
    return [*BASE.values(), *found]


@given(worlds(), st.data())
@settings(deadline=None, max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_any_order_repetition_and_partition_end_in_the_same(world: list[Record], data: Any) -> None:
    again = data.draw(st.lists(st.sampled_from(world), max_size=5))
    shuffled = data.draw(st.permutations(world + again))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(shuffled)), max_size=5)))
    batches = [shuffled[i:j] for i, j in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    assert after(batches) == after([world])
