"""Settings > Feeds."""

import re
from xml.etree.ElementTree import Element, fromstring

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import FeedLink, User
from tests.accounts.conftest import MakeReader, words
from tests.factories import make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client, reader: User) -> Client:
    make_paper(authors=("Łukasz & Żółć",), score=60)
    for kind, target in (("category", "cs.LG"), ("author", "lukasz-zolc"), ("search", 'a "b" & c')):
        reader.subscriptions.create(kind=kind, target=target)
    client.force_login(reader)
    return client


def secrets(client: Client) -> list[str]:
    """Return the paths of the secret addresses that the page shows."""
    html = client.get("/settings/feeds/").content.decode()
    return re.findall(r"<code id=\"a\d+\"[^>]*>http://127\.0\.0\.1:\d+(/feeds/[^<]+)</code>", html)


def test_it_works(signed_in: Client) -> None:
    """Made, shown again, renewed and revoked."""
    assert secrets(signed_in) == []
    response = signed_in.post("/settings/feeds/make/", {"kind": "feed"})
    assert (response.status_code, response["Location"]) == (303, "/settings/feeds/")
    (first,) = secrets(signed_in)
    assert secrets(signed_in) == [first]
    assert Client().get(first).status_code == 200
    signed_in.post("/settings/feeds/renew/", {"kind": "feed"})
    (second,) = secrets(signed_in)
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    page = words(signed_in.get("/settings/feeds/"))
    assert "last read" in page
    signed_in.post("/settings/feeds/revoke/", {"kind": "feed"})
    assert secrets(signed_in) == []
    assert Client().get(second).status_code == 404


def test_the_public_feeds_of_what_is_followed_are_named(signed_in: Client) -> None:
    html = signed_in.get("/settings/feeds/").content.decode()
    for path in ("/digests.atom", "/categories/cs.LG.atom", "/authors/lukasz-zolc.atom"):
        assert f'href="{path}"' in html
        assert Client().get(path).status_code == 200
    assert "/search.atom?q=a+%22b%22+%26+c" in html


def test_a_link_outlives_the_following_until_it_is_revoked(signed_in: Client, reader: User) -> None:
    asked = {"kind": "search", "target": 'a "b" & c'}
    signed_in.post("/settings/feeds/make/", asked)
    reader.subscriptions.filter(kind="search").delete()
    (path,) = secrets(signed_in)
    assert Client().get(path).status_code == 200
    signed_in.post("/settings/feeds/revoke/", asked)
    assert Client().get(path).status_code == 404
    assert signed_in.post("/settings/feeds/make/", asked).status_code == 404


@pytest.mark.parametrize("act", ["make", "renew", "revoke"])
@pytest.mark.parametrize("form", [{}, {"kind": "x"}, {"kind": "search", "target": "\x00"}])
def test_what_is_not_there_cannot_be_changed(
    signed_in: Client, act: str, form: dict[str, str]
) -> None:
    assert signed_in.post(f"/settings/feeds/{act}/", form).status_code == 404


@pytest.mark.parametrize("act", ["renew", "revoke"])
def test_nobody_elses_can_be_changed(signed_in: Client, make_reader: MakeReader, act: str) -> None:
    FeedLink.objects.create(user=make_reader("ben"), kind="feed")
    before = FeedLink.objects.values().get()
    assert signed_in.post(f"/settings/feeds/{act}/", {"kind": "feed"}).status_code == 404
    assert FeedLink.objects.values().get() == before


def folders(client: Client) -> dict[str, list[Element]]:
    response = client.get("/settings/feeds/hot-papers.opml")
    assert response["Content-Type"] == "text/x-opml; charset=utf-8"
    body = fromstring(response.content).find("body")
    assert body is not None
    return {str(folder.get("text")): list(folder) for folder in body}


def test_all_are_taken_along_as_opml(signed_in: Client, reader: User) -> None:
    assert list(folders(signed_in)) == ["Hot Papers"]
    reader.subscriptions.create(kind="search", target="a\x01 <b>")
    for form in ({"kind": "saved"}, {"kind": "search", "target": 'a "b" & c'}):
        signed_in.post("/settings/feeds/make/", form)
    found = folders(signed_in)
    assert [len(links) for links in found.values()] == [5, 2]
    for link in sum(found.values(), []):
        path = re.sub(r"^http://[^/]+", "", str(link.get("xmlUrl")))
        response = Client().get(path)
        assert response.status_code == 200, path
        title = feedparser.parse(response.content).feed.title
        assert title.replace("&amp;", "&") in (link.get("text"), "“a <b>”, new · Hot Papers")


def test_it_costs_the_same_however_much_is_followed(signed_in: Client, reader: User) -> None:
    for number in range(15):
        reader.subscriptions.create(kind="search", target=f"word {number}")
        signed_in.post("/settings/feeds/make/", {"kind": "search", "target": f"word {number}"})
    assert len(secrets(signed_in)) == 15
    with CaptureQueriesContext(connection) as queries:
        signed_in.get("/settings/feeds/")
    assert len(queries) <= 8
