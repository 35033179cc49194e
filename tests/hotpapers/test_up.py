"""`manage.py up`, what `make run` and `make run-services` call: the whole site, for real."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.services import free_port

pytestmark = pytest.mark.long

# Upstreams that refuse at once: what a site does without a network.
HTTP_UPSTREAMS = [
    "ARXIV_OAI_URL",
    "ARXIV_RSS_URL",
    "ARXIV_API_URL",
    "BLUESKY_API_URL",
    "HACKERNEWS_API_URL",
    "HACKERNEWS_ITEM_URL",
    "HUGGINGFACE_API_URL",
]
NOBODY = dict.fromkeys(HTTP_UPSTREAMS, "http://127.0.0.1:9")
NOBODY["BLUESKY_JETSTREAM_URL"] = "ws://127.0.0.1:9"
UP = ["up", "--services"] if settings.REDIS_URL and not settings.IS_EMBEDDED else ["up"]
PATIENCE = 300.0  # seconds; a first start loads the sample, on a machine that may be busy


class Site:
    """A site of its own in `var`, started and stopped as a person would."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.output = var / "output"

    def start(self) -> None:
        environment = {**os.environ, **NOBODY, "VAR_DIR": str(self.var), "PORT": str(self.port)}
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *UP],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while "Hot Papers is on" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.2)

    def said(self) -> str:
        return self.output.read_text()

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def stop(self, number: signal.Signals) -> int:
        if number == signal.SIGINT:
            os.killpg(self.process.pid, number)  # a terminal sends Ctrl-C to the whole group
        else:
            self.process.send_signal(number)
        return self.process.wait(60)

    def is_gone(self) -> bool:
        """Tell whether nothing of its process group is left, a moment after its end.

        One whose parent had to be killed ends by itself; on a busy machine not at once.
        """
        for _ in range(100):
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.1)
        return False


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    site.start()
    yield site
    if not site.is_gone():
        os.killpg(site.process.pid, signal.SIGKILL)


def test_it_works(site: Site) -> None:
    site.wait_until_up()
    page = site.get("/")
    assert 'Thursday <span class="date">10 June 2021</span>' in page
    stylesheet = next(part for part in page.split('"') if part.startswith("/static/css/base."))
    assert "var(--paper)" in site.get(stylesheet)
    assert site.get("/healthz") == "ok\n"


def test_the_passwords_are_printed_last_and_kept(site: Site) -> None:
    path = site.var / "demo-accounts.txt"
    if not settings.IS_EMBEDDED:
        assert not path.exists()
        return
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    curator, reader = path.read_text().splitlines()
    for name, line in (("curator", curator), ("reader", reader)):
        assert line.split()[0] == name
        assert f"Sign in as {name}, password {line.split()[1]}" in site.said()


def test_a_taken_port_is_said_plainly(site: Site) -> None:
    other = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "VAR_DIR": str(site.var), "PORT": str(site.port)},
        capture_output=True,
        text=True,
    )
    assert other.returncode == 1
    assert f"port {site.port} is taken" in other.stderr


@pytest.mark.parametrize(
    ("urls", "missing"),
    [
        ({}, "set DATABASE_URL and REDIS_URL"),
        ({"REDIS_URL": "redis://127.0.0.1:9/0"}, "set DATABASE_URL"),
    ],
)
def test_services_are_named_or_nothing_starts(
    site: Site, urls: dict[str, str], missing: str
) -> None:
    environment = {**os.environ, "VAR_DIR": str(site.var)}
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "manage.py", "up", "--services"],
        cwd=settings.BASE_DIR,
        env=environment | urls,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"{missing}: they name PostgreSQL and Redis" in done.stderr


def test_sigterm_ends_every_process(site: Site) -> None:
    assert site.stop(signal.SIGTERM) == 0, site.said()
    assert site.is_gone()


def test_a_second_start_keeps_the_data_and_ctrl_c_ends_it(site: Site) -> None:
    site.start()
    site.wait_until_up()
    assert "Loading the sample" not in site.said()
    assert "Knowledge distillation" in site.get("/papers/2106.05237/")
    assert site.stop(signal.SIGINT) == 0, site.said()
    assert site.is_gone()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", site.port)) != 0
