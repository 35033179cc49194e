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
    offset, _, speed = Path(file).read_text(encoding="ascii").strip().partition(" ")
    changed = Path(file).stat().st_mtime
    passed = (time.time() - changed) * float(speed or 1)
    return datetime.fromtimestamp(changed + passed + float(offset), UTC)
