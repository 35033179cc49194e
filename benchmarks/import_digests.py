"""Papers per second of importing the blog's posts, beside writing the same rows one at a time.

    python -m benchmarks.import_digests FOLDER
    python -m tests.services python -m benchmarks.import_digests FOLDER     (PostgreSQL)

Both go into an empty database of the benchmark's own, the same rows in the same transactions; the
rows written one at a time come ready, without parsing and rendering TeX.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotpapers.settings")
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from papers import digest_markdown  # noqa: E402
from papers import models as world  # noqa: E402
from papers.posts import import_posts  # noqa: E402

BATCH = 25  # posts of one transaction, as in the command
# Every table an import fills, parents first, with its natural key.
KEYS: dict[type[models.Model], list[str]] = {
    world.Author: ["name"],
    world.Paper: ["arxiv_id"],
    world.PaperAuthor: ["paper_id", "position"],
    world.PaperCategory: ["paper_id", "category_id"],
    world.Tweet: ["network", "external_id"],
    world.TweetPaper: ["tweet_id", "paper_id"],
    world.Sample: ["paper_id", "network", "observed_at"],
    world.Digest: ["date"],
    world.DigestEntry: ["digest_id", "rank"],
    world.DigestTweet: ["entry_id", "position"],
    world.DigestRevision: ["digest_id", "number"],
}


def main(folder: Path) -> None:
    files = [path.read_bytes() for path in sorted(folder.glob("*.md"))]
    config = setup_databases(verbosity=0, interactive=False)
    try:
        bulk = timed(lambda: import_all(files))
        papers = world.Paper.objects.count()
        rows = list(stored_rows())
        empty()
        single = timed(lambda: write_singly(rows, len(files) // BATCH + 1))
        assert world.DigestTweet.objects.count() == sum(m is world.DigestTweet for m, _ in rows)
    finally:
        teardown_databases(config, verbosity=0)
    print(f"{connection.vendor}: {len(files)} posts, {papers:,} papers, {len(rows):,} rows")
    print(f"import_digests      {papers / bulk:7.0f} papers/s ({bulk:.1f} s)")
    print(f"update_or_create    {papers / single:7.0f} papers/s ({single:.1f} s)")
    print(f"ratio               {single / bulk:7.1f}")


def timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def import_all(files: list[bytes]) -> None:
    for start in range(0, len(files), BATCH):
        chunk = files[start : start + BATCH]
        import_posts([digest_markdown.parse(digest_markdown.decode(f)) for f in chunk])


def stored_rows() -> Iterator[tuple[type[models.Model], dict[str, Any]]]:
    for model in KEYS:
        for values in model._default_manager.order_by("pk").values():
            yield model, values


def empty() -> None:
    for model in reversed(KEYS):
        model._default_manager.all().delete()


def write_singly(rows: list[tuple[type[models.Model], dict[str, Any]]], parts: int) -> None:
    size = len(rows) // parts + 1
    for start in range(0, len(rows), size):
        with transaction.atomic():
            for model, values in rows[start : start + size]:
                key = {name: values[name] for name in KEYS[model]}
                model._default_manager.update_or_create(**key, defaults=values)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
