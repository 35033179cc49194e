"""A site to look at: what `make run` starts, on a free port, with a folder and database of its own.

The server is a process of its own and not a thread of the tests: other tests expect an empty
database and roll their rows back, so whatever they do, in whichever order, none can meet the rows
of this one. It is also the real stack, with gunicorn, WhiteNoise and, on PostgreSQL, the manifest
of static files.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.services import database, free_port, redis_of_sites
from tests.upstream import clock_file

ROOT = Path(__file__).resolve().parent.parent.parent
START = 120  # seconds at most: it migrates and loads the sample first


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

    `script` is Python that fills the database first. At a `moment` its clock stands still. Unless
    it `is_ticking` its scheduler never looks: papers are not compared while pages are looked at.
    `variables` are more of the environment.
    """
    with (
        tempfile.TemporaryDirectory(prefix="hotpapers-site-") as name,
        database(Path(name)) as database_url,
    ):
        folder = Path(name)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_of_sites(),
            "PORT": str(port),
            "SITE_URL": url,
            "VAR_DIR": name,
            **(variables or {}),
        }
        if not is_ticking:
            environment["TICK"] = "1000000"
        if post:
            (folder / "post.md").write_text(post, encoding="utf-8")
            _manage(environment, "migrate", "--verbosity=0")
            _manage(environment, "import_digests", str(folder / "post.md"))
        if moment:
            clock_file.write(folder / "clock", moment, speed=0)
            environment["CLOCK_FILE"] = str(folder / "clock")
        if script:
            _manage(environment, "migrate", "--verbosity=0")
            _manage(environment, "shell", f"--command={script}")
        with _server(environment, url, folder / "log"):
            yield Site(url, "curator", _password(environment, folder), folder / "mail")


def _manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, ROOT / "manage.py", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def _server(environment: dict[str, str], url: str, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(server, url, log)
        yield
        if server.poll() is not None:
            raise RuntimeError(f"the site ended by itself:\n{log.read_text(errors='replace')}")
    finally:
        server.terminate()
        server.wait()


def _wait(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START
    while server.poll() is None and time.monotonic() < deadline:
        if f"Hot Papers is on {url}/" in log.read_text(errors="replace"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the site did not start:\n{log.read_text(errors='replace')}")


def _password(environment: dict[str, str], folder: Path) -> str:
    """Return the curator's: the first start makes one on the embedded stack, else we do."""
    accounts = folder / "demo-accounts.txt"
    if accounts.exists():
        return accounts.read_text().split()[1]
    password = secrets.token_urlsafe(12)
    _manage(
        {**environment, "DJANGO_SUPERUSER_PASSWORD": password},
        *("createsuperuser", "--noinput", "--username=curator", "--email=curator@papers.example"),
    )
    return password
