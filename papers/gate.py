"""The pace of each upstream, held across all processes of all machines in one row of the database.

A request takes the turn by a conditional update, so that of any number of processes one wins; it
gives the turn back with the moment from which the next one may ask. A process that dies with the
turn loses it when its lease ends, which goes on while the request does. Times are the database's:
clocks of machines differ.

An upstream that names a wait (Retry-After) is left in peace that long, whoever would ask it next.
"""

import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from papers import clock
from papers.heartbeat import beating
from papers.models import Pace
from papers.sources.base import SourceError

PATIENCE = 900.0  # seconds a caller waits for its turn
POLL = 0.1  # seconds
WORTH_WAITING = 30.0  # seconds: for a longer peace nobody holds a worker


class TurnTimeout(Exception):
    """Nobody gave the turn back for PATIENCE seconds."""


class DatabaseGate:
    """Implements `sources.base.Gate`; `lease` is in seconds."""

    def __init__(self, lease: float = settings.LEASE) -> None:
        self.lease = timedelta(seconds=lease)

    @contextmanager
    def turn(self, upstream: str, interval: float) -> Iterator[None]:
        """Wait for the turn, hold it, and free it `interval` seconds after the answer, or as much
        later as a SourceError raised meanwhile says. Raises SourceError while that is far away."""
        holder = str(uuid.uuid4())
        Pace.objects.bulk_create([Pace(upstream=upstream)], ignore_conflicts=True)
        deadline = time.monotonic() + PATIENCE
        while not self._take(upstream, holder):
            _check_peace(upstream, max(interval, WORTH_WAITING))
            if time.monotonic() > deadline:
                raise TurnTimeout(f"no turn to ask {upstream} in {PATIENCE:.0f} s")
            time.sleep(POLL * random.uniform(0.5, 1.5))
        mine = Pace.objects.filter(upstream=upstream, holder=holder)
        wait = interval
        try:
            with beating(lambda: bool(mine.update(lease_until=Now() + self.lease)), self.lease):
                yield
        except SourceError as error:
            # Told in seconds of the world, whose clock may run fast.
            wait = max(interval, (error.retry_after or 0.0) / clock.speed())
            raise
        finally:
            mine.update(holder="", free_at=Now() + timedelta(seconds=wait))

    def _take(self, upstream: str, holder: str) -> bool:
        nobody = Q(holder="") | Q(lease_until__lt=Now())
        row = Pace.objects.filter(nobody, upstream=upstream, free_at__lte=Now())
        return row.update(holder=holder, lease_until=Now() + self.lease) == 1


def _check_peace(upstream: str, bearable: float) -> None:
    """Raise SourceError where nobody may ask for more than `bearable` seconds."""
    pace = Pace.objects.filter(upstream=upstream).values_list("free_at", Now()).get()
    left = (pace[0] - pace[1]).total_seconds()
    if left > bearable:
        words = f"{upstream} asked to be left in peace, for {left:.0f} s more"
        raise SourceError(words, retry_after=left * clock.speed())
