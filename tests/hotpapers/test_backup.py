"""`backup` and `restore` as an operator runs them: while others write, and to an empty site."""

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.db import connection

from hotpapers import backup
from papers.digest_markdown import render
from tests.factories import DAY, make_embed, make_entry, make_post
from tests.services import database, free_port

TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
WORDS = ("Łuk's “Sheet” 📄", "折り紙", "שלום")


class Site:
    """A database of its own, and the commands on it; none is served."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "VAR_DIR": str(folder),
            "PORT": str(free_port()),
            "DJANGO_SUPERUSER_PASSWORD": "of no account",
        }

    def start(self, *command: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def manage(self, *command: str) -> str:
        process = self.start(*command)
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return output

    def refuses(self, *command: str) -> str:
        process = self.start(*command)
        output, errors = process.communicate(timeout=120)
        assert (process.returncode, output) == (1, "")
        assert "Traceback" not in errors
        return errors

    def rows(self) -> dict[str, list[str]]:
        """Return all of the database: the rows of each table, in an order of their own."""
        with self.connected() as cursor:
            cursor.execute(TABLES[connection.vendor])
            tables = [name for (name,) in cursor.fetchall()]
            found = {}
            for table in tables:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(map(repr, cursor.fetchall()))
            return found

    def add_user(self, name: str) -> None:
        self.manage("createsuperuser", "--noinput", f"--username={name}", "--email=a@b.example")

    @contextmanager
    def connected(self) -> Iterator[Any]:
        if self.url.startswith("sqlite"):
            other: Any = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        else:
            other = psycopg2.connect(self.url)
        with closing(other):
            yield other.cursor()


@contextmanager
def new_site(folder: Path) -> Iterator[Site]:
    with database(folder) as url:
        yield Site(folder, url)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with new_site(tmp_path_factory.mktemp("site")) as site:
        posts = site.folder / "posts"
        posts.mkdir()
        for number, word in enumerate(WORDS, start=1):
            day = DAY - timedelta(days=number)
            tweet = make_embed(text=word, external_id=f"140290000000000000{number}")
            entry = make_entry(arxiv_id=f"2106.0000{number}", title=word, tweets=(tweet,))
            (posts / f"{day}.md").write_text(render(make_post(entry, day=day)), encoding="utf-8")
        site.manage("migrate", "--verbosity=0")
        site.manage("import_digests", str(posts))
        site.add_user("first")
        yield site


@pytest.fixture(scope="module")
def written(site: Site) -> Path:
    """A backup made while somebody is in the middle of a change."""
    with site.connected() as other:
        other.execute("BEGIN")
        other.execute("DELETE FROM papers_sample")
        said = site.manage("backup")
    return Path(said.rpartition(": ")[0])


def test_it_works(site: Site, written: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert list(written.parent.iterdir()) == [written]
    before = site.rows()
    assert len(before["papers_paper"]) == len(before["papers_sample"]) == len(WORDS)
    with new_site(tmp_path) as empty:
        assert f"{len(WORDS):,} papers" in empty.manage("restore", str(written))
        assert empty.rows() == before


def test_what_a_database_holds_is_given_up_only_by_force(site: Site, written: Path) -> None:
    before = site.rows()
    site.add_user("second")
    assert "the database is not empty" in site.refuses("restore", str(written))
    site.manage("restore", "--force", str(written))
    assert site.rows() == before


def test_a_damaged_backup_changes_nothing(site: Site, written: Path, tmp_path: Path) -> None:
    before = site.rows()
    damaged = tmp_path / "damaged"
    damaged.write_bytes(written.read_bytes()[: written.stat().st_size * 2 // 3])
    assert site.refuses("restore", "--force", str(damaged))
    assert site.rows() == before


def test_what_is_no_backup_is_refused(written: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("no backup")
    with pytest.raises(backup.BackupError, match="is no backup"):
        backup.restore(other)
    with pytest.raises(backup.BackupError, match="No such file"):
        backup.restore(tmp_path / "nowhere")
    (theirs,) = [e for name, e in backup.ENGINES.items() if name != connection.vendor]
    other.write_bytes(theirs.magic + bytes(100))
    with pytest.raises(backup.BackupError, match=f"is of {theirs.name}, and this site"):
        backup.restore(other)
    with pytest.raises(backup.BackupError, match="exists already"):
        backup.write(written)


def test_a_site_that_runs_is_left_alone(site: Site, written: Path, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as web:
        settings.PORT = web.getsockname()[1]
        with pytest.raises(backup.BackupError, match="the site runs"):
            backup.restore(written)
    if not settings.IS_EMBEDDED:
        with site.connected():
            assert "the site runs" in site.refuses("restore", "--force", str(written))


def test_a_backup_cut_short_has_no_name(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "cut-short"
    with site.connected() as other:
        if settings.IS_EMBEDDED:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
        else:
            other.execute("LOCK TABLE papers_paper IN ACCESS EXCLUSIVE MODE")
        process = site.start("backup", str(path))
        deadline = time.monotonic() + 60
        while not list(tmp_path.iterdir()):  # it has begun
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) != 0
    assert not path.exists()
