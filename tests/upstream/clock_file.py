"""A clock in a file: an offset in seconds and, after a blank, a speed.

From the file's modification time on, the clock runs at that speed, and it is off by the offset:
modified + (real - modified) * speed + offset. The file is read anew on each call.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path


def clock(file: Path) -> Callable[[], datetime]:
    def now() -> datetime:
        offset, _, speed = file.read_text(encoding="ascii").strip().partition(" ")
        modified = file.stat().st_mtime
        passed = (time.time() - modified) * float(speed or 1)
        return datetime.fromtimestamp(modified + passed + float(offset), UTC)

    return now


def write(file: Path, moment: datetime, speed: float = 1.0) -> None:
    """Set the clock to a moment, from now on; whoever reads it meanwhile sees old or new."""
    beside = file.with_name(f".{file.name}.new")
    begun = time.time()
    beside.write_text(f"{moment.timestamp() - begun:.6f} {speed:g}\n", encoding="ascii")
    os.utime(beside, (begun, begun))
    beside.replace(file)
