"""Records per second of the ingest beside `update_or_create`, and its memory for a day of arXiv.

    python -m benchmarks.ingest
    python -m tests.services python -m benchmarks.ingest     (PostgreSQL)

The seeded world plays the upstreams: a day of about 1,500 papers and 5,000 tweets, and one ten
times as big. Memory is the peak of a process of its own that harvests such a day over HTTP, as a
worker does. Then the records of the smaller day are written in bulk, once more when nothing of them
is news, and a row at a time by `update_or_create`; those rows come ready, without parsing and
rendering TeX. All goes into databases of the benchmark's own. It takes some minutes.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotpapers.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from papers import clock, harvest, ingest, ledger, upstreams  # noqa: E402
from papers import models as world  # noqa: E402
from papers.bulk import chunks  # noqa: E402
from tests.upstream import clock_file  # noqa: E402
from tests.upstream.server import Upstream  # noqa: E402
from tests.upstream.world import World  # noqa: E402

DAY = date(2026, 11, 9)
MORNING = datetime(2026, 11, 9, 6, tzinfo=UTC)
PAPERS = 1500
# Every table the ingest of records fills, parents first, with its natural key.
KEYS: dict[type[models.Model], list[str]] = {
    world.Author: ["name"],
    world.Paper: ["arxiv_id"],
    world.PaperAuthor: ["paper_id", "position"],
    world.PaperCategory: ["paper_id", "category_id"],
    world.Tweet: ["network", "external_id"],
    world.TweetPaper: ["tweet_id", "paper_id"],
}


def main() -> None:
    for times in (1, 10):
        with played(PAPERS * times) as environment:
            measure_memory(environment)
            if times == 1:
                with own_database():
                    compare(environment)


@contextmanager
def played(papers: int) -> Iterator[dict[str, str]]:
    """Let the world play the upstreams on a morning; yield what points a process at it."""
    with tempfile.TemporaryDirectory(prefix="hotpapers-") as folder:
        file = Path(folder) / "clock"
        clock_file.write(file, MORNING, speed=0)
        here = {"CLOCK_FILE": str(file), "VAR_DIR": folder}
        rest = {"ARXIV_INTERVAL": "0", "X_DAILY_READS": "1000000", "LOG_LEVEL": "ERROR"}
        os.environ.update(here)
        with Upstream(World(1, DAY, 1, papers), clock.now, oai_page=2500) as upstream:
            yield {**os.environ, **upstream.environment, **here, **rest}


@contextmanager
def own_database() -> Iterator[None]:
    if connection.vendor == "sqlite":  # a file: in memory its rows would count as the process's
        connection.settings_dict["TEST"]["NAME"] = str(Path(os.environ["VAR_DIR"]) / "own.sqlite3")
    config = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(config, verbosity=0)


def compare(environment: dict[str, str]) -> None:
    for name in ("ARXIV_OAI_URL", "ARXIV_RSS_URL", "ARXIV_API_URL", "X_API_URL", "X_OEMBED_URL"):
        setattr(settings, name, environment[name])
    settings.X_BEARER_TOKEN, settings.X_DAILY_READS = environment["X_BEARER_TOKEN"], 1_000_000
    settings.ARXIV_INTERVAL = 0.0
    since = MORNING - timedelta(days=3)
    papers = [one for page in upstreams.arxiv().harvest(since.date()) for one in page.papers]
    known = {record.arxiv_id for record in papers}
    batches = upstreams.x().tweets(since, "")
    tweets = [one for batch in batches for one in batch.tweets if known.issuperset(one.arxiv_ids)]
    count = len(papers) + len(tweets)

    def bulk() -> None:
        for some in chunks(papers):
            ingest.store_papers(some)
        for posts in chunks(tweets):
            linked = {arxiv_id for post in posts for arxiv_id in post.arxiv_ids}
            ingest.store_tweets(posts, ingest.keys_of(linked))

    first, again = timed(bulk), timed(bulk)
    rows = [(model, values) for model in KEYS for values in model._default_manager.values()]
    for model in reversed(KEYS):
        model._default_manager.all().delete()
    single = timed(lambda: write_singly(rows))
    assert world.Tweet.objects.count() == len({record.external_id for record in tweets})
    print(f"{connection.vendor}: {count:,} records, {len(rows):,} rows")
    print(f"ingest              {count / first:7,.0f} records/s ({first:.1f} s)")
    print(f"ingest, unchanged   {count / again:7,.0f} records/s ({again:.1f} s)")
    print(f"update_or_create    {count / single:7,.0f} records/s ({single:.1f} s)")
    print(f"ratio               {single / first:7.1f}", flush=True)


def timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def write_singly(rows: list[tuple[type[models.Model], dict[str, Any]]]) -> None:
    """Write rows that come ready, without rendering TeX, 500 in a transaction."""
    for some in chunks(rows):
        with transaction.atomic():
            for model, values in some:
                key = {name: values[name] for name in KEYS[model]}
                model._default_manager.update_or_create(**key, defaults=values)


# Memory -----------------------------------------------------------------------------------------


def measure_memory(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "benchmarks.ingest", "--harvest"]
    print(subprocess.run(command, env=environment, check=True, stdout=-1, text=True).stdout, end="")


def harvest_once() -> None:
    """Harvest the morning's papers and tweets, and say how much memory that took at most."""
    with own_database():
        for source, kind in (("arxiv", harvest.PAPERS), ("x", harvest.TWEETS)):
            ledger.plan(source, kind, [MORNING - timedelta(minutes=30)])
            run = world.IngestRun.objects.get(source=source)
            harvest.execute(run.pk)
            run.refresh_from_db()
            assert run.state == run.State.COMPLETE, run.reason
        # Of this process since it began: ru_maxrss takes over what the one that started it held.
        status = Path("/proc/self/status").read_text(encoding="ascii")
        megabytes = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        papers, tweets = world.Paper.objects.count(), world.Tweet.objects.count()
        print(f"{papers:,} papers, {tweets:,} tweets: peak {megabytes} MB", flush=True)


if __name__ == "__main__":
    if "--harvest" in sys.argv:
        harvest_once()
    else:
        main()
