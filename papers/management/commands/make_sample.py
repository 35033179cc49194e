"""Make the sample's file of facts anew."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers.digest_markdown import decode, parse
from papers.sample import archive


class Command(BaseCommand):
    help = "Make the sample's file of facts anew from a folder of the blog's posts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        paths = sorted(folder.glob("*.md"))
        if not paths:
            raise CommandError(f"{folder} holds no *.md file")
        archive.write([parse(decode(path.read_bytes())) for path in paths])
        self.stdout.write(f"{archive.FACTS.name}: {len(paths)} days")
