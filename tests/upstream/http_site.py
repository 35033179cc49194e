"""One upstream on a port of its own: a threaded HTTP server that sends as its faults tell it to."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from typing import Any, Protocol

from tests.upstream.faults import Delivery, Fault
from tests.upstream.rules import Rules
from tests.upstream.wire import Answer, Entry, Log, Request


class App(Protocol):
    def answer(self, request: Request) -> Answer: ...


class Shared:
    """What all sites of an upstream have in common."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.log = Log()
        self.rules = Rules()
        self.closing = threading.Event()  # ends every wait, so that no test hangs
        self.errors: list[BaseException] = []  # mistakes of the played upstreams themselves


class HttpSite:
    def __init__(self, name: str, app: App, shared: Shared) -> None:
        self.name, self.app, self.shared = name, app, shared
        self._server = _Server(("127.0.0.1", 0), self)
        self.port: int = self._server.server_address[1]

    def start(self) -> None:
        server = self._server
        threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def stop(self) -> None:
        """Refuse connections from now on and drop the open ones."""
        self._server.shutdown()
        self._server.server_close()
        self._server.drop_all()

    def restart(self) -> None:
        self._server = _Server(("127.0.0.1", self.port), self)
        self.start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], site: HttpSite) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        with suppress(OSError):
            # A connection told not to linger is closed at once, which the client sees as a reset.
            if not _lingers(request):
                super().shutdown_request(request)
        request.close()

    def drop_all(self) -> None:
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is none of our errors; the handler keeps those itself."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Upstream/1"
    sys_version = ""
    wbufsize = -1  # headers and body in one packet where they fit
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        start = time.monotonic()
        site = self.server.site
        fault = site.shared.rules.take(self.path)
        answer = self._answer(site, fault)
        delivery = fault.delivery if fault else Delivery()
        self._end = 0.0
        try:
            self._send(answer, delivery, site.shared.closing)
        except OSError:
            self.close_connection = True
        finally:
            status = 0 if delivery.reset else answer.status
            name = fault.name if fault else ""
            end = self._end or time.monotonic()
            site.shared.log.add(Entry(start, end, site.name, self.path, status, name))
        # Only now: what a client has read whole is in the log.
        if self._last:
            with suppress(OSError):
                self.wfile.write(self._last)
                self.wfile.flush()

    def _answer(self, site: HttpSite, fault: Fault | None) -> Answer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.path, headers, site.shared.now())
        try:
            if fault is None:
                return site.app.answer(request)
            return fault.edit(site.app.answer(fault.ask(request)))
        except Exception as error:
            site.shared.errors.append(error)
            return Answer(500, repr(error).encode(), "text/plain")

    def _send(self, answer: Answer, delivery: Delivery, closing: threading.Event) -> None:
        self._last = b""
        if delivery.hang and closing.wait(delivery.hang):
            self.close_connection = True
            return
        if delivery.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        if delivery.slow_head:
            self.wfile = _Drip(self.wfile, delivery.interval, closing)
        honest = delivery.cut == delivery.declared == 1.0
        body = answer.body[: int(len(answer.body) * delivery.cut)]
        self.send_response(answer.status)
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(int(len(answer.body) * delivery.declared)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not honest:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if delivery.interval and not delivery.slow_head:
            self.wfile = _Drip(self.wfile, delivery.interval, closing)
        if delivery.interval:
            self.close_connection = True  # no later answer goes out slowly
        self.wfile.write(body[:-1])
        self._last = body[-1:]
        if not body:
            self.wfile.flush()
        self._end = time.monotonic()

    def log_message(self, format: str, *args: Any) -> None:
        """Our own log says more."""


class _Drip(BufferedIOBase):
    """Writes one byte at a time, `interval` seconds apart."""

    def __init__(self, inner: BufferedIOBase, interval: float, closing: threading.Event) -> None:
        self._inner, self._interval, self._closing = inner, interval, closing

    def write(self, data: Any) -> int:
        for byte in data:
            self._inner.write(bytes((byte,)))
            self._inner.flush()
            if self._closing.wait(self._interval):
                raise OSError("the test is over")
        return len(data)


def _lingers(connection: socket.socket) -> bool:
    wanted = connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
    return bool(struct.unpack("ii", wanted)[0])
