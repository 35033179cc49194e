"""Import posts of the blog."""

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from papers import digest_markdown, fairness
from papers.digest_markdown import DigestPost, DigestSyntaxError
from papers.posts import Outcome, import_posts

BATCH = 25  # posts of one transaction: enough to write in bulk, few enough to show progress


class Command(BaseCommand):
    help = (
        "Import posts of the blog: files, and folders of *.md files. A post that is held already "
        "changes nothing, one whose bytes changed becomes a revision, one that cannot be "
        "understood is refused whole and the others go on (exit status 1)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        files = list(_files(paths))
        self.done: Counter[str] = Counter()
        self.entries = 0
        batch: dict[date, tuple[Path, DigestPost]] = {}
        with tqdm(files, unit="post", disable=not sys.stderr.isatty(), leave=False) as self.bar:
            for path in self.bar:
                post = self._read(path)
                if post is None:
                    continue
                if post.date in batch or len(batch) == BATCH:
                    self._store(batch)
                batch[post.date] = path, post
            self._store(batch)
        fairness.refresh()
        self._summarise(len(files))

    def _read(self, path: Path) -> DigestPost | None:
        try:
            with path.open("rb") as file:
                data = file.read(digest_markdown.MAX_BYTES + 1)  # enough to see it is too long
            return digest_markdown.parse(digest_markdown.decode(data))
        except DigestSyntaxError as error:
            reason = f"{path}:{error.line}: expected {error.expected}, found {error.found}"
        except OSError as error:
            reason = f"{path}: {error.strerror}"
        self.done["refused"] += 1
        self.bar.write(f"refused    {reason}", file=sys.stderr)
        return None

    def _store(self, batch: dict[date, tuple[Path, DigestPost]]) -> None:
        posts = [post for _, post in batch.values()]
        outcomes = import_posts(posts)
        for outcome, (path, post) in zip(outcomes, batch.values(), strict=True):
            self.done[outcome] += 1
            self.entries += len(post.entries)
            if self.bar.disable:
                line = f"{outcome:<10} {post.date} with {len(post.entries)} papers, {path.name}"
                self.stdout.write(line)
        batch.clear()

    def _summarise(self, count: int) -> None:
        kinds = (*Outcome, "refused")
        numbers = ", ".join(f"{self.done[kind]} {kind}" for kind in kinds)
        self.stdout.write(f"{count} posts, {self.entries:,} entries: {numbers}")
        if self.done["refused"]:
            raise CommandError(f"{self.done['refused']} of {count} posts were refused")


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(path.glob("*.md"))
            if not found:
                raise CommandError(f"{path} holds no *.md file")
            yield from found
        elif path.exists():
            yield path
        else:
            raise CommandError(f"{path} does not exist")
