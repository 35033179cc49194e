"""What is personal is kept by no cache, and what is not costs no cookie."""

import random
import re
from datetime import UTC, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import SavedPaper, Seen, User
from tests.accounts.conftest import PASSWORD, MakeReader, words
from tests.factories import make_digest, make_paper

pytestmark = [pytest.mark.django_db, pytest.mark.long]
PAGES = ["/", "/hot/", "/nowhere/", "/settings/security/", "/accounts/email/", "/status.json"]


@pytest.mark.parametrize("page", PAGES)
def test_it_works(client: Client, reader: User, page: str) -> None:
    client.force_login(reader)
    assert client.get(page)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
def test_a_page_with_a_form_is_kept_by_nobody(client: Client, page: str) -> None:
    for _ in range(2):  # the second time the cookie is there and not set again
        response = client.get(f"/accounts/{page}/")
        assert response["Cache-Control"] == "private, no-store"


def test_a_reader_and_a_visitor_never_see_each_others_page(client: Client, reader: User) -> None:
    visitor = Client()
    client.force_login(reader)
    for _ in range(3):
        assert b"Sign out" in client.get("/about/").content
        response = visitor.get("/about/")
        assert b"Sign in" in response.content
        assert b">ada<" not in response.content
        assert "no-store" not in response.get("Cache-Control", "")
        assert not response.cookies


def test_who_signed_out_is_a_visitor_again(client: Client, reader: User) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    response = client.post("/accounts/logout/")
    assert response.cookies["sessionid"]["max-age"] == 0
    del client.cookies["sessionid"]  # as a browser would
    response = client.get("/about/")
    assert b"csrfmiddlewaretoken" not in response.content
    assert not response.cookies


@pytest.mark.parametrize("page", ["/", "/hot/", "/categories/cs.LG/", "/search/?q=paper"])
def test_a_session_that_has_ended_is_a_visitors(client: Client, db: None, page: str) -> None:
    client.cookies["sessionid"] = "0" * 32
    response = client.get(page)
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert b"Sign in" in response.content


LISTS = ["/hot/", "/new/", "/top/?window=all", "/categories/cs.LG/", "/authors/ada-lark/"]
LISTS += ["/search/?q=weight", "/papers/2106.00001/"]


def test_in_a_thousand_looks_nobody_sees_anothers_marks(make_reader: MakeReader) -> None:
    papers = [make_paper(score=60) for _ in range(2)]
    clients = {name: Client() for name in ("ada", "ben", "visitor")}
    saved_of: dict[str, set[str]] = {"visitor": set()}
    for name, mine in (("ada", papers[:1]), ("ben", papers[1:])):
        user = make_reader(name)
        SavedPaper.objects.bulk_create(SavedPaper(user=user, paper=paper) for paper in mine)
        Seen.objects.create(user=user, paper=mine[0])
        saved_of[name] = {paper.arxiv_id for paper in mine}
        clients[name].force_login(user)
    order = random.Random(4)
    for _ in range(1000):
        name, path = order.choice(list(clients)), order.choice(LISTS)
        response = clients[name].get(path)
        page = response.content.decode()
        marked = set(re.findall(r'name="remove" value="([0-9.]+)"', page))
        shown = set(re.findall(r"/papers/([0-9.]+)/", page))
        assert marked == saved_of[name] & shown, (name, path)
        names = set(re.findall(r"<summary>(ada|ben)</summary>", page))
        assert names == {name} - {"visitor"}, (name, path)
        assert not response.cookies or name != "visitor"


# The time of a reader -----------------------------------------------------------------------------


def test_a_readers_own_moments_are_of_their_time_zone(client: Client, reader: User) -> None:
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    UserSession.objects.update(created_at=datetime(2021, 6, 10, 20, 30, tzinfo=UTC))
    assert "10 June 2021, 20:30" in words(client.get("/accounts/sessions/"))
    User.objects.update(time_zone="Asia/Tokyo")
    page = words(client.get("/accounts/sessions/"))
    assert "11 June 2021, 05:30" in page
    assert "Times are of Asia/Tokyo" in page
    assert timezone.get_current_timezone_name() == "UTC"  # and nobody else's


def test_what_a_digest_printed_is_utc_for_all(client: Client, reader: User) -> None:
    make_digest(make_paper(score=60), state="published")
    client.force_login(reader)
    before = words(client.get("/digests/2021-06-10/"))
    assert "09:30" in before
    User.objects.update(time_zone="Asia/Tokyo")
    assert words(client.get("/digests/2021-06-10/")) == before


def test_a_time_zone_this_machine_does_not_know_is_utc(client: Client, reader: User) -> None:
    client.force_login(reader)
    for name in ("Mars/Olympus", "", "/etc/passwd", "../x"):
        User.objects.update(time_zone=name)
        assert client.get("/accounts/sessions/").status_code == 200


def test_a_visitors_time_costs_nothing(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/about/ranking/")
    assert not [query for query in queries if "session" in query["sql"]]
