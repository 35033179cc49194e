"""What is believed of a provider's answer, of one that is really asked."""

import gc
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from hotpapers import providers
from tests.accounts.conftest import Mailbox, MakeReader, words
from tests.accounts.provider import ADA, CLIENT, Fault, Provider, come, join, way_back
from tests.accounts.test_adapter import CountingHasher, hashes, told

__all__ = ["hashes"]
pytestmark = pytest.mark.django_db


def test_it_works(client: Client, provider: Provider, mailbox: Mailbox, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    html = client.get("/accounts/login/?next=/hot/").content.decode()
    assert f'formaction="/accounts/with/{provider.key}/">Continue with Lark<' in html
    assert come(client, provider, next="/hot/")["Location"] == "/accounts/with/new/"
    page = client.get("/accounts/with/new/")
    assert f"Lark knows you as {ADA}" in words(page)
    assert f'value="{ADA}"' in page.content.decode()
    assert not User.objects.exists()
    assert client.post("/accounts/with/new/", {"email": ADA})["Location"] == "/hot/"
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
    assert come(client, provider)["Location"] == "/accounts/with/new/"
    kept = [str(each.get_decoded()) for each in Session.objects.all()]
    assert ADA in kept[0]
    assert not any(token in kept[0] for token in provider.tokens)
    client.post("/accounts/with/new/", {"email": ADA, "is_staff": "on", "username": "root"})
    user = User.objects.get()
    assert user.username.startswith("reader-")
    assert (user.first_name, user.last_name, user.is_staff) == ("", "", False)
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == (provider.key, "ada-1815")
    assert account.extra_data == {"name": "root"}
    assert not SocialToken.objects.exists()
    assert not EmailAddress.objects.get().verified
    assert mailbox.to(ADA) == ["confirm your address"]


def test_what_a_visitor_followed_comes_along(
    client: Client, provider: Provider, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    client.post("/follow/change/", {"follow": "category cs.LG"})
    join(client, provider)
    assert User.objects.get().subscriptions.get().target == "cs.LG"


def test_a_form_that_is_sent_twice_at_once_makes_one_account(
    client: Client, provider: Provider, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    come(client, provider)
    slower = Client()  # which has read the same session
    session = slower.session
    session.update(client.session.items())
    session.save()
    client.post("/accounts/with/new/", {"email": ADA})
    response = slower.post("/accounts/with/new/", {"email": ADA})
    assert "The account is made" in words(slower.get(response["Location"]))
    assert User.objects.count() == SocialAccount.objects.count() == 1


# Addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_verified", [True, False])
def test_it_is_not_told_whether_an_address_has_an_account(
    provider: Provider,
    make_reader: MakeReader,
    mailbox: Mailbox,
    hashes: type[CountingHasher],
    verification: str,
    is_verified: bool,
) -> None:
    ada = make_reader("ada")
    found = []
    for name in ("ada", "eve"):
        provider.person |= {"sub": name, "email": f"{name}@papers.example"}
        provider.person["email_verified"] = is_verified
        client, hashes.count = Client(), 0
        page = client.get(come(client, provider)["Location"])
        response = client.post("/accounts/with/new/", {"email": f"{name}@papers.example"})
        where = client.get(response["Location"])
        names = [name, *User.objects.values_list("username", flat=True)]
        found.append((told(page, name), told(response), told(where, *names), hashes.count))
        assert len(mailbox.to(f"{name}@papers.example")) == 1
        assert get_user(client) != ada
    assert found[0] == found[1]
    assert not SocialAccount.objects.filter(user=ada).exists()
    assert EmailAddress.objects.get(user=ada).verified
    if verification == "mandatory":
        assert mailbox.to("ada@papers.example") == ["you have an account"]


def test_an_address_is_confirmed_by_our_mail_alone(
    client: Client, provider: Provider, mailbox: Mailbox, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    assert join(client, provider)["Location"] == "/accounts/confirm-email/"
    assert not get_user(client).is_authenticated
    assert come(client, provider)["Location"] == "/accounts/confirm-email/"
    assert not get_user(client).is_authenticated
    client.post(mailbox.link())
    assert get_user(client) == User.objects.get()


@pytest.mark.parametrize("email", [None, "", "no address", "a\x00@b.example", ["x"], "x" * 400])
def test_without_an_address_one_is_asked_for(
    client: Client, provider: Provider, email: object, mailbox: Mailbox
) -> None:
    provider.person["email"] = email
    if email is None:
        del provider.person["email"]
    page = client.get(come(client, provider)["Location"]).content.decode()
    assert '<input type="email" name="email"' in page
    assert "value=" not in page.partition('name="email"')[2].partition(">")[0]
    assert client.post("/accounts/with/new/", {"email": ""}).status_code == 200
    assert not User.objects.exists()
    client.post("/accounts/with/new/", {"email": ADA})
    assert User.objects.get().email == ADA


# Answers that are none ---------------------------------------------------------------------------


def is_refused(response: Any) -> bool:
    return response.status_code == 401 and "Lark did not say who you are" in words(response)


def test_who_changes_their_mind_is_led_back(client: Client, provider: Provider) -> None:
    response = come(client, provider, "refuse", next="/hot/")
    assert response["Location"] == "/accounts/login/?next=%2Fhot%2F"
    assert "You did not go on with Lark." in words(client.get(response["Location"]))


def test_what_it_could_not_do_is_said_and_logged(
    client: Client, provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    assert is_refused(come(client, provider, "break"))
    assert "Lark let nobody in: 'server_error'" in caplog.text


def test_a_way_back_that_nobody_went_leads_nowhere(client: Client, provider: Provider) -> None:
    path = f"/accounts/with/{provider.key}/callback/"
    assert is_refused(client.get(path, {"code": "x", "state": "x"}))
    back = way_back(client, provider)
    assert is_refused(Client().get(back))
    assert client.get(back).status_code == 302
    assert is_refused(client.get(back))
    assert client.post(back).status_code == 405


def status(code: int, found: object = "", kind: str = "application/json") -> Fault:
    return lambda handler: handler.send(code, found, kind)


def dripping(handler: Any) -> None:
    """Send a byte of a header a tenth of a second, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(300):
        handler.wfile.write(b".")
        time.sleep(0.1)


def cut(handler: Any) -> None:
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a": ')
    handler.connection.close()


FAULTS = {
    "500": status(500),
    "no JSON": status(200, "<html>", "text/html"),
    "a list": status(200, [1]),
    "another object": status(200, {"x": 1}),
    "null": status(200, None),
    "deep": status(200, "[" * 100_000),
    "huge": status(200, '{"x": "' + "y" * 600_000 + '"}'),
    "redirect": lambda handler: handler.send(302, "", Location="http://127.0.0.1:1/"),
    "cut": cut,
    "closed": lambda handler: handler.connection.close(),
}
PATHS = ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]


@pytest.fixture
def garbage_stays() -> Iterator[None]:
    """Collect none: as deep as an answer goes a finalizer fails, and the test with it."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("garbage_stays")
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_answer_lets_nobody_in(client: Client, provider: Provider, fault: str) -> None:
    for path in PATHS:
        back = way_back(client, provider)
        provider.faults = {path: FAULTS[fault]}
        assert is_refused(client.get(back)), path
        assert path in provider.asked
        provider.faults = {}
    assert not User.objects.exists()
    provider.faults = {PATHS[0]: FAULTS[fault]}
    assert is_refused(client.post(f"/accounts/with/{provider.key}/"))


def test_one_that_is_not_there_says_so(client: Client, provider: Provider, settings: Any) -> None:
    gone = provider.environment() | {"OIDC_SERVER_URL": "http://127.0.0.1:1"}
    settings.SOCIALACCOUNT_PROVIDERS = providers.read(gone).settings
    assert is_refused(client.post("/accounts/with/127.0.0.1:1/"))


def test_one_that_never_ends_holds_nobody_for_long(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.outgoing.TOTAL", 0.5)
    back = way_back(client, provider)
    provider.faults = {"/token": dripping}
    start = time.monotonic()
    assert is_refused(client.get(back))
    assert time.monotonic() - start < 3


# Tokens ------------------------------------------------------------------------------------------

CLAIMS: list[dict[str, object]] = [
    {"aud": "another site"},
    {"iss": "https://elsewhere.example"},
    {"exp": 1_600_000_000},  # in 2020
    {"iat": 4_000_000_000},  # in 2096
    {"sub": "somebody else"},  # than userinfo says
    {"sub": ""},
    {"sub": None},
    {"sub": 1815},
]


@pytest.mark.parametrize("claims", CLAIMS, ids=str)
def test_a_token_is_for_us_from_there_now(
    client: Client, provider: Provider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    assert is_refused(come(client, provider))


@pytest.mark.parametrize("sub", ["", "x" * 300, "a\x00b", None, 1815, ["x"]])
def test_an_id_is_one_that_can_be_kept(client: Client, provider: Provider, sub: object) -> None:
    provider.person["sub"] = sub
    assert is_refused(come(client, provider))
    del provider.person["sub"]
    assert is_refused(come(client, provider))


def test_a_token_is_signed_by_the_key_it_names(client: Client, provider: Provider) -> None:
    provider.signing_key = rsa.generate_private_key(65537, 2048)
    assert is_refused(come(client, provider))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_cannot_choose_how_it_is_checked(
    client: Client, provider: Provider, algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forged(aud: str) -> str:
        now = int(time.time())
        claims = {"iss": provider.url, "aud": aud, "iat": now, "exp": now + 300}
        key = "" if algorithm == "none" else CLIENT * 4
        headers = {"kid": "first"}
        return jwt.encode(claims | provider.person, key, algorithm, headers=headers)

    monkeypatch.setattr(provider, "id_token", forged)
    assert is_refused(come(client, provider))


def test_addresses_of_a_server_are_as_safe_as_its_own(
    client: Client, provider: Provider, settings: Any
) -> None:
    config = {"issuer": provider.url, "authorization_endpoint": "ftp://x", "jwks_uri": "x"}
    provider.faults = {PATHS[0]: status(200, config | {"token_endpoint": f"{provider.url}/token"})}
    assert is_refused(client.post(f"/accounts/with/{provider.key}/"))


# Others ------------------------------------------------------------------------------------------


def test_nothing_is_offered_that_is_not_configured(client: Client, make_reader: MakeReader) -> None:
    for path in ("/accounts/login/", "/accounts/signup/"):
        assert "elsewhere" not in words(client.get(path))
    for key in ("github", "google", "orcid", "openid_connect", "127.0.0.1:1", "x"):
        assert client.post(f"/accounts/with/{key}/").status_code == 404
        assert client.get(f"/accounts/with/{key}/callback/").status_code == 404
    client.force_login(make_reader())
    assert "Elsewhere" not in words(client.get("/settings/security/"))


def test_providers_cost_no_query(
    client: Client, provider: Provider, django_assert_num_queries: Any
) -> None:
    client.get("/accounts/signup/")  # what is kept for a minute is asked for once
    with django_assert_num_queries(0):
        assert "Continue with Lark" in words(client.get("/accounts/signup/"))


@pytest.mark.parametrize(("key", "scope"), [("google", "openid+email"), ("orcid", "openid")])
def test_those_that_are_known_by_name_are_asked_for_little(
    client: Client, provider: Provider, settings: Any, key: str, scope: str
) -> None:
    pair = {f"{key.upper()}_CLIENT_ID": CLIENT, f"{key.upper()}_CLIENT_SECRET": "correct horse"}
    found = providers.read(pair).settings
    app = found["openid_connect"]["APPS"][0]
    app["settings"] = app["settings"] | {"server_url": provider.url}
    settings.SOCIALACCOUNT_PROVIDERS = found
    location = client.post(f"/accounts/with/{key}/")["Location"]
    assert set(location.partition("scope=")[2].partition("&")[0].split("+")) == set(
        scope.split("+")
    )
    back = provider.answer(location).removeprefix("http://testserver")
    assert client.get(back)["Location"] == "/accounts/with/new/"
    assert "/userinfo" not in provider.asked
    client.post("/accounts/with/new/", {"email": ADA})
    assert SocialAccount.objects.get().provider == key


@pytest.fixture
def github(provider: Provider, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The same in GitHub's way, with its addresses on this machine."""
    pair = {"GITHUB_CLIENT_ID": CLIENT, "GITHUB_CLIENT_SECRET": "correct horse"}
    settings.SOCIALACCOUNT_PROVIDERS = providers.read(pair).settings
    paths = {"access_token_url": "/login/oauth/access_token", "profile_url": "/user"}
    paths |= {"authorize_url": "/login/oauth/authorize", "emails_url": "/user/emails"}
    for name, path in paths.items():
        monkeypatch.setattr(GitHubOAuth2Adapter, name, provider.url + path)
    monkeypatch.setattr(provider, "key", "github")
    return provider


def test_github_speaks_a_language_of_its_own(
    client: Client, github: Provider, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    assert come(client, github)["Location"] == "/accounts/with/new/"
    page = client.get("/accounts/with/new/")
    assert "GitHub knows you as ada" in words(page)
    assert f'value="{ADA}"' in page.content.decode()
    client.post("/accounts/with/new/", {"email": ADA})
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == ("github", "1815")
    assert account.extra_data == {"name": "ada"}
    assert not EmailAddress.objects.get().verified
    client.post("/accounts/logout/")
    assert come(client, github)["Location"] == "/"


@pytest.mark.usefixtures("garbage_stays")
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_answer_of_github_lets_nobody_in(
    client: Client, github: Provider, fault: str
) -> None:
    paths = ["/login/oauth/access_token", "/user"]
    if fault in {"500", "huge", "cut", "closed", "no JSON"}:
        paths.append("/user/emails")  # where by a 404, or by nothing, it says that there are none
    for path in paths:
        back = way_back(client, github)
        github.faults = {path: FAULTS[fault]}
        assert client.get(back).status_code == 401, path
        github.faults = {}
    assert not User.objects.exists()
