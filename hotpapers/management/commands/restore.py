"""Put a backup in the place of the database."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.models import Model

from accounts.models import User
from hotpapers import backup
from papers.models import Paper


class Command(BaseCommand):
    help = "Put a backup in the place of the database, then migrate it; the site must not run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="what `backup` wrote")
        parser.add_argument("--force", action="store_true", help="give up what the database holds")

    def handle(self, *args: Any, path: Path, force: bool, **options: Any) -> None:
        if not force and (_holds(Paper) or _holds(User)):
            raise CommandError("the database is not empty: --force gives up what it holds")
        try:
            backup.restore(path)
        except backup.BackupError as error:
            raise CommandError(str(error)) from None
        call_command("migrate", verbosity=0)
        self.stdout.write(f"restored {path}: {Paper.objects.count():,} papers")


def _holds(model: type[Model]) -> bool:
    """Whether the database has rows of a model; it may have no tables at all."""
    tables = connection.introspection.table_names()
    return model._meta.db_table in tables and model._default_manager.exists()
