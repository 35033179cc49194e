"""Whose address must be confirmed before the account opens, where that is asked for."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD, Mailbox, MakeReader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mandatory(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sign_in(client: Client, name: str) -> str:
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD})["Location"]


def test_it_works(client: Client, make_reader: MakeReader, mailbox: Mailbox) -> None:
    make_reader("ada", verified=False)
    assert sign_in(client, "ada") == "/accounts/confirm-email/"
    assert mailbox.to("ada@papers.example") == ["confirm your address"]
    assert client.get("/settings/security/").status_code == 302
    client.post(mailbox.link())
    assert client.get("/settings/security/").status_code == 200


def test_staff_is_vouched_for(client: Client, make_reader: MakeReader) -> None:
    make_reader("root", verified=False, is_staff=True)
    assert sign_in(client, "root") == "/"


def test_an_account_made_by_hand_without_an_address_has_nothing_to_confirm(
    client: Client,
) -> None:
    User.objects.create_user("ada", password=PASSWORD)
    assert sign_in(client, "ada") == "/"


def test_a_closed_account_stays_closed(client: Client, make_reader: MakeReader) -> None:
    make_reader("ada", is_active=False)
    assert sign_in(client, "ada") == "/accounts/inactive/"
    assert b"This account is closed" in client.get("/accounts/inactive/").content
    assert "_auth_user_id" not in client.session
