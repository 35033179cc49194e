"""What the environment says of providers, and what then stands in the policy of pages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from hotpapers import providers

ALL = {
    f"{name}_CLIENT_{what}": "x"
    for name in ("GITHUB", "GOOGLE", "ORCID", "OIDC")
    for what in ("ID", "SECRET")
}
ALL |= {"OIDC_SERVER_URL": "https://sso.example/realms/lark/", "OIDC_ORIGINS": "https://id.example"}


def test_it_works() -> None:
    found = providers.read(ALL)
    apps = [app for each in found.settings.values() for app in each["APPS"]]
    assert [app["name"] for app in apps] == ["sso.example", "ORCID", "Google", "GitHub"]
    assert apps[0]["settings"]["server_url"] == "https://sso.example/realms/lark"
    assert found.origins == [
        "https://sso.example",
        "https://orcid.org",
        "https://accounts.google.com",
        "https://github.com",
        "https://id.example",
    ]
    assert providers.read({"PATH": "x", "GITHUB_CLIENT_ID": " "}) == ({}, [])


@pytest.mark.parametrize("name", [*ALL, "OIDC_NAME"])
def test_every_variable_is_explained(name: str) -> None:
    assert f"\n# {name}=" in (project.BASE_DIR / ".env.example").read_text()
    assert f"`{name}`" in (project.BASE_DIR / "README.md").read_text()


@pytest.mark.parametrize("name", [name for name in ALL if "CLIENT" in name])
def test_half_a_pair_is_refused(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="belong together"):
        providers.read({name: "x"})


@pytest.mark.parametrize("url", ["", "sso.example", "http://sso.example", "ftp://sso.example"])
def test_a_server_is_asked_so_that_nobody_listens(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="https"):
        providers.read(ALL | {"OIDC_SERVER_URL": url})
    assert providers.read(ALL | {"OIDC_SERVER_URL": "http://127.0.0.1:9"}).origins[0][-2:] == ":9"


def test_a_server_without_a_client_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="needs OIDC_CLIENT_ID"):
        providers.read({"OIDC_SERVER_URL": "https://sso.example"})


def test_pages_lead_to_providers_where_there_are_some(tmp_path: Path, client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "form-action 'self'" in policy.split("; ")
    program = (
        "from django.test import Client;"
        "print(Client(headers={'host': 'localhost'}).get('/healthz')['Content-Security-Policy'])"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", program],
        cwd=project.BASE_DIR,
        env={**os.environ, **ALL, "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    origins = " ".join(providers.read(ALL).origins)
    assert f"form-action 'self' {origins}" in done.stdout.strip().split("; ")
