"""Write the whole database to one file, while the site runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotpapers import backup
from papers import clock


class Command(BaseCommand):
    help = "Write the whole database to a new file that only its owner can read; the site may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            help="a new file; in a folder it is named by the moment (default: VAR_DIR/backups)",
        )

    def handle(self, *args: Any, path: Path | None, **options: Any) -> None:
        if not path:
            path = settings.VAR_DIR / "backups"
            path.mkdir(exist_ok=True)
        if path.is_dir():
            path /= f"hotpapers-{clock.now():%Y%m%dT%H%M%SZ}.backup"
        try:
            backup.write(path)
        except (backup.BackupError, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{path}: {path.stat().st_size:,} bytes")
