"""Signing in through another site, with one that is really asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from hotpapers import providers
from tests.accounts.conftest import Mailbox, MakeReader, words
from tests.accounts.provider import Provider

pytestmark = pytest.mark.django_db

ADA = "ada@elsewhere.example"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider, settings: Any) -> Provider:
    """One that is configured as an operator would."""
    running.forget()
    settings.SOCIALACCOUNT_PROVIDERS = providers.read(running.environment()).settings
    return running


def leave(client: Client, provider: Provider, **form: str) -> str:
    """Press a button of the provider's; return where it leads."""
    response = client.post(f"/accounts/with/{provider.key}/", form)
    assert response.status_code == 302, words(response)
    return str(response["Location"])


def come(client: Client, provider: Provider, answer: str = "allow", **form: str) -> Any:
    """Go to the provider and come back; return what is answered here."""
    back = provider.answer(leave(client, provider, **form), answer)
    return client.get(back.removeprefix("http://testserver"))


def join(client: Client, provider: Provider, email: str = ADA, **form: str) -> Any:
    """Come without an account, and make one."""
    assert come(client, provider, **form)["Location"] == "/accounts/with/new/"
    return client.post("/accounts/with/new/", {"email": email})


@pytest.fixture
def ada(make_reader: MakeReader, provider: Provider) -> User:
    """A reader without a password, whose account at the provider is connected."""
    user = make_reader("ada")
    user.set_unusable_password()
    user.save()
    SocialAccount.objects.create(
        user=user, provider=provider.key, uid="ada-1815", extra_data={"name": "ada"}
    )
    return user


def test_it_works(client: Client, provider: Provider, mailbox: Mailbox, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    page = client.get("/accounts/login/?next=/hot/")
    html = page.content.decode()
    assert f'formaction="/accounts/with/{provider.key}/">Continue with Lark<' in html
    assert come(client, provider, next="/hot/")["Location"] == "/accounts/with/new/"
    page = client.get("/accounts/with/new/")
    assert f"Lark knows you as {ADA}" in words(page)
    assert f'value="{ADA}"' in page.content.decode()
    assert not User.objects.exists()
    response = client.post("/accounts/with/new/", {"email": ADA})
    assert response["Location"] == "/hot/"
    user = User.objects.get()
    assert get_user(client) == user
    assert not user.has_usable_password()
    client.post("/accounts/logout/")
    assert come(client, provider)["Location"] == "/"
    assert get_user(client) == user


def test_of_what_it_says_little_is_believed_and_less_kept(
    client: Client, provider: Provider, mailbox: Mailbox
) -> None:
    provider.person |= {"preferred_username": "root", "given_name": "Ada", "picture": "x"}
    join(client, provider)
    user = User.objects.get()
    assert user.username.startswith("reader-")
    assert (user.first_name, user.last_name, user.is_staff) == ("", "", False)
    kept = SocialAccount.objects.get()
    assert (kept.provider, kept.uid) == (provider.key, "ada-1815")
    assert kept.extra_data == {"name": "root"}
    assert not SocialToken.objects.exists()
    assert not any(
        token in str(each.get_decoded())
        for each in Session.objects.all()
        for token in provider.tokens
    )
    assert not EmailAddress.objects.get().verified
    assert mailbox.to(ADA) == ["confirm your address"]
