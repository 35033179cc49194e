"""Killing what runs, each time while a task does, and telling which kills hit one.

A kill that hit nothing proves nothing: it is done again. What was killed is started again at once,
as whoever looks after the processes would.
"""

import time
from collections import Counter
from collections.abc import Sequence
from random import Random

import psutil  # type: ignore[import-untyped]
from django.db import DatabaseError, InterfaceError, connection

from papers.models import IngestRun
from tests.processes import Site
from tests.services import restart_postgresql
from tests.upstream import faults

LEASE = 5.0  # seconds: a busy machine may let a living worker wait this long for its turn
ANSWER = (0.05, 0.4)  # seconds that an upstream takes, so that there are moments to hit
CHANCE = 0.3  # of a kill, at each look that finds a task at work
CHILD, WORKER, SCHEDULER = "pool child", "worker", "scheduler"
REDIS, REDIS_WIPED, POSTGRESQL = "Redis", "Redis, wiped", "PostgreSQL"


class Killer:
    """Kills the `victims` in their order; `hits` and `misses` count how often which was killed.

    Of the scheduler and the servers a hit is a task that runs before and after; of the worker and
    its pool, a task that was lost with them.
    """

    def __init__(self, site: Site, victims: Sequence[str], seed: int) -> None:
        self.site = site
        self.left = list(victims)
        self.hits: Counter[str] = Counter()
        self.misses: Counter[str] = Counter()
        self._rng = Random(seed)
        self._struck: list[IngestRun] = []  # what ran when a child of the pool was killed
        # Runs as killed workers had them: until their lease ends they look as if they went on.
        self._dead: set[tuple[int, int, int]] = set()
        site.upstream.weather(seed, 1.0, lambda rng: faults.hang(rng.uniform(*ANSWER)))

    def look(self) -> bool:
        """Start again what was killed; where a task runs, maybe kill what is next. Tell if so."""
        self.site.revive()
        try:
            if self._struck:
                self._settle_child()
                return False
            running = self._at_work()
            if not self.left or not running or self._rng.random() > CHANCE:
                return False
            time.sleep(self._rng.uniform(0, 0.2))
            may_die = self.left[0] in (CHILD, WORKER, POSTGRESQL)
            self._strike(running)
            if may_die:
                self._dead |= {_as_taken(run) for run in self._at_work()}
        except (DatabaseError, InterfaceError):
            connection.close()  # it was just killed
            return False
        return True

    def _at_work(self) -> list[IngestRun]:
        runs = IngestRun.objects.filter(state=IngestRun.State.RUNNING)
        return [run for run in runs if _as_taken(run) not in self._dead]

    def _strike(self, running: list[IngestRun]) -> None:
        victim = self.left[0]
        if victim == CHILD:
            self._struck = [run for run in running if _is_as_it_was(run)]
            self._kill_child()
            return
        is_server = victim in (REDIS, REDIS_WIPED, POSTGRESQL)
        is_hit = any(map(_is_as_it_was, running))
        if victim == POSTGRESQL:
            restart_postgresql(self.site.folder)
            connection.close()  # ours is broken, too
        elif self.site.redis and is_server:
            self.site.redis.crash(wiped=victim == REDIS_WIPED)
        else:
            self.site.kill(victim)
            is_hit = any(map(_is_as_it_was, running))
        self._book(is_hit=is_hit)

    def _kill_child(self) -> None:
        children = psutil.Process(self.site.processes[WORKER].pid).children()
        if children:
            self._rng.choice(children).kill()

    def _settle_child(self) -> None:
        """Find out, once all is known, whether one of the runs was lost with the child."""
        now = {run.pk: run for run in IngestRun.objects.filter(pk__in=[r.pk for r in self._struck])}
        pairs = [(run, now[run.pk]) for run in self._struck]
        is_hit = any(later.losses > run.losses for run, later in pairs)
        if is_hit or not any(map(_is_as_it_was, self._struck)):
            self._struck = []
            self._book(is_hit=is_hit)

    def _book(self, *, is_hit: bool) -> None:
        (self.hits if is_hit else self.misses)[self.left[0]] += 1
        if is_hit:
            del self.left[0]


def _as_taken(run: IngestRun) -> tuple[int, int, int]:
    return run.pk, run.attempts, run.losses


def _is_as_it_was(run: IngestRun) -> bool:
    """Tell whether the run is still at work, or was when its worker died."""
    return IngestRun.objects.of_worker(run).exists()
