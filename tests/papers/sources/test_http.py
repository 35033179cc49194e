"""The one module that opens sockets, against real servers that misbehave."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from papers.sources import http
from papers.sources.base import SourceError
from papers.sources.http import Http, retry_after
from tests.upstream import faults
from tests.upstream.server import Upstream
from tests.upstream.world import World

NOW = datetime(2026, 11, 12, tzinfo=UTC)


class OpenGate:
    """Lets everybody through at once."""

    @contextmanager
    def turn(self, upstream: str, interval: float) -> Iterator[None]:
        yield


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    world = World(seed=1, start=date(2026, 11, 9), days=1, papers_per_day=2)
    with Upstream(world, lambda: NOW) as upstream:
        yield upstream


@pytest.fixture
def fetch(upstream: Upstream) -> Http:
    host = urlsplit(upstream.environment["ARXIV_OAI_URL"]).netloc
    return Http(http.Upstream("arxiv", frozenset([host]), 0.0), OpenGate(), "HotPapers/test")


@pytest.fixture
def url(upstream: Upstream) -> Iterator[str]:
    yield upstream.environment["ARXIV_OAI_URL"]
    upstream.calm()


IDENTIFY = {"verb": "Identify"}


def test_it_works(fetch: Http, url: str) -> None:
    assert b"<Identify>" in fetch(url, IDENTIFY)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.status(500), "answered 500"),
        (faults.status(503, retry_after="5"), "answered 503"),
        (faults.cut(), "broke off"),
        (faults.down(), "broke off"),
        (faults.gzip_bomb(), "larger than"),
    ],
)
def test_a_broken_answer_is_an_error_in_words(
    fetch: Http, url: str, upstream: Upstream, fault: faults.Fault, words: str
) -> None:
    upstream.misbehave("/oai", fault)
    with pytest.raises(SourceError, match=words) as caught:
        fetch(url, IDENTIFY)
    assert not caught.value.permanent


def test_who_cannot_be_reached_is_not_said_to_have_answered() -> None:
    with Upstream(World(1, date(2026, 11, 9), 1, 2), lambda: NOW) as gone:
        url = gone.environment["ARXIV_OAI_URL"]
    elsewhere = http.Upstream("arxiv", frozenset([urlsplit(url).netloc]), 0.0)
    with pytest.raises(SourceError, match="arxiv could not be reached: "):
        Http(elsewhere, OpenGate(), "HotPapers/test")(url, IDENTIFY)


def test_a_wait_that_was_asked_for_is_told(fetch: Http, url: str, upstream: Upstream) -> None:
    upstream.misbehave("/oai", faults.status(429, retry_after="120"))
    with pytest.raises(SourceError) as caught:
        fetch(url, IDENTIFY)
    assert (caught.value.status, caught.value.retry_after) == (429, 120)


def test_silence_ends(
    fetch: Http, url: str, upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch.client.timeout = 0.5
    upstream.misbehave("/oai", faults.hang(30))
    with pytest.raises(SourceError, match="in time"):
        fetch(url, IDENTIFY)


@pytest.mark.parametrize("slow_head", [False, True], ids=["body", "headers"])
def test_one_byte_at_a_time_ends(
    fetch: Http, url: str, upstream: Upstream, monkeypatch: pytest.MonkeyPatch, slow_head: bool
) -> None:
    """Each byte comes long before the time-out of a read, which begins anew with it."""
    assert b"<Identify>" in fetch(url, IDENTIFY)  # the connection is an open one by now
    monkeypatch.setattr(http, "TOTAL_TIMEOUT", 0.6)
    upstream.misbehave("/oai", faults.drip(0.1, slow_head=slow_head))
    begun = time.monotonic()
    with pytest.raises(SourceError, match="took longer than 0.6 s"):
        fetch(url, IDENTIFY)
    assert time.monotonic() - begun < 2
    assert b"<Identify>" in fetch(url, IDENTIFY)


def test_no_redirect_leads_to_another_host(fetch: Http, url: str, upstream: Upstream) -> None:
    upstream.misbehave("/oai", faults.redirect())
    with pytest.raises(SourceError, match="not one of its hosts") as caught:
        fetch(url, IDENTIFY)
    assert caught.value.permanent


def test_an_address_outside_the_list_is_not_asked(fetch: Http) -> None:
    with pytest.raises(SourceError, match="not one of its hosts"):
        fetch("http://127.0.0.1:1/secret")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", None),
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("-5", 0),
        ("1.5", 1.5),
        ("99999999", 86400),
        ("Thu, 12 Nov 2026 00:02:00 GMT", 120),
        ("Wed, 11 Nov 2026 00:00:00 GMT", 0),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("Thu, 99 Nov 2026", None),
    ],
)
def test_every_form_of_retry_after(header: str, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds
