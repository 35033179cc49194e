"""How providers are asked: an answer is whole within a bounded time and size, or there is none.

requests bounds the wait for each piece of an answer alone: a byte every four seconds passes its
time-outs for ever, and a thread of the web server with it.
"""

import socket
import threading
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

PIECE = 4.0  # seconds for a connection, and between two pieces
TOTAL = 5.0  # for a whole answer; a reader who comes back waits for four of them
MAX_BYTES = 500_000
_opened: ContextVar[list[socket.socket]] = ContextVar("opened")  # for the answer that is awaited


class _Http(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _opened.get().append(self.sock)


class _Https(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _opened.get().append(self.sock)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class Session(requests.Session):
    """Asks without following redirects. Raises a RequestException for all but a whole answer."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = 0  # what is sent, a secret among it, goes where it was meant to
        self.headers["User-Agent"] = f"HotPapers (+{settings.CONTACT or settings.SITE_URL})"
        self.mount("http://", _Adapter())
        self.mount("https://", _Adapter())

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        opened: list[socket.socket] = []
        is_over = threading.Event()
        timer = threading.Timer(TOTAL, _hang_up, (opened, is_over))
        timer.daemon = True
        timer.start()
        asked = _opened.set(opened)
        try:
            response = super().request(*args, **kwargs | {"timeout": PIECE, "stream": True})
            _read(response)
        finally:
            timer.cancel()
            _opened.reset(asked)
        if is_over.is_set():  # a body without a length may seem to have come to its end
            raise requests.Timeout(f"no whole answer in {TOTAL:g} s")
        return response


def _hang_up(opened: list[socket.socket], is_over: threading.Event) -> None:
    """Close the connection under its reader."""
    is_over.set()
    for each in opened:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _read(response: requests.Response) -> None:
    """Read the body, and let `content` give it."""
    body = bytearray()
    with response:
        for piece in response.iter_content(1 << 16):
            body += piece
            if len(body) > MAX_BYTES:
                raise requests.RequestException(f"more than {MAX_BYTES} bytes")
    response._content = bytes(body)
