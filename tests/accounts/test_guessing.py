"""Guessing is slowed for an address and for an account, and locks nobody else out."""

from typing import Any

import pytest
from django.test import Client

from accounts import guessing
from accounts.models import User
from tests.accounts.conftest import PASSWORD, MakeReader, words

pytestmark = pytest.mark.django_db

GUESSER, OWNER = "192.0.2.1", "198.51.100.1"
TOO_MANY = "Too many tries"


def guess(login: str = "ada", password: str = "a guess", ip: str = GUESSER, **more: Any) -> str:
    """Try to sign in as a new browser does; return what the page says, "" when it opens."""
    client = more.pop("client", None) or Client()
    form = {"login": login, "password": password}
    response = client.post("/accounts/login/", form, REMOTE_ADDR=ip, **more)
    return "" if response.status_code == 302 else words(response)


def limit_anywhere(settings: Any, rate: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, guessing.ANYWHERE: rate}


def test_it_works(reader: User) -> None:
    assert not any(TOO_MANY in guess() for _ in range(5))
    assert TOO_MANY in guess()
    assert TOO_MANY in guess(password=PASSWORD)  # a right guess is one too many as well
    assert guess(password=PASSWORD, ip=OWNER) == ""


def test_an_address_that_tries_many_accounts_is_slowed(make_reader: MakeReader) -> None:
    for number in range(5):
        make_reader(f"reader{number}")
    said = [guess(f"reader{number % 5}") for number in range(11)]
    assert [TOO_MANY in page for page in said] == [False] * 10 + [True]
    assert guess("reader0", PASSWORD, ip=OWNER) == ""


def test_an_account_tried_from_everywhere_is_slowed_but_for_its_owner(
    reader: User, settings: Any
) -> None:
    limit_anywhere(settings, "7/h/key")
    home = Client()
    assert guess(password=PASSWORD, client=home, ip=OWNER) == ""
    home.post("/accounts/logout/")
    said = [guess(ip=f"203.0.113.{number}") for number in range(8)]
    assert [TOO_MANY in page for page in said] == [False] * 7 + [True]
    assert TOO_MANY in guess(password=PASSWORD, ip="203.0.113.200")
    assert guess(password=PASSWORD, client=home, ip="203.0.113.201") == ""  # known by its cookie
    assert guess("ada@papers.example", PASSWORD, client=home, ip="203.0.113.201") == ""


def test_a_browser_is_known_to_the_account_it_signed_in_to_and_no_other(
    make_reader: MakeReader, settings: Any
) -> None:
    limit_anywhere(settings, "2/h/key")
    make_reader("eve"), make_reader("ada")
    eve = Client()
    assert guess("eve", PASSWORD, client=eve) == ""
    eve.post("/accounts/logout/")
    said = [guess("ada", client=eve, ip=f"203.0.113.{number}") for number in range(3)]
    assert [TOO_MANY in page for page in said] == [False, False, True]


def test_the_cookie_cannot_be_made(reader: User, settings: Any) -> None:
    limit_anywhere(settings, "1/h/key")
    guess(ip=OWNER)
    for value in (str(reader.pk), f"{reader.pk}:1xXxmo:oGidds6TNJfE1U_dqmhPd3N7msn9OFbT", ""):
        forger = Client()
        forger.cookies[guessing.COOKIE] = value
        assert TOO_MANY in guess(password=PASSWORD, client=forger)


def test_what_succeeds_is_not_counted(reader: User) -> None:
    assert [guess(password=PASSWORD) for _ in range(12)] == [""] * 12


def test_signing_in_between_does_not_wipe_what_was_counted(make_reader: MakeReader) -> None:
    make_reader(), make_reader("eve")
    said = []
    for _ in range(6):
        said.append(guess())
        guess("eve", PASSWORD)
    assert TOO_MANY in said[-1]


def test_a_reset_is_slowed_for_an_address_whoever_has_it(client: Client, reader: User) -> None:
    for email in ("ada@papers.example", "eve@papers.example"):
        found = [
            client.post("/accounts/password/reset/", {"email": email}).status_code for _ in range(4)
        ]
        assert found == [302, 302, 302, 429]
    response = client.post("/accounts/password/reset/", {"email": "ada@papers.example"})
    assert "Too many tries" in words(response)


def test_readers_behind_one_proxy_are_told_apart(reader: User) -> None:
    for _ in range(6):
        guess(ip="127.0.0.1", HTTP_X_FORWARDED_FOR=GUESSER)
    said = guess(password=PASSWORD, ip="127.0.0.1", HTTP_X_FORWARDED_FOR=OWNER)
    assert said == ""
