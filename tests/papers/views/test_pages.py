"""Pages about the site, the appearance, error pages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from papers.views import errors
from tests.upstream.clock_file import write


def test_it_works(client: Client, db: None) -> None:
    response = client.post("/appearance/", {"theme": "dark", "next": "/about/"})
    assert response["Location"] == "/about/"
    assert 'data-theme="dark"' in client.get("/about/").content.decode()


def test_system_forgets_the_choice(client: Client, db: None) -> None:
    client.post("/appearance/", {"theme": "light"})
    response = client.post("/appearance/", {"theme": "system"})
    assert response.cookies["theme"]["max-age"] == 0
    assert "data-theme" not in client.get("/about/").content.decode()


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_it_never_leads_to_another_site(client: Client, db: None, away: str) -> None:
    response = client.post("/appearance/", {"theme": "dark", "next": away})
    assert response["Location"] == "/"


def test_a_theme_that_does_not_exist_is_refused(client: Client, db: None) -> None:
    assert client.post("/appearance/", {"theme": "pink"}).status_code == 400
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/about/").content.decode()


def test_the_rules_shown_are_those_in_force(client: Client, db: None, settings: object) -> None:
    settings.PAPER_THRESHOLD = 123  # type: ignore[attr-defined]
    assert "<b>123</b>" in client.get("/about/ranking/").content.decode()


@pytest.mark.parametrize("address", ["/", "/hot/", "/status/", "/nowhere/", "/admin/"])
def test_a_site_whose_clock_is_set_says_that_its_world_is_invented(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    assert "Invented world" not in admin_client.get(address).content.decode()
    write(tmp_path / "clock", datetime(2026, 11, 9, tzinfo=UTC))
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    assert "Invented world" in admin_client.get(address).content.decode()
    assert 'id="invented"' in admin_client.get("/about/").content.decode()


def test_a_broken_page_needs_no_database(rf: object) -> None:
    response = errors.server_error(rf.get("/"))  # type: ignore[attr-defined]
    assert response.status_code == 500
    assert b"Something broke" in response.content


def test_another_host_is_refused(client: Client, db: None) -> None:
    assert client.get("/about/", HTTP_HOST="evil.example").status_code == 400


def test_a_forged_form_is_told_what_to_do(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert b"load the page again" in response.content
