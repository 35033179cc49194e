"""The demo as a person starts it, only faster: two days in 44 seconds, then Ctrl-C."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services import free_port
from tests.upstream.demo import ROOT, SIGN, _fresh

pytestmark = [pytest.mark.long, pytest.mark.embedded]

PATIENCE = 240.0  # seconds; it takes less than 60 on a machine that has nothing else to do
DAYS = ["2026-11-05", "2026-11-06", "2026-11-09", "2026-11-10"]


class Demo:
    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.output = var.with_name("output")
        command = [sys.executable, "-m", "tests.upstream.demo", "--var", str(var), "--days", "2"]
        command += ["--speed", "4320", "--papers-per-day", "20"]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PORT": str(self.port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.5)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def ask(self, query: str) -> list[str]:
        database = sqlite3.connect(f"file:{self.var / 'hotpapers.sqlite3'}?mode=ro", uri=True)
        try:
            return [str(row[0]) for row in database.execute(query)]
        finally:
            database.close()

    def published(self) -> list[str]:
        return self.ask(
            "SELECT date FROM papers_digest WHERE state = 'published' ORDER BY published_at"
        )

    def left(self) -> list[int]:
        """Return the processes that belong to this site, by their environment."""
        mine = f"VAR_DIR={self.var}\0".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mine in path.read_bytes():
                    found.append(int(path.parent.name))
            except OSError:
                continue  # it ended meanwhile, or is another user's
        return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo(tmp_path_factory.mktemp("demo") / "var")
    yield demo
    demo.process.kill()
    for process in demo.left():
        os.kill(process, signal.SIGKILL)
    demo.process.wait()


def test_it_works(demo: Demo) -> None:
    demo.wait_for(lambda: "Nothing leaves this machine" in demo.said())
    assert "Invented world" in demo.get("/")
    demo.wait_for(lambda: demo.published() == DAYS)
    assert "Tuesday" in demo.get("/")
    assert "Loading the sample" not in demo.said()

    grown = (
        "SELECT count(DISTINCT retweets + favorites) FROM papers_sample"
        " GROUP BY paper_id, network ORDER BY 1 DESC LIMIT 1"
    )
    demo.wait_for(lambda: int(demo.ask(grown)[0]) >= 3)
    assert 'class="trend"' in demo.get("/hot/?window=all")
    assert len(demo.ask("SELECT DISTINCT network FROM papers_tweet")) == 4
    demo.wait_for(lambda: "The days are over" in demo.said())


def test_a_taken_port_is_said_plainly(demo: Demo, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.upstream.demo", "--var", str(tmp_path / "other")]
    other = subprocess.run(
        [*command, "--papers-per-day", "1"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(demo.port)},
        capture_output=True,
        text=True,
    )
    assert other.returncode == 1
    assert f"port {demo.port} is taken" in other.stderr


def test_ctrl_c_leaves_no_process(demo: Demo) -> None:
    assert len(demo.left()) >= 3
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0, demo.said()
    assert not demo.left()


def test_a_demo_makes_its_own_folder_anew(tmp_path: Path) -> None:
    _fresh(tmp_path / "var").close()
    (tmp_path / "var" / "hotpapers.sqlite3").touch()
    _fresh(tmp_path / "var").close()
    assert [path.name for path in (tmp_path / "var").iterdir()] == [SIGN]


def test_a_demo_that_runs_keeps_its_folder(tmp_path: Path) -> None:
    with _fresh(tmp_path / "var"), pytest.raises(SystemExit, match="runs in .*/var already"):
        _fresh(tmp_path / "var")


def test_what_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(SystemExit, match="no demo's"):
        _fresh(tmp_path)
    assert (tmp_path / "thesis.tex").exists()
