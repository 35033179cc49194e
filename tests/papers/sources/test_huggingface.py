"""Hugging Face: what the papers of a day become, and which days are read."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers.sources.answers import NO_ID
from papers.sources.base import Batch, Reject, Source, SourceError, TweetRecord
from papers.sources.huggingface import HuggingFace, parse_day, parse_paper
from tests.papers.sources.fakes import (
    FakeFetch,
    check_mutants,
    hostile_bodies,
    is_storable,
    payload,
    strings_replaced,
)

NOW = datetime(2021, 6, 10, 14, 0, tzinfo=UTC)
DAY = payload("huggingface/day.json")
PAPER = payload("huggingface/paper.json")


def make_huggingface(fetch: FakeFetch) -> HuggingFace:
    return HuggingFace(fetch, base_url="https://hf.example/", now=lambda: NOW)


def entries(*ids: str) -> list[dict[str, Any]]:
    return [{"paper": {"id": name, "upvotes": 1}} for name in ids]


def test_it_works():
    fetch = FakeFetch(DAY, [])
    huggingface: Source = make_huggingface(fetch)
    [batch] = huggingface.tweets(NOW, "")
    assert batch.tweets == [
        TweetRecord(
            network="huggingface",
            external_id="2106.01234",
            url="https://huggingface.co/papers/2106.01234",
            handle="tove-reads",
            author_name="Tove Reads",
            text="",
            posted_at=datetime(2021, 6, 10, 3, 55, 12, 777000, tzinfo=UTC),
            fetched_at=NOW,
            arxiv_ids=("2106.01234",),
            retweets=0,
            favorites=27,
        ),
        TweetRecord(
            network="huggingface",
            external_id="2106.05678",
            url="https://huggingface.co/papers/2106.05678",
            handle="",
            author_name="",
            text="",
            fetched_at=NOW,
            arxiv_ids=("2106.05678",),
            retweets=0,
            favorites=0,
        ),
    ]
    assert (batch.rejects, batch.cursor) == ([], "2021-06-10")
    assert fetch.calls[0][0] == "https://hf.example/api/daily_papers"
    assert fetch.params[0] == {"date": "2021-06-10", "limit": "50", "p": "0"}


def test_every_day_is_walked_up_to_today():
    fetch = FakeFetch(entries("2106.00001"), [], [], entries("2106.00002"), [])
    batches = list(make_huggingface(fetch).tweets(NOW - timedelta(days=2), ""))
    asked = [(params["date"], params["p"]) for params in fetch.params]
    assert asked == [
        ("2021-06-08", "0"),
        ("2021-06-08", "1"),
        ("2021-06-09", "0"),
        ("2021-06-10", "0"),
        ("2021-06-10", "1"),
    ]
    assert [batch.cursor for batch in batches] == ["2021-06-08", "2021-06-09", "2021-06-10"]
    assert [len(batch.tweets) for batch in batches] == [1, 0, 1]


def test_the_last_days_are_read_again():
    fetch = FakeFetch([], [], [], [])
    list(make_huggingface(fetch).tweets(NOW - timedelta(days=30), "2021-06-09"))
    days = [f"2021-06-{day:02}" for day in (7, 8, 9, 10)]
    assert [params["date"] for params in fetch.params] == days


@pytest.mark.parametrize("cursor", ["x", "2021-13-01", "begin=5", "\x00"])
def test_a_cursor_that_is_no_day_begins_at_since(cursor: str):
    fetch = FakeFetch([])
    list(make_huggingface(fetch).tweets(NOW, cursor))
    assert [params["date"] for params in fetch.params] == ["2021-06-10"]


def test_a_day_of_the_future_is_today():
    fetch = FakeFetch([])
    list(make_huggingface(fetch).tweets(NOW, "2031-01-01"))
    assert [params["date"] for params in fetch.params] == ["2021-06-10"]


def test_a_day_has_as_many_pages_as_bring_something_new():
    one, two = entries("2106.00001", "2106.00002"), entries("2106.00002", "2106.00003")
    batches = list(make_huggingface(FakeFetch(one, two, two)).tweets(NOW, ""))
    assert [len(batch.tweets) for batch in batches] == [2, 2]


@pytest.mark.parametrize("answer", [{"error": "Invalid date"}, {}, {"papers": []}])
def test_an_answer_that_is_no_list_is_not_an_empty_day(answer: Any):
    with pytest.raises(SourceError):
        list(make_huggingface(FakeFetch(answer)).tweets(NOW, ""))


@pytest.mark.parametrize("name", ["a-model", "", None, 2106.01234, "9999.99999", ["2106.01234"]])
def test_a_paper_without_an_arxiv_id_is_a_reject(name: Any):
    answer = [*entries("2106.00001"), {"paper": {"id": name}}]
    batch = parse_day(json.dumps(answer).encode(), NOW)
    assert (len(batch.tweets), len(batch.rejects)) == (1, 1)


def test_who_submitted_is_named_in_either_place():
    answer = json.loads(DAY)
    del answer[0]["submittedBy"]
    assert parse_day(json.dumps(answer).encode(), NOW) == parse_day(DAY, NOW)


# Look-ups ----------------------------------------------------------------------------------------


def test_a_look_up_tells_the_upvotes():
    fetch = FakeFetch(PAPER)
    [batch] = make_huggingface(fetch).look_up(["2106.01234"])
    assert fetch.calls[0][0] == "https://hf.example/api/papers/2106.01234"
    [found, _] = parse_day(DAY, NOW).tweets
    [tweet] = batch.tweets
    assert tweet.favorites == 33
    assert (tweet.handle, tweet.author_name, tweet.posted_at, tweet.url) == (
        found.handle,
        found.author_name,
        found.posted_at,
        found.url,
    )


def test_a_paper_without_a_page_is_gone():
    missing = SourceError("not found", status=404, permanent=True)
    [batch] = make_huggingface(FakeFetch(missing, PAPER)).look_up(["2106.05678", "2106.01234"])
    assert (batch.gone, len(batch.tweets)) == (["2106.05678"], 1)


def test_another_paper_than_was_asked_for_is_a_reject():
    [batch] = make_huggingface(FakeFetch(PAPER)).look_up(["2106.05678", "../models"])
    assert (batch.tweets, batch.gone) == ([], [])
    assert batch.rejects[0] == Reject("../models", NO_ID)
    assert batch.rejects[1].item == "2106.05678"


# What goes wrong ---------------------------------------------------------------------------------


def test_no_drift_of_a_day_makes_a_wrong_row():
    number = check_mutants(json.loads(DAY), lambda body: parse_day(body, NOW))
    assert number > 250


def test_no_drift_of_a_paper_makes_a_wrong_row():
    def read(body: bytes) -> Batch:
        batch = parse_paper(body, "2106.01234", NOW)
        assert batch.gone == []
        return batch

    assert check_mutants(json.loads(PAPER), read) > 90


def test_hostile_bodies_are_errors():
    for body in hostile_bodies(DAY):
        with pytest.raises(SourceError):
            parse_day(body, NOW)
    for body in hostile_bodies(PAPER):
        with pytest.raises(SourceError):
            parse_paper(body, "2106.01234", NOW)


@pytest.mark.parametrize("strange", ["\ud800", "\x00", "a\x00\udfffb", "x" * 100_000])
def test_strange_strings_leave_rows_that_can_be_stored(strange: str):
    for mutant in strings_replaced(json.loads(DAY), strange):
        batch = parse_day(json.dumps(mutant).encode(), NOW)
        assert is_storable(batch)
        assert all(len(tweet.author_name) <= 200 for tweet in batch.tweets)


# What Hugging Face really answers ----------------------------------------------------------------


@pytest.mark.data
def test_the_handmade_answers_parse(wire_dir: Path):
    folder = wire_dir / "huggingface/handmade"
    batch = parse_day((folder / "daily_papers_page0.json").read_bytes(), NOW)
    assert [(tweet.external_id, tweet.favorites) for tweet in batch.tweets] == [
        ("2602.23229", 10),
        ("2607.01234", 0),
    ]
    assert batch.rejects == []
    assert all(tweet.handle and tweet.author_name and tweet.posted_at for tweet in batch.tweets)
    assert parse_day((folder / "daily_papers_empty.json").read_bytes(), NOW) == Batch()
    with pytest.raises(SourceError, match="Invalid date"):
        parse_day((folder / "error_400.json").read_bytes(), NOW)
