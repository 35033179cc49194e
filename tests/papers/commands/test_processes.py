"""The commands as an operator runs them: processes with an exit status and bytes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from papers.digest_markdown import DigestPost, render
from tests.factories import DAY, make_embed, make_entry, make_post

Process = subprocess.CompletedProcess[bytes]
POST = make_post(make_entry(title="Łuk's “Sheet” 📄", tweets=(make_embed(text="折り紙\nשלום"),)))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of an embedded site of its own, in a locale that knows no UTF-8."""
    environment = {**os.environ, "LC_ALL": "C"}
    environment["VAR_DIR"] = str(tmp_path_factory.mktemp("var"))
    environment.pop("DATABASE_URL", None)
    environment.pop("REDIS_URL", None)
    assert manage(environment, "migrate").returncode == 0
    return environment


def manage(environment: dict[str, str], *arguments: str) -> Process:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, timeout=120
    )


def write(folder: Path, post: DigestPost) -> Path:
    path = folder / f"{post.date}.md"
    path.write_bytes(render(post).encode())
    return path


def test_it_works(site: dict[str, str], tmp_path: Path):
    """In by one process and out by another, to the byte."""
    assert manage(site, "import_digests", str(write(tmp_path, POST))).returncode == 0
    exported = manage(site, "export_digest", str(DAY))
    assert (exported.returncode, exported.stderr) == (0, b"")
    assert exported.stdout == render(POST).encode()


def test_a_refused_post_is_exit_status_1_and_the_others_are_stored(site, tmp_path: Path):
    good, bad = (write(tmp_path, make_post(day=DAY.replace(day=day))) for day in (1, 2))
    bad.write_text("no post")
    done = manage(site, "import_digests", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == [
        f"added      2021-06-01 with 0 papers, {good.name}",
        "2 posts, 0 entries: 1 added, 0 revised, 0 unchanged, 1 refused",
    ]
    assert done.stderr.decode().splitlines() == [
        f"refused    {bad}:1: expected the front matter's opening ---, found no post",
        "CommandError: 1 of 2 posts were refused",
    ]


@pytest.mark.parametrize("day", ["1999-01-01", "someday"])
def test_a_day_that_cannot_be_exported_is_exit_status_1_and_no_output(site, day: str):
    done = manage(site, "export_digest", day)
    assert (done.returncode, done.stdout) == (1, b"")
    assert day in done.stderr.decode()
    assert b"Traceback" not in done.stderr
