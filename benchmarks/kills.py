"""Sixty kill -9 that hit a running task, and crashes of the servers: is anything lost or twice?

    python -m benchmarks.kills                              (SQLite and the queue in a folder)
    python -m tests.services python -m benchmarks.kills     (PostgreSQL and Redis)

A site's real worker and scheduler go through days of the seeded world, and are killed meanwhile: a
child of the worker's pool, the worker whole, the scheduler; Redis, with its data or without;
PostgreSQL. A kill that hit no task is done again. Then the database is held against the world.
Exits with 1 where anything is lost, twice or not ended, or a kill never hit.
"""

import argparse
import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotpapers.settings")
import tests.environment  # noqa: E402, F401  (files apart from those of a site that runs)

django.setup()

from django.conf import settings  # noqa: E402

from papers import clock  # noqa: E402
from papers.models import IngestRun, Paper, Tweet  # noqa: E402
from tests import kills  # noqa: E402
from tests.papers import truth  # noqa: E402
from tests.processes import running  # noqa: E402
from tests.upstream.world import World  # noqa: E402

MONDAY = date(2026, 11, 9)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments(arguments)
    world = World(asked.seed, MONDAY, asked.days + 1, asked.papers_per_day)  # it goes on at the end
    begin = datetime(2026, 11, 9, 4, tzinfo=UTC)
    victims = _victims(asked.kills, Random(asked.seed))
    started = time.monotonic()
    with running(world, begin, kills.LEASE) as site:
        killer = kills.Killer(site, victims, asked.seed)
        site.play(begin + timedelta(days=asked.days, hours=8), killer.look)
        now = clock.now()
        complaints = {
            "lost": truth.lost(world, now),
            "twice": truth.twice(world),
            "not ended": truth.unfinished(losses=True),
            "not exported and imported again": truth.not_exported(),
            "never hit": killer.left,
        }
        _print(killer, complaints, time.monotonic() - started)
    return 1 if any(complaints.values()) else 0


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--kills", type=int, default=60, help="of processes; servers come on top")
    parser.add_argument("--days", type=int, default=9, help="the site lives through")
    parser.add_argument("--papers-per-day", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args(arguments)


def _victims(count: int, rng: Random) -> list[str]:
    """Return what is killed, in an order by chance. A pool of threads has no child to kill."""
    processes = [kills.WORKER, kills.SCHEDULER]
    if settings.REDIS_URL:
        processes.append(kills.CHILD)
    victims = [processes[number % len(processes)] for number in range(count)]
    if settings.REDIS_URL:
        victims += [kills.REDIS] * 3 + [kills.REDIS_WIPED] * 2
    if not settings.IS_EMBEDDED:
        victims += [kills.POSTGRESQL] * 5
    rng.shuffle(victims)
    return victims


def _print(killer: kills.Killer, complaints: dict[str, list[str]], seconds: float) -> None:
    for victim, count in sorted(killer.hits.items()):
        missed = killer.misses[victim]
        print(f"{victim:<14}{count:4} kills that hit a task, {missed} that did not")
    losses = list(IngestRun.objects.values_list("losses", flat=True))
    print(f"{len(losses):,} runs lost their worker {sum(losses)} times, one {max(losses)} times")
    print(f"{Paper.objects.count():,} papers, {Tweet.objects.count():,} tweets; {seconds:.0f} s")
    for what, found in complaints.items():
        print(f"{what}: {len(found)}", *found[:10], sep="\n    ")


if __name__ == "__main__":
    logging.disable(logging.INFO)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # leave no process of ours behind
    sys.exit(main())
