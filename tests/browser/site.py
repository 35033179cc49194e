"""A site to look at: what `make run` starts, on a free port, with a folder and database of its own.

The server is a process of its own and not a thread of the tests: other tests expect an empty
database and roll their rows back, so whatever they do, in whichever order, none can meet the rows
of this one. It is also the real stack, with gunicorn, WhiteNoise and, on PostgreSQL, the manifest
of static files. What every first start does is done once: sites begin as copies of it.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from tests.environment import RUN_DIR
from tests.services import copied_database, database, free_port, redis_of_sites
from tests.upstream import clock_file

ROOT = Path(__file__).resolve().parent.parent.parent
START = 120  # seconds at most, of a busy machine
ACCOUNTS = "demo-accounts.txt"  # the embedded stack's first start makes it, else we do
EMPTY, SAMPLE = "empty", "sample"  # what a site begins with


@dataclass(frozen=True)
class Site:
    """`url` has no slash at its end; the curator may log in to the admin; mail lies in `mail`."""

    url: str
    curator: str
    password: str
    mail: Path


@contextmanager
def running_site(
    post: str = "",
    script: str = "",
    moment: datetime | None = None,
    *,
    is_ticking: bool = False,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """Serve the sample or, where given, the one `post` of the blog's form instead.

    `script` is Python that fills an empty database first. At a `moment` its clock stands still.
    Unless it `is_ticking` pages are served and nothing is done beside them. `variables` are more
    of the environment.
    """
    with (
        tempfile.TemporaryDirectory(prefix="hotpapers-site-") as name,
        _beginning(EMPTY if post or script else SAMPLE, Path(name) / "var") as database_url,
    ):
        folder = Path(name) / "var"
        environment = _environment(database_url, folder) | dict(variables or {})
        if post:
            (folder / "post.md").write_text(post, encoding="utf-8")
            _manage(environment, "import_digests", str(folder / "post.md"))
        if moment:
            clock_file.write(folder / "clock", moment, speed=0)
            environment["CLOCK_FILE"] = str(folder / "clock")
        if script:
            _manage(environment, "shell", f"--command={script}")
        with _server(environment, folder / "log", *([] if is_ticking else ["web"])):
            password = (folder / ACCOUNTS).read_text().split()[1]
            yield Site(environment["SITE_URL"], "curator", password, folder / "mail")


def _environment(database_url: str, folder: Path) -> dict[str, str]:
    port = free_port()
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_of_sites(),
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "VAR_DIR": str(folder),
    }


# Beginnings --------------------------------------------------------------------------------------


@contextmanager
def _beginning(kind: str, folder: Path) -> Iterator[str]:
    """Make `folder` and a database what a first start leaves; yield the URL of the database."""
    original = _original(kind)
    shutil.copytree(original / "var", folder)
    with copied_database((original / "url").read_text(), folder) as url:
        yield url


def _original(kind: str) -> Path:
    """Return where the beginning of a kind lies, made once for all processes of a run."""
    original = RUN_DIR / "beginnings" / kind
    original.mkdir(parents=True, exist_ok=True)
    with (original / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (original / "url").exists():
            _begin(kind, original)
    return original


def _begin(kind: str, original: Path) -> None:
    with database(original / "var", is_kept=True) as url:
        environment = _environment(url, original / "var") | {"TICK": "1000000"}
        if kind == SAMPLE:
            with _server(environment, original / "log"):
                pass  # its first start does it all
        else:
            _manage(environment, "migrate", "--verbosity=0")
            if url.startswith("postgres"):  # elsewhere they are served from where they lie
                _manage(environment, "collectstatic", "--noinput")
        _make_curator(environment, original / "var")
        (original / "url").write_text(url)


def _make_curator(environment: dict[str, str], folder: Path) -> None:
    if (folder / ACCOUNTS).exists():
        return
    password = secrets.token_urlsafe(12)
    _manage(
        {**environment, "DJANGO_SUPERUSER_PASSWORD": password},
        *("createsuperuser", "--noinput", "--username=curator", "--email=curator@papers.example"),
    )
    (folder / ACCOUNTS).write_text(f"curator {password}\n")


# Processes ---------------------------------------------------------------------------------------


def _manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, ROOT / "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def _server(environment: dict[str, str], log: Path, *process: str) -> Iterator[None]:
    """Run the site, or that one process of it."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "up", *process],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(server, int(environment["PORT"]), log)
        yield
        if server.poll() is not None:
            raise RuntimeError(f"the site ended by itself:\n{log.read_text(errors='replace')}")
    finally:
        server.terminate()
        server.wait()


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait for an answer: the port is open before the process behind it has read its modules."""
    deadline = time.monotonic() + START
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=deadline - time.monotonic())
            return
        time.sleep(0.1)
    raise RuntimeError(f"the site did not start:\n{log.read_text(errors='replace')}")
