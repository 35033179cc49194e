"""X: what the answers of its API become, sound, refused, damaged and recorded."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from papers.sources.base import SourceError
from papers.sources.x_answers import explain, parse_look_up, parse_search, readable_text
from tests.papers.sources.fakes import (
    check_mutants,
    hostile_bodies,
    is_storable,
    payload,
    strings_replaced,
    x_page,
)

NOW = datetime(2021, 6, 10, 9, 0, tzinfo=UTC)
SEARCH = payload("x/search_page.json")
LOOK_UP = payload("x/look_up.json")
MIRA = "1402907931406909440"
TOVE = "1402907000000000512"
DELETED, PROTECTED = "1402900000000000001", "1402900000000000002"


# Posts -------------------------------------------------------------------------------------------


def test_it_works():
    long = parse_search(SEARCH, NOW).batch.tweets[1]
    assert long.arxiv_ids == ("2106.05678", "hep-th/9901001")
    assert long.text == "A thread's worth of notes, whole. First link, then link"
    assert (long.author_name, long.retweets, long.favorites) == ("Tove Reads", 0, 0)


def test_lists_of_arxiv_and_reposts_are_no_tweets():
    found = parse_search(SEARCH, NOW)
    assert [tweet.external_id for tweet in found.batch.tweets] == [MIRA, TOVE]
    assert (found.posts, found.batch.rejects) == (4, [])


def test_new_names_of_fields_are_read_like_the_old_ones():
    text = SEARCH.decode()
    for old, new in [
        ("retweet_count", "repost_count"),
        ("referenced_tweets", "referenced_posts"),
        ("note_tweet", "note_post"),
        ("edit_history_tweet_ids", "edit_history_post_ids"),
        ('"retweeted"', '"reposted"'),
    ]:
        text = text.replace(old, new)
    assert parse_search(text.encode(), NOW) == parse_search(SEARCH, NOW)


def test_a_post_without_its_author_or_counts_still_lands():
    [tweet] = parse_search(json.dumps(x_page(int(MIRA))).encode(), NOW).batch.tweets
    assert (tweet.handle, tweet.url) == ("", f"https://x.com/i/web/status/{MIRA}")
    assert (tweet.retweets, tweet.favorites) == (None, None)
    assert tweet.posted_at == datetime(2021, 6, 10, 8, 38, 10, 273000, tzinfo=UTC)


def test_a_post_that_shows_no_link_is_a_reject():
    answer = x_page(int(MIRA), int(TOVE))
    del answer["data"][0]["entities"]
    batch = parse_search(json.dumps(answer).encode(), NOW).batch
    assert [tweet.external_id for tweet in batch.tweets] == [TOVE]
    assert [reject.item for reject in batch.rejects] == [MIRA]


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("Read https://t.co/a1", "Read link"),
        ("論文https://t.co/a1を読む", "論文 link を読む"),
        ("(https://t.co/a1), 1 &lt; 2 &amp;amp; https://t.co/b2", "(link), 1 < 2 &amp; link"),
        ("https://t.co/p1", "picture on X"),
        ("nothing", "nothing"),
    ],
)
def test_short_addresses_become_words(text: str, readable: str):
    links: list[dict[str, object]] = [
        {"url": "https://t.co/p1", "display_url": "pic.twitter.com/p1"},
        {"url": "https://t.co/a1", "display_url": "arxiv.org/abs/2106.01234"},
    ]
    assert readable_text(text, links) == readable


def test_errors_of_another_kind_and_about_others_are_not_gone():
    answer = json.loads(LOOK_UP)
    answer["errors"][0]["type"] = "https://api.twitter.com/2/problems/disconnected"
    batch = parse_look_up(json.dumps(answer).encode(), [MIRA, DELETED], NOW).batch
    assert (batch.gone, [reject.item for reject in batch.rejects]) == ([], [DELETED])


# Refusals ----------------------------------------------------------------------------------------


def refused(status: int, body: dict[str, Any] | bytes, **headers: str) -> SourceError:
    said = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return explain(SourceError("refused", status=status, body=said, headers=told), NOW)


def test_credentials_that_are_refused_are_permanent():
    for status, title in [(401, "Unauthorized"), (403, "Client Forbidden")]:
        error = refused(status, {"title": title, "detail": "No."})
        assert error.permanent
        assert str(error) == f"X refused with {status}: {title}: No."


@pytest.mark.parametrize(
    ("status", "title"), [(402, "CreditsDepleted"), (429, "UsageCapExceeded"), (402, "")]
)
def test_a_budget_that_is_used_up_is_asked_again_on_the_next_day(status: int, title: str):
    error = refused(status, {"title": title}, x_rate_limit_reset=str(int(NOW.timestamp()) + 60))
    assert (error.permanent, error.retry_after) == (True, 15 * 3600)


def test_the_pace_ends_when_x_says():
    reset = str(int(NOW.timestamp()) + 333)
    error = refused(429, {"title": "Too Many Requests"}, X_Rate_Limit_Reset=reset)
    assert (error.permanent, error.retry_after) == (False, 333)


@pytest.mark.parametrize("reset", ["", "soon", "-5", "9" * 50])
def test_the_pace_ends_some_time_when_x_does_not_say(reset: str):
    assert refused(429, {}, x_rate_limit_reset=reset).retry_after == 900


def test_a_pace_that_ended_long_ago_or_in_years_is_bounded():
    assert refused(429, {}, x_rate_limit_reset="1").retry_after == 1
    assert refused(429, {}, x_rate_limit_reset="99999999999").retry_after == 86_400


def test_other_errors_keep_what_they_are():
    assert not refused(503, b"<html>over capacity</html>").permanent
    unreachable = SourceError("no route")
    assert explain(unreachable, NOW) is unreachable


# What goes wrong ---------------------------------------------------------------------------------


def may_differ(name: str, old: Any, new: Any) -> bool:
    if name == "url":  # without a handle
        return new.startswith("https://x.com/i/web/status/")
    if name == "posted_at":  # the id tells it too
        return abs(new - old) < timedelta(seconds=2)
    # What is left of a link or a note that cannot be read any more.
    return name == "text" and (
        new == old.replace("picture on X", "link") or "cut off here by X" in new
    )


def may_vanish(path: tuple[Any, ...]) -> bool:
    return path[-1] == "unwound_url"  # X need not say where a shortener ends


def test_no_drift_of_a_search_makes_a_wrong_row():
    answer = json.loads(SEARCH)
    del answer["data"][3]  # a repost whose mark is lost is a post like any other
    answer["meta"]["result_count"] = 3
    number = check_mutants(
        answer, lambda body: parse_search(body, NOW).batch, may_differ, may_vanish
    )
    assert number > 500


def test_no_drift_of_a_look_up_makes_a_wrong_row_or_a_deletion():
    asked = [MIRA, DELETED, PROTECTED]

    def read(body: bytes) -> Any:
        batch = parse_look_up(body, asked, NOW).batch
        assert set(batch.gone) <= {DELETED, PROTECTED}
        return batch

    assert check_mutants(json.loads(LOOK_UP), read, may_differ) > 150


def test_hostile_bodies_are_errors():
    for body in hostile_bodies(SEARCH):
        with pytest.raises(SourceError):
            parse_search(body, NOW)
        with pytest.raises(SourceError):
            parse_look_up(body, [MIRA], NOW)


@pytest.mark.parametrize("strange", ["\ud800", "\x00", "a\x00\udfffb", "\u202e", "x" * 100_000])
def test_strange_strings_leave_rows_that_can_be_stored(strange: str):
    for mutant in strings_replaced(json.loads(SEARCH), strange):
        try:
            found = parse_search(json.dumps(mutant).encode(), NOW)
        except SourceError:
            continue
        assert is_storable(found.batch)
        assert all(len(tweet.text) <= 25_000 for tweet in found.batch.tweets)
        assert all(len(tweet.author_name) <= 200 for tweet in found.batch.tweets)
        assert all(len(tweet.language) <= 16 for tweet in found.batch.tweets)


# What X really answered --------------------------------------------------------------------------


@pytest.mark.data
def test_the_handmade_pages_parse(wire_dir: Path):
    folder = wire_dir / "x" / "handmade"
    at = datetime(2026, 7, 25, tzinfo=UTC)
    old = parse_search((folder / "search_recent_arxiv_page1.json").read_bytes(), at)
    new_names = folder / "search_recent_arxiv_new_naming_openapi_2.167.json"
    last = parse_search((folder / "search_recent_arxiv_page2_last.json").read_bytes(), at)
    assert parse_search(new_names.read_bytes(), at) == old
    assert [tweet.arxiv_ids for tweet in old.batch.tweets] == [
        ("2607.01234",),
        ("2607.05678",),
        ("hep-th/9901001",),
    ]
    assert (old.batch.gone, old.batch.rejects) == ([], [])
    assert old.next_token.endswith("0000000001")
    assert (last.next_token, last.batch.tweets[0].arxiv_ids) == ("", ("2607.01234",))


@pytest.mark.data
def test_every_recorded_search_parses(wire_dir: Path):
    names = [path for path in (wire_dir / "x").glob("*.json") if ".http." not in path.name]
    searches = [path for path in names if path.name.startswith(("search_", "liked_"))]
    assert len(searches) >= 6
    for path in searches:
        found = parse_search(path.read_bytes(), NOW)
        held = json.loads(path.read_bytes()).get("data", [])
        assert found.posts == len(held), path.name
        # Nobody asked these for arXiv, so their posts without links are rejects.
        assert len(found.batch.rejects) <= len(held) + 1, path.name


@pytest.mark.data
def test_the_recorded_look_ups_parse(wire_dir: Path):
    folder = wire_dir / "x"
    asked = [str(name) for name in range(1, 21)]
    missing = (folder / "tweets_lookup_all_missing_errors_only.json").read_bytes()
    assert parse_look_up(missing, asked[:15], NOW).batch.gone == asked[:15]
    partly = parse_look_up((folder / "tweets_lookup_partial_errors.json").read_bytes(), asked, NOW)
    assert partly.batch.gone == asked[:19]
    assert [reject.item for reject in partly.batch.rejects] == ["20"]  # its fields show no link
    minimal = parse_look_up((folder / "tweets_lookup_minimal.json").read_bytes(), [], NOW)
    assert (minimal.posts, minimal.batch.tweets) == (2, [])


@pytest.mark.data
def test_the_recorded_refusals_are_explained(wire_dir: Path):
    def error(name: str, status: int, headers: dict[str, str] | None = None) -> SourceError:
        body = (wire_dir / "x" / name).read_bytes()
        return explain(SourceError("no", status=status, body=body, headers=headers), NOW)

    assert "Invalid Request" in str(error("error_400_invalid_request.json", 400))
    assert error("error_401_unauthorized.json", 401).permanent
    assert error("handmade/error_402_credits_depleted.json", 402).permanent
    assert "Project" in str(error("handmade/error_403_client_forbidden.json", 403))
    assert error("handmade/error_429_usage_capped.json", 429).permanent
    assert "Rate limit exceeded" in str(error("handmade/error_429_code88.json", 429))
    told = json.loads((wire_dir / "x/handmade/error_429_rate_limit.http.json").read_bytes())
    paced = error("handmade/error_429_rate_limit.json", 429, told["headers"])
    assert (paced.permanent, paced.retry_after) == (False, 86_400)


@pytest.mark.data
def test_counts_are_no_search(wire_dir: Path):
    for path in (wire_dir / "x").glob("counts_*.json"):
        if ".http." not in path.name:
            with pytest.raises(SourceError):
                parse_search(path.read_bytes(), NOW)


def test_records_of_two_fetches_differ_in_their_time_alone():
    later = NOW + timedelta(hours=1)
    first, second = (parse_search(SEARCH, at).batch.tweets[0] for at in (NOW, later))
    assert replace(first, fetched_at=later) == second
