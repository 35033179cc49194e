"""What is personal is kept by no cache, and what is not costs no cookie."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
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
