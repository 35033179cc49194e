"""A backup: the database in one file, as its engine writes it, and the way back.

Knows no tables but one, by which it tells a site's. Backups get their name when they are whole, and
take the place of a database whole or not at all.
"""

import os
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Protocol

from django.db import DatabaseError, connection

from hotpapers import processes

TABLE = "papers_paper"
# Whatever is there, since a backup of an older release does not know newer tables.
EMPTY = """DO $$ DECLARE found text; BEGIN
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE %I CASCADE', found);
  END LOOP;
END $$"""


class BackupError(Exception):
    """Nothing was written or restored; says why."""


class Engine(Protocol):
    name: str
    magic: bytes  # what its backups begin with

    def write(self, path: Path) -> None:
        """Write what the database holds at one moment, while it is used, to an empty file."""

    def restore(self, path: Path) -> None:
        """Put a backup in the place of what the database holds."""

    def is_used(self) -> bool:
        """Whether others are connected, as far as it can tell."""


def write(path: Path) -> None:
    """Write a backup to a new file that only its owner can read, while the site runs.

    Raises BackupError, or OSError where the folder is not to be written to.
    """
    if path.exists():
        raise BackupError(f"{path} exists already")
    number, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        ENGINES[connection.vendor].write(part)
        os.fsync(number)
        part.rename(path)
    finally:
        os.close(number)
        part.unlink(missing_ok=True)


def restore(path: Path) -> None:
    """Put a backup in the place of what the database holds; the site must not run."""
    engine = ENGINES[connection.vendor]
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise BackupError(str(error)) from None
    written_by = next((e for e in ENGINES.values() if head.startswith(e.magic)), None)
    if not written_by:
        raise BackupError(f"{path} is no backup")
    if written_by is not engine:
        raise BackupError(f"{path} is of {written_by.name}, and this site is on {engine.name}")
    if processes.is_served() or engine.is_used():
        raise BackupError("the site runs: stop web, worker and schedule first")
    engine.restore(path)


class SQLite:
    name = "SQLite"
    magic = b"SQLite format 3\0"

    def write(self, path: Path) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
        except DatabaseError as error:
            raise BackupError(str(error)) from None

    def restore(self, path: Path) -> None:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as backup:
            try:
                (found,) = backup.execute("PRAGMA quick_check").fetchone()
                tables = backup.execute("SELECT name FROM sqlite_schema").fetchall()
            except sqlite3.DatabaseError as error:
                found, tables = str(error), []
            if found != "ok":
                raise BackupError(f"{path} is damaged: {found}")
            if (TABLE,) not in tables:
                raise BackupError(f"{path} is of another site")
            connection.ensure_connection()
            backup.backup(connection.connection)

    def is_used(self) -> bool:
        return False  # a connection lasts no longer than a request or a task


class PostgreSQL:
    name = "PostgreSQL"
    magic = b"PGDMP"

    def write(self, path: Path) -> None:
        _run("pg_dump", "--format=custom", f"--file={path}")

    def restore(self, path: Path) -> None:
        if f" {TABLE} " not in _run("pg_restore", "--list", str(path)):
            raise BackupError(f"{path} is of another site")
        with tempfile.TemporaryDirectory() as folder:
            # All of it is read before anything is done, and then done in one transaction.
            script = f"{folder}/restore.sql"
            _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path))
            once = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
            _run("psql", "--no-psqlrc", *once, f"--command={EMPTY}", f"--file={script}")

    def is_used(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return cursor.fetchone() != (0,)


ENGINES: dict[str, Engine] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def _run(program: str, *arguments: str) -> str:
    """Run a program of PostgreSQL on our database; return what it said."""
    # Not as arguments, which every user of the machine can read.
    names = {"dbname": "DATABASE"}
    ours = {
        f"PG{names.get(name, name.upper())}": str(value)
        for name, value in connection.get_connection_params().items()
        if isinstance(value, str | int)
    }
    command = [program, *arguments]
    try:
        done = subprocess.run(command, env={**os.environ, **ours}, capture_output=True, text=True)
    except FileNotFoundError:
        raise BackupError(
            f"{program} is missing: install PostgreSQL's programs, of the server's release or newer"
        ) from None
    if done.returncode:
        raise BackupError(done.stderr.strip() or f"{program} ended with {done.returncode}")
    return done.stdout
