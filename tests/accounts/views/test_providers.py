"""Connecting and leaving a provider, and showing through it who one is."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.conftest import PASSWORD, Mailbox, MakeReader, words
from tests.accounts.provider import Provider, come
from tests.accounts.views.test_settings import code_of

pytestmark = pytest.mark.django_db
CONFIRM = "/accounts/with/?next="


@pytest.fixture
def ada(make_reader: MakeReader, provider: Provider) -> User:
    """A reader without a password, whose account at the provider is connected."""
    user = make_reader("ada")
    user.set_unusable_password()
    user.save()
    connect(user, provider.key, "ada-1815")
    return user


def connect(user: User, key: str, uid: str) -> SocialAccount:
    name = {"name": user.username}
    return SocialAccount.objects.create(user=user, provider=key, uid=uid, extra_data=name)


def hours_later(hours: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(hours=hours))


def disconnect(client: Client, account: SocialAccount) -> Any:
    return client.post("/settings/security/disconnect/", {"account": account.pk})


def test_it_works(client: Client, provider: Provider, reader: User, mailbox: Mailbox) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert "Connect Lark" in words(client.get("/settings/security/"))
    asked = client.post(f"/accounts/with/{provider.key}/")["Location"]
    assert asked.startswith("/accounts/reauthenticate/")
    form = {"password": PASSWORD, "next": f"/accounts/with/{provider.key}/"}
    away = client.post("/accounts/reauthenticate/", form)["Location"]
    back = provider.answer(away).removeprefix("http://testserver")
    page = client.get(back, follow=True)
    assert "Lark is connected: it opens this account from now on." in words(page)
    assert "Lark , as ada@elsewhere.example , since" in words(page)
    assert "Connect Lark" not in words(page)
    assert mailbox.to(reader.email) == ["an account of Lark was connected"]
    other = Client()
    come(other, provider)
    assert get_user(other) == reader
    response = disconnect(client, SocialAccount.objects.get())
    assert response.status_code == 303
    page = client.get(response["Location"])
    assert "Lark is disconnected: it no longer opens this account." in words(page)
    assert mailbox.to(reader.email)[-1] == "an account of Lark was disconnected"
    assert come(Client(), provider)["Location"] == "/accounts/with/new/"


# Connecting --------------------------------------------------------------------------------------


def test_what_opens_another_account_is_not_connected(
    client: Client, provider: Provider, ada: User, make_reader: MakeReader
) -> None:
    client.force_login(make_reader("eve"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = words(client.get(come(client, provider)["Location"]))
    assert "This account of Lark opens another account here." in page
    assert SocialAccount.objects.get().user == ada


def test_who_connects_has_shown_who_they_are(
    client: Client, provider: Provider, reader: User
) -> None:
    client.force_login(reader)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    with hours_later(1):
        response = client.post(f"/accounts/with/{provider.key}/")
        assert response["Location"].startswith("/accounts/reauthenticate/")
    away = client.post(f"/accounts/with/{provider.key}/")["Location"]
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):  # spent at the provider's
        back = provider.answer(away).removeprefix("http://testserver")
        assert client.get(back)["Location"] == "/accounts/reauthenticate/"
        assert not SocialAccount.objects.exists()
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == reader


def test_who_signed_out_meanwhile_connects_nothing(
    client: Client, provider: Provider, reader: User
) -> None:
    client.force_login(reader)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    away = client.post(f"/accounts/with/{provider.key}/")["Location"]
    client.post("/accounts/logout/")
    client.get(provider.answer(away).removeprefix("http://testserver"))
    assert not SocialAccount.objects.exists()


def test_a_start_wants_a_token_and_a_post(provider: Provider) -> None:
    client = Client(enforce_csrf_checks=True)
    path = f"/accounts/with/{provider.key}/"
    assert client.post(path).status_code == 403
    assert client.get(f"{path}?process=login").status_code == 405
    assert not provider.asked


def test_an_address_adds_nothing_to_what_is_asked(client: Client, provider: Provider) -> None:
    path = f"/accounts/with/{provider.key}/?scope=everything&auth_params=prompt%3Dnone"
    location = client.post(path)["Location"]
    assert "everything" not in location
    assert "prompt" not in location


@pytest.mark.parametrize("away", ["https://elsewhere.example/", "//elsewhere.example", "/\\x.y"])
def test_it_never_leads_to_another_site(
    client: Client, provider: Provider, ada: User, away: str
) -> None:
    assert come(client, provider, next=away)["Location"] == "/"


def test_starts_are_counted(client: Client, provider: Provider) -> None:
    found = [client.post(f"/accounts/with/{provider.key}/").status_code for _ in range(31)]
    assert found == [302] * 30 + [429]


# The second step ---------------------------------------------------------------------------------


@pytest.mark.parametrize("is_staff", [False, True])
def test_two_steps_are_asked_for_after_a_provider_too(
    client: Client, provider: Provider, ada: User, is_staff: bool
) -> None:
    User.objects.update(is_staff=is_staff)
    secret = generate_totp_secret()
    TOTP.activate(ada, secret)
    assert come(client, provider, next="/hot/")["Location"] == "/accounts/2fa/authenticate/"
    assert not get_user(client).is_authenticated
    response = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert response["Location"] == "/hot/"
    assert get_user(client) == ada


def test_a_closed_account_stays_closed(client: Client, provider: Provider, ada: User) -> None:
    User.objects.update(is_active=False)
    assert come(client, provider)["Location"] == "/accounts/inactive/"
    assert not get_user(client).is_authenticated


# Leaving -----------------------------------------------------------------------------------------


def test_the_last_way_in_stays(client: Client, provider: Provider, ada: User) -> None:
    come(client, provider)
    page = client.get(disconnect(client, SocialAccount.objects.get())["Location"])
    assert "Lark is the only way into this account. Set a password first." in words(page)
    gone = connect(ada, "orcid", "0000")  # of which nothing is configured
    assert "the only way" in words(
        client.get(disconnect(client, SocialAccount.objects.get(uid="ada-1815"))["Location"])
    )
    assert "orcid , as ada , since" in words(client.get("/settings/security/"))
    assert "it is not used here any more" in words(client.get("/settings/security/"))
    disconnect(client, gone)
    assert SocialAccount.objects.get().provider == provider.key


def test_one_of_two_ways_can_go(client: Client, provider: Provider, ada: User) -> None:
    come(client, provider)
    second = connect(ada, provider.key, "another")
    disconnect(client, second)
    assert SocialAccount.objects.get().uid == "ada-1815"


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "9" * 30, "\x00", "²", "anothers"])
def test_what_is_not_ones_own_is_not_there(
    client: Client, provider: Provider, ada: User, make_reader: MakeReader, number: str
) -> None:
    number = number.replace("anothers", str(SocialAccount.objects.get().pk))
    client.force_login(make_reader("eve"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    response = client.post("/settings/security/disconnect/", {"account": number})
    assert response.status_code == 404
    assert SocialAccount.objects.get().user == ada


# Without a password ------------------------------------------------------------------------------


PAGES = ["/settings/delete/", "/accounts/password/set/", "/accounts/2fa/totp/activate/"]


@pytest.mark.parametrize("page", PAGES)
def test_who_came_just_now_is_not_asked_again(
    client: Client, provider: Provider, ada: User, page: str
) -> None:
    come(client, provider)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_who_came_long_ago_comes_again(
    client: Client, provider: Provider, ada: User, page: str
) -> None:
    come(client, provider)
    with hours_later(1):
        location = client.get(page)["Location"]
        assert location == f"{CONFIRM}{page.replace('/', '%2F')}"
        asked = client.get(location)
        assert f'formaction="/accounts/with/{provider.key}/"' in asked.content.decode()
        assert come(client, provider, confirm="on", next=page)["Location"] == page
        assert client.get(page).status_code == 200


def test_a_provider_asks_anew_who_it_is(client: Client, provider: Provider, ada: User) -> None:
    client.force_login(ada)
    response = client.post(f"/accounts/with/{provider.key}/", {"confirm": "on"})
    assert "prompt=login&max_age=300" in response["Location"]


def test_another_account_there_shows_nothing(client: Client, provider: Provider, ada: User) -> None:
    client.force_login(ada)
    provider.person["sub"] = "eve"
    response = come(client, provider, confirm="on", next="/settings/delete/")
    assert response["Location"] == f"{CONFIRM}%2Fsettings%2Fdelete%2F"
    page = words(client.get(response["Location"]))
    assert "This is not the account of Lark that is connected here." in page
    assert client.get("/settings/delete/").status_code == 302
    assert get_user(client) == ada
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("moment", [-3600, None, "x"])
def test_who_was_only_remembered_there_shows_nothing(
    client: Client, provider: Provider, ada: User, moment: object
) -> None:
    client.force_login(ada)
    at = moment + int(time.time()) if isinstance(moment, int) else moment
    provider.claims = {"auth_time": 0 if at is None else at}
    response = come(client, provider, confirm="on", next="/settings/delete/")
    if moment == "x":
        assert "That did not work" in words(response)
    else:
        page = words(client.get(response["Location"]))
        assert "Lark let you pass without asking who you are." in page
    assert client.get("/settings/delete/").status_code == 302


def test_who_changes_their_mind_is_asked_again(
    client: Client, provider: Provider, ada: User
) -> None:
    client.force_login(ada)
    response = come(client, provider, "refuse", confirm="on", next="/settings/delete/")
    assert response["Location"] == f"{CONFIRM}%2Fsettings%2Fdelete%2F"


def test_what_was_sent_is_done_after_all(
    client: Client, provider: Provider, ada: User, mailbox: Mailbox
) -> None:
    client.force_login(ada)
    second = connect(ada, provider.key, "another")
    response = disconnect(client, second)
    path = "/settings/security/disconnect/"
    assert response["Location"] == f"{CONFIRM}{path.replace('/', '%2F')}"
    assert SocialAccount.objects.count() == 2
    come(client, provider, confirm="on", next=path)
    assert SocialAccount.objects.get().uid == "ada-1815"


def test_an_account_without_a_password_is_deleted(
    client: Client, provider: Provider, ada: User
) -> None:
    come(client, provider)
    page = client.get("/settings/delete/")
    assert 'name="password"' not in page.content.decode()
    assert "The account is deleted" in words(client.post("/settings/delete/"))
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()


def test_nobody_deletes_it_who_found_the_browser_open(
    client: Client, provider: Provider, ada: User
) -> None:
    client.force_login(ada)
    assert client.post("/settings/delete/")["Location"].startswith(CONFIRM)
    assert User.objects.exists()


def test_a_password_is_set_and_asked_for_from_then_on(
    client: Client, provider: Provider, ada: User, mailbox: Mailbox
) -> None:
    come(client, provider)
    assert "Set a password" in words(client.get("/settings/security/"))
    form = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/password/set/", form)["Location"] == "/settings/security/"
    assert mailbox.to(ada.email) == ["a password was set"]
    assert "Change the password" in words(client.get("/settings/security/"))
    assert 'name="password"' in client.get("/settings/delete/").content.decode()
    assert client.get("/accounts/password/set/")["Location"] == "/accounts/password/change/"


def test_an_address_and_two_steps_are_changed_by_who_showed_it(
    client: Client, provider: Provider, ada: User
) -> None:
    client.force_login(ada)
    wanted = {"email": "lady@papers.example", "action_add": ""}
    assert client.post("/accounts/email/", wanted)["Location"].startswith(CONFIRM)
    assert EmailAddress.objects.count() == 1
    TOTP.activate(ada, generate_totp_secret())
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 302
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.exists()


def test_whose_provider_is_gone_sets_a_password_by_mail(
    client: Client, provider: Provider, ada: User, mailbox: Mailbox, settings: Any
) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {}
    client.force_login(ada)
    page = client.get(client.get("/settings/delete/")["Location"])
    assert "Set a password by mail" in words(page)
    client.post("/accounts/logout/")
    client.post("/accounts/password/reset/", {"email": ada.email})
    form = {"password1": PASSWORD, "password2": PASSWORD}
    client.post(client.get(mailbox.link())["Location"], form)
    assert (
        client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})["Location"] == "/"
    )


def test_a_connected_account_may_stand_in_for_the_password(
    client: Client, provider: Provider, reader: User
) -> None:
    connect(reader, provider.key, "ada-1815")
    client.force_login(reader)
    page = client.get(client.get("/accounts/2fa/totp/activate/")["Location"])
    assert "Use a connected account" in words(page)
    come(client, provider, confirm="on", next="/accounts/2fa/totp/activate/")
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
