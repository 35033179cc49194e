"""How long and how large an answer may be, asked of a server that knows no bounds."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from accounts import outgoing
from tests.accounts.provider import Fault, Provider


@pytest.fixture
def ask(running_provider: Provider) -> Iterator[Callable[[Fault], Any]]:
    """Ask a server that answers as it is told to."""

    def ask(fault: Fault) -> requests.Response:
        running_provider.faults = {"/x": fault}
        with outgoing.Session() as session:
            return session.get(f"{running_provider.url}/x")

    yield ask
    running_provider.forget()


def head(handler: Any, *lines: str) -> None:
    handler.wfile.write("\r\n".join(("HTTP/1.1 200 OK", *lines, "", "")).encode())


def test_it_works(ask: Callable[[Fault], Any]) -> None:
    response = ask(lambda handler: handler.send(200, {"agent": handler.headers["User-Agent"]}))
    assert response.json()["agent"].startswith("HotPapers (+http")
    assert ask(lambda handler: handler.send(404, {})).status_code == 404


@pytest.mark.parametrize("where", ["head", "body", "body without a length"])
def test_what_drips_is_hung_up_on(
    ask: Callable[[Fault], Any], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(outgoing, "TOTAL", 0.4)

    def drip(handler: Any) -> None:
        if where == "body":
            head(handler, "Content-Length: 1000")
        elif where == "head":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        else:
            head(handler)
        for _ in range(50):
            handler.wfile.write(b".")
            time.sleep(0.05)

    start = time.monotonic()
    with pytest.raises(requests.RequestException):
        ask(drip)
    assert time.monotonic() - start < 2


def test_silence_is_not_waited_for(
    ask: Callable[[Fault], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "PIECE", 0.2)
    is_done = threading.Event()

    def wait(handler: Any) -> None:
        is_done.wait(5)

    with pytest.raises(requests.Timeout):
        ask(wait)
    is_done.set()


def test_what_is_too_large_is_not_read(ask: Callable[[Fault], Any]) -> None:
    def flood(handler: Any) -> None:
        head(handler)
        for _ in range(1000):
            handler.wfile.write(b"x" * 100_000)

    with pytest.raises(requests.RequestException, match="more than 500000 bytes"):
        ask(flood)
    assert len(ask(lambda handler: handler.send(200, "x" * outgoing.MAX_BYTES)).content) == 500_000


def test_nothing_is_sent_where_an_answer_leads(ask: Callable[[Fault], Any]) -> None:
    with pytest.raises(requests.TooManyRedirects):
        ask(lambda handler: handler.send(302, "", Location="/jwks"))
