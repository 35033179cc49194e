"""A second factor before the admin, asked of who was let in without one."""

import os
import subprocess
import sys
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings as of_site
from django.test import Client

from accounts import roles
from accounts.models import User
from accounts.roles import Role
from tests.accounts.conftest import PASSWORD, MakeReader, words

pytestmark = pytest.mark.django_db
PUBLIC = {"SITE_URL": "https://papers.example", "SECRET_KEY": "k" * 60}


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = True


@pytest.fixture
def curator(client: Client, make_reader: MakeReader) -> User:
    """A curator who signed in with a password."""
    user = make_reader("curator")
    roles.give(user, [Role.CURATOR])
    client.post("/accounts/login/", {"login": "curator", "password": PASSWORD})
    return user


def add_app(client: Client) -> None:
    """Turn an app on as its page asks, the password once more before."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    _, now, _ = auth.yield_hotp_counters_from_time()
    code = auth.format_hotp_value(auth.hotp_value(secret, now))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302


def test_it_works(client: Client, curator: User) -> None:
    """From the shut door over an app's code to the page that was asked for."""
    page = client.get("/admin/papers/paper/", follow=True)
    assert page.redirect_chain == [("/admin/login/?next=/admin/papers/paper/", 302)]
    assert "a stolen password alone does not open" in words(page)
    assert 'href="/accounts/2fa/totp/activate/"' in page.content.decode()
    add_app(client)
    assert client.get("/admin/papers/paper/").status_code == 200
    assert client.get("/admin/login/").status_code == 302


def test_who_signs_in_with_two_steps_comes_in(client: Client, curator: User) -> None:
    add_app(client)
    other = Client()
    sent = {"login": "curator", "password": PASSWORD, "next": "/admin/"}
    other.post("/accounts/login/", sent)
    assert other.get("/admin/").status_code == 302
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    answer = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert answer["Location"] == "/admin/"
    assert other.get("/admin/").status_code == 200


def test_a_passkey_counts_and_recovery_codes_alone_do_not(client: Client, curator: User) -> None:
    RecoveryCodes.activate(curator)
    assert client.get("/admin/").status_code == 302
    WebAuthn.add(curator, "Key", {})
    assert client.get("/admin/").status_code == 200


def test_nothing_is_done_through_the_shut_door(
    client: Client, reader: User, make_reader: MakeReader
) -> None:
    client.force_login(make_reader("root", is_staff=True, is_superuser=True))
    form = {"roles": ["administrator"], "is_active": "on"}
    for address in (f"/admin/accounts/user/{reader.pk}/change/", "/admin/login/"):
        client.post(address, form | {"post": "yes"})
        assert client.get(address, follow=True).status_code == 200
    assert roles.of(User.objects.get(pk=reader.pk)) == ["reader"]


def test_an_address_is_confirmed_first(client: Client, make_reader: MakeReader) -> None:
    user = make_reader("curator", verified=False)
    roles.give(user, [Role.CURATOR])
    client.force_login(user)
    page = client.get("/admin/", follow=True)
    assert 'href="/accounts/email/"' in page.content.decode()
    assert "totp" not in page.content.decode()


def test_who_has_no_role_is_refused_as_before(client: Client, reader: User) -> None:
    client.force_login(reader)
    assert client.get("/admin/", follow=True).status_code == 403
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


def test_a_site_of_ones_own_machine_does_not_ask(
    client: Client, curator: User, settings: Any
) -> None:
    settings.REQUIRE_STAFF_MFA = False
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("variables", "is_required"),
    [
        ({}, False),
        ({"REQUIRE_STAFF_MFA": "on"}, True),
        (PUBLIC, True),
        (PUBLIC | {"REQUIRE_STAFF_MFA": "off"}, False),
    ],
)
def test_it_is_on_unless_the_site_is_loopback(variables: dict[str, str], is_required: bool) -> None:
    environment = {**os.environ, **variables}
    said = subprocess.run(
        [sys.executable, "-c", "from hotpapers.settings import *; print(REQUIRE_STAFF_MFA)"],
        cwd=of_site.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == f"{is_required}\n"
