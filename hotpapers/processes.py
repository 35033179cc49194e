"""The processes of a site, web, worker and schedule: their commands, and how they run together.

Where and how many they are is for the settings to say; what they do is not known here.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import NoReturn

from django.conf import settings

GRACE = 15.0  # seconds a process has to end by itself
START = 120.0  # seconds the web server has to answer

Child = subprocess.Popen[bytes]


class ProcessError(Exception):
    """A process did not start, or ended without being asked to; says which and how."""


def _web() -> list[str]:
    address = f"[{settings.BIND}]" if ":" in settings.BIND else settings.BIND
    return [
        *("gunicorn", "hotpapers.wsgi", "--bind", f"{address}:{settings.PORT}"),
        *("--workers", str(settings.WEB_CONCURRENCY), "--worker-class", "gthread"),
        *("--threads", "8", "--log-level", "warning"),
        # From nobody else is an X-Forwarded-Proto believed.
        *("--forwarded-allow-ips", settings.TRUSTED_PROXIES),
        "--no-control-socket",  # it would lie in the home folder, one for all sites
    ]


def _worker() -> list[str]:
    # Workers need not know of one another: the ledger gives each its run.
    alone = ["--without-gossip", "--without-mingle"]
    return [*_celery(), "worker", "--loglevel", "WARNING", *alone]


def _schedule() -> list[str]:
    # A process of its own, not the worker's --beat: that would be a grandchild, and stay behind
    # when the worker is stopped while it still starts.
    return [*_celery(), "beat", "--loglevel", "WARNING"]


def _celery() -> list[str]:
    return ["celery", "--app", "hotpapers", "--quiet"]


COMMANDS: dict[str, Callable[[], list[str]]] = {
    "web": _web,
    "worker": _worker,
    "schedule": _schedule,
}


def become(name: str) -> NoReturn:
    """Go on as one of COMMANDS, under the same process id: signals reach it and no one between."""
    command = [sys.executable, "-m", *COMMANDS[name]()]
    os.execv(command[0], command)


def run_together(greet: Callable[[], None]) -> None:
    """Run all until SIGINT or SIGTERM, then stop them; `greet` once pages are served.

    Raises ProcessError where one does not start or ends by itself; then too all are stopped.
    """
    for asked in (signal.SIGTERM, signal.SIGINT):  # a shell's background ignores the latter
        signal.signal(asked, _interrupt)
    children = [
        subprocess.Popen([sys.executable, "-m", *command()]) for command in COMMANDS.values()
    ]
    try:
        _wait_for_port(children)
        greet()
        _watch(children)
    except KeyboardInterrupt:
        pass
    finally:
        _stop(children)


def is_served() -> bool:
    """Whether anything answers where the web server listens."""
    try:
        socket.create_connection((settings.BIND, settings.PORT), timeout=1).close()
    except OSError:
        return False
    return True


def require_free_port() -> None:
    """Raise ProcessError where something else listens on PORT."""
    if is_served():
        raise ProcessError(
            f"port {settings.PORT} is taken; choose another: PORT={settings.PORT + 1}"
        )


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def _wait_for_port(children: Sequence[Child]) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        if is_served():
            return
        time.sleep(0.1)
    raise ProcessError("the web server did not start")


def _watch(children: Sequence[Child]) -> None:
    while True:
        for child in children:
            if child.poll() is not None:
                command = " ".join(map(str, child.args))  # type: ignore[arg-type]
                raise ProcessError(f"ended by itself (status {child.returncode}): {command}")
        time.sleep(0.5)


def _stop(children: Sequence[Child]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave one behind
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
