"""Write a digest as the blog's Markdown."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers.models import Digest
from papers.posts import export


class Command(BaseCommand):
    help = "Write the digest of a day as the blog's Markdown to standard output, complete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", metavar="YYYY-MM-DD")

    def handle(self, *args: Any, day: str, **options: Any) -> None:
        try:
            text = export(date.fromisoformat(day))
        except ValueError:
            raise CommandError(f"{day} is no day: write it as 2021-06-10") from None
        except Digest.DoesNotExist:
            raise CommandError(f"no digest of {day} is held") from None
        self.stdout.write(text, ending="")
