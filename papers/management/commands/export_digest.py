"""Write a digest as the blog's Markdown."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers.models import Digest, DigestRevision
from papers.posts import export


class Command(BaseCommand):
    help = "Write the digest of a day as the blog's Markdown to standard output, complete."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("day", metavar="YYYY-MM-DD")
        parser.add_argument(
            "--revision", type=int, metavar="N", help="as it was printed then, instead of now"
        )

    def handle(self, *args: Any, day: str, revision: int | None, **options: Any) -> None:
        try:
            listed = date.fromisoformat(day)
            text = export(listed) if revision is None else _printed(listed, revision)
        except ValueError:
            raise CommandError(f"{day} is no day: write it as 2021-06-10") from None
        except Digest.DoesNotExist:
            raise CommandError(f"no digest of {day} is held") from None
        except DigestRevision.DoesNotExist:
            raise CommandError(f"no revision {revision} of {day} is held") from None
        self.stdout.write(text, ending="")


def _printed(day: date, revision: int) -> str:
    digest = Digest.objects.get(date=day)
    return digest.revisions.get(number=revision).markdown
