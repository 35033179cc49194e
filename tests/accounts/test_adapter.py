"""Signing up, in and out, and what mail says, through the pages that a reader sees."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.contrib.auth.hashers import MD5PasswordHasher, identify_hasher
from django.test import Client

import hotpapers.settings
from accounts.models import User
from tests.accounts.conftest import PASSWORD, Mailbox, MakeReader, words

pytestmark = pytest.mark.django_db

ADA = "ada@papers.example"
MISMATCH = "The name and the password do not belong together."


def sign_up(client: Client, email: str = ADA, **fields: str) -> Any:
    form = {"email": email, "password1": PASSWORD, "password2": PASSWORD} | fields
    return client.post("/accounts/signup/", form)


def sign_in(client: Client, login: str = "ada", password: str = PASSWORD, **more: Any) -> Any:
    form = {"login": login, "password": password}
    return client.post("/accounts/login/", form | more.pop("form", {}), **more)


def is_in(client: Client, user: User) -> bool:
    return get_user(client) == user


def test_it_works(client: Client, mailbox: Mailbox, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    response = sign_up(client, next="/hot/")
    assert response["Location"] == "/accounts/confirm-email/"
    user = User.objects.get()
    assert not is_in(client, user)
    assert "Confirm" in words(client.get(mailbox.link()))
    assert not EmailAddress.objects.get().verified  # a look at the page confirms nothing
    assert client.post(mailbox.link())["Location"] == "/hot/"
    assert is_in(client, user)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not is_in(client, user)
    assert sign_in(client, ADA)["Location"] == "/"
    assert is_in(client, user)


def test_nobody_waits_for_mail_where_none_gets_out(
    client: Client, mailbox: Mailbox, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    assert sign_up(client, next="/hot/")["Location"] == "/hot/"
    assert is_in(client, User.objects.get())
    assert mailbox.to(ADA) == ["confirm your address"]


@pytest.mark.parametrize("login", ["ada", "ADA", ADA, " Ada@Papers.example "])
def test_one_signs_in_by_address_or_name(client: Client, reader: User, login: str) -> None:
    sign_in(client, login)
    assert is_in(client, reader)


def test_signing_out_wants_a_post(client: Client, reader: User) -> None:
    client.force_login(reader)
    assert "You are signed in as ada" in words(client.get("/accounts/logout/"))
    assert is_in(client, reader)


def test_a_session_ends_with_the_browser_unless_it_is_to_be_kept(
    client: Client, reader: User, settings: Any
) -> None:
    sign_in(client)
    assert client.cookies["sessionid"]["max-age"] == ""
    client.logout()
    sign_in(client, form={"remember": "on"})
    assert client.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE


@pytest.mark.parametrize("page", ["login", "signup"])
@pytest.mark.parametrize(
    "away",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "https:elsewhere.example",
        "javascript:alert(1)",
        "http://127.0.0.1@elsewhere.example/",
        "\x00",
    ],
)
def test_it_never_leads_to_another_site(
    client: Client, reader: User, page: str, away: str, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    assert client.get(f"/accounts/{page}/", {"next": away}).status_code == 200
    if page == "login":
        assert sign_in(client, form={"next": away})["Location"] == "/"
    else:
        assert sign_up(client, "eve@papers.example", next=away)["Location"] == "/welcome/"
    assert client.get("/accounts/login/", {"next": away})["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": away})["Location"] == "/"


def test_it_leads_back_to_where_one_was(client: Client, reader: User) -> None:
    page = client.get("/hot/?window=month&category=cs.LG").content.decode()
    link = re.findall(r'href="(/accounts/login/[^"]*)"', page)[0]
    form = client.get(link).content.decode()
    back = re.findall(r'name="next" value="([^"]*)"', form)[0].replace("&amp;", "&")
    assert sign_in(client, form={"next": back})["Location"] == "/hot/?window=month&category=cs.LG"


def test_the_next_page_is_kept_on_the_way_to_another_form(client: Client) -> None:
    page = client.get("/accounts/login/?next=/hot/").content.decode()
    assert 'href="/accounts/signup/?next=%2Fhot%2F"' in page


@pytest.mark.parametrize(
    "path", ["login/", "signup/", "logout/", "password/reset/", "email/", "2fa/totp/activate/"]
)
def test_a_form_needs_its_token(reader: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assert client.post(f"/accounts/{path}", {"email": "eve@papers.example"}).status_code == 403
    assert is_in(client, reader)


def test_nobody_appoints_themselves(client: Client, mailbox: Mailbox) -> None:
    sign_up(client, is_staff="on", is_superuser="on", username="root", user_permissions="1")
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert user.username.startswith("reader-")


def test_passwords_are_kept_by_argon2(client: Client, settings: Any, mailbox: Mailbox) -> None:
    settings.PASSWORD_HASHERS = hotpapers.settings.PASSWORD_HASHERS
    sign_up(client)
    assert identify_hasher(User.objects.get().password).algorithm == "argon2"


@pytest.mark.parametrize("password", ["short", "password1", "12345678", "ada@papers"])
def test_a_weak_password_is_refused(client: Client, password: str) -> None:
    response = sign_up(client, password1=password, password2=password)
    assert response.status_code == 200
    assert 'aria-describedby="id_password1_helptext id_password1_error"' in str(response.content)
    assert not User.objects.exists()


# Whether an account exists ------------------------------------------------------------------------


def told(response: Any, *names: str) -> tuple[object, ...]:
    """Return all that an answer tells, the names that were typed into its form left out."""
    html = re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", response.content.decode())
    for name in names:
        html = html.replace(name, "")
    cookies = sorted((name, bool(morsel.value)) for name, morsel in response.cookies.items())
    return response.status_code, response.get("Location"), cookies, html


class CountingHasher(MD5PasswordHasher):
    count = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.count += 1
        return super().encode(password, salt)


@pytest.fixture
def hashes(settings: Any) -> type[CountingHasher]:
    """How many passwords were hashed, which is what takes the time of an answer."""
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    return CountingHasher


KNOWN, UNKNOWN = "ada", "eve"
DOMAIN = "@papers.example"


@pytest.mark.parametrize("domain", [DOMAIN, ""], ids=["by address", "by name"])
def test_signing_in_does_not_tell(
    make_reader: MakeReader, hashes: type[CountingHasher], domain: str
) -> None:
    make_reader(KNOWN)
    found: list[object] = []
    costs: list[int] = []
    for name in (KNOWN, UNKNOWN):
        client, hashes.count = Client(REMOTE_ADDR=f"192.0.2.{len(found)}"), 0
        for _ in range(6):  # the last is one too many
            response = sign_in(client, name + domain, "not this one")
            costs.append(hashes.count)
        found.append(told(response, name))
        assert "Too many tries" in words(response)
    assert found[0] == found[1]
    assert costs[:6] == costs[6:]
    assert costs[0] == 1


def test_a_reset_does_not_tell(
    client: Client, make_reader: MakeReader, mailbox: Mailbox, verification: str
) -> None:
    make_reader(KNOWN)
    found = []
    for name in (KNOWN, UNKNOWN):
        response = client.post("/accounts/password/reset/", {"email": name + DOMAIN})
        found.append((told(response), told(client.get(response["Location"]))))
        assert len(mailbox.to(name + DOMAIN)) == 1
    assert found[0] == found[1]
    assert mailbox.to(UNKNOWN + DOMAIN) == ["there is no account"]


def test_signing_up_does_not_tell(
    make_reader: MakeReader,
    mailbox: Mailbox,
    hashes: type[CountingHasher],
    verification: str,
) -> None:
    make_reader(KNOWN)
    found = []
    for name in (KNOWN, UNKNOWN):
        client, hashes.count = Client(), 0
        response = sign_up(client, name + DOMAIN)
        where = client.get(response["Location"])
        names = [name, *User.objects.values_list("username", flat=True)]
        found.append((told(response), told(where, *names), hashes.count))
    assert found[0] == found[1]
    if verification == "mandatory":
        assert mailbox.to(KNOWN + DOMAIN) == ["you have an account"]
        assert User.objects.count() == 2
    assert User.objects.get(username=KNOWN).check_password(PASSWORD)


def test_an_address_that_another_has_is_not_told_either(
    client: Client, make_reader: MakeReader, mailbox: Mailbox
) -> None:
    client.force_login(make_reader("ben"))
    make_reader(KNOWN)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    found = []
    for name in (KNOWN, UNKNOWN):
        email = name + DOMAIN
        response = client.post("/accounts/email/", {"email": email, "action_add": ""})
        found.append((told(response), told(client.get("/accounts/email/"), name)))
    assert found[0] == found[1]


def test_an_account_made_with_anothers_address_opens_nothing(
    client: Client, make_reader: MakeReader, mailbox: Mailbox, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    ada = make_reader()
    sign_up(client, ADA, password1="quince and medlar", password2="quince and medlar")
    link = mailbox.link()
    client.post("/accounts/logout/")
    assert MISMATCH in words(sign_in(client, ADA, "quince and medlar"))
    assert "This address is taken" in words(client.get(link))
    client.post(link)
    assert EmailAddress.objects.get(verified=True).user == ada
    client.post("/accounts/password/reset/", {"email": ADA})
    client.post(client.get(mailbox.link())["Location"], NEW)
    assert User.objects.get(pk=ada.pk).check_password(NEW["password1"])


# Reset and change ---------------------------------------------------------------------------------

NEW = {"password1": "quince and medlar", "password2": "quince and medlar"}


def test_a_lost_password_is_set_anew(client: Client, reader: User, mailbox: Mailbox) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    client.post("/accounts/password/reset/", {"email": ADA})
    link = mailbox.link()
    form = client.get(link)["Location"]
    assert "Set a new password" in words(client.get(form))
    response = client.post(form, NEW, follow=True)
    assert "Sign in with it." in words(response)
    assert mailbox.to(ADA) == ["set a new password", "your password was reset"]
    assert not is_in(elsewhere, reader)
    assert "This link does not hold" in words(client.get(link, follow=True))
    assert MISMATCH in words(sign_in(client))
    sign_in(client, password=NEW["password1"])
    assert is_in(client, reader)


def test_a_password_is_changed_by_who_knows_it(
    client: Client, reader: User, mailbox: Mailbox
) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    response = client.post("/accounts/password/change/", NEW | {"oldpassword": "a guess"})
    assert "This is not your password." in words(response)
    response = client.post("/accounts/password/change/", NEW | {"oldpassword": PASSWORD})
    assert response["Location"] == "/settings/security/"
    assert "Your password is changed." in words(client.get("/settings/security/"))
    assert is_in(client, reader)
    assert not is_in(elsewhere, reader)
    assert mailbox.to(ADA) == ["your password was changed"]


def test_an_address_changes_when_the_new_one_is_confirmed(
    client: Client, reader: User, mailbox: Mailbox
) -> None:
    new = "ada@elsewhere.example"
    client.force_login(reader)
    wanted = {"email": new, "action_add": ""}
    response = client.post("/accounts/email/", wanted)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    client.post(response["Location"], {"password": PASSWORD, "next": "/accounts/email/"})
    page = words(client.get("/accounts/email/"))
    assert f"{ADA} is your address" in page
    assert f"{new} waits to be confirmed" in page
    assert User.objects.get().email == ADA
    client.post(mailbox.link())
    assert User.objects.get().email == new
    assert mailbox.to(ADA) == ["your address was changed"]
    assert f"{new} , confirmed" in words(client.get("/settings/security/"))
    assert [row.email for row in EmailAddress.objects.all()] == [new]


def test_a_change_of_address_can_be_given_up(
    client: Client, reader: User, mailbox: Mailbox
) -> None:
    client.force_login(reader)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "eve@papers.example", "action_add": ""})
    client.post("/accounts/email/", {"email": "eve@papers.example", "action_remove": ""})
    assert "waits" not in words(client.get("/accounts/email/"))
    assert User.objects.get().email == ADA


def test_links_in_mail_lead_to_the_site_whatever_host_was_asked(
    client: Client, reader: User, mailbox: Mailbox, settings: Any
) -> None:
    client.post("/accounts/password/reset/", {"email": ADA}, HTTP_HOST="localhost:9")
    text = mailbox.all()[-1].get_content()
    assert re.findall(r"https?://[^/]+", text) == [settings.SITE_URL] * 2


def test_mail_says_who_did_it(client: Client, reader: User, mailbox: Mailbox) -> None:
    client.force_login(reader)
    agent = "<b>Firefox</b> & more"
    wanted = NEW | {"oldpassword": PASSWORD}
    client.post("/accounts/password/change/", wanted, HTTP_USER_AGENT=agent)
    text = mailbox.all()[-1].get_content()
    assert f"from 127.0.0.1, with\n{agent}" in text


@pytest.mark.parametrize(
    "path",
    [
        "confirm-email/nothing:1:2/",
        "password/reset/key/1-set-password/",
        "password/reset/key/zzzzzzzzzzzzz-c0-ffee/",
        "password/reset/key/1-%00/",
        "2fa/authenticate/",
        "login/code/confirm/",
        "login/?next=%00",
    ],
)
def test_nonsense_is_answered_and_never_breaks(client: Client, path: str) -> None:
    response = client.get(f"/accounts/{path}", follow=True)
    assert response.status_code == 200
    assert words(response)


def test_an_address_never_confirmed_gives_way_to_another(
    client: Client, make_reader: MakeReader, mailbox: Mailbox, settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"
    client.force_login(make_reader(verified=False))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert f"{ADA} waits to be confirmed" in words(client.get("/accounts/email/"))
    client.post("/accounts/email/", {"email": "lady@papers.example", "action_add": ""})
    page = words(client.get("/accounts/email/"))
    assert "lady@papers.example waits to be confirmed" in page
    assert ADA not in page
    client.post(mailbox.link())
    assert User.objects.get().email == "lady@papers.example"
