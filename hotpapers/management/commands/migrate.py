"""Django's `migrate`, done by one of the machines that begin it at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

KEY = 0x686F7470  # of the advisory lock: "hotp"


class Command(migrate.Command):
    help = "Apply migrations; on PostgreSQL one at a time: the others wait, then find it done."

    def handle(self, *args: Any, **options: Any) -> None:
        with _alone(connections[options["database"]]):
            super().handle(*args, **options)


@contextmanager
def _alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    if connection.vendor != "postgresql":  # SQLite is one machine's, and `up` asks for its port
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [KEY])
        # A change of a table waits for whoever reads it, and all others wait behind it. Better to
        # fail and be run again than to stop the site.
        cursor.execute("SET lock_timeout = '10s'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY])
