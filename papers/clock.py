"""The one clock. Everything that needs the present moment asks `now()`, never `datetime.now`."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path


def is_invented() -> bool:
    """Tell whether a file sets the clock: then what the site shows happens in no real world."""
    return bool(os.environ.get("CLOCK_FILE"))


def now() -> datetime:
    """Return the present moment, aware, in UTC.

    Where CLOCK_FILE names a file (the settings allow it on loopback only), from the file's
    modification on the clock runs at its speed and is off by its offset in seconds: the file
    holds "offset speed" and is read anew at every call.
    """
    file = os.environ.get("CLOCK_FILE")
    if not file:
        return datetime.now(UTC)
    offset, speed = _read(file)
    changed = Path(file).stat().st_mtime
    passed = (time.time() - changed) * speed
    return datetime.fromtimestamp(changed + passed + offset, UTC)


def speed() -> float:
    """Return how many of its seconds pass in one of the machine's; 1 while it stands still."""
    file = os.environ.get("CLOCK_FILE")
    return (_read(file)[1] or 1.0) if file else 1.0


def _read(file: str) -> tuple[float, float]:
    offset, _, speed = Path(file).read_text(encoding="ascii").strip().partition(" ")
    return float(offset), float(speed or 1)
