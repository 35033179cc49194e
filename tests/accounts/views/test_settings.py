"""What a reader can set, and that only the reader can."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.test import Client

from accounts.models import User
from accounts.templatetags.accounts import browser
from tests.accounts.conftest import PASSWORD, MakeReader, words

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
PAGES = [
    "/settings/profile/",
    "/settings/appearance/",
    "/settings/security/",
    "/settings/follows/",
    "/settings/delete/",
    "/saved/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/sessions/",
]


@pytest.mark.parametrize("page", PAGES)
def test_it_works(client: Client, reader: User, page: str) -> None:
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"
    client.force_login(reader)
    response = client.get(page)
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"\son\w+=|style=|<script(?![^>]*\ssrc=)", response.content.decode())


def test_a_name_is_changed_and_signs_in(client: Client, reader: User) -> None:
    client.force_login(reader)
    response = client.post("/settings/profile/", {"username": "Ada.L"}, follow=True)
    assert "Your user name is changed." in words(response)
    assert client.post("/settings/profile/", {"username": "ada.l"}).status_code == 302
    form = {"login": "ADA.L", "password": PASSWORD}
    assert Client().post("/accounts/login/", form)["Location"] == "/"


@pytest.mark.parametrize("name", ["ben", "BEN", "a b", "ben@papers.example", "x" * 31, "", "\x00"])
def test_a_name_that_is_no_name_of_ones_own_is_refused(
    client: Client, make_reader: MakeReader, name: str
) -> None:
    make_reader("ben")
    client.force_login(make_reader("ada"))
    response = client.post("/settings/profile/", {"username": name})
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert "<summary>ada</summary>" in response.content.decode()
    assert User.objects.filter(username="ada").exists()


def test_a_profile_changes_nothing_else(client: Client, reader: User) -> None:
    client.force_login(reader)
    client.post(
        "/settings/profile/", {"username": "lady", "is_staff": "on", "email": "x@y.example"}
    )
    found = User.objects.get()
    assert (found.username, found.is_staff, found.email) == ("lady", False, "ada@papers.example")


def test_a_time_zone_is_chosen_and_kept(client: Client, reader: User) -> None:
    client.force_login(reader)
    html = client.get("/settings/profile/").content.decode()
    assert '<option value="UTC" selected>UTC</option>' in html
    assert '<option value="America/Argentina/Buenos_Aires">Argentina, Buenos Aires' in html
    page = client.post("/settings/time-zone/", {"time_zone": "Asia/Tokyo"}, follow=True)
    assert "Your time zone is Asia/Tokyo." in words(page)
    assert '<option value="Asia/Tokyo" selected>Tokyo</option>' in page.content.decode()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "\x00", "x" * 999])
def test_what_is_no_time_zone_is_refused(client: Client, reader: User, zone: str) -> None:
    client.force_login(reader)
    page = client.post("/settings/time-zone/", {"time_zone": zone, "is_staff": "on"})
    assert page.status_code == 200
    assert 'aria-invalid="true"' in page.content.decode()
    assert User.objects.filter(time_zone="UTC", is_staff=False).exists()


def test_the_appearance_is_the_foots(client: Client, reader: User) -> None:
    client.force_login(reader)
    response = client.post("/appearance/", {"theme": "dark", "next": "/settings/appearance/"})
    page = client.get(response["Location"]).content.decode()
    assert 'data-theme="dark"' in page
    assert page.count('value="dark" aria-pressed="true"') == 2


def test_keys_are_switched_off_and_on(client: Client, reader: User) -> None:
    client.force_login(reader)
    for form, word, scripts in (({}, "off", 0), ({"keys_on": "on"}, "on", 1)):
        page = client.post("/settings/appearance/", form, follow=True)
        assert f"Keys are {word}." in words(page)
        assert client.get("/hot/").content.count(b"js/keys.js") == scripts


def test_a_visitors_browser_says_whether_keys_are_on(client: Client) -> None:
    page = client.get("/about/").content.decode()
    assert "js/keys.js" in page
    assert 'data-remember="shortcuts=off"' in page
    client.cookies["shortcuts"] = "off"
    page = client.get("/about/").content.decode()
    assert "js/keys.js" not in page
    assert 'data-remember="shortcuts=on"' in page


# Two steps ----------------------------------------------------------------------------------------


def code_of(secret: str, step: int = 0) -> str:
    """Return the code that an app shows now, or some steps of 30 seconds from now."""
    _, now, _ = auth.yield_hotp_counters_from_time()  # not the one before, which may be over
    return auth.format_hotp_value(auth.hotp_value(secret, now + step))


def turn_on(client: Client) -> tuple[str, list[str]]:
    """Turn two steps on through the pages; return the app's secret and the recovery codes."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = words(client.get("/accounts/2fa/totp/activate/"))
    secret = re.findall(r"Key: ([A-Z2-7]{32})", page)[0]
    form = {"code": code_of(secret)}
    response = client.post("/accounts/2fa/totp/activate/", form, follow=True)
    return secret, re.findall(r"\b\d{8}\b", words(response))


def sign_in(client: Client, **more: str) -> str:
    form = {"login": "ada", "password": PASSWORD, **more}
    return client.post("/accounts/login/", form)["Location"]


def test_two_steps_want_the_code_too(client: Client, reader: User) -> None:
    sign_in(client)
    secret, codes = turn_on(client)
    assert len(codes) == 10
    assert codes[0] not in words(client.get("/accounts/2fa/recovery-codes/"))  # shown once
    other = Client()
    assert sign_in(other, next="/hot/") == "/accounts/2fa/authenticate/"
    assert other.get("/settings/security/").status_code == 302
    wrong = other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This is not the code" in words(wrong)
    right = {"code": code_of(secret, step=1)}
    assert other.post("/accounts/2fa/authenticate/", right)["Location"] == "/hot/"
    assert other.get("/settings/security/").status_code == 200


def test_a_recovery_code_opens_once(client: Client, reader: User) -> None:
    sign_in(client)
    _, codes = turn_on(client)
    found = []
    for _ in range(2):
        other = Client()
        sign_in(other)
        response = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        found.append(response.status_code)
    assert found == [302, 200]
    assert "9 codes left" in words(client.get("/accounts/2fa/"))


def test_codes_cannot_be_tried_through(client: Client, reader: User) -> None:
    sign_in(client)
    secret, _ = turn_on(client)
    other = Client()
    sign_in(other)
    tries = [other.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _ in range(6)]
    assert "Too many tries" in words(tries[-1])
    right = other.post("/accounts/2fa/authenticate/", {"code": code_of(secret, step=1)})
    assert right.status_code == 200


def test_new_recovery_codes_end_the_old_ones(client: Client, reader: User) -> None:
    sign_in(client)
    _, old = turn_on(client)
    page = words(client.post("/accounts/2fa/recovery-codes/generate/", follow=True))
    new = re.findall(r"\b\d{8}\b", page)
    assert len(new) == 10
    assert not set(new) & set(old)


def test_two_steps_are_turned_off(client: Client, reader: User) -> None:
    sign_in(client)
    turn_on(client)
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert sign_in(Client()) == "/"


def test_who_has_not_confirmed_the_address_is_told_first(
    client: Client, make_reader: MakeReader
) -> None:
    client.force_login(make_reader(verified=False))
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Confirm your address first." in words(page)


# Sessions -----------------------------------------------------------------------------------------


def test_other_sessions_are_listed_and_ended(client: Client, reader: User) -> None:
    other = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="198.51.100.1")
    sign_in(other)
    sign_in(client)
    assert "in 2 browsers" in words(client.get("/settings/security/"))
    page = words(client.get("/accounts/sessions/"))
    assert "Firefox on Linux 198.51.100.1" in page
    response = client.post("/accounts/sessions/", follow=True)
    assert "You are signed out everywhere else." in words(response)
    assert "Here, and nowhere else." in words(response)
    assert other.get("/settings/security/").status_code == 302
    assert client.get("/settings/security/").status_code == 200


def test_nobody_ends_anothers_session(client: Client, make_reader: MakeReader) -> None:
    other = Client()
    make_reader("ada")
    sign_in(other)
    client.force_login(make_reader("eve"))
    client.post("/accounts/sessions/")
    assert other.get("/settings/security/").status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.5.0", "curl"),
        ("", "Unnamed"),
        ("<script>alert(1)</script>" + "x" * 100, ("<script>alert(1)<")),
    ],
)
def test_a_browser_is_named_in_words(user_agent: str, name: str) -> None:
    assert browser(user_agent) == name
