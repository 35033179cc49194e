"""Jetstream on a port of its own: replay from a cursor, then what happens as the clock goes on."""

import threading
import time
from http import HTTPStatus
from uuid import UUID

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as Handshake
from websockets.http11 import Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.upstream.bluesky import Jetstream, StreamEvent, heartbeat
from tests.upstream.faults import Fault
from tests.upstream.http_site import Shared
from tests.upstream.wire import JSON, Answer, Entry, Request

_POLL = 0.02  # seconds


class StreamSite:
    def __init__(self, name: str, app: Jetstream, shared: Shared) -> None:
        self.name, self.app, self.shared = name, app, shared
        self._closing = threading.Event()
        self._faults: dict[UUID, Fault] = {}
        self._server = self._serve(0)
        self.port: int = self._server.socket.getsockname()[1]

    def _serve(self, port: int) -> Server:
        return serve(self._talk, "127.0.0.1", port, process_request=self._opened, compression=None)

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._closing.set()
        self._server.shutdown()

    def restart(self) -> None:
        self._closing = threading.Event()
        self._server = self._serve(self.port)
        self.start()

    def _opened(self, connection: ServerConnection, handshake: Handshake) -> Response | None:
        """Refuse what is no subscription; a fault with a status refuses too."""
        fault = self.shared.rules.take(handshake.path)
        if fault:
            self._faults[connection.id] = fault
        request = Request(handshake.path, {}, self.shared.now())
        cursor = request.one("cursor", "0")
        answer = Answer(101, b"", JSON)
        if request.path != "/subscribe":
            answer = Answer(404, b"Not Found", "text/plain")
        elif not cursor.lstrip("-").isdigit():
            answer = Answer(400, b"invalid cursor", "text/plain")
        if fault:
            answer = fault.edit(answer)
        if answer.status == 101:
            return None
        now = time.monotonic()
        name = fault.name if fault else ""
        self.shared.log.add(Entry(now, now, self.name, handshake.path, answer.status, name))
        headers = Headers({**answer.headers, "Content-Length": str(len(answer.body))})
        return Response(answer.status, HTTPStatus(answer.status).phrase, headers, answer.body)

    def _talk(self, connection: ServerConnection) -> None:
        start = time.monotonic()
        fault: Fault | None = self._faults.pop(connection.id, None)
        path = connection.request.path if connection.request else ""
        try:
            if fault and fault.delivery.reset:
                return
            if fault and fault.delivery.hang and self._closing.wait(fault.delivery.hang):
                return
            self._tail(connection, Request(path, {}, self.shared.now()), fault)
        except (ConnectionClosed, OSError):
            pass
        finally:
            if fault and (fault.delivery.reset or fault.delivery.cut < 1):
                connection.socket.close()  # no closing handshake: it breaks off
            name, end = fault.name if fault else "", time.monotonic()
            self.shared.log.add(Entry(start, end, self.name, path, 101, name))

    def _tail(self, connection: ServerConnection, request: Request, fault: Fault | None) -> None:
        cursor = int(request.one("cursor")) if request.one("cursor") else None
        wanted = request.query.get("wantedCollections", [])
        events = self.app.events
        at = self.app.since(cursor, request.at)
        while not self._closing.is_set():
            now = self.shared.now()
            while at < len(events) and events[at].at <= now and not self._closing.is_set():
                if _is_wanted(events[at], wanted):
                    for message in _messages(events[at], fault):
                        connection.send(message)
                        if fault and fault.delivery.cut < 1:
                            return
                        if fault and fault.delivery.interval:
                            self._closing.wait(fault.delivery.interval)
                at += 1
            # Of the moment up to which all was sent, so that nothing can come before it later.
            connection.send(heartbeat(now))
            try:
                connection.recv(timeout=_POLL)
            except TimeoutError:
                continue


def _is_wanted(event: StreamEvent, wanted: list[str]) -> bool:
    """Accounts and identities come whatever was asked for; `app.bsky.*` is a prefix."""
    return (
        not event.collection
        or not wanted
        or any(
            event.collection == one or (one.endswith("*") and event.collection.startswith(one[:-1]))
            for one in wanted
        )
    )


def _messages(event: StreamEvent, fault: Fault | None) -> list[str]:
    if fault is None:
        return [event.message]
    edited = fault.edit(Answer(200, event.message.encode(), JSON)).body.decode("utf-8", "replace")
    return [edited, edited] if fault.twice else [edited]
