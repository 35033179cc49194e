"""Bluesky: how far a run reads the stream, and what look-ups tell."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from papers.sources.answers import NO_ID
from papers.sources.base import Reject, Source, SourceError, TweetRecord
from papers.sources.bluesky import CUT_SHORT, OUT_OF_TIME, Bluesky
from papers.sources.bluesky_answers import to_microseconds
from tests.papers.sources.bluesky_frames import BEGIN, DID, PAPER, account, commit, uri_of
from tests.papers.sources.fakes import FakeFetch, payload

NOW = datetime(2021, 6, 10, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(hours=1)
LIVE = to_microseconds(NOW)
POSTS = payload("bluesky/posts.json")
IRIS, NO_HANDLE, QUIET, BREAD = (post["uri"] for post in json.loads(POSTS)["posts"])


class FakeStream:
    """Gives frames, and whatever error stands among them; keeps the addresses it was asked for."""

    def __init__(self, *frames: Any) -> None:
        self.frames = frames
        self.urls: list[str] = []
        self.read = 0

    def __call__(self, url: str) -> Iterator[str]:
        self.urls.append(url)
        for frame in self.frames:
            if isinstance(frame, Exception):
                raise frame
            self.read += 1
            yield frame if isinstance(frame, str) else json.dumps(frame)


def view(uri: str, text: str = PAPER) -> dict[str, Any]:
    return {"uri": uri, "author": {"did": DID, "handle": "iris.example"}, "record": {"text": text}}


def views(uris: Iterable[str]) -> dict[str, Any]:
    return {"posts": [view(uri) for uri in uris]}


def make_bluesky(fetch: FakeFetch, stream: FakeStream | None = None, **bounds: Any) -> Bluesky:
    return Bluesky(
        fetch,
        stream or FakeStream(),
        jetstream_url="wss://jetstream.example/",
        api_url="https://api.bsky.example/",
        now=bounds.pop("now", lambda: NOW),
        **bounds,
    )


def test_it_works():
    stream = FakeStream(commit("3kinvented0001"), commit("3kbread", "bread"), commit("4", at=LIVE))
    fetch = FakeFetch(POSTS, views([]))
    bluesky: Source = make_bluesky(fetch, stream)
    [batch] = bluesky.tweets(SINCE, "")
    assert batch.tweets == [
        TweetRecord(
            network="bluesky",
            external_id=IRIS,
            url="https://bsky.app/profile/iris.example.org/post/3kinvented0001",
            handle="iris.example.org",
            author_name="Iris Quill",
            text="Größer ist nicht besser: arxiv.org/abs/2106.012...",
            language="en",
            posted_at=datetime(2021, 6, 10, 8, 0, tzinfo=UTC),
            fetched_at=NOW,
            arxiv_ids=("2106.01234", "2106.05678"),
            retweets=12,
            favorites=80,
        )
    ]
    assert (batch.gone, batch.rejects, batch.stopped) == ([], [], "")
    assert stream.urls == [
        "wss://jetstream.example/subscribe"
        f"?wantedCollections=app.bsky.feed.post&cursor={to_microseconds(SINCE)}"
    ]
    url, params, _ = fetch.calls[0]
    assert url == "https://api.bsky.example/xrpc/app.bsky.feed.getPosts"
    assert params == {"uris": [IRIS, uri_of("4")]}
    assert fetch.params[1] == {"uris": [uri_of("4")]}  # what is missing is asked for once more


# Runs --------------------------------------------------------------------------------------------


def test_a_run_ends_at_the_present():
    stream = FakeStream(commit("a", at=LIVE - 6_000_000), commit("b", at=LIVE - 1), commit("c"))
    [batch] = make_bluesky(FakeFetch(views([uri_of("a"), uri_of("b")])), stream).tweets(SINCE, "")
    assert (stream.read, batch.stopped) == (2, "")
    # The last minute is read again: what the stream told may not be known elsewhere yet.
    assert batch.cursor == str(LIVE - 60_000_000)


def test_a_run_begins_at_its_cursor():
    stream = FakeStream(commit(text="bread", at=BEGIN + 7))
    [batch] = make_bluesky(FakeFetch(), stream).tweets(SINCE - timedelta(days=1), str(BEGIN))
    assert f"cursor={BEGIN}" in stream.urls[0]
    assert batch.cursor == str(BEGIN + 7)


@pytest.mark.parametrize("cursor", ["9000", "x", "-1623322800000000", "9" * 40])
def test_a_cursor_that_is_no_time_begins_at_since(cursor: str):
    stream = FakeStream()
    list(make_bluesky(FakeFetch(), stream).tweets(SINCE, cursor))
    assert f"cursor={BEGIN}" in stream.urls[0]


def test_a_stream_that_ends_early_says_so():
    stream = FakeStream(commit(text="bread"))
    [batch] = make_bluesky(FakeFetch(), stream).tweets(SINCE, "")
    assert (batch.stopped, batch.cursor) == (CUT_SHORT, str(BEGIN + 1))


def test_a_run_reads_so_many_frames():
    stream = FakeStream(*(commit(str(n), "bread", BEGIN + n) for n in range(1, 100)))
    [batch] = make_bluesky(FakeFetch(), stream, max_frames=10).tweets(SINCE, "")
    assert (stream.read, batch.stopped, batch.cursor) == (10, OUT_OF_TIME, str(BEGIN + 10))


def test_a_run_ends_however_fast_time_goes():
    """The present it reads up to is the moment it began: a fast clock would always be ahead."""
    hours = iter(NOW + timedelta(hours=number) for number in range(10_000))
    stream = FakeStream(*(commit(str(n), "bread", LIVE + n) for n in range(-1000, 1000)))
    [batch] = make_bluesky(FakeFetch(), stream, now=lambda: next(hours)).tweets(SINCE, "")
    assert (stream.read <= 1001, batch.stopped) == (True, "")


def test_a_run_reads_so_long(monkeypatch: pytest.MonkeyPatch):
    seconds = iter(range(10_000))
    monkeypatch.setattr("papers.sources.bluesky.monotonic", lambda: next(seconds))
    stream = FakeStream(*(commit(str(n), "bread", BEGIN + n) for n in range(1, 1000)))
    [batch] = make_bluesky(FakeFetch(), stream, max_seconds=100).tweets(SINCE, "")
    assert (stream.read < 200, batch.stopped) == (True, OUT_OF_TIME)


def test_five_hundred_posts_are_a_batch():
    names = [str(number) for number in range(600)]
    uris = [uri_of(name) for name in names]
    stream = FakeStream(*(commit(name, at=BEGIN + n + 1) for n, name in enumerate(names)))
    answers = [views(uris[n : n + 25]) for n in range(0, 600, 25)]
    fetch = FakeFetch(*answers)
    batches = list(make_bluesky(fetch, stream).tweets(SINCE, ""))
    assert [len(batch.tweets) for batch in batches] == [500, 100]
    assert [batch.cursor for batch in batches] == [str(BEGIN + 500), str(BEGIN + 600)]
    assert [batch.stopped for batch in batches] == ["", CUT_SHORT]
    assert all(len(params["uris"]) <= 25 for params in fetch.params)


def test_what_is_not_there_when_asked_for_is_left_out_and_not_gone():
    stream = FakeStream(commit("a"), commit("b"))
    fetch = FakeFetch(views([uri_of("b")]), views([]))
    [batch] = make_bluesky(fetch, stream).tweets(SINCE, "")
    assert [tweet.external_id for tweet in batch.tweets] == [uri_of("b")]
    assert (batch.gone, batch.stopped) == ([], CUT_SHORT)


def test_an_empty_answer_about_new_posts_is_not_believed_at_once():
    stream = FakeStream(commit("a", at=LIVE))
    [batch] = make_bluesky(FakeFetch(views([]), views([uri_of("a")])), stream).tweets(SINCE, "")
    assert [tweet.external_id for tweet in batch.tweets] == [uri_of("a")]


def test_a_stream_that_no_longer_holds_where_the_last_run_ended_says_so():
    hour = 3_600_000_000
    for hours, words in [(11, ""), (13, "no longer held 13 hours")]:
        stream = FakeStream(commit("a", "bread", at=LIVE - hour), commit("b", "bread", at=LIVE))
        bluesky = make_bluesky(FakeFetch(), stream)
        [batch] = bluesky.tweets(SINCE, str(LIVE - hour - hours * hour))
        assert words in batch.stopped
        assert bool(words) == bool(batch.stopped)
    # A first run begins where the stream does.
    stream = FakeStream(commit("a", "bread", at=LIVE))
    [batch] = make_bluesky(FakeFetch(), stream).tweets(NOW - timedelta(days=3), "")
    assert batch.stopped == ""


def test_a_post_made_and_deleted_is_not_asked_for():
    stream = FakeStream(commit("a"), commit("a", operation="delete"), account())
    fetch = FakeFetch()
    [batch] = make_bluesky(fetch, stream).tweets(SINCE, "")
    assert (batch.gone, batch.size, fetch.calls) == ([uri_of("a"), DID], 2, [])


def test_what_was_read_before_the_stream_broke_is_kept():
    stream = FakeStream(commit("a"), SourceError("broke off"), commit("b"))
    batches = make_bluesky(FakeFetch(views([uri_of("a")])), stream).tweets(SINCE, "")
    first = next(batches)
    assert (len(first.tweets), first.cursor) == (1, str(BEGIN + 1))
    with pytest.raises(SourceError, match="broke off"):
        next(batches)


def test_a_stream_of_frames_that_nobody_understands_is_an_error():
    frame = commit()
    frame["at"] = frame.pop("time_us")
    with pytest.raises(SourceError, match="none of 2 frames"):
        list(make_bluesky(FakeFetch(*[views([])] * 2), FakeStream(frame, frame)).tweets(SINCE, ""))


def test_a_frame_of_the_future_does_not_move_the_cursor_there():
    stream = FakeStream(commit("a", "bread", at=LIVE * 5))
    [batch] = make_bluesky(FakeFetch(), stream).tweets(SINCE, "")
    assert batch.cursor == str(LIVE - 60_000_000)


# Look-ups ----------------------------------------------------------------------------------------


def test_a_look_up_tells_counts_and_what_is_gone():
    missing = uri_of("3kmissing")
    fetch = FakeFetch(POSTS, {"posts": []})
    [batch] = make_bluesky(fetch).look_up([IRIS, NO_HANDLE, BREAD, missing])
    assert [tweet.external_id for tweet in batch.tweets] == [IRIS, NO_HANDLE]
    assert (batch.gone, batch.rejects) == ([missing], [])
    assert fetch.params[1] == {"uris": [missing]}


def test_what_was_missing_for_a_moment_is_not_gone():
    fetch = FakeFetch({"posts": []}, views([uri_of("a")]))
    [batch] = make_bluesky(fetch).look_up([uri_of("a"), uri_of("b")])
    assert ([tweet.external_id for tweet in batch.tweets], batch.gone) == (
        [uri_of("a")],
        [uri_of("b")],
    )


def test_that_many_are_gone_at_once_is_not_believed():
    uris = [uri_of(str(number)) for number in range(6)]
    [batch] = make_bluesky(FakeFetch(views([]), views([]))).look_up(uris)
    assert (batch.gone, batch.stopped) == ([], "Bluesky knew none of 6 posts it was asked for")
    [batch] = make_bluesky(FakeFetch(views([]), views([]))).look_up(uris[:5])
    assert (batch.gone, batch.stopped) == (uris[:5], "")


def test_who_no_longer_wants_visitors_is_gone():
    [batch] = make_bluesky(FakeFetch(POSTS, POSTS)).look_up([QUIET])
    assert (batch.tweets, batch.gone) == ([], [QUIET])


def test_twenty_five_are_asked_at_once_and_no_strange_ones():
    uris = [uri_of(str(number)) for number in range(30)]
    fetch = FakeFetch(views(uris[:24]), views(uris[24:]))
    batches = list(make_bluesky(fetch).look_up(["https://bsky.app/x", *uris]))
    assert [len(batch.tweets) for batch in batches] == [24, 6]
    assert batches[0].rejects == [Reject("https://bsky.app/x", NO_ID)]
    assert [len(params["uris"]) for params in fetch.params] == [24, 6]


def test_an_answer_without_posts_deletes_nothing():
    for answer in ({}, {"posts": None}, {"error": "RateLimitExceeded", "message": "Slower"}):
        with pytest.raises(SourceError):
            list(make_bluesky(FakeFetch(answer)).look_up([IRIS]))
