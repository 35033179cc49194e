"""`make demo`: ten days of the seeded world in ten minutes, on a site of its own in var/demo.

The site is the real one, `manage.py up` with its web server, worker and schedule, and knows nothing
of the world but its addresses and its clock. That clock stands still until the site first looks at
the world, then runs a day in a minute, and after the last day goes on as all clocks do.
"""

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import IO

from tests.upstream import clock_file
from tests.upstream.server import Upstream
from tests.upstream.world import World

ROOT = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 11, 9)
BEGINS = time(5, tzinfo=UTC)  # o'clock: the feed of the day is out and not yet read
ENDS = time(18, tzinfo=UTC)  # by then the digest of the last day is out, on a slow machine too
BEFORE = timedelta(days=4)  # from Thursday on: a new site begins some listing days back
SIGN = "invented-world"  # the file that says whose a folder is; locked while a demo runs


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments(arguments)
    with _fresh(asked.var) as sign:
        # The world goes on for a week after the last day played.
        days = (BEFORE + timedelta(days=asked.days + 7)).days
        world = World(asked.seed, MONDAY - BEFORE, days, asked.papers_per_day)
        clock_file.write(asked.var / "clock", datetime.combine(MONDAY, BEGINS), speed=0)
        now = clock_file.clock(asked.var / "clock")
        with Upstream(world, now, oai_page=200) as upstream:
            return _play(asked, upstream, sign)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.upstream.demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=27)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--papers-per-day", type=int, default=100)
    parser.add_argument("--speed", type=float, default=1440.0, help="world seconds a second")
    parser.add_argument("--var", type=Path, default=ROOT / "var" / "demo", help="made anew")
    return parser.parse_args(arguments)


def _fresh(folder: Path) -> IO[str]:
    """Make a folder anew and return its sign, locked; leave alone what no demo made."""
    sign = folder / SIGN
    if sign.exists():
        with sign.open() as held:
            _lock(held)
            shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} holds what is no demo's; move it away")
    folder.mkdir(parents=True, exist_ok=True)
    held = sign.open("w")
    _lock(held)
    return held


def _lock(sign: IO[str]) -> None:
    try:
        fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"a demo runs in {Path(sign.name).parent} already")


def _play(asked: argparse.Namespace, upstream: Upstream, sign: IO[str]) -> int:
    """Run the site until it ends or we are told to; return its status."""
    site = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--no-sample"],
        cwd=ROOT,
        env=_environment(asked.var, upstream),
        stdout=subprocess.PIPE,
        text=True,
        # A group of its own, so that Ctrl-C stops it once, by us; the lock is its own too.
        process_group=0,
        pass_fds=[sign.fileno()],
    )
    ended = threading.Event()
    told: list[int] = []

    def stop(number: int, frame: object) -> None:
        told.append(number)
        site.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # HUP: the terminal was closed
        signal.signal(number, stop)
    threading.Thread(target=_wind, args=(asked, upstream, ended), daemon=True).start()
    assert site.stdout
    for line in site.stdout:
        print(line, end="", flush=True)
        if line.startswith("Hot Papers is on "):
            print(_explain(line.split()[-1], asked), flush=True)
    ended.set()
    status = site.wait()
    return 0 if told else status


def _wind(asked: argparse.Namespace, upstream: Upstream, ended: threading.Event) -> None:
    """Let the clock go once the site looks at the world, and slow it down after the last day."""
    clock, begins = asked.var / "clock", datetime.combine(MONDAY, BEGINS)
    while not upstream.log:
        if ended.wait(0.1):
            return
    clock_file.write(clock, begins, asked.speed)
    ends = datetime.combine(MONDAY + timedelta(days=asked.days), ENDS)
    if not ended.wait((ends - begins) / timedelta(seconds=asked.speed)):
        clock_file.write(clock, clock_file.clock(clock)())
        print("The days are over; the site stays as it is until Ctrl-C.", flush=True)


def _environment(var: Path, upstream: Upstream) -> dict[str, str]:
    port = os.environ.get("PORT", "8000")
    ours = {
        "VAR_DIR": str(var),
        "CLOCK_FILE": str(var / "clock"),
        # Said outright, since an invented paper must not get into the database of an .env file.
        "DATABASE_URL": f"sqlite:///{var / 'hotpapers.sqlite3'}",
        "REDIS_URL": "",
        "PORT": port,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ARXIV_INTERVAL": "0",
        "X_DAILY_READS": "1000000",
        "TICK": "1",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }
    return {**os.environ, **upstream.environment, **ours}


def _explain(address: str, asked: argparse.Namespace) -> str:
    last = MONDAY + timedelta(days=asked.days - 1)
    minutes = asked.days * 24 * 60 / asked.speed
    return f"""
An invented world: {MONDAY:%A %-d} to {last:%A %-d %B %Y} in {minutes:.0f} minutes.
Nothing leaves this machine and nothing in it is real. Load a page again to see it move:

  {address}         the newest digest; the next one comes at nine in the morning
  {address}hot/     scores and their lines grow
  {address}status/  arXiv and four networks, each asked when it is due

Then time goes on at its usual pace, until Ctrl-C. {asked.var} is made anew next time.
"""


if __name__ == "__main__":
    sys.exit(main())
