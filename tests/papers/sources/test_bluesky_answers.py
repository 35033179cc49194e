"""Bluesky: what frames of the stream and posts become, sound, damaged and recorded."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers.sources.base import Batch, Reject, SourceError
from papers.sources.bluesky_answers import Event, arxiv_ids, parse_event, parse_posts
from tests.papers.sources.bluesky_frames import BEGIN, DID, PAPER, account, commit, uri_of
from tests.papers.sources.fakes import (
    check_mutants,
    hostile_bodies,
    is_storable,
    mutants,
    payload,
    strings_replaced,
)

NOW = datetime(2021, 6, 10, 12, 0, tzinfo=UTC)
POSTS = payload("bluesky/posts.json")
IRIS, NO_HANDLE, QUIET, BREAD = (post["uri"] for post in json.loads(POSTS)["posts"])


# Frames ------------------------------------------------------------------------------------------


def read(frame: dict[str, Any]) -> Any:
    return parse_event(json.dumps(frame))


def test_it_works():
    assert read(commit()) == Event(BEGIN + 1, uri=uri_of("3k1"))
    assert read(commit(operation="update")) == Event(BEGIN + 1, uri=uri_of("3k1"))
    assert read(commit(text="bread")) == Event(BEGIN + 1)


def test_deletions_are_events():
    assert read(commit(operation="delete")) == Event(BEGIN + 1, gone=uri_of("3k1"))


@pytest.mark.parametrize(
    ("active", "status", "gone"),
    [
        (False, "deleted", DID),
        (False, "takendown", DID),
        (False, "deactivated", DID),
        (False, "", DID),
        (True, "", ""),
        ("false", "deleted", ""),
        (False, "desynchronized", ""),
        (False, "throttled", ""),
    ],
)
def test_an_account_that_is_taken_away_takes_its_posts_along(active: Any, status: str, gone: str):
    assert read(account(active, status)) == Event(BEGIN + 1, gone=gone)


def test_other_kinds_and_collections_only_tell_the_time():
    identity = {"did": DID, "time_us": BEGIN, "kind": "identity", "identity": {"did": DID}}
    assert read(identity) == Event(BEGIN)
    assert read(identity | {"kind": "sync"}) == Event(BEGIN)
    like = commit()
    like["commit"]["collection"] = "app.bsky.feed.like"
    assert read(like) == Event(BEGIN + 1)


def test_frames_of_version_2_are_the_same_events():
    flat = commit()["commit"] | {"did": DID, "time": "2021-06-10T11:00:00.000001Z", "seq": 9}
    flat["$type"] = "network.bsky.jetstream.subscribeEvents#commit"
    assert read({"$type": "message", "payload": flat}) == read(commit())
    info = {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor"}
    assert read({"$type": "message", "payload": info}) is None
    with pytest.raises(SourceError, match="ConsumerTooSlow"):
        read({"$type": "error", "error": "ConsumerTooSlow", "message": "..."})


@pytest.mark.parametrize("frame", ["", "{", "[]", "7", "<html>", '"arXiv', "[" * 100_000 + "arxiv"])
def test_a_frame_that_is_none_is_a_reject_where_it_names_arxiv(frame: str):
    found = parse_event(frame)
    assert isinstance(found, Reject) if "arxiv" in frame.lower() else found is None


def test_a_post_without_an_address_is_a_reject():
    for key, value in [("rkey", None), ("rkey", "a/b"), ("rkey", 7), ("operation", "move")]:
        frame = commit()
        frame["commit"][key] = value
        assert isinstance(read(frame), Reject)


# Links -------------------------------------------------------------------------------------------


def facet(uri: Any, kind: str = "app.bsky.richtext.facet#link") -> dict[str, Any]:
    return {"features": [{"$type": kind, "uri": uri}], "index": {"byteStart": 0, "byteEnd": 9}}


def test_links_are_those_of_facets_and_cards():
    card = {"external": {"uri": "https://arxiv.org/abs/2106.00001"}}
    record: dict[str, Any] = {"facets": [facet("https://arxiv.org/abs/2106.00002")], "embed": card}
    assert arxiv_ids(record) == ("2106.00002", "2106.00001")
    record["embed"] = {"record": {"uri": "at://…"}, "media": card}
    assert arxiv_ids(record) == ("2106.00002", "2106.00001")


def test_the_text_counts_only_where_no_facets_say_what_is_a_link():
    record: dict[str, Any] = {"text": f"{PAPER} and more"}
    assert arxiv_ids(record) == ("2106.01234",)
    record["facets"] = [facet("https://other.example/")]
    assert arxiv_ids(record) == ()
    record["facets"] = []
    assert arxiv_ids(record) == ("2106.01234",)


def test_mentions_and_tags_are_no_links():
    record = {"facets": [facet("https://arxiv.org/abs/2106.00002", "app.bsky.richtext.facet#tag")]}
    assert arxiv_ids(record) == ()


# Posts -------------------------------------------------------------------------------------------


def test_a_post_lands_without_a_handle_and_with_the_time_the_network_saw():
    tweet = parse_posts(POSTS, NOW).tweets[1]
    assert (tweet.external_id, tweet.handle, tweet.author_name) == (NO_HANDLE, "", "")
    assert tweet.url == (
        "https://bsky.app/profile/did:plc:invented0000000000000002/post/3kinvented0002"
    )
    assert tweet.posted_at == datetime(2021, 6, 10, 9, 0, tzinfo=UTC)
    assert (tweet.retweets, tweet.favorites) == (None, 1)


def test_posts_without_papers_and_of_who_does_not_want_visitors_are_left_out():
    batch = parse_posts(POSTS, NOW)
    assert [tweet.external_id for tweet in batch.tweets] == [IRIS, NO_HANDLE]
    assert (batch.gone, batch.rejects) == ([], [])


def test_a_label_that_was_taken_back_hides_nothing():
    answer = json.loads(POSTS)
    answer["posts"][2]["author"]["labels"][0]["neg"] = True
    assert QUIET in [
        tweet.external_id for tweet in parse_posts(json.dumps(answer).encode(), NOW).tweets
    ]


@pytest.mark.parametrize("labels", ["x", {"val": "bot"}, [7], [{"val": 7}], None])
def test_labels_that_cannot_be_read_do_not_let_a_post_pass(labels: Any):
    answer = json.loads(POSTS)
    answer["posts"] = answer["posts"][:1]
    answer["posts"][0]["author"]["labels"] = labels
    batch = parse_posts(json.dumps(answer).encode(), NOW, [IRIS])
    assert (batch.tweets, batch.gone) == ([], [])
    assert [reject.item for reject in batch.rejects] == [IRIS]


# What goes wrong ---------------------------------------------------------------------------------


def may_differ(name: str, old: Any, new: Any) -> bool:
    if name == "url":  # by did, where there is no handle
        return new.startswith("https://bsky.app/profile/did:plc:")
    if name == "posted_at":  # of the two times the other
        return new is None or abs(new - old) < timedelta(days=4000)
    return False


def may_vanish(path: tuple[Any, ...]) -> bool:
    """A post need not have facets, a card or a text; without the one that linked it links none."""
    return "facets" in path or "embed" in path or path[-1] == "text"


def test_no_drift_of_posts_makes_a_wrong_row():
    answer = json.loads(POSTS)
    del answer["posts"][2]  # a label that is lost is no label
    number = check_mutants(answer, lambda body: parse_posts(body, NOW), may_differ, may_vanish)
    assert number > 300


def test_no_drift_of_posts_is_a_deletion():
    asked = [IRIS, NO_HANDLE, BREAD]
    answer = json.loads(POSTS)
    for path, mutant in mutants(answer):
        try:
            batch = parse_posts(json.dumps(mutant).encode(), NOW, asked)
        except SourceError:
            continue
        is_removed = len(mutant["posts"]) < len(answer["posts"])
        assert not batch.gone or is_removed, path


def test_no_drift_of_frames_makes_a_wrong_event():
    for frame in (commit(), commit(operation="delete"), account()):
        sound = read(frame)
        for path, mutant in mutants(frame):
            found = read(mutant)
            if isinstance(found, Event):
                assert found.uri in ("", sound.uri), path
                assert found.gone in ("", sound.gone), path
                assert found.at in (None, sound.at), path


def test_hostile_bodies_are_errors():
    for body in hostile_bodies(POSTS):
        with pytest.raises(SourceError):
            parse_posts(body, NOW)
    for body in hostile_bodies(json.dumps(commit()).encode()):
        found = parse_event(body.decode("utf-8", "replace"))
        assert not isinstance(found, Event)


@pytest.mark.parametrize("strange", ["\ud800", "\x00", "a\x00\udfffb", "x" * 100_000])
def test_strange_strings_leave_rows_that_can_be_stored(strange: str):
    for mutant in strings_replaced(json.loads(POSTS), strange):
        batch = parse_posts(json.dumps(mutant).encode(), NOW)
        assert is_storable(batch)
        assert all(len(tweet.author_name) <= 200 for tweet in batch.tweets)
        assert all(len(tweet.external_id) <= 500 for tweet in batch.tweets)
    for mutant in strings_replaced(commit(), strange):
        found = read(mutant)
        if isinstance(found, Event):
            assert is_storable(Batch(gone=[found.uri, found.gone]))


# What Bluesky really answered --------------------------------------------------------------------


@pytest.mark.data
def test_the_recorded_frames_are_events(wire_dir: Path):
    lines = (wire_dir / "bluesky/jetstream/events_v1_real.ndjson").read_text().splitlines()
    like, unfollow, identity, active, taken_down = map(parse_event, lines)
    assert like == Event(1725911162329308)
    assert unfollow == Event(1725516666833633)
    assert identity == Event(1725516665234703)
    assert active == Event(1725516665333808)
    assert taken_down == Event(1757517640675638, gone="did:plc:yn72uqr4ihkjfbz7us7buqsq")


@pytest.mark.data
def test_the_handmade_frames_are_events(wire_dir: Path):
    folder = wire_dir / "bluesky/handmade"
    lines = (folder / "jetstream_v1_arxiv_posts.ndjson").read_text().splitlines()
    *posts, deletion = map(parse_event, lines)
    assert [bool(isinstance(post, Event) and post.uri) for post in posts] == [True] * 3
    assert isinstance(deletion, Event)
    assert deletion.gone.endswith("/3lhandmade001")
    message, info, error = (folder / "jetstream_v2_frames.ndjson").read_text().splitlines()
    assert parse_event(message) == parse_event(lines[0])
    assert parse_event(info) is None
    with pytest.raises(SourceError):
        parse_event(error)


@pytest.mark.data
def test_the_recorded_posts_parse(wire_dir: Path):
    folder = wire_dir / "bluesky"
    for name, count in [("searchPosts_q.json", 25), ("getPosts_one.json", 1)]:
        body = (folder / name).read_bytes()
        batch = parse_posts(body, NOW)
        assert (batch.tweets, batch.rejects) == ([], [])  # none of them links a paper
        uris = [post["uri"] for post in json.loads(body)["posts"]]
        assert len(uris) == count
        labelled = [uri for uri in uris if uri in parse_posts(body, NOW, uris).gone]
        assert len(labelled) == json.dumps(json.loads(body)).count("!no-unauthenticated")
    with pytest.raises(SourceError):
        parse_posts((folder / "getRepostedBy.json").read_bytes(), NOW)


@pytest.mark.data
def test_the_handmade_answers_parse(wire_dir: Path):
    folder = wire_dir / "bluesky/handmade"
    first = parse_posts((folder / "searchPosts_domain_arxiv_page1.json").read_bytes(), NOW)
    last = parse_posts((folder / "searchPosts_last_page.json").read_bytes(), NOW)
    assert [tweet.arxiv_ids for tweet in first.tweets + last.tweets] == [
        ("2607.01234",),
        ("2607.05678",),
        ("hep-th/9901001",),
        ("2607.01234",),
    ]
    assert (first.tweets[0].retweets, first.tweets[0].favorites) == (9, 31)
    for path in folder.glob("error_*"):
        if ".http." not in path.name:
            with pytest.raises(SourceError):
                parse_posts(path.read_bytes(), NOW)
