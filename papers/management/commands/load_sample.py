"""Load or remove the sample."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from papers import sample


class Command(BaseCommand):
    help = "Load the sample, real days of 2020 and 2021 as facts; days held already stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take the sample away again")

    def handle(self, *args: Any, remove: bool, **options: Any) -> None:
        if remove:
            self.stdout.write(f"removed {sample.remove():,} days of the sample")
        else:
            self.stdout.write(f"loaded {sample.load():,} days of the sample")
