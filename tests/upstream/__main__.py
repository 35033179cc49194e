"""Play all upstreams in the foreground: `python -m tests.upstream --seed 7 --start 2026-11-09`.

Prints what to export for a site that is to use them. The world's clock is the file that CLOCK_FILE
names, and the site reads the same one; a file that is not there yet is made, so that the world
begins now. `--speed 1440` plays a day in a minute.
"""

import argparse
import os
import shlex
import signal
import sys
import tempfile
import threading
from datetime import date, datetime
from pathlib import Path

from tests.upstream.clock_file import clock, write
from tests.upstream.server import Upstream
from tests.upstream.world import World


def main(arguments: list[str] | None = None) -> int:
    asked = _arguments(arguments)
    world = World(asked.seed, asked.start, asked.days, asked.papers_per_day)
    file = _clock_file(asked.clock, world.begins, asked.speed)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    now = clock(file)
    with Upstream(world, now) as upstream:
        for name, value in {**upstream.environment, "CLOCK_FILE": str(file)}.items():
            print(f"export {name}={shlex.quote(value)}")
        print(f"# {len(world.papers)} papers, {len(world.tweets)} tweets; now {now():%F %T} UTC")
        sys.stdout.flush()
        ended.wait()
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.upstream", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--papers-per-day", type=int, default=40)
    parser.add_argument("--speed", type=float, default=1.0, help="world seconds a second, if new")
    named = os.environ.get("CLOCK_FILE")
    parser.add_argument("--clock", type=Path, default=Path(named) if named else None)
    return parser.parse_args(arguments)


def _clock_file(file: Path | None, begins: datetime, speed: float) -> Path:
    file = file or Path(tempfile.mkdtemp(prefix="upstream-")) / "clock"
    if not file.exists():
        write(file, begins, speed)
    return file


if __name__ == "__main__":
    sys.exit(main())
