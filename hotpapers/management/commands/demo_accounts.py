"""Make the accounts of a first start again, or take them away."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import demo


class Command(BaseCommand):
    help = "Make `curator` and `reader`, where there are none, or with --remove delete both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--remove",
            action="store_true",
            help="delete both, all that is theirs, what was invented to curate, and the file",
        )

    def handle(self, *args: Any, remove: bool, **options: Any) -> None:
        if remove:
            count = demo.remove()
            self.stdout.write(f"Removed {count} account{'' if count == 1 else 's'}.")
            return
        if not demo.may_be():
            raise CommandError("only a site of one's own machine, on SQLite, has such accounts")
        if demo.create() is None:
            where = f"; passwords: {demo.path()}" if demo.passwords() else ""
            self.stdout.write(f"An account is called curator or reader already{where}.")
            return
        self.stdout.write(f"Made curator and reader; passwords: {demo.path()}.")
