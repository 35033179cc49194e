"""What is never written down: the secrets in addresses, whatever is asked and whoever logs it."""

import io
import json
import logging
import logging.config
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from hotpapers import logs
from tests.browser.site import Site, running_site

CODE = "0123456789abcdef0123456789abcdef"
TOKEN = "a-Secret_of_thirty-two-letters-1"  # noqa: S105
ADDRESSES = [
    f"/feeds/12-{CODE}.atom",
    f"https://papers.example/feeds/12-{CODE}.atom?x=1",
    f"/%66eeds/12-{CODE}.atom",
    f"/feeds/12-{CODE}",
    f"/shared/{TOKEN}/",
    f"/shared/{TOKEN}.atom",
    f"/shared/{TOKEN}.bib",
    f"/accounts/login/?next=/shared/{TOKEN}/",
    f"/accounts/login/?next=%2Fshared%2F{TOKEN}%2F%3Fafter%3D1",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_works(address: str) -> None:
    said = logs.redacted(f'Not Found: {address} <WSGIRequest: GET "{address}">')
    assert CODE not in said
    assert TOKEN not in said
    assert said.startswith("Not Found: ")
    assert said.endswith('">')


@pytest.mark.parametrize("address", ["/settings/feeds/make/", "/hot.atom", "/feeds/", "/shared/"])
def test_what_is_no_secret_stays(address: str) -> None:
    assert logs.redacted(f"Bad Request: {address}") == f"Bad Request: {address}"


@pytest.mark.parametrize("form", ["line", "json"])
def test_neither_message_nor_what_is_beside_it_nor_a_traceback_tells(form: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    formatter = logs.configuration(form, "INFO")["formatters"]["structured"]
    handler.setFormatter(logging.config.DictConfigurator({}).configure_formatter(formatter))
    path = f"/feeds/12-{CODE}.atom"
    record = logging.LogRecord("x", logging.ERROR, "", 1, "Broke: %s", (path,), None)
    record.request = f"<WSGIRequest: GET '{path}'>"
    try:
        secret = path  # a variable, whose value is not told either
        raise ValueError(secret)
    except ValueError:
        record.exc_info = sys.exc_info()
    handler.emit(record)
    assert CODE not in written.getvalue()
    assert "Broke: /feeds/…" in written.getvalue()
    if form == "json":
        assert json.loads(written.getvalue())["event"] == "Broke: /feeds/…"


# A site as it runs --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One that logs as much as it can, each request too."""
    variables = {"LOG_LEVEL": "DEBUG", "GUNICORN_CMD_ARGS": "--access-logfile - --log-level debug"}
    with running_site(variables=variables) as running:
        yield running


def sign_in(site: Site) -> httpx.Client:
    client = httpx.Client(base_url=site.url, timeout=60)
    client.get("/accounts/login/")
    form = {"login": site.curator, "password": site.password}
    assert client.post("/accounts/login/", data=form | token(client)).status_code == 302
    return client


def token(client: httpx.Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": client.cookies["csrftoken"]}


def ask_in_every_way(site: Site, path: str, etag: str) -> None:
    """Ask for an address as it is and as it is not, from there, with a copy, and what is broken."""
    bare = httpx.Client(base_url=site.url, timeout=60, headers={"Referer": site.url + path})
    held = {"If-None-Match": etag}
    for asked in (path, f"{path}?x=%00", f"{path}/", path.removesuffix(".atom"), "/%66" + path[2:]):
        for method in ("GET", "HEAD", "POST", "BREW"):
            bare.request(method, asked, headers=held)
    bare.get(path, headers={"Host": "elsewhere.example"})
    bare.get("/nowhere/", headers={"X-Forwarded-Proto": "gopher"})
    bare.get("/accounts/login/", params={"next": path})
    bare.get(path, headers={"X": "x" * 9_000})  # more than the web server reads


def test_a_revoked_address_ends_at_once_and_stands_in_no_log(site: Site) -> None:
    reader = sign_in(site)
    made = {"kind": "saved"}
    assert reader.post("/settings/feeds/make/", data=made | token(reader)).status_code == 303
    html = unescape(reader.get("/settings/feeds/").text)
    (path,) = re.findall(rf"{site.url}(/feeds/[^<]+)</code>", html)
    anybody = httpx.Client(base_url=site.url, timeout=60)
    first = anybody.get(path)
    assert (first.status_code, first.headers["Referrer-Policy"]) == (200, "no-referrer")
    held = {"If-None-Match": first.headers["ETag"]}
    assert anybody.get(path, headers=held).status_code == 304
    ask_in_every_way(site, path, first.headers["ETag"])
    assert reader.post("/settings/feeds/revoke/", data=made | token(reader)).status_code == 303
    assert anybody.get(path, headers=held).status_code == 404
    assert anybody.get(path).status_code == 404
    ask_in_every_way(site, path, first.headers["ETag"])
    anybody.get(f"/shared/{TOKEN}/")
    log = Path(site.mail.parent / "log").read_text()
    code = path.partition("-")[2].removesuffix(".atom")
    assert len(code) == 32
    assert code not in log
    assert TOKEN not in log
    assert log.count("/feeds/…") > 50  # each was logged, by more than one
    assert "Not Found: /shared/…" in log
