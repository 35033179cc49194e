"""The one module that opens sockets: time-outs, size caps, an allow-list of hosts, pace.

Knows upstreams as hosts; must not know what their answers mean. An answer that is late, cut, too
large or refused is a SourceError that says so in words, and never an empty result. Nothing is
asked twice here: whoever plans the work decides when to try again.
"""

import math
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from websockets.exceptions import ConnectionClosedOK, WebSocketException
from websockets.sync.client import connect

from papers.sources.base import Gate, SourceError

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 20.0  # between two pieces of an answer
TOTAL_TIMEOUT = 120.0  # of a whole answer: one byte a second passes the others
MAX_BYTES = 20_000_000  # of an answer, decompressed
MAX_FRAME = 1_000_000  # of a message on a WebSocket
MAX_REDIRECTS = 3
MAX_WAIT = 24 * 3600.0  # seconds; a Retry-After that says more is taken as this
KEPT_BODY = 4096  # bytes of a refused answer that its error carries
REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {400, 401, 402, 403, 404, 405, 410, 414, 422, 451}


@dataclass(frozen=True, slots=True)
class Upstream:
    """One operator: its hosts share a pace and are the only ones a request of it may go to."""

    name: str
    hosts: frozenset[str]  # host or host:port, as in a URL
    interval: float  # seconds between two requests, over all processes


@cache
def _certificates() -> ssl.SSLContext:
    """Return whom to trust, read once: it takes longer than most requests."""
    return httpx.create_ssl_context(trust_env=False)


class Http:
    """Polite requests to one upstream; callable as a `Fetch`."""

    def __init__(self, upstream: Upstream, gate: Gate, user_agent: str) -> None:
        self.upstream = upstream
        self.gate = gate
        self.client = httpx.Client(
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
            follow_redirects=False,
            verify=_certificates(),
            trust_env=False,
        )
        self._sockets: dict[bytes, socket.socket] = {}  # the newest of each host

    def __call__(
        self,
        url: str,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return the body of a GET, decompressed. Raises SourceError for everything but a 200."""
        request = self.client.build_request("GET", url, params=params, headers=headers)
        for _ in range(MAX_REDIRECTS + 1):
            self._check_host(str(request.url))
            # A refusal is raised before the turn is given back, for it may name the next one.
            with self.gate.turn(self.upstream.name, self.upstream.interval):
                status, answer_headers, body = self._send(request)
                if status not in REDIRECTS and status != 200:
                    raise refusal(self.upstream.name, status, answer_headers, body)
            if status == 200:
                return body
            target = urljoin(str(request.url), answer_headers.get("location", ""))
            request = self.client.build_request("GET", target, headers=headers)
        raise SourceError(f"{self.upstream.name} redirects in circles")

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or parts.netloc not in self.upstream.hosts:
            raise SourceError(
                f"{self.upstream.name} led to {parts.netloc or url[:60]}, which is not one of its"
                " hosts",
                permanent=True,
            )

    def _send(self, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        name = self.upstream.name
        with self._hung_up_after(TOTAL_TIMEOUT, request) as is_over:
            try:
                response = self.client.send(request, stream=True)
                try:
                    body = b"".join(_pieces(response, name))
                finally:
                    response.close()
            except (httpx.HTTPError, zlib.error) as error:
                if not is_over.is_set():
                    raise _failure(name, error) from error
            if is_over.is_set():  # a body without a length may seem to have come to its end
                raise SourceError(f"{name} took longer than {TOTAL_TIMEOUT:g} s for one answer")
        return response.status_code, response.headers, body

    @contextmanager
    def _hung_up_after(self, seconds: float, request: httpx.Request) -> Iterator[threading.Event]:
        """Close the connection of a request under its reader when the time is over.

        httpx has no bound for a whole answer: its read time-out begins anew with every byte, of the
        headers too. Yield what tells whether the time is over.
        """
        host, is_over = request.url.netloc, threading.Event()

        def opened(event: str, info: dict[str, Any]) -> None:
            if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
                self._sockets[host] = info["return_value"].get_extra_info("socket")

        def hang_up() -> None:
            is_over.set()
            with suppress(KeyError, OSError):
                self._sockets[host].shutdown(socket.SHUT_RDWR)

        request.extensions["trace"] = opened
        timer = threading.Timer(seconds, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield is_over
        finally:
            timer.cancel()


def _failure(name: str, error: httpx.HTTPError | zlib.error) -> SourceError:
    if isinstance(error, httpx.TimeoutException):
        return SourceError(f"{name} did not answer in time")
    if isinstance(error, httpx.ConnectError):
        return SourceError(f"{name} could not be reached: {error}"[:300])
    return SourceError(f"{name}'s answer broke off: {str(error) or type(error).__name__}"[:300])


def _pieces(response: httpx.Response, name: str) -> Iterator[bytes]:
    """Yield an answer piece by piece, decompressing no more than MAX_BYTES whatever it holds."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise SourceError(
            f"{name} answered in the encoding {encoding[:20]}, which was not asked for"
        )
    unzip = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    left = MAX_BYTES
    for raw in response.iter_raw():
        piece = unzip.decompress(raw, left + 1) if unzip else raw
        left -= len(piece)
        if left < 0:
            raise SourceError(f"{name}'s answer is larger than {MAX_BYTES:,} bytes")
        yield piece
    if unzip and not unzip.eof:
        raise SourceError(f"{name}'s answer broke off: the compressed data is cut")


def refusal(name: str, status: int, headers: Mapping[str, str], body: bytes) -> SourceError:
    """Return what an answer other than 200 means."""
    said = body[:200].decode("utf-8", "replace").strip()
    detail = f": {said}" if said and not said.startswith("<") else ""
    return SourceError(
        f"{name} answered {status}{detail}"[:300],
        permanent=status in PERMANENT,
        retry_after=retry_after(headers.get("retry-after", "")),
        status=status,
        headers=dict(headers),
        body=body[:KEPT_BODY],
    )


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Return the seconds a Retry-After header asks to wait, bounded; None when it names none.

    Seconds or an HTTP date (RFC 9110, 10.2.3); a negative wait is none at all, nonsense is None.
    """
    text = value.strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), MAX_WAIT) if math.isfinite(seconds) else None


def stream(upstream: Upstream, url: str, seconds: float) -> Iterator[str]:
    """Yield the text messages of a WebSocket, for at most `seconds`. Raises SourceError.

    Silence for READ_TIMEOUT ends it like a closed connection: nothing more is to come now.
    """
    if urlsplit(url).netloc not in upstream.hosts:
        raise SourceError(f"{url[:60]} is not one of {upstream.name}'s hosts", permanent=True)
    deadline = time.monotonic() + seconds
    try:
        connection = connect(url, open_timeout=CONNECT_TIMEOUT, max_size=MAX_FRAME)
    except (WebSocketException, OSError, TimeoutError) as error:
        raise SourceError(f"{upstream.name}'s stream does not open: {error}"[:300]) from error
    with connection:
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = connection.recv(timeout=min(left, READ_TIMEOUT))
            except (TimeoutError, ConnectionClosedOK):
                return
            except (WebSocketException, OSError) as error:
                raise SourceError(f"{upstream.name}'s stream broke off: {error}"[:300]) from error
            if isinstance(message, str):
                yield message
