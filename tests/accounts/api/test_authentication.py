"""Who is let in by a token, or by a session, and what each may do."""

import logging.config
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import tokens
from accounts.models import AccessToken, SavedPaper, User
from hotpapers import logs
from papers import clock
from tests.accounts.api.conftest import Program
from tests.factories import make_paper

pytestmark = pytest.mark.django_db
ME = "/api/v1/me/"


def show(token: str, path: str = ME, scheme: str = "Bearer") -> Any:
    return Client().get(path, headers={"Authorization": f"{scheme} {token}".strip()})


def test_it_works(ada: Program) -> None:
    found = ada.get("me/")
    assert (found["username"], found["feed_window"]) == ("ada", "week")
    assert found["token"]["scope"] == "write"
    assert AccessToken.objects.get().last_used_at is not None
    assert "email" not in found
    assert show(ada.token, scheme="bearer").status_code == 200


@pytest.mark.parametrize("token", ["", "hp_", "hp_made-up", "hp_\x7f", "a b c", "é" * 300])
def test_what_is_no_token_is_refused_everywhere(ada: Program, token: str) -> None:
    for path in (ME, "/api/v1/papers/"):
        response = show(token, path)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == 'Bearer realm="Hot Papers"'
        assert response["Content-Type"] == "application/problem+json"


def test_who_shows_nothing_is_told_what_to_show() -> None:
    response = Client().get(ME)
    assert (response.status_code, response["Cache-Control"]) == (401, "private, no-store")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends(ada: Program, time_machine: Any) -> None:
    AccessToken.objects.update(expires_at=clock.now() + timedelta(days=1))
    assert show(ada.token).status_code == 200
    User.objects.update(is_active=False)
    assert show(ada.token).status_code == 401
    User.objects.update(is_active=True)
    time_machine.move_to(clock.now() + timedelta(days=1, seconds=1))
    assert show(ada.token).status_code == 401
    AccessToken.objects.update(expires_at=None)
    assert show(ada.token).status_code == 200
    AccessToken.objects.all().delete()
    assert show(ada.token).status_code == 401


def test_a_token_in_an_address_opens_nothing(ada: Program) -> None:
    for name in ("token", "access_token", "api_key", "key"):
        assert Client().get(f"{ME}?{name}={ada.token}").status_code == 401


@pytest.fixture(params=["line", "json"])
def logged(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], settings: Any
) -> Iterator[Callable[[], str]]:
    """What the site logs, for people or for machines."""
    logging.config.dictConfig(logs.configuration(request.param, "DEBUG"))
    yield lambda: capsys.readouterr().err
    logging.config.dictConfig(settings.LOGGING)


def test_no_token_is_logged(
    ada: Program, logged: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    show(ada.token, "/api/v1/saved/2106.00009/")
    show(ada.token + "x")
    # Whatever breaks, while the token is in some variable.
    monkeypatch.setattr(AccessToken.objects, "filter", broken)
    client = Client(raise_request_exception=False)
    response = client.get(ME, headers={"Authorization": f"Bearer {ada.token}"})
    assert response.status_code == 500
    found = logged()
    assert "/api/v1/saved/2106.00009/" in found
    assert "on purpose" in found
    assert ada.token not in found
    assert ada.token[3:20] not in found  # nor a part of it


def broken(*rows: Any, **which: Any) -> None:
    raise RuntimeError("on purpose")


def test_a_token_that_may_read_changes_nothing(ada: Program) -> None:
    paper = make_paper()
    reading = Program(ada.user, "read")
    assert reading.get("saved/")["results"] == []
    status, why = reading.refused("POST", "saved/", {"paper": paper.arxiv_id})
    assert (status, why) == (403, "This token may read. Make one that may change too.")
    assert not SavedPaper.objects.exists()


def test_a_session_reads_and_changes_with_the_token_of_a_page(ada: Program) -> None:
    paper = make_paper()
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada.user)
    assert client.get(ME).json()["token"] is None
    sent: dict[str, Any] = {"data": {"paper": paper.arxiv_id}, "content_type": "application/json"}
    refused = client.post("/api/v1/saved/", **sent)
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
    assert not SavedPaper.objects.exists()
    client.get("/settings/profile/")
    token = client.cookies["csrftoken"].value
    assert client.post("/api/v1/saved/", **sent, headers={"X-CSRFToken": token}).status_code == 200
    # What is removed in a session can be brought back by its pages.
    assert client.delete("/api/v1/saved/2106.00001/", headers={"X-CSRFToken": token})
    assert not SavedPaper.objects.exists()
    client.post("/saved/undo/", headers={"X-CSRFToken": token})
    assert SavedPaper.objects.exists()


def test_who_shows_a_token_is_not_asked_for_the_session(ada: Program, eve: Program) -> None:
    client = Client()
    client.force_login(eve.user)
    response = client.get(ME, headers={"Authorization": f"Bearer {ada.token}"})
    assert response.json()["username"] == "ada"


def test_requests_of_a_token_are_counted_for_it(ada: Program, settings: Any) -> None:
    settings.API_TOKEN_PER_MINUTE = 2
    other = tokens.make(ada.user, "other", "read", None)[1]
    assert [show(ada.token).status_code for _ in range(3)] == [200, 200, 429]
    assert show(other).status_code == 200
