"""A reader's own lists, and those they share, as files."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from accounts import shelf
from accounts.models import Subscription, User
from papers.exports import FORMATS
from papers.models import Paper
from papers.readers import Kind
from papers.views import exports
from tests.accounts.conftest import MakeReader
from tests.accounts.views.test_saved import save_many, signed_in
from tests.accounts.views.test_shelf import make_list
from tests.factories import make_paper
from tests.papers.exports.readers import READERS

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db


def said(client: Client, address: str, status: int = 200) -> str:
    response: Any = client.get(address)
    assert response.status_code == status, address
    return b"".join(response).decode()


def ids(client: Client, address: str) -> list[str]:
    suffix = address.partition("?")[0].partition(".")[2]
    return list(READERS[suffix](said(client, address)))


@pytest.fixture
def three(signed_in: Client, reader: User) -> list[str]:
    """Three saved papers: the first done and tagged, the others in a list, the last one first."""
    first, second, third = rows = save_many(reader, 3)
    first.change("done", "On *barns*.")
    shelf.tag(reader, [first], ["barns"])
    make_list(reader, third, second)
    return [row.paper.arxiv_id for row in rows]


@pytest.mark.parametrize("suffix", FORMATS)
def test_it_works(signed_in: Client, three: list[str], suffix: str) -> None:
    """The filters of the page, and its order."""
    assert ids(signed_in, f"/saved.{suffix}") == three[::-1]
    assert ids(signed_in, f"/saved.{suffix}?sort=title") == three
    assert ids(signed_in, f"/saved.{suffix}?state=done") == three[:1]
    assert ids(signed_in, f"/saved.{suffix}?tag=barns") == three[:1]
    assert ids(signed_in, f"/saved.{suffix}?list=reading-group") == three[:0:-1]
    assert ids(signed_in, f"/saved.{suffix}?q=barns") == three[:1]
    text = said(signed_in, f"/saved.{suffix}?state=done")
    assert "barns" in text, "the tag"
    assert "On *barns*." in text, "the note"


def test_tables_have_what_a_reader_keeps(signed_in: Client, three: list[str]) -> None:
    text = said(signed_in, "/saved.csv").removeprefix("\ufeff")
    *_, done = csv.DictReader(io.StringIO(text, newline=""))
    told = [done[name] for name in ("state", "tags", "lists", "note")]
    assert told == ["done", "barns", "", "On *barns*."]
    newest = json.loads(said(signed_in, "/saved.json"))["papers"][0]
    assert (newest["state"], newest["lists"]) == ("later", "Reading group")


def test_all_is_exported_however_much_it_is(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST", 2)
    save_many(reader, 40)
    assert len(ids(signed_in, "/saved.bib")) == 40


def test_the_page_leads_to_the_file_of_what_it_shows(signed_in: Client, three: list[str]) -> None:
    page = signed_in.get("/saved/?state=done").content.decode()
    assert 'href="/saved.csv?state=done">CSV</a>' in page
    assert (
        '<a class="btn" href="/saved.ris">RIS</a>'
        in signed_in.get("/settings/data/").content.decode()
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/saved.bib?state=lost", 400),
        ("/saved.csv?q=%00", 400),
        ("/saved.md?sort=" + "x" * 5000, 400),
        ("/saved.json?tag=nothing", 404),
        ("/feed.bib?window=decade", 400),
        ("/feed.csv?after=nan", 400),
        ("/shared/0123456789abcdef.md", 404),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(signed_in: Client, address: str, status: int) -> None:
    make_paper()
    response = signed_in.get(address)
    assert (response.status_code, response["Content-Type"]) == (status, "text/plain; charset=utf-8")


def test_nobody_else_has_what_is_saved(
    signed_in: Client, three: list[str], make_reader: MakeReader
) -> None:
    other = Client()
    other.force_login(make_reader("other"))
    assert ids(other, "/saved.bib") == []
    assert other.get("/saved.bib?list=reading-group").status_code == 404
    assert Client().get("/saved.bib")["Location"] == "/accounts/login/?next=/saved.bib"
    assert signed_in.get("/saved.bib")["Cache-Control"] == "private, no-store"


# For you -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
def test_for_you(signed_in: Client, reader: User, suffix: str) -> None:
    Subscription.objects.create(user=reader, kind=Kind.CATEGORY, target="cs.LG")
    found = [make_paper(score=score).arxiv_id for score in (90, 60)]
    make_paper(categories=("math.CT",))
    assert ids(signed_in, f"/feed.{suffix}") == found
    assert ids(signed_in, f"/feed.{suffix}?sort=new&window=day") == found
    assert f'href="/feed.{suffix}">' in signed_in.get("/feed/").content.decode()


def test_for_you_goes_on_where_it_is_too_long(
    signed_in: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views.exports.MOST", 2)
    Subscription.objects.create(user=reader, kind=Kind.CATEGORY, target="cs.LG")
    held = [make_paper(score=score).arxiv_id for score in (90, 60, 50)]
    response = signed_in.get("/feed.bib")
    following = response["Link"].removeprefix("<").partition(">")[0]
    assert ids(signed_in, "/feed.bib") == held[:2]
    assert list(READERS["bib"](said(signed_in, following))) == held[2:]


def test_to_take_a_feed_along_is_no_visit(signed_in: Client, reader: User) -> None:
    make_paper()
    said(signed_in, "/feed.bib")
    reader.refresh_from_db()
    assert reader.visit_at is None


def test_a_guest_has_a_feed_too(client: Client) -> None:
    make_paper(score=60)
    assert client.get("/feed.bib").status_code == 302
    client.post("/follow/change/", {"follow": "category cs.LG"})
    assert ids(client, "/feed.bib") == ["2106.00001"]


# Shared lists ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_shared_list(reader: User, three: list[str], suffix: str) -> None:
    reading = reader.lists.get()
    link = f"/shared/{shelf.share(reading)}"
    visitor = Client()
    response: Any = visitor.get(f"{link}.{suffix}")
    assert list(READERS[suffix](b"".join(response).decode())) == three[:0:-1]
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert not visitor.cookies
    assert f'href="{link}.{suffix}">' in visitor.get(f"{link}/").content.decode()
    shelf.unshare(reading)
    assert visitor.get(f"{link}.{suffix}").status_code == 404


@pytest.mark.parametrize("suffix", FORMATS)
def test_nothing_else_of_its_reader_is_in_it(reader: User, suffix: str) -> None:
    (row,) = save_many(reader, 1)
    row.change("done", "A private note.")
    shelf.tag(reader, [row], ["private-tag"])
    text = said(Client(), f"/shared/{shelf.share(make_list(reader, row))}.{suffix}")
    assert "private" not in text
    assert "done" not in text


@pytest.mark.parametrize("path", ["/saved", "/feed"])
def test_what_a_curator_hid_is_in_none(
    signed_in: Client, three: list[str], reader: User, path: str
) -> None:
    Subscription.objects.create(user=reader, kind=Kind.CATEGORY, target="cs.LG")
    Paper.objects.filter(arxiv_id=three[0]).update(hidden=True)
    assert three[0] not in said(signed_in, f"{path}.json")
