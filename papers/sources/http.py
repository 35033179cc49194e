"""The one module that opens sockets: time-outs, size caps, an allow-list of hosts, pace.

Knows upstreams as hosts; must not know what their answers mean. An answer that is late, cut, too
large or refused is a SourceError that says so in words, and never an empty result. Nothing is
asked twice here: whoever plans the work decides when to try again.
"""

import math
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import httpx
from websockets.exceptions import ConnectionClosedOK, WebSocketException
from websockets.sync.client import connect

from papers.sources.base import Gate, SourceError

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 20.0  # between two pieces of an answer
TOTAL_TIMEOUT = 120.0  # of a whole answer: httpx has none, and one byte a second passes its others
MAX_BYTES = 20_000_000  # of an answer, decompressed
MAX_FRAME = 1_000_000  # of a message on a WebSocket
MAX_REDIRECTS = 3
MAX_WAIT = 24 * 3600.0  # seconds; a Retry-After that says more is taken as this
KEPT_BODY = 4096  # bytes of a refused answer that its error carries
PERMANENT = {400, 401, 402, 403, 404, 405, 410, 414, 422, 451}


@dataclass(frozen=True, slots=True)
class Upstream:
    """One operator: its hosts share a pace and are the only ones a request of it may go to."""

    name: str
    hosts: frozenset[str]  # host or host:port, as in a URL
    interval: float  # seconds between two requests, over all processes


class Http:
    """Polite requests to one upstream; callable as a `Fetch`."""

    def __init__(self, upstream: Upstream, gate: Gate, user_agent: str) -> None:
        self.upstream = upstream
        self.gate = gate
        self.client = httpx.Client(
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
            follow_redirects=False,
            trust_env=False,
        )

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
            with self.gate.turn(self.upstream.name, self.upstream.interval):
                status, answer_headers, body = self._send(request)
            if status not in {301, 302, 303, 307, 308}:
                break
            target = urljoin(str(request.url), answer_headers.get("location", ""))
            request = self.client.build_request("GET", target, headers=headers)
        if status != 200:
            raise refusal(self.upstream.name, status, answer_headers, body)
        return body

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or parts.netloc not in self.upstream.hosts:
            raise SourceError(
                f"{self.upstream.name} led to {parts.netloc or url[:60]}, which is not one of its"
                " hosts",
                permanent=True,
            )

    def _send(self, request: httpx.Request) -> tuple[int, httpx.Headers, bytes]:
        deadline = time.monotonic() + TOTAL_TIMEOUT
        name = self.upstream.name
        try:
            response = self.client.send(request, stream=True)
            try:
                body = b"".join(_pieces(response, deadline, name))
            finally:
                response.close()
        except httpx.TimeoutException as error:
            raise SourceError(f"{name} did not answer in time") from error
        except httpx.ConnectError as error:
            raise SourceError(f"{name} could not be reached: {error}"[:300]) from error
        except (httpx.HTTPError, zlib.error) as error:
            reason = str(error) or type(error).__name__
            raise SourceError(f"{name}'s answer broke off: {reason}"[:300]) from error
        return response.status_code, response.headers, body


def _pieces(response: httpx.Response, deadline: float, name: str) -> Iterator[bytes]:
    """Yield an answer piece by piece, decompressing no more than MAX_BYTES whatever it holds."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise SourceError(
            f"{name} answered in the encoding {encoding[:20]}, which was not asked for"
        )
    unzip = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    left = MAX_BYTES
    for raw in response.iter_raw():
        if time.monotonic() > deadline:
            raise SourceError(f"{name} took longer than {TOTAL_TIMEOUT:.0f} s for one answer")
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
        socket = connect(url, open_timeout=CONNECT_TIMEOUT, max_size=MAX_FRAME)
    except (WebSocketException, OSError, TimeoutError) as error:
        raise SourceError(f"{upstream.name}'s stream does not open: {error}"[:300]) from error
    with socket:
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = socket.recv(timeout=min(left, READ_TIMEOUT))
            except (TimeoutError, ConnectionClosedOK):
                return
            except (WebSocketException, OSError) as error:
                raise SourceError(f"{upstream.name}'s stream broke off: {error}"[:300]) from error
            if isinstance(message, str):
                yield message
