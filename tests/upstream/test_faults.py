"""Each fault does what it says, to answers and to the stream, and then it is over."""

import gzip
import http.client
import socket
import threading
import time
import zlib
from datetime import timedelta
from random import Random
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

import pytest
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.upstream import faults
from tests.upstream.client import (
    ARXIV,
    ATOM,
    OAI,
    SEARCH,
    Clock,
    ask,
    bearer,
    frames,
    micros,
    stream_url,
    text,
)
from tests.upstream.server import Upstream
from tests.upstream.world import World


def test_faults_are_met_once_and_in_order(upstream: Upstream, feed: str) -> None:
    upstream.misbehave("/rss", faults.status(429), faults.status(503, retry_after="soon"))
    first, second, third = ask(feed), ask(feed), ask(feed)
    assert (first.status, first.body, "retry-after" in first.headers) == (
        429,
        b"Rate exceeded.",
        False,
    )
    assert (second.status, second.headers["retry-after"]) == (503, "soon")
    assert third.status == 200
    assert upstream.faults_waiting == 0
    assert [entry.status for entry in upstream.log] == [429, 503, 200]
    upstream.misbehave("/rss", faults.status(500), always=True)
    assert [ask(feed).status for _ in range(3)] == [500] * 3
    upstream.calm()
    assert ask(feed).status == 200


def test_a_cut_body_and_a_wrong_length(upstream: Upstream, feed: str) -> None:
    whole = ask(feed).body
    upstream.misbehave("/rss", faults.cut(), faults.wrong_length())
    with pytest.raises(http.client.IncompleteRead):
        ask(feed)
    assert ask(feed).body == whole[: len(whole) // 2]
    assert ask(feed).body == whole


def test_slow_answers_take_their_time_and_end_with_the_test(upstream: Upstream, feed: str) -> None:
    upstream.misbehave(
        "/rss", faults.hang(0.2), faults.hang(60), faults.drip(0.05), faults.drip(60)
    )
    begun = time.monotonic()
    assert ask(feed).status == 200
    assert time.monotonic() - begun >= 0.2
    with pytest.raises(TimeoutError):
        ask(feed, timeout=0.2)
    parts = urlsplit(feed)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=2) as slow:
        slow.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        seen = [slow.recv(4096) for _ in range(4)]
    assert [len(piece) for piece in seen[1:]] == [1, 1, 1]
    broken = (OSError, http.client.HTTPException)
    stuck = threading.Thread(target=lambda: pytest.raises(broken, ask, feed, timeout=30))
    stuck.start()
    time.sleep(0.1)
    begun = time.monotonic()
    upstream.__exit__(None, None, None)
    stuck.join(5)
    assert not stuck.is_alive()
    assert time.monotonic() - begun < 5


def test_a_dropped_connection_and_an_upstream_that_is_gone(upstream: Upstream, feed: str) -> None:
    upstream.misbehave("/rss", faults.down())
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        ask(feed)
    assert upstream.log[0].status == 0
    with upstream.offline("arxiv"), pytest.raises(ConnectionRefusedError):
        ask(feed)
    assert ask(feed).status == 200


def test_bombs(upstream: Upstream, feed: str) -> None:
    upstream.misbehave("/rss", faults.gzip_bomb(), faults.xml_bomb(), faults.nesting())
    packed = ask(feed)
    assert packed.headers["content-encoding"] == "gzip"
    assert 8_000_000 < len(packed.body) < 12_000_000
    opened = zlib.decompressobj(wbits=31).decompress(packed.body, 50_000_000)
    assert len(opened) == 50_000_000
    assert gzip.decompress(packed.body[:10] + zlib_end(b"")) == b""
    with pytest.raises(DefusedXmlException):
        ask(feed).xml  # noqa: B018
    assert ask(feed).body.startswith(b"<a><a>")
    upstream.misbehave("/2/", faults.nesting())
    url = f"{upstream.environment['X_API_URL']}/2/tweets/search/recent"
    with pytest.raises(RecursionError):
        ask(url, SEARCH, bearer(upstream)).json  # noqa: B018


def zlib_end(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush() + bytes(8)


def test_answers_of_another_kind(upstream: Upstream, feed: str) -> None:
    upstream.misbehave("/rss", faults.html(), faults.redirect("http://elsewhere.invalid/x"))
    upstream.misbehave("/rss", faults.wrong_charset())
    page = ask(feed)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert ask(feed).headers["location"] == "http://elsewhere.invalid/x"
    with pytest.raises(ParseError):
        ask(feed).xml  # noqa: B018


def test_lists_that_lack_repeat_or_shuffle(upstream: Upstream) -> None:
    url = upstream.environment["ARXIV_OAI_URL"]
    asked = {"verb": "ListRecords", "metadataPrefix": "arXiv"}

    def names() -> list[str]:
        root = ask(url, asked).xml
        assert root.find(f".//{OAI}resumptionToken") is not None
        return [text(one, f".//{ARXIV}id") for one in root.iter(f"{OAI}record")]

    whole = names()
    upstream.misbehave("/oai", faults.empty(), faults.short(), faults.repeated(), faults.shuffled())
    assert names() == []
    assert names() == whole[:-1]
    assert names() == [one for name in whole for one in (name, name)]
    mixed = names()
    assert mixed != whole
    assert sorted(mixed) == sorted(whole)


def test_fields_that_drift(upstream: Upstream) -> None:
    url = f"{upstream.environment['X_API_URL']}/2/tweets/search/recent"
    asked = {**SEARCH, "tweet.fields": "public_metrics"}
    upstream.misbehave(
        "/2/",
        faults.missing_field("text"),
        faults.renamed_field("public_metrics.like_count", "heart_count", item=None),
        faults.changed_field("id", None, item=1),
    )
    lacking, renamed, changed = (ask(url, asked, bearer(upstream)).json["data"] for _ in range(3))
    assert ["text" in one for one in lacking[:2]] == [False, True]
    assert all("heart_count" in one["public_metrics"] for one in renamed)
    assert changed[1]["id"] is None
    oai = upstream.environment["ARXIV_OAI_URL"]
    upstream.misbehave("/oai", faults.missing_field("title"))
    root = ask(oai, {"verb": "ListRecords", "metadataPrefix": "arXiv"}).xml
    titles = [text(one, f".//{ARXIV}title") for one in root.iter(f"{OAI}record")]
    assert [bool(title) for title in titles[:2]] == [False, True]


def test_a_record_can_be_deleted(upstream: Upstream) -> None:
    upstream.misbehave("/oai", faults.deleted_record(1))
    asked = {"verb": "ListRecords", "metadataPrefix": "arXiv"}
    found = ask(upstream.environment["ARXIV_OAI_URL"], asked).xml
    said = [header.get("status") for header in found.iter(f"{OAI}header")][:3]
    assert said == [None, "deleted", None]
    assert len(list(found.iter(f"{OAI}metadata"))) == len(list(found.iter(f"{OAI}header"))) - 1


def test_old_versions_after_new_ones(upstream: Upstream, world: World, now: Clock) -> None:
    event = next(event for event in world.events if event.kind == "replace")
    now.moment = event.visible_at
    url, asked = upstream.environment["ARXIV_API_URL"], {"id_list": event.paper.arxiv_id}
    upstream.misbehave("/api/query", faults.old_version())
    upstream.misbehave("/api/query?id", faults.stale(24))
    seen = [text(ask(url, asked).xml, f".//{ATOM}entry/{ATOM}id")[-2:] for _ in range(3)]
    assert seen == ["v1", "v1", "v2"]


def test_the_stream_misbehaves_too(upstream: Upstream, now: Clock) -> None:
    since = micros(now() - timedelta(hours=10))
    url = stream_url(upstream, since)
    honest = [one["time_us"] for one in frames(upstream, since)]
    upstream.misbehave("/subscribe", faults.status(429), faults.cut(), faults.repeated())
    with pytest.raises(InvalidStatus) as refused:
        connect(url)
    assert refused.value.response.status_code == 429
    with connect(url) as stream:
        stream.recv(timeout=2)
        with pytest.raises(ConnectionClosed):
            stream.recv(timeout=2)
    assert [one["time_us"] for one in frames(upstream, since)] == [
        t for t in honest for _ in (1, 2)
    ]


def test_weather_is_drawn_from_its_seed(world: World, now: Clock) -> None:
    def met() -> list[str]:
        with Upstream(world, now) as upstream:
            upstream.weather(5, rate=0.5)
            for _ in range(30):
                try:
                    ask(f"{upstream.environment['ARXIV_RSS_URL']}/hep-th")
                except (OSError, http.client.HTTPException):
                    continue
            return [entry.fault for entry in upstream.log]

    first = met()
    assert first == met()
    assert 5 < sum(bool(name) for name in first) < 25
    assert {faults.passing(Random(seed)).name for seed in range(200)} >= {"cut", "down", "html"}
