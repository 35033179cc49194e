"""A site's worker and scheduler as the processes they are, beside the seeded world.

Database, queue and clock are the site's own. The test stands where its operator does: it sees the
database, sets the clock and kills what it likes, and does none of the work.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.db.utils import load_backend
from django.test.utils import override_settings
from environ import Env

from hotpapers.processes import COMMANDS
from papers import clock, harvest, ledger, status
from tests.services import Redis, postgresql
from tests.upstream import clock_file
from tests.upstream.server import Upstream
from tests.upstream.world import World

POLL = 0.2  # seconds between two looks at what the site does
STRIDE = timedelta(hours=8)  # of the clock, at least: what came due meanwhile is due at once
PATIENCE = 180.0  # seconds in which something must come to an end
GRACE = 20.0  # seconds a process has to end by itself


class Site:
    """Its processes, which `kill` ends as kill -9 does and `revive` starts again, and its clock.

    All its files lie in `folder`; `redis` is None where the queue is a folder.
    """

    def __init__(
        self, folder: Path, upstream: Upstream, database_url: str, redis: Redis | None, lease: float
    ) -> None:
        self.folder, self.upstream, self.redis = folder, upstream, redis
        self.database_url, self.lease = database_url, lease
        self.clock = folder / "clock"
        self.log = folder / "log"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis.url if self.redis else "",
            "VAR_DIR": str(self.folder / "var"),
            "CLOCK_FILE": str(self.clock),
            "ARXIV_INTERVAL": "0",
            "X_DAILY_READS": "1000000",
            "TICK": "1",
            "LEASE": str(self.lease),
            "LOG_LEVEL": "WARNING",
        }
        return {**os.environ, **self.upstream.environment, **ours}

    @property
    def commands(self) -> dict[str, list[str]]:
        run = {name: [sys.executable, "-m", *command()] for name, command in COMMANDS.items()}
        return {"worker": run["worker"], "scheduler": run["schedule"]}

    def revive(self) -> None:
        """Start what does not run."""
        for name, command in self.commands.items():
            if name in self.processes and self.processes[name].poll() is None:
                continue
            with self.log.open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    command,
                    cwd=settings.BASE_DIR,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # a group of its own, to be killed with its pool
                )

    def kill(self, name: str) -> None:
        """Kill the worker with all of its pool, or the scheduler."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for name, process in self.processes.items():
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self.kill(name)

    def play(self, until: datetime, meanwhile: Callable[[], bool] = lambda: False) -> None:
        """Let the days go by until a moment: the clock jumps when nothing is left to be done.

        `meanwhile` is called at every look, and tells whether it did something that takes time to
        get over. Raises TimeoutError where the site does not get on.
        """
        progress = time.monotonic()
        while (stop := _next_stop(until)) != until or clock.now() < until:
            if time.monotonic() > progress + PATIENCE:
                said = self.log.read_text(errors="replace")[-2000:]
                raise TimeoutError(f"nothing came to an end for {PATIENCE:.0f} s: {said}")
            if stop:
                clock_file.write(self.clock, stop)
            if meanwhile() or stop:
                progress = time.monotonic()
            time.sleep(POLL)


@contextmanager
def running(world: World, begin: datetime, lease: float = 60.0) -> Iterator[Site]:
    """Start an empty site at a moment of the world, on the kind of database and queue of settings.

    While it runs the models of this thread are its database, and the clock its clock. A killed
    worker is missed after `lease` seconds.
    """
    with ExitStack() as until:
        folder = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="hotpapers-")))
        clock_file.write(folder / "clock", begin)
        upstream = Upstream(world, clock_file.clock(folder / "clock"))
        until.enter_context(upstream)
        url, redis = f"sqlite:///{folder / 'hotpapers.sqlite3'}", None
        if not settings.IS_EMBEDDED:
            url = until.enter_context(postgresql(folder))
        if settings.REDIS_URL:
            redis = Redis(folder)
            redis.start()
            until.callback(redis.stop)
        site = Site(folder, upstream, url, redis, lease)
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=settings.BASE_DIR, env=site.environment, check=True)
        until.enter_context(_database(url))
        until.enter_context(mock.patch.dict(os.environ, CLOCK_FILE=str(site.clock)))
        until.enter_context(override_settings(**upstream.environment))
        until.callback(site.stop)
        site.revive()
        yield site


@contextmanager
def _database(url: str) -> Iterator[None]:
    """Let the models of this thread read and write another database than its own."""
    own = connections["default"]
    values = {**own.settings_dict, **Env.db_url_config(url)}
    if settings.IS_EMBEDDED:  # the options of SQLite; those of PostgreSQL say which server
        values["OPTIONS"] = settings.DATABASES["default"]["OPTIONS"]
    connections["default"] = load_backend(values["ENGINE"]).DatabaseWrapper(values, "default")
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = own


def _next_stop(until: datetime) -> datetime | None:
    """Return the moment at which something is to be done next; None while something is now.

    What waits for another attempt is gone to in small steps, what is due in strides.
    """
    try:
        if not _is_planned():
            return None
        jobs = status.jobs()
    except (DatabaseError, InterfaceError):
        connections["default"].close()  # it is being restarted
        return None
    moments = [job.next_at for job in jobs if job.next_at]
    if len(moments) < len(jobs):
        return None
    waiting = [job.next_at for job in jobs if job.next_at and job.next_at < job.next_due]
    return min(waiting) if waiting else min(max(min(moments), clock.now() + STRIDE), until)


def _is_planned() -> bool:
    """Tell whether the scheduler has promised all that is due."""
    lasts = [(job, ledger.last_due(job.source, job.kind)) for job in harvest.jobs()]
    return all(last and not job.due(last, clock.now()) for job, last in lasts)
