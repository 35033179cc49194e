"""Fixtures of every test, and a loud line for what a machine could not run."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches

from tests.accounts.provider import Provider

NEEDS = {
    "data": "the folder of the blog's posts (HOTPAPERS_DATA, or shared/data beside the project)",
    "browser": "Chromium",
    "redis": "redis-server",
}
_not_run: dict[str, int] = {}
OF_THE_OTHER = ("services",) if settings.IS_EMBEDDED else ("embedded", "look")  # kinds of tests


def data_dir() -> Path | None:
    named = os.environ.get("HOTPAPERS_DATA")
    folder = Path(named) if named else settings.BASE_DIR.parent / "shared" / "data"
    return folder if (folder / "digests").is_dir() else None


def chromium() -> str | None:
    """Return a Chromium, the one without windows first: it draws the same for half the work."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None)


def pytest_configure(config: pytest.Config) -> None:
    # Nothing is collected for tests: files are served from where they lie, without a manifest.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # Else every client of a test would look all of them up before its first request.
    settings.WHITENOISE_AUTOREFRESH = True


def missing() -> set[str]:
    found = {"data": data_dir(), "browser": chromium(), "redis": shutil.which("redis-server")}
    return {marker for marker, place in found.items() if not place}


def pytest_sessionstart(session: pytest.Session) -> None:
    if required := missing() & set(os.environ.get("HOTPAPERS_REQUIRE", "").split()):
        pytest.exit(f"missing, though required: {', '.join(sorted(required))}", returncode=3)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    absent = missing()
    for item in items:
        # Nothing is left out: its turn comes in the run on the other stack.
        if any(map(item.get_closest_marker, OF_THE_OTHER)):
            dropped.append(item)
            continue
        lacks = [marker for marker in absent if item.get_closest_marker(marker)]
        (dropped if lacks else kept).append(item)
        for marker in lacks:
            _not_run[marker] = _not_run.get(marker, 0) + 1
    if dropped:
        config.hook.pytest_deselected(items=dropped)
    # What takes longest begins first: else one process would end with it, and the others wait.
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    # What all tests share stays to the end: to look it through for garbage, again and again, would
    # take a tenth of their time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # One process of several: the one that prints the end has not collected anything itself.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["not_run"] = _not_run


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _not_run.update(getattr(node, "workeroutput", {}).get("not_run", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    engine = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    queue = "Redis" if settings.REDIS_URL else "the filesystem queue"
    terminalreporter.write_line(f"ran on {engine} and {queue}")
    for marker, count in sorted(_not_run.items()):
        line = f"NOT RUN: {count} tests that need {NEEDS[marker]}"
        terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a process keeps for a minute is of another test's database."""
    caches["process"].clear()


@pytest.fixture(scope="session")
def posts_dir() -> Path:
    folder = data_dir()
    assert folder is not None
    return folder / "digests"


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()
