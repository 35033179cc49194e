"""A list under a secret link."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import saved, shelf
from accounts.models import ReadingList, User
from papers.models import Paper
from tests.accounts.conftest import MakeReader, words
from tests.accounts.views.test_saved import save_many, signed_in, titles
from tests.accounts.views.test_shelf import FIRST, make_list
from tests.factories import MORNING, make_tweet

__all__ = ["signed_in"]
pytestmark = pytest.mark.django_db


def share(client: Client, slug: str = "reading-group") -> str:
    """Return the path of the link that the page shows."""
    response = client.post(f"/saved/lists/{slug}/share/", follow=True)
    found = re.search(r"http://127\.0\.0\.1:\d+(/shared/[-\w]{32}/)", words(response))
    assert found, words(response)
    return found[1]


def test_it_works(signed_in: Client, reader: User, client: Client) -> None:
    rows = save_many(reader, 3)
    make_list(reader, *rows[::-1])
    link = share(signed_in)
    visitor = Client()
    page = visitor.get(link)
    assert "Reading group" in words(page)
    assert titles(page) == ["Paper number 2", "Paper number 1", "Paper number 0"]
    assert not visitor.cookies
    assert page["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "csrfmiddlewaretoken" not in page.content.decode()


def test_the_link_is_shown_once_and_stored_hashed(signed_in: Client, reader: User) -> None:
    make_list(reader)
    token = share(signed_in).split("/")[2]
    kept = ReadingList.objects.values().get()
    assert len(kept["share_hash"]) == 64
    assert token not in repr(kept)
    page = signed_in.get("/saved/?list=reading-group")
    assert token not in page.content.decode()
    assert "Make a new link" in words(page)
    assert "shared" in words(page)


def test_nothing_private_is_on_it(make_reader: MakeReader) -> None:
    reader = make_reader("adalovelace")
    rows = save_many(reader, 2, state="reading")
    shelf.tag(reader, rows, ["zebratag"])
    group = make_list(reader, *rows)
    make_list(reader, *rows, name="Other secret")
    for row in rows:
        row.change("done", "My private note")
    html = Client().get(f"/shared/{shelf.share(group)}/").content.decode()
    for private in ("adalovelace", "zebratag", "private note", "Other secret", "papers.example"):
        assert private not in html
    main = html[html.index("<main") : html.index("</main>")]
    assert not re.search(r"\b(Later|Reading|Done|reading|done)\b(?! group)", main)


@pytest.mark.parametrize("how", ["unshare", "share", "delete"])
def test_a_link_that_is_taken_back_leads_nowhere(signed_in: Client, reader: User, how: str) -> None:
    make_list(reader, *save_many(reader, 1))
    link = share(signed_in)
    assert Client().get(link).status_code == 200
    signed_in.post(f"/saved/lists/reading-group/{how}/")
    assert Client().get(link).status_code == 404
    assert signed_in.get(link).status_code == 404


@pytest.mark.parametrize("token", ["x" * 32, "", "x", "x" * 200, "é" * 32, "%00" * 32])
def test_an_unknown_link_leads_nowhere(reader: User, token: str) -> None:
    make_list(reader)  # not shared: its hash is empty
    assert Client().get(f"/shared/{token}/").status_code == 404


@pytest.mark.parametrize("action", ["share", "unshare"])
def test_sharing_wants_a_post_a_token_and_the_owner(
    make_reader: MakeReader, reader: User, action: str
) -> None:
    group = make_list(reader)
    if action == "unshare":
        shelf.share(group)
    before = ReadingList.objects.values().get()
    address = f"/saved/lists/reading-group/{action}/"
    owner = Client(enforce_csrf_checks=True)
    owner.force_login(reader)
    assert owner.get(address).status_code == 405
    assert owner.post(address).status_code == 403
    other = Client()
    other.force_login(make_reader("eve"))
    assert other.post(address).status_code == 404
    assert "/accounts/login/" in Client().post(address)["Location"]
    assert ReadingList.objects.values().get() == before


def test_hidden_papers_are_left_out(reader: User) -> None:
    group = make_list(reader, *save_many(reader, 2))
    Paper.objects.filter(arxiv_id=FIRST).update(hidden=True)
    assert titles(Client().get(f"/shared/{shelf.share(group)}/")) == ["Paper number 1"]


def test_it_goes_over_pages(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "PAGE_SIZE", 2)
    group = make_list(reader, *save_many(reader, 5))
    group.entries.update(position=7)
    link = f"/shared/{shelf.share(group)}/"
    seen: list[str] = []
    page = link
    while page:
        response: Any = Client().get(page)
        seen += titles(response)
        page = response.context["more"] and link + response.context["more"]
    assert seen == [f"Paper number {n}" for n in range(5)]
    for nonsense in ("x", "1~x", "~", "9" * 30 + "~1", "1~" + "9" * 30):
        assert Client().get(f"{link}?after={nonsense}").status_code == 400


def test_it_costs_the_same_however_long_it_is(reader: User, signed_in: Client) -> None:
    rows = save_many(reader, 20)
    for row in rows:
        make_tweet(row.paper, posted_at=MORNING)
    link = f"/shared/{shelf.share(make_list(reader, *rows))}/"
    Client().get(link)
    with CaptureQueriesContext(connection) as queries:
        Client().get(link)
    assert len(queries) <= 7
    assert "Saved: Paper number 3" in signed_in.get(link).content.decode()
