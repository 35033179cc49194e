"""A site whose mail reaches nobody says so."""

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from accounts import checks


@pytest.mark.parametrize(
    ("is_embedded", "is_loopback", "url", "warns"),
    [
        (True, True, "", False),
        (True, False, "", True),
        (False, True, "", True),
        (False, False, "", True),
        (False, False, "smtp://mail.example", False),
    ],
)
def test_it_works(
    settings: Any, is_embedded: bool, is_loopback: bool, url: str, warns: bool
) -> None:
    settings.IS_EMBEDDED, settings.IS_LOOPBACK, settings.EMAIL_URL = is_embedded, is_loopback, url
    settings.EMAIL_FILE_PATH = "/srv/mail"
    found = [(check.id, check.msg) for check in checks.mail_gets_out(None)]
    assert found == [("accounts.W001", "Mail reaches nobody: it is written to /srv/mail.")] * warns


def test_a_start_says_it_and_keeps_the_mail(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "SITE_URL": "https://papers.example",
        "SECRET_KEY": secrets.token_urlsafe(64),
    }
    environment.pop("EMAIL_URL", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "sendtestemail", "ada@papers.example"],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"Mail reaches nobody: it is written to {tmp_path}/mail" in done.stderr
    mail = next((tmp_path / "mail").iterdir()).read_text()
    assert "From: Hot Papers <noreply@papers.example>" in mail
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


def test_the_address_of_a_server_is_understood(tmp_path: Path) -> None:
    program = (
        "from django.conf import settings as s; from django.core import mail;"
        "print(mail.get_connection().__class__.__module__, s.EMAIL_HOST, s.EMAIL_PORT,"
        " s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, s.EMAIL_TIMEOUT)"
    )
    url = "smtp+tls://ada:a%40b@mail.example:587"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", program],
        cwd=project.BASE_DIR,
        env={**os.environ, "VAR_DIR": str(tmp_path), "EMAIL_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    server = "django.core.mail.backends.smtp mail.example 587 ada a@b True 10\n"
    assert done.stdout == server
    assert not (tmp_path / "mail").exists()
