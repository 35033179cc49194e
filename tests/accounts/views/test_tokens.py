"""The pages of access tokens: made once the password is given, shown once, revoked."""

import re

import pytest
from django.test import Client

from accounts import tokens
from accounts.models import AccessToken, User
from tests.accounts.conftest import PASSWORD, Mailbox, MakeReader, words

pytestmark = pytest.mark.django_db

FORM = {"name": " My  barn ", "scope": "write", "days": "90"}
SECRET = re.compile(rb'id="secret"[^>]*>(hp_[-_0-9A-Za-z]+)<')


@pytest.fixture
def confirmed(client: Client, reader: User) -> Client:
    """A browser whose reader gave the password a moment ago."""
    client.force_login(reader)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_it_works(confirmed: Client, reader: User, mailbox: Mailbox) -> None:
    response = confirmed.post("/settings/tokens/new/", FORM)
    assert "not shown again" in words(response)
    (token,) = SECRET.findall(response.content)
    row = tokens.find(token.decode())
    assert row is not None
    assert (row.user, row.name, row.scope) == (reader, "My barn", "write")
    page = confirmed.get("/settings/tokens/")
    assert f"My barn hp_…{row.hint} Reads and changes" in words(page)
    assert token not in page.content
    assert "never used · expires" in words(page)
    assert mailbox.to("ada@papers.example") == ["an access token was made"]
    assert mailbox.link() == "/settings/tokens/"
    assert token.decode() not in mailbox.all()[-1].get_content()
    assert response["Cache-Control"] == "private, no-store"


def test_the_password_is_asked_for_first_even_behind_the_form(client: Client, reader: User) -> None:
    client.force_login(reader)
    asked = "/accounts/reauthenticate/?next=/settings/tokens/new/"
    assert client.get("/settings/tokens/new/")["Location"].replace("%2F", "/") == asked
    response = client.post("/settings/tokens/new/", FORM)
    assert response["Location"].replace("%2F", "/") == asked
    assert not AccessToken.objects.exists()
    # What was sent is taken up again.
    wrong = client.post(response["Location"], {"password": "no"})
    assert not SECRET.search(wrong.content)
    given = client.post(
        response["Location"], {"password": PASSWORD, "next": "/settings/tokens/new/"}
    )
    assert SECRET.search(given.content)


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 61}, {"scope": "all"}, {"scope": ""}, {"days": "3000"}],
)
def test_what_cannot_be_is_said_and_makes_nothing(confirmed: Client, wrong: dict[str, str]) -> None:
    response = confirmed.post("/settings/tokens/new/", FORM | wrong)
    assert 'class="err"' in response.content.decode()
    assert not AccessToken.objects.exists()


def test_one_that_holds_until_it_is_revoked(confirmed: Client) -> None:
    response = confirmed.post("/settings/tokens/new/", FORM | {"days": ""})
    assert "It holds until you revoke it." in words(response)
    assert AccessToken.objects.get().expires_at is None


def test_revoking_ends_it_at_once(client: Client, reader: User) -> None:
    row, token = tokens.make(reader, "barn", "read", None)
    client.force_login(reader)
    response = client.post(f"/settings/tokens/{row.pk}/revoke/", follow=True)
    assert "“barn” is revoked" in words(response)
    assert tokens.find(token) is None


def test_nobody_sees_or_revokes_anothers(client: Client, make_reader: MakeReader) -> None:
    row, token = tokens.make(make_reader("ada"), "hush", "read", None)
    client.force_login(make_reader("eve"))
    assert "hush" not in words(client.get("/settings/tokens/"))
    for key in (str(row.pk), "9" * 18):
        assert client.post(f"/settings/tokens/{key}/revoke/").status_code == 404
    assert tokens.find(token) == row
