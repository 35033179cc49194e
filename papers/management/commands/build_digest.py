"""Build the digest of a day."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers import digests
from papers.curation import editing


class Command(BaseCommand):
    help = "Build the draft of a day's digest anew; a published digest stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--publish", action="store_true", help="publish it at once")

    def handle(self, *args: Any, day: date, publish: bool, **options: Any) -> None:
        digest = digests.build(day)
        if digest is None:
            raise CommandError(f"no paper of {day} was noticed: nothing to print")
        if publish:
            editing.publish_in_time(digest)
            digest.refresh_from_db()
        self.stdout.write(f"{day}: {digest.entry_count} papers, {digest.state}")
