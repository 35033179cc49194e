"""A page that comes tag by tag, as over a bad line: nothing that was painted moves."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from tests.browser.site import Site
from tests.browser.watch import layout_shifts

pytestmark = [pytest.mark.browser, pytest.mark.look]
PAUSE = 0.02  # seconds behind each tag, longer than a frame
SLOW_TAGS = 150  # of the body: beyond the first rows


@pytest.fixture
def slow_site(site: Site) -> Iterator[str]:
    """The site, with pages that come tag by tag; what they link to comes at once."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with urlopen(site.url + self.path) as answer:
                kind, body = answer.headers["Content-Type"], answer.read()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            if "html" in kind:
                head, opening, body = body.partition(b"<body")
                self.wfile.write(head + opening)
                for _ in range(SLOW_TAGS):
                    tag, end, body = body.partition(b">")
                    self.wfile.write(tag + end)
                    time.sleep(PAUSE)
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing of a request."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves(chromium: Browser, slow_site: str, width: int) -> None:
    page = chromium.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{slow_site}/top/?window=month")
    assert layout_shifts(page) == []
    page.context.close()
