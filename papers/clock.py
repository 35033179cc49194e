"""The one clock. Everything that needs the present moment asks `now()`, never `datetime.now`."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
