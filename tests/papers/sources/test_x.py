"""X: what its search, look-ups, embeds and refusals become."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers.sources.answers import NO_ID
from papers.sources.base import Reject, Source, SourceError, TweetRecord
from papers.sources.x import BUDGET_USED, QUERY, X
from tests.papers.sources.fakes import (
    FakeFetch,
    hostile_bodies,
    payload,
    x_page,
)

NOW = datetime(2021, 6, 10, 9, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)
SEARCH = payload("x/search_page.json")
LOOK_UP = payload("x/look_up.json")
MIRA = "1402907931406909440"
TOVE = "1402907000000000512"
DELETED, PROTECTED = "1402900000000000001", "1402900000000000002"
EMPTY = {"meta": {"result_count": 0}}


def make_x(fetch: FakeFetch, budget: int = 1000, noun: str = "tweet") -> X:
    return X(
        fetch,
        base_url="https://api.x.example/",
        oembed_url="https://publish.x.example/oembed",
        bearer_token="secret",
        budget=budget,
        noun=noun,
        now=lambda: NOW,
    )


def test_it_works():
    fetch = FakeFetch(SEARCH, EMPTY)
    x: Source = make_x(fetch)
    first, last = x.tweets(SINCE, "")
    assert first.tweets[0] == TweetRecord(
        network="x",
        external_id=MIRA,
        url=f"https://x.com/mira_loom/status/{MIRA}",
        handle="mira_loom",
        author_name="Mira Loom",
        text="Small models & long texts, by a careful team: link picture on X",
        language="en",
        posted_at=datetime(2021, 6, 10, 8, 38, 10, tzinfo=UTC),
        fetched_at=NOW,
        arxiv_ids=("2106.01234",),
        retweets=31,
        favorites=170,
    )
    assert (first.rejects, first.gone, first.stopped) == ([], [], "")
    assert (last.tweets, last.cursor) == ([], f"since_id={MIRA}")


def test_the_request_is_that_of_a_recent_search():
    fetch = FakeFetch(EMPTY)
    list(make_x(fetch).tweets(SINCE, ""))
    url, params, headers = fetch.calls[0]
    assert url == "https://api.x.example/2/tweets/search/recent"
    assert headers == {"Authorization": "Bearer secret"}
    assert params["query"] == QUERY == 'url:"arxiv.org" -is:retweet'
    assert params["start_time"] == "2021-06-09T09:00:00Z"
    assert (params["max_results"], params["expansions"]) == ("100", "author_id")
    assert {"created_at", "public_metrics", "entities", "referenced_tweets", "note_tweet"} <= set(
        params["tweet.fields"].split(",")
    )


def test_x_may_be_asked_by_its_new_names():
    fetch = FakeFetch(EMPTY)
    list(make_x(fetch, noun="post").tweets(SINCE, ""))
    assert "referenced_posts" in fetch.params[0]["post.fields"]


# Pages and cursors -------------------------------------------------------------------------------


def test_pages_are_asked_for_with_the_same_beginning_until_none_is_named():
    fetch = FakeFetch(x_page(30, 29, token="t1"), x_page(28, token="t2"), x_page(27))
    batches = list(make_x(fetch).tweets(SINCE, f"since_id={MIRA}"))
    assert [params.get("next_token") for params in fetch.params] == [None, "t1", "t2"]
    assert {params["since_id"] for params in fetch.params} == {MIRA}
    assert not any("start_time" in params for params in fetch.params)
    assert [len(batch.tweets) for batch in batches] == [2, 1, 1]
    assert batches[-1].cursor == "since_id=30"  # the newest of the first page


def test_a_run_that_was_cut_short_is_finished_and_then_goes_on():
    newest = int(MIRA) + 1
    broken = SourceError("down", status=503)
    cut = make_x(FakeFetch(x_page(newest, token="t1"), broken)).tweets(SINCE, f"since_id={MIRA}")
    cursor = next(cut).cursor
    with pytest.raises(SourceError, match="503"):
        next(cut)
    fetch = FakeFetch(x_page(newest - 1), x_page(newest + 5))
    *_, last = make_x(fetch).tweets(SINCE, cursor)
    assert [params["since_id"] for params in fetch.params] == [MIRA, str(newest)]
    assert fetch.params[0]["next_token"] == "t1"
    assert last.cursor == f"since_id={newest + 5}"


@pytest.mark.parametrize(
    "cursor", ["since_id=1302907931406909440", "since_id=5", "%00=&&", "x" * 9]
)
def test_a_cursor_that_is_too_old_or_none_begins_as_far_back_as_x_allows(cursor: str):
    fetch = FakeFetch(EMPTY)
    [batch] = make_x(fetch).tweets(NOW - timedelta(days=30), cursor)
    assert fetch.params[0]["start_time"] == "2021-06-03T09:05:00Z"
    assert "since_id" not in fetch.params[0]
    assert batch.cursor == "start=2021-06-03T09%3A05%3A00Z"


def test_pages_of_a_search_that_is_too_old_are_given_up():
    fetch = FakeFetch(EMPTY)
    old = "since_id=1302907931406909440&newest_id=1402907931406909440&next_token=t1"
    list(make_x(fetch).tweets(SINCE, old))
    assert "next_token" not in fetch.params[0]
    assert fetch.params[0]["start_time"] == "2021-06-03T09:05:00Z"


def test_nothing_new_keeps_the_place():
    [batch] = make_x(FakeFetch(EMPTY)).tweets(SINCE, f"since_id={MIRA}")
    assert (batch.size, batch.cursor) == (0, f"since_id={MIRA}")


def test_an_id_of_the_future_is_not_where_the_next_search_begins():
    answer = x_page(int(MIRA))
    answer["meta"]["newest_id"] = "9" * 19
    [batch] = make_x(FakeFetch(answer)).tweets(SINCE, "")
    assert batch.cursor == f"since_id={MIRA}"


def test_the_same_token_twice_is_an_error():
    batches = make_x(FakeFetch(x_page(2, token="t"), x_page(1, token="t"))).tweets(SINCE, "")
    next(batches)
    with pytest.raises(SourceError, match="next_token twice"):
        next(batches)


@pytest.mark.parametrize("answer", [{"data": []}, {"meta": {"result_count": 3}}, {}, {"meta": 7}])
def test_an_answer_that_does_not_say_what_it_holds_is_not_no_posts(answer: dict[str, Any]):
    with pytest.raises(SourceError):
        list(make_x(FakeFetch(answer)).tweets(SINCE, ""))


def test_a_page_that_is_short_of_posts_says_so():
    answer = x_page(2, 1)
    answer["meta"]["result_count"] = 3
    [batch] = make_x(FakeFetch(answer)).tweets(SINCE, "")
    assert batch.rejects == [Reject("page", "the page speaks of 3 results and holds 2")]


# The budget --------------------------------------------------------------------------------------


def test_no_more_is_read_than_the_budget():
    ids = range(100, 85, -1)
    fetch = FakeFetch(x_page(*ids, token="t1"))
    x = make_x(fetch, budget=20)
    first, last = x.tweets(SINCE, "")
    assert (fetch.params[0]["max_results"], x.spent, x.remaining) == ("20", 15, 5)
    assert (last.stopped, last.size) == (BUDGET_USED, 0)
    assert "next_token=t1" in last.cursor
    assert first.cursor == last.cursor


def test_without_budget_nothing_is_asked():
    fetch = FakeFetch()
    x = make_x(fetch, budget=0)
    [batch] = x.tweets(SINCE, f"since_id={MIRA}")
    assert (batch.stopped, batch.cursor) == (BUDGET_USED, f"since_id={MIRA}")
    [batch] = x.look_up([MIRA])
    assert batch.stopped == BUDGET_USED
    assert fetch.calls == []


def test_a_look_up_stops_at_the_budget():
    fetch = FakeFetch(x_page(1, 2, 3))
    [batch] = make_x(fetch, budget=3).look_up(["1", "2", "3", "4"])
    assert fetch.params[0]["ids"] == "1,2,3"
    assert (len(batch.tweets), batch.stopped) == (3, BUDGET_USED)


# Look-ups ----------------------------------------------------------------------------------------


def test_a_look_up_tells_counts_and_what_is_gone():
    fetch = FakeFetch(LOOK_UP)
    [batch] = make_x(fetch).look_up([MIRA, DELETED, PROTECTED])
    assert fetch.calls[0][0] == "https://api.x.example/2/tweets"
    assert [(tweet.external_id, tweet.retweets) for tweet in batch.tweets] == [(MIRA, 40)]
    assert (batch.gone, batch.rejects) == ([DELETED, PROTECTED], [])


def test_everything_may_be_gone():
    only = {"errors": json.loads(LOOK_UP)["errors"]}
    [batch] = make_x(FakeFetch(only)).look_up([DELETED, PROTECTED])
    assert batch.gone == [DELETED, PROTECTED]


def test_an_id_that_x_does_not_speak_of_is_not_gone():
    [batch] = make_x(FakeFetch(LOOK_UP)).look_up([MIRA, DELETED, PROTECTED, "17", "x'; --"])
    assert batch.gone == [DELETED, PROTECTED]
    assert [reject.item for reject in batch.rejects] == ["17", "x'; --"]
    assert batch.rejects[1].reason == NO_ID


def test_a_hundred_ids_are_asked_at_once():
    fetch = FakeFetch(x_page(*range(1, 101)), x_page(*range(101, 151)))
    batches = list(make_x(fetch).look_up([str(name) for name in range(1, 151)]))
    assert [len(batch.tweets) for batch in batches] == [100, 50]


# Embeds ------------------------------------------------------------------------------------------


def test_an_embed_is_html_without_a_script():
    fetch = FakeFetch(payload("x/oembed.json"))
    markup = make_x(fetch).embed(f"https://x.com/mira_loom/status/{MIRA}")
    assert markup.startswith("<blockquote")
    assert markup.endswith("</blockquote>")
    url, params, headers = fetch.calls[0]
    assert (url, headers) == ("https://publish.x.example/oembed", {})  # the token stays at home
    assert (params["omit_script"], params["hide_thread"]) == ("true", "true")


@pytest.mark.parametrize("status", [403, 404])
def test_the_embed_of_a_post_that_is_gone_is_a_permanent_error(status: int):
    with pytest.raises(SourceError) as caught:
        make_x(FakeFetch(SourceError("no", status=status))).embed(f"https://x.com/a/status/{MIRA}")
    assert (caught.value.permanent, caught.value.status) == (True, status)


@pytest.mark.parametrize(
    "markup",
    [None, "", 7, "<script>alert(1)</script>", "<blockquote class='twitter-tweet'></blockquote>"],
)
def test_an_embed_that_is_none_is_an_error(markup: Any):
    with pytest.raises(SourceError):
        make_x(FakeFetch({"html": markup})).embed(f"https://x.com/a/status/{MIRA}")


def test_hostile_bodies_are_no_embeds():
    for body in hostile_bodies(payload("x/oembed.json")):
        with pytest.raises(SourceError):
            make_x(FakeFetch(body)).embed(f"https://x.com/a/status/{MIRA}")


def test_the_embed_of_another_post_is_an_error():
    with pytest.raises(SourceError, match="another post"):
        make_x(FakeFetch(payload("x/oembed.json"))).embed(f"https://x.com/a/status/{TOVE}")


def test_every_request_has_its_refusal_explained():
    error = SourceError("no", status=402, body=b'{"title": "CreditsDepleted"}')
    with pytest.raises(SourceError, match="CreditsDepleted"):
        next(make_x(FakeFetch(error)).tweets(SINCE, ""))
    with pytest.raises(SourceError, match="CreditsDepleted"):
        next(make_x(FakeFetch(error)).look_up([MIRA]))


@pytest.mark.data
def test_the_recorded_embeds_are_accepted(wire_dir: Path):
    for name in ("oembed_v1.1_recorded.json", "handmade/oembed_embedded_post_docs_example.json"):
        body = (wire_dir / "x" / name).read_bytes()
        markup = make_x(FakeFetch(body)).embed(json.loads(body)["url"])
        assert "twitter-tweet" in markup
