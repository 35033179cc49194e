"""A sign of life beside some work, so that a lease in the database can be short.

A lease says how soon a process that was killed is missed; how long its work takes is another
matter.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connection


@contextmanager
def beating(renew: Callable[[], bool], lease: timedelta) -> Iterator[None]:
    """Call `renew` three times in a lease, in a thread beside, until the work is over.

    It ends, too, when `renew` returns False: the lease is another's by now.
    """
    over = threading.Event()
    beats = (renew, lease.total_seconds() / 3, over)
    thread = threading.Thread(target=_beat, args=beats, daemon=True, name="heartbeat")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(renew: Callable[[], bool], seconds: float, over: threading.Event) -> None:
    while not over.wait(seconds):
        try:
            if not renew():
                return
        except (DatabaseError, InterfaceError):
            pass  # away for a moment, or busy: the next beat asks again, by another connection
        finally:
            connection.close()  # this thread's own, which nobody needs for so long
