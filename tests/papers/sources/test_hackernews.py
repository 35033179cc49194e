"""Hacker News: what hits and items become, and how pages follow each other."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers.sources.answers import NO_ID
from papers.sources.base import Batch, Source, SourceError, TweetRecord
from papers.sources.hackernews import PAGE_SIZE, HackerNews, parse_item, parse_search
from tests.papers.sources.fakes import (
    FakeFetch,
    check_mutants,
    hostile_bodies,
    is_storable,
    payload,
    strings_replaced,
)

NOW = datetime(2021, 6, 10, 14, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)
BEGIN = int(SINCE.timestamp())
SEARCH = payload("hackernews/search_page.json")
FIREBASE = payload("hackernews/item_firebase.json")
ALGOLIA = payload("hackernews/item_algolia.json")
STORY = "27000003"


def make_hackernews(fetch: FakeFetch) -> HackerNews:
    return HackerNews(
        fetch,
        base_url="https://hn.example/",
        item_url="https://items.example/v0/item/{id}.json",
        now=lambda: NOW,
    )


def hit(number: int, at: int | None = None) -> dict[str, Any]:
    moment = BEGIN + number if at is None else at
    url = "https://arxiv.org/abs/2106.01234"
    return {"objectID": str(number), "url": url, "title": "A", "points": 1, "created_at_i": moment}


def hits(*found: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    return {"hits": list(found), "page": 0, "nbHits": len(found) if total is None else total}


def test_it_works():
    fetch = FakeFetch(SEARCH)
    hackernews: Source = make_hackernews(fetch)
    [batch] = hackernews.tweets(SINCE, "")
    assert batch.tweets[0] == TweetRecord(
        network="hackernews",
        external_id=STORY,
        url="https://news.ycombinator.com/item?id=27000003",
        handle="pax_reader",
        author_name="",
        text="Small Models & Long Texts",
        posted_at=datetime(2021, 6, 10, 12, 0, tzinfo=UTC),
        fetched_at=NOW,
        arxiv_ids=("2106.01234",),
        retweets=0,
        favorites=190,
    )
    assert batch.tweets[1].arxiv_ids == ("hep-th/9901001",)
    assert len(batch.tweets) == 2  # arXiv's blog is no paper
    assert (batch.rejects, batch.gone, batch.stopped) == ([], [], "")


def test_the_request_is_that_of_a_search_by_date():
    fetch = FakeFetch(SEARCH)
    list(make_hackernews(fetch).tweets(SINCE, ""))
    url, params, _ = fetch.calls[0]
    assert url == "https://hn.example/api/v1/search_by_date"
    assert params == {
        "query": "arxiv.org",
        "restrictSearchableAttributes": "url",
        "typoTolerance": "false",
        "tags": "story",
        "hitsPerPage": "100",
        "numericFilters": f"created_at_i>{BEGIN}",
    }


@pytest.mark.parametrize("url", [None, ""])
def test_a_hit_without_a_link_is_no_tweet(url: Any):
    answer = hits({**hit(1), "url": url})
    assert parse_search(json.dumps(answer).encode(), NOW).batch == Batch()


@pytest.mark.parametrize("change", [{"url": 7}, {"url": ["https://arxiv.org"]}, {"objectID": 7}])
def test_a_hit_that_cannot_be_understood_is_a_reject(change: dict[str, Any]):
    answer = hits(hit(2), {**hit(1), **change})
    batch = parse_search(json.dumps(answer).encode(), NOW).batch
    assert (len(batch.tweets), len(batch.rejects)) == (1, 1)


# Pages and cursors -------------------------------------------------------------------------------


def test_the_next_page_is_what_is_no_newer_than_the_oldest_hit():
    story = {number: hit(number) for number in range(1, 251)}
    first = hits(*(story[number] for number in range(250, 150, -1)), total=250)
    second = hits(*(story[number] for number in range(151, 51, -1)), total=151)
    third = hits(*(story[number] for number in range(52, 0, -1)), total=52)
    fetch = FakeFetch(first, second, third)
    batches = list(make_hackernews(fetch).tweets(SINCE, ""))
    assert [params["numericFilters"] for params in fetch.params] == [
        f"created_at_i>{BEGIN}",
        f"created_at_i>{BEGIN},created_at_i<={BEGIN + 151}",
        f"created_at_i>{BEGIN},created_at_i<={BEGIN + 52}",
    ]
    assert len({tweet.external_id for batch in batches for tweet in batch.tweets}) == 250
    assert batches[-1].cursor == f"begin={BEGIN}"  # an hour before the newest, and not before it


def test_an_empty_page_behind_others_is_not_the_end():
    first = hits(*(hit(number) for number in range(250, 150, -1)), total=250)
    with pytest.raises(SourceError, match="no hits where it showed some before"):
        list(make_hackernews(FakeFetch(first, hits())).tweets(SINCE, ""))


def test_a_second_with_more_than_a_page_does_not_hold_it_up():
    same = hits(*(hit(number, BEGIN + 50) for number in range(1, PAGE_SIZE + 1)), total=400)
    older = [hit(1000 + number, BEGIN + 9) for number in range(3)]
    fetch = FakeFetch(same, same, hits(*older))
    batches = list(make_hackernews(fetch).tweets(SINCE, ""))
    assert [params["numericFilters"].rpartition("=")[2] for params in fetch.params[1:]] == [
        str(BEGIN + 50),
        str(BEGIN + 49),
    ]
    assert len({tweet.external_id for batch in batches for tweet in batch.tweets}) == 103


def test_a_search_that_repeats_itself_ends():
    page = hits(hit(5), hit(4), total=70_000)
    assert len(list(make_hackernews(FakeFetch(*[page] * 9)).tweets(SINCE, ""))) == 3


def test_a_run_that_was_cut_short_goes_on_where_it_was():
    newest = int(NOW.timestamp()) - 60
    error = SourceError("down", status=503)
    fetch = FakeFetch(hits(hit(9, newest), hit(8, BEGIN + 90), total=500), error)
    batches = make_hackernews(fetch).tweets(SINCE, "")
    cursor = next(batches).cursor
    with pytest.raises(SourceError):
        next(batches)
    fetch = FakeFetch(hits(hit(7)))
    [last] = make_hackernews(fetch).tweets(NOW, cursor)
    assert fetch.params[0]["numericFilters"] == (f"created_at_i>{BEGIN},created_at_i<={BEGIN + 90}")
    assert last.cursor == f"begin={newest - 3600}"


@pytest.mark.parametrize("cursor", ["x", "begin=soon", "begin=-1", "begin=" + "9" * 50, "%ff=%00"])
def test_a_cursor_that_is_none_begins_at_since(cursor: str):
    fetch = FakeFetch(hits())
    [batch] = make_hackernews(fetch).tweets(SINCE, cursor)
    assert fetch.params[0]["numericFilters"] == f"created_at_i>{BEGIN}"
    assert batch.cursor == f"begin={BEGIN}"


def test_a_story_of_the_future_does_not_move_the_next_beginning_there():
    page = hits(hit(1, int(NOW.timestamp()) * 2))
    [batch] = make_hackernews(FakeFetch(page)).tweets(SINCE, "")
    assert batch.cursor == f"begin={int(NOW.timestamp()) - 3600}"


def test_hits_without_times_are_an_error_and_not_the_end():
    page = hits({**hit(1), "created_at_i": "today"}, total=500)
    with pytest.raises(SourceError, match="without a time"):
        list(make_hackernews(FakeFetch(page)).tweets(SINCE, ""))


@pytest.mark.parametrize(
    "answer", [{}, {"hits": None}, {"message": "no"}, {"hits": [], "page": 0, "nbHits": 4}]
)
def test_an_answer_that_does_not_hold_what_it_says_is_not_no_hits(answer: dict[str, Any]):
    with pytest.raises(SourceError):
        list(make_hackernews(FakeFetch(answer)).tweets(SINCE, ""))


# Look-ups ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [FIREBASE, ALGOLIA], ids=["Firebase", "Algolia"])
def test_a_look_up_tells_the_points(body: bytes):
    fetch = FakeFetch(body)
    [batch] = make_hackernews(fetch).look_up([STORY])
    assert fetch.calls[0][0] == "https://items.example/v0/item/27000003.json"
    [found] = parse_search(SEARCH, NOW).batch.tweets[:1]
    [tweet] = batch.tweets
    assert tweet.favorites == 231
    assert (tweet.text, tweet.handle, tweet.posted_at) == (
        found.text,
        found.handle,
        found.posted_at,
    )


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"id": 27000003, "deleted": True, "time": 1, "type": "story"},
        {"id": 27000003, "dead": True, "url": "https://arxiv.org/abs/2106.01234"},
        SourceError("not found", status=404, permanent=True),
    ],
)
def test_deleted_dead_and_unknown_items_are_gone(answer: Any):
    [batch] = make_hackernews(FakeFetch(answer)).look_up([STORY])
    assert (batch.gone, batch.tweets, batch.rejects) == ([STORY], [], [])


def test_a_story_whose_link_was_changed_stays():
    answer = json.loads(FIREBASE) | {"url": "https://other.example/"}
    [batch] = make_hackernews(FakeFetch(answer)).look_up([STORY])
    assert batch.size == 0


def test_one_answer_that_cannot_be_read_is_a_reject_of_its_item():
    fetch = FakeFetch(b"<html>", FIREBASE, json.loads(FIREBASE) | {"dead": "yes"})
    [batch] = make_hackernews(fetch).look_up(["1", STORY, STORY, "../../x"])
    assert len(batch.tweets) == 1
    assert [reject.item for reject in batch.rejects] == ["../../x", "1", STORY]
    assert batch.rejects[0].reason == NO_ID
    assert batch.gone == []


def test_several_running_are_an_error_and_what_was_read_is_kept():
    fetch = FakeFetch(FIREBASE, b"<html>", b"<html>", b"<html>")
    batches = make_hackernews(fetch).look_up([STORY, "1", "2", "3", "4"])
    assert len(next(batches).tweets) == 1
    with pytest.raises(SourceError, match="HTML"):
        next(batches)


def test_what_was_read_before_a_refusal_is_kept():
    fetch = FakeFetch(FIREBASE, SourceError("slower", status=429, retry_after=60))
    batches = make_hackernews(fetch).look_up([STORY, "1", "2"])
    assert len(next(batches).tweets) == 1
    with pytest.raises(SourceError, match="slower"):
        next(batches)
    assert len(fetch.calls) == 2


# What goes wrong ---------------------------------------------------------------------------------


def may_vanish(path: tuple[Any, ...]) -> bool:
    return path[-1] == "url"  # null is a story without a link


def may_differ(name: str, old: Any, new: Any) -> bool:
    # Titles of Firebase are HTML; who is not named by Firebase's word is taken for Algolia's.
    return name == "text" and new == old.replace("&", "&amp;")


def test_no_drift_of_a_search_makes_a_wrong_row():
    def read(body: bytes) -> Batch:
        return parse_search(body, NOW).batch

    assert check_mutants(json.loads(SEARCH), read, may_vanish=may_vanish) > 250


@pytest.mark.parametrize("body", [FIREBASE, ALGOLIA], ids=["Firebase", "Algolia"])
def test_no_drift_of_an_item_makes_a_wrong_row_or_a_deletion(body: bytes):
    def read(mutant: bytes) -> Batch:
        batch = parse_item(mutant, STORY, NOW)
        assert batch.gone == []
        return batch

    assert check_mutants(json.loads(body), read, may_differ, may_vanish) > 60


def test_hostile_bodies_are_errors():
    for body in hostile_bodies(SEARCH):
        with pytest.raises(SourceError):
            parse_search(body, NOW)
    for body in hostile_bodies(FIREBASE):
        with pytest.raises(SourceError):
            parse_item(body, STORY, NOW)


@pytest.mark.parametrize("strange", ["\ud800", "\x00", "a\x00\udfffb", "x" * 100_000])
def test_strange_strings_leave_rows_that_can_be_stored(strange: str):
    for mutant in strings_replaced(json.loads(SEARCH), strange):
        batch = parse_search(json.dumps(mutant).encode(), NOW).batch
        assert is_storable(batch)
        assert all(len(tweet.text) <= 1000 for tweet in batch.tweets)
        assert all(len(tweet.handle) <= 200 for tweet in batch.tweets)


@pytest.mark.parametrize("points", [-1, 10**12, 1.5, True, "9", None, [], {}])
def test_points_that_are_none_are_not_told(points: Any):
    answer = hits({**hit(1), "points": points})
    [tweet] = parse_search(json.dumps(answer).encode(), NOW).batch.tweets
    assert tweet.favorites is None


# What Hacker News really answered ----------------------------------------------------------------


@pytest.mark.data
def test_the_handmade_pages_parse(wire_dir: Path):
    folder = wire_dir / "hn/handmade"
    first = parse_search((folder / "algolia_search_by_date_arxiv_page0.json").read_bytes(), NOW)
    last = parse_search((folder / "algolia_search_by_date_arxiv_page1_last.json").read_bytes(), NOW)
    assert [tweet.arxiv_ids for tweet in first.batch.tweets] == [("2607.01234",), ("2607.05678",)]
    assert [tweet.arxiv_ids for tweet in last.batch.tweets] == [("hep-th/9901001",)]
    assert (first.total, first.batch.rejects) == (4, [])
    gone = parse_item((folder / "firebase_item_deleted.json").read_bytes(), "48000009", NOW)
    null = parse_item((folder / "firebase_item_null.json").read_bytes(), "48000010", NOW)
    assert (gone.gone, null.gone) == (["48000009"], ["48000010"])


@pytest.mark.data
def test_the_recorded_answers_parse(wire_dir: Path):
    paths = [path for path in (wire_dir / "hn").glob("*.json") if ".http." not in path.name]
    searches = [path for path in paths if "item" not in path.name]
    assert len(searches) == 6
    for path in searches:
        found = parse_search(path.read_bytes(), NOW)
        assert found.batch == Batch(), path.name  # none of them links a paper
        assert len(found.ids) == len(json.loads(path.read_bytes())["hits"]), path.name
        assert found.newest is not None
    item = parse_item((wire_dir / "hn/firebase_item_story_docs.json").read_bytes(), "8863", NOW)
    assert item == Batch()
    comment = parse_item((wire_dir / "hn/algolia_item.json").read_bytes(), "17", NOW)
    assert [reject.item for reject in comment.rejects] == ["17"]
