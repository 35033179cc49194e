"""Run the site, or one process of it."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from accounts import demo
from hotpapers import processes
from papers import sample
from papers.models import Paper

SCHEMA = 600.0  # seconds a single process waits for the database and its migrations


class Command(BaseCommand):
    help = "Migrate, load the sample into an empty database, then run web, worker and schedule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "process",
            nargs="?",
            choices=processes.COMMANDS,
            help="this one alone, once somebody else has migrated",
        )
        parser.add_argument(
            "--services", action="store_true", help="refuse all but PostgreSQL and Redis"
        )
        parser.add_argument("--no-sample", action="store_true", help="leave it empty")

    def handle(
        self, *args: Any, process: str | None, services: bool, no_sample: bool, **options: Any
    ) -> None:
        if services:
            _require_services()
        if process == "web":
            _require_static_files()
        try:
            if process:
                self._wait_until_migrated()
                processes.become(process)
            processes.require_free_port()
            self._prepare(no_sample)
            processes.run_together(self._greet)
        except processes.ProcessError as error:
            raise CommandError(str(error)) from None
        self.stdout.write("Stopped.")

    def _prepare(self, no_sample: bool) -> None:
        call_command("migrate", verbosity=0)
        if not settings.IS_EMBEDDED:
            call_command("collectstatic", verbosity=0, interactive=False)
        if not no_sample and not Paper.objects.exists():
            self.stdout.write("Loading the sample: real days of 2020 and 2021 …")
            self.stdout.flush()
            sample.load()
        demo.create_at_first_start()

    def _greet(self) -> None:
        self.stdout.write(self.style.SUCCESS(f"Hot Papers is on {settings.SITE_URL}/"))
        for name, password in demo.passwords():
            self.stdout.write(f"Sign in as {name}, password {password}")
        self.stdout.flush()

    def _wait_until_migrated(self) -> None:
        deadline = time.monotonic() + SCHEMA
        said = False
        while not _is_migrated():
            if time.monotonic() > deadline:
                raise CommandError("the database was not migrated in time: manage.py migrate")
            if not said:
                self.stderr.write("waiting for the database and its migrations …")
                said = True
            time.sleep(1)
        connection.close()


def _is_migrated() -> bool:
    """Whether every migration we know is applied; there may be later ones than ours."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        return False
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _require_services() -> None:
    missing = [] if settings.REDIS_URL else ["REDIS_URL"]
    if settings.IS_EMBEDDED:
        missing.insert(0, "DATABASE_URL")
    if missing:
        raise CommandError(f"set {' and '.join(missing)}: they name PostgreSQL and Redis")


def _require_static_files() -> None:
    if not settings.IS_EMBEDDED and not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        raise CommandError(f"no static files in {settings.STATIC_ROOT}: manage.py collectstatic")
