"""The one clock: real, or what a file says; and whom it is refused."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from papers import clock
from tests.upstream import clock_file

MONDAY = datetime(2026, 11, 9, 5, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    return tmp_path / "clock"


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOCK_FILE", raising=False)
    assert not clock.is_invented()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_file_sets_moment_and_speed_and_is_read_anew(file: Path) -> None:
    clock_file.write(file, MONDAY, 0)
    assert clock.is_invented()
    assert abs(clock.now() - MONDAY) < timedelta(milliseconds=1)
    clock_file.write(file, MONDAY, 1440)
    time.sleep(0.05)
    assert timedelta(minutes=1) < clock.now() - MONDAY < timedelta(days=1)
    file.write_text("-3600")
    assert abs(datetime.now(UTC) - clock.now() - timedelta(hours=1)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("site", "status"), [("http://127.0.0.1:8000", 0), ("https://a.example", 1)]
)
def test_a_site_that_others_reach_goes_by_the_real_time(file: Path, site: str, status: int) -> None:
    file.write_text("0")
    environment = {**os.environ, "SITE_URL": site, "SECRET_KEY": "k" * 50}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert done.returncode == status
    assert ("CLOCK_FILE moves the clock" in done.stderr) == bool(status)


def test_the_speed_is_that_of_the_file(file: Path) -> None:
    clock_file.write(file, MONDAY, speed=1440)
    assert clock.speed() == 1440
    clock_file.write(file, MONDAY, speed=0)
    assert clock.speed() == 1
    assert clock.now() == MONDAY
