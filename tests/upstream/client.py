"""A plain client of the played upstreams, for their tests: it reads, and forgives nothing."""

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import Element

from defusedxml import ElementTree  # type: ignore[import-untyped]
from websockets.sync.client import connect

from tests.upstream.bluesky import SOMEBODY
from tests.upstream.server import Upstream

OAI = "{http://www.openarchives.org/OAI/2.0/}"
ARXIV = "{http://arxiv.org/OAI/arXiv/}"
ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = {"query": 'url:"arxiv.org" -is:retweet', "max_results": "100"}
START = date(2026, 11, 9)


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 13, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


class Reply:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def xml(self) -> Element:
        return ElementTree.fromstring(self.body)


def ask(
    url: str,
    params: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    timeout: float = 5,
) -> Reply:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    try:
        query = urlencode(params or {}, doseq=True)
        connection.request("GET", f"{parts.path}{'?' if query else ''}{query}", None, headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def text(element: Element, path: str) -> str:
    found = element.find(path)
    return (found.text or "") if found is not None else ""


def records(upstream: Upstream, **params: str) -> Iterator[Element]:
    url = upstream.environment["ARXIV_OAI_URL"]
    asked = {"verb": "ListRecords", "metadataPrefix": "arXiv", **params}
    while True:
        root = ask(url, asked).xml
        yield from root.iter(f"{OAI}record")
        token = root.find(f".//{OAI}resumptionToken")
        if token is None or not token.text:
            return
        asked = {"verb": "ListRecords", "resumptionToken": token.text}


def bearer(upstream: Upstream) -> dict[str, str]:
    return {"Authorization": f"Bearer {upstream.token}"}


def search(upstream: Upstream, **params: str) -> Iterator[dict[str, Any]]:
    url = f"{upstream.environment['X_API_URL']}/2/tweets/search/recent"
    token = ""
    while True:
        reply = ask(
            url, {**SEARCH, **params, **({"next_token": token} if token else {})}, bearer(upstream)
        )
        yield from reply.json.get("data", ())
        token = reply.json["meta"].get("next_token", "")
        if not token:
            return


def frames(upstream: Upstream, cursor: int | None) -> list[dict[str, Any]]:
    """Return what the stream has sent when it has caught up with the moment."""
    found: list[dict[str, Any]] = []
    with connect(stream_url(upstream, cursor)) as stream:
        while True:
            frame = json.loads(stream.recv(timeout=5))
            if frame["did"] == SOMEBODY:
                return found
            found.append(frame)


def stream_url(upstream: Upstream, cursor: int | None) -> str:
    url = f"{upstream.environment['BLUESKY_JETSTREAM_URL']}/subscribe"
    asked = {"wantedCollections": "app.bsky.feed.post"}
    return f"{url}?{urlencode(asked | ({'cursor': str(cursor)} if cursor is not None else {}))}"


def micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
