"""The tasks, run by a worker that is a process of its own, over each kind of queue."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from hotpapers.celery import app
from tests.services import postgresql, redis

DEADLINE = 60  # seconds, for what takes three

SEND_AND_WAIT = """
import time
from tests.factories import MORNING, make_digest, make_paper
from papers.models import DigestRevision, Vector
from papers.tasks import compare_papers, publish_due_digests

digest = make_digest(make_paper(score=60))
compared = Vector.objects.filter(compared=True)
publish_due_digests.delay()
compare_papers.delay()
deadline = time.monotonic() + {deadline}
while digest.state != "published" or not compared.exists():
    assert time.monotonic() < deadline
    time.sleep(0.2)
    digest.refresh_from_db()
assert digest.stamp > MORNING
print(digest.state, digest.revisions.get().number, compared.count())
"""


@pytest.fixture(
    params=[
        pytest.param("embedded", marks=pytest.mark.embedded),
        pytest.param("services", marks=[pytest.mark.services, pytest.mark.redis]),
    ]
)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a site that has nothing to do with the tests' own database."""
    environment = {**os.environ, "VAR_DIR": str(tmp_path / "var")}
    environment.pop("DATABASE_URL", None)
    environment.pop("REDIS_URL", None)
    with ExitStack() as servers:
        if request.param == "services":
            environment["DATABASE_URL"] = servers.enter_context(postgresql(tmp_path))
            environment["REDIS_URL"] = servers.enter_context(redis(tmp_path))
        manage(environment, "migrate", "--verbosity", "0")
        yield environment


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=2 * DEADLINE,
    ).stdout


@contextmanager
def worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "celery", "--app", "hotpapers", "--quiet", "worker"]
    command += ["--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"]
    command += ["--without-gossip", "--without-mingle"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_it_works(site: dict[str, str]):
    with worker(site):
        said = manage(site, "shell", "--command", SEND_AND_WAIT.format(deadline=DEADLINE))
    assert said.splitlines()[-1] == "published 1 1"


def test_the_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled
    assert scheduled <= set(app.tasks)
