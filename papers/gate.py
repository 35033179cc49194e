"""The pace of each upstream, held across all processes of all machines in one row of the database.

A request takes the turn by a conditional update, so that of any number of processes one wins; it
gives the turn back with the moment from which the next one may ask. A process that dies with the
turn loses it when its lease ends, which goes on while the request does. Times are the database's:
clocks of machines differ.
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

from papers.heartbeat import beating
from papers.models import Pace

PATIENCE = 900.0  # seconds a caller waits for its turn
POLL = 0.1  # seconds


class TurnTimeout(Exception):
    """Nobody gave the turn back for PATIENCE seconds."""


class DatabaseGate:
    """Implements `sources.base.Gate`; `lease` is in seconds."""

    def __init__(self, lease: float = settings.LEASE) -> None:
        self.lease = timedelta(seconds=lease)

    @contextmanager
    def turn(self, upstream: str, interval: float) -> Iterator[None]:
        """Wait for the turn, hold it, and free it `interval` seconds after the answer."""
        holder = str(uuid.uuid4())
        Pace.objects.bulk_create([Pace(upstream=upstream)], ignore_conflicts=True)
        deadline = time.monotonic() + PATIENCE
        while not self._take(upstream, holder):
            if time.monotonic() > deadline:
                raise TurnTimeout(f"no turn to ask {upstream} in {PATIENCE:.0f} s")
            time.sleep(POLL * random.uniform(0.5, 1.5))
        mine = Pace.objects.filter(upstream=upstream, holder=holder)
        try:
            with beating(lambda: bool(mine.update(lease_until=Now() + self.lease)), self.lease):
                yield
        finally:
            mine.update(holder="", free_at=Now() + timedelta(seconds=interval))

    def _take(self, upstream: str, holder: str) -> bool:
        nobody = Q(holder="") | Q(lease_until__lt=Now())
        row = Pace.objects.filter(nobody, upstream=upstream, free_at__lte=Now())
        return row.update(holder=holder, lease_until=Now() + self.lease) == 1
