"""X, Bluesky, Hacker News and Hugging Face as they are played."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from websockets.sync.client import connect

from papers.tweet_embed import read_embed
from tests.upstream.client import (
    SEARCH,
    START,
    Clock,
    ask,
    bearer,
    frames,
    micros,
    search,
    stream_url,
)
from tests.upstream.model import Tweet
from tests.upstream.server import Upstream
from tests.upstream.world import World


def test_search_yields_every_tweet_once(upstream: Upstream, world: World, now: Clock) -> None:
    found = [tweet["id"] for tweet in search(upstream)]
    until = now() - timedelta(seconds=30)
    wanted = [
        tweet.external_id
        for tweet in world.tweets_alive(now(), "x")
        if tweet.posted_at < until and any("arxiv.org" in link for link in tweet.links)
    ]
    assert len(found) == len(set(found)) > 100
    assert set(wanted) <= set(found)
    assert found == sorted(found, key=int, reverse=True)
    extra = {world.tweet("x", one) for one in set(found) - set(wanted)}
    assert extra <= set(world.noise)
    newest = found[0]
    now.moment += timedelta(hours=5)
    later = [tweet["id"] for tweet in search(upstream, since_id=newest)]
    assert later
    assert min(map(int, later)) > int(newest)


def test_a_found_tweet_has_the_fields_that_were_asked_for(upstream: Upstream, world: World) -> None:
    url = f"{upstream.environment['X_API_URL']}/2/tweets/search/recent"
    plain = ask(url, SEARCH, bearer(upstream))
    assert set(plain.json["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    assert int(plain.headers["x-rate-limit-remaining"]) == 449
    fields = {
        "tweet.fields": "created_at,author_id,public_metrics,entities,lang",
        "expansions": "author_id",
    }
    full = ask(url, {**SEARCH, **fields}, bearer(upstream)).json
    one = full["data"][0]
    link = one["entities"]["urls"][0]
    assert one["text"][link["start"] : link["end"]] == link["url"]
    assert one["author_id"] in {user["id"] for user in full["includes"]["users"]}
    assert set(one["public_metrics"]) >= {"retweet_count", "like_count"}
    renamed = {"post.fields": fields["tweet.fields"]}
    new = ask(url, {**SEARCH, **renamed}, bearer(upstream)).json["data"][0]
    assert "repost_count" in new["public_metrics"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"query": 'url:"arxiv.org"', "max_results": "5"}, 400),
        ({"query": "min_faves:3"}, 400),
        ({"query": 'url:"arxiv.org"', "start_time": "2026-11-01T00:00:00Z"}, 400),
        ({"query": 'url:"arxiv.org"', "next_token": "nonsense"}, 400),
        ({"query": 'url:"example.com"'}, 200),
    ],
)
def test_x_refuses_as_it_does(upstream: Upstream, params: dict[str, str], status: int) -> None:
    url = f"{upstream.environment['X_API_URL']}/2/tweets/search/recent"
    reply = ask(url, params, bearer(upstream))
    assert reply.status == status
    if status == 200:
        assert reply.json == {"meta": {"result_count": 0}}
    assert ask(url, params, {"Authorization": "Bearer wrong"}).status == 401


def test_x_runs_out_of_requests_until_the_window_ends(upstream: Upstream, now: Clock) -> None:
    url = f"{upstream.environment['X_API_URL']}/2/tweets/counts/recent"
    asked = {"query": 'url:"nothing.example"', "granularity": "day"}
    for _ in range(300):
        assert ask(url, asked, bearer(upstream)).status == 200
    refused = ask(url, asked, bearer(upstream))
    assert refused.status == 429
    now.moment = datetime.fromtimestamp(int(refused.headers["x-rate-limit-reset"]), UTC)
    assert ask(url, asked, bearer(upstream)).status == 200


def test_counts_of_a_look_up_grow(upstream: Upstream, world: World, now: Clock) -> None:
    tweet = biggest(world, "x")
    url = f"{upstream.environment['X_API_URL']}/2/tweets"
    asked = {"ids": tweet.external_id, "tweet.fields": "public_metrics"}
    seen = []
    for hours in (1, 10, 100):
        now.moment = tweet.posted_at + timedelta(hours=hours)
        seen.append(
            ask(url, asked, bearer(upstream)).json["data"][0]["public_metrics"]["like_count"]
        )
    assert seen == sorted(set(seen))
    assert seen[-1] == world.counts(tweet, now()).favorites


def biggest(world: World, network: str) -> Tweet:
    alive = (t for t in world.tweets if t.network == network and not t.deleted_at)
    return max(alive, key=lambda tweet: tweet.final.score)


def test_a_deleted_tweet_disappears(upstream: Upstream, world: World, now: Clock) -> None:
    tweet = next(t for t in world.tweets if t.network == "x" and t.deleted_at)
    assert tweet.deleted_at
    url = f"{upstream.environment['X_API_URL']}/2/tweets"
    oembed = upstream.environment["X_OEMBED_URL"]
    now.moment = tweet.deleted_at - timedelta(seconds=1)
    assert ask(url, {"ids": tweet.external_id}, bearer(upstream)).json["data"]
    embed = read_embed(ask(oembed, {"url": tweet.url, "dnt": "true"}).json["html"])
    assert (embed.external_id, embed.handle) == (tweet.external_id, tweet.author.handle)
    now.moment = tweet.deleted_at
    gone = ask(url, {"ids": f"{tweet.external_id},12"}, bearer(upstream)).json
    assert [error["resource_id"] for error in gone["errors"]] == [tweet.external_id, "12"]
    assert "data" not in gone
    assert tweet.external_id not in {one["id"] for one in search(upstream)}
    assert ask(oembed, {"url": tweet.url}).status == 404


def test_every_embed_can_be_read(upstream: Upstream, world: World, now: Clock) -> None:
    for tweet in world.tweets_alive(now(), "x")[:200:5]:
        embed = read_embed(
            ask(upstream.environment["X_OEMBED_URL"], {"url": tweet.url}).json["html"]
        )
        assert embed.author_name == tweet.author.name


def test_the_stream_replays_from_a_cursor(upstream: Upstream, world: World, now: Clock) -> None:
    since = now() - timedelta(hours=20)
    found = frames(upstream, micros(since))
    posts = [one for one in found if one["kind"] == "commit"]
    created = {uri(one) for one in posts if one["commit"]["operation"] == "create"}
    deleted = {uri(one) for one in posts if one["commit"]["operation"] == "delete"}
    stream = world.stream("bluesky")
    assert created == {t.external_id for t in stream if since <= t.posted_at <= now()}
    assert deleted == {
        t.external_id for t in stream if t.deleted_at and since <= t.deleted_at <= now()
    }
    assert deleted
    assert any(one["kind"] == "account" for one in found)
    times = [one["time_us"] for one in found]
    assert times == sorted(set(times))
    again = frames(upstream, times[-3])
    assert [one["time_us"] for one in again] == times[-3:]


def test_the_stream_goes_on_as_the_clock_does(upstream: Upstream, world: World, now: Clock) -> None:
    coming = next(t for t in world.stream("bluesky") if t.posted_at > now())
    with connect(stream_url(upstream, None)) as stream:
        first = json.loads(stream.recv(timeout=2))
        assert (first["kind"], first["time_us"]) == ("identity", micros(now()))
        now.moment = coming.posted_at
        while (frame := json.loads(stream.recv(timeout=2)))["kind"] == "identity":
            assert frame["time_us"] <= micros(coming.posted_at)
    assert uri(frame) == coming.external_id


def uri(frame: dict[str, Any]) -> str:
    commit = frame["commit"]
    return f"at://{frame['did']}/{commit['collection']}/{commit['rkey']}"


def test_the_stream_goes_back_a_day_and_a_half(upstream: Upstream, now: Clock) -> None:
    oldest = min(one["time_us"] for one in frames(upstream, 1))
    assert micros(now() - timedelta(hours=36)) <= oldest < micros(now() - timedelta(hours=34))


def test_facets_point_at_the_bytes_of_their_links(upstream: Upstream, now: Clock) -> None:
    records_of = [
        one["commit"]["record"]
        for one in frames(upstream, micros(now() - timedelta(hours=30)))
        if one["kind"] == "commit" and "record" in one["commit"]
    ]
    facets = 0
    for record in records_of:
        for facet in record.get("facets", ()):
            index, link = facet["index"], facet["features"][0]["uri"]
            shown = record["text"].encode()[index["byteStart"] : index["byteEnd"]].decode()
            assert link.partition("://")[2].startswith(shown.removesuffix("..."))
            facets += 1
    assert facets > 20


def test_posts_are_looked_up_by_at_most_25(upstream: Upstream, world: World, now: Clock) -> None:
    url = f"{upstream.environment['BLUESKY_API_URL']}/xrpc/app.bsky.feed.getPosts"
    gone = next(t for t in world.tweets if t.network == "bluesky" and t.deleted_at)
    assert gone.deleted_at
    now.moment = gone.deleted_at
    alive = [t.external_id for t in world.tweets_alive(now(), "bluesky")][-24:]
    reply = ask(url, {"uris": [gone.external_id, *alive]})
    assert [post["uri"] for post in reply.json["posts"]] == alive
    assert reply.headers["ratelimit-policy"] == "3000;w=300"
    assert ask(url, {"uris": ["at://x/y/z"] * 26}).status == 400
    assert ask(url.replace("getPosts", "searchPosts"), {"q": "arxiv.org"}).status == 403


def test_stories_are_paged_and_filtered(upstream: Upstream, world: World, now: Clock) -> None:
    now.moment = datetime(2026, 11, 25, tzinfo=UTC)
    url = f"{upstream.environment['HACKERNEWS_API_URL']}/api/v1/search_by_date"
    since = int((now() - timedelta(days=20)).timestamp())
    found: list[str] = []
    for page in range(100):
        params = {
            "query": "arxiv.org",
            "restrictSearchableAttributes": "url",
            "tags": "story",
            "numericFilters": f"created_at_i>{since},points>0",
            "hitsPerPage": 4,
            "page": page,
        }
        reply = ask(url, params).json
        found += [hit["objectID"] for hit in reply["hits"]]
        if page + 1 >= reply["nbPages"]:
            break
    wanted = {t.external_id for t in world.tweets_alive(now(), "hackernews")}
    assert len(found) == len(set(found))
    assert wanted < set(found)  # blog.arxiv.org is found too
    assert ask(url, {"query": "zzzz"}).json["hits"] == []
    named = ask(url, {"tags": f"story,(story_{found[0]},story_{found[1]})"}).json["hits"]
    assert {hit["objectID"] for hit in named} == set(found[:2])
    item = upstream.environment["HACKERNEWS_ITEM_URL"].replace("{id}", found[0])
    assert ask(item).json["id"] == int(found[0])
    assert ask(item.replace(found[0], "1")).json is None


def test_no_more_than_a_thousand_hits_can_be_reached(now: Clock) -> None:
    many = World(3, START, 1, papers_per_day=1)
    story = next(t for t in many.noise if t.network == "hackernews")
    many.stream("hackernews").extend([story] * 1500)
    now.moment = story.posted_at + timedelta(hours=1)
    with Upstream(many, now) as upstream:
        url = f"{upstream.environment['HACKERNEWS_API_URL']}/api/v1/search_by_date"
        last = ask(url, {"query": "arxiv", "hitsPerPage": 100, "page": 9}).json
        beyond = ask(url, {"query": "arxiv", "hitsPerPage": 100, "page": 10}).json
    assert (last["nbHits"] > 1000, last["nbPages"], len(last["hits"])) == (True, 10, 100)
    assert beyond["hits"] == []


def test_the_papers_of_a_day(upstream: Upstream, world: World, now: Clock) -> None:
    url = f"{upstream.environment['HUGGINGFACE_API_URL']}/api/daily_papers"
    wanted = {
        t.external_id
        for t in world.tweets_alive(now(), "huggingface")
        if t.posted_at.date() == date(2026, 11, 12)
    }
    found: list[str] = []
    for page in range(50):
        entries = ask(url, {"date": "2026-11-12", "p": page, "limit": 3}).json
        found += [entry["paper"]["id"] for entry in entries]
        if not entries:
            break
    assert sorted(found) == sorted(wanted)
    one = ask(url.replace("daily_papers", f"papers/{found[0]}")).json
    assert one["upvotes"] == world.totals(found[0], now(), "huggingface").favorites
    assert ask(url, {"date": "2026-13-40"}).status == 400
    assert ask(url, {"date": "2026-11-14"}).json == []
