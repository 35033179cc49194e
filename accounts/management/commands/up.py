"""Run the whole site: web, worker and schedule in one process group."""

import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts import demo
from papers import sample
from papers.models import Paper

GRACE = 15.0  # seconds a child has to end by itself


class Command(BaseCommand):
    help = "Migrate, load the sample into an empty database, then run web, worker and schedule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-sample", action="store_true", help="leave it empty")

    def handle(self, *args: Any, no_sample: bool, **options: Any) -> None:
        _require_free_port(settings.PORT)
        call_command("migrate", verbosity=0)
        if not settings.IS_EMBEDDED:
            call_command("collectstatic", verbosity=0, interactive=False)
        if not no_sample and not Paper.objects.exists():
            self.stdout.write("Loading the sample: real days of 2020 and 2021 …")
            sample.load()
        demo.create_curator()
        signal.signal(signal.SIGTERM, _interrupt)
        children = [subprocess.Popen(command) for command in _commands()]
        try:
            _wait_for_port(settings.PORT, children)
            self._greet()
            self._watch(children)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            _stop(children)

    def _greet(self) -> None:
        self.stdout.write(self.style.SUCCESS(f"Hot Papers is on {settings.SITE_URL}/"))
        path = settings.VAR_DIR / demo.FILE
        if path.exists():
            name, password = path.read_text().split()
            self.stdout.write(f"Admin: {settings.SITE_URL}/admin/ as {name}, password {password}")
        self.stdout.flush()

    def _watch(self, children: list["subprocess.Popen[bytes]"]) -> None:
        while True:
            for child in children:
                if child.poll() is not None:
                    command = " ".join(map(str, child.args))  # type: ignore[arg-type]
                    raise CommandError(f"ended by itself (status {child.returncode}): {command}")
            time.sleep(0.5)


def _commands() -> list[list[str]]:
    python = [sys.executable, "-m"]
    web = ["gunicorn", "hotpapers.wsgi", "--bind", f"127.0.0.1:{settings.PORT}"]
    # One process with threads: the cache of the embedded stack lives in it.
    web += ["--worker-class", "gthread", "--threads", "8", "--log-level", "warning"]
    web += ["--no-control-socket"]  # it would lie in the home folder, one for all sites
    celery = ["celery", "--app", "hotpapers", "--quiet"]
    worker = [*celery, "worker", "--loglevel", "WARNING", "--pool", "threads", "--concurrency", "2"]
    worker += ["--without-gossip", "--without-mingle"]  # there is no other worker to ask
    # A process of its own, not the worker's --beat: that would be a grandchild, and stay behind
    # when the worker is stopped while it still starts.
    schedule = [*celery, "beat", "--loglevel", "WARNING"]
    return [python + command for command in (web, worker, schedule)]


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CommandError(f"port {port} is taken; choose another: PORT=8001") from None


def _wait_for_port(port: int, children: list["subprocess.Popen[bytes]"]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and all(child.poll() is None for child in children):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise CommandError("the web server did not start")


def _stop(children: list["subprocess.Popen[bytes]"]) -> None:
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
