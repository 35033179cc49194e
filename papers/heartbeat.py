"""A sign of life of the worker that has a run, so that a lease can be short.

A lease says how soon a worker that was killed is missed; how long its work may take is another
matter. A thread renews it beside the work, as long as the work itself moves.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, connection

from papers import ledger
from papers.models import IngestRun

logger = logging.getLogger(__name__)

# Seconds without anything kept after which the work hangs: longer than a stream is read, or a turn
# to ask is waited for.
SILENCE = 1800.0


@contextmanager
def beating(run: IngestRun) -> Iterator[None]:
    """Renew the lease of a run three times in its length until the work is over.

    It ends, too, when the run is another worker's by now: then nothing of the work can be stored.
    """
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(run, over), daemon=True, name=f"heartbeat {run}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(run: IngestRun, over: threading.Event) -> None:
    try:
        while not over.wait(ledger.LEASE.total_seconds() / 3):
            if time.monotonic() - run.kept_at > SILENCE:
                logger.error("hangs", extra={"run": run.pk})
                return
            if not _renew(run):
                return
    finally:
        connection.close()  # this thread's own


def _renew(run: IngestRun) -> bool:
    try:
        return ledger.renew(run)
    except (DatabaseError, InterfaceError):
        # Away for a moment, or busy: the next beat asks again, by another connection.
        connection.close()
        return True
