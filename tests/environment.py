"""Loaded before Django reads its settings: tests keep their files apart from a site that runs."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

# One folder for all processes of a run, that of the first one, which takes it away.
if "HOTPAPERS_RUN_DIR" not in os.environ:
    os.environ["HOTPAPERS_RUN_DIR"] = tempfile.mkdtemp(prefix="hotpapers-tests-")
    atexit.register(shutil.rmtree, os.environ["HOTPAPERS_RUN_DIR"], ignore_errors=True)
RUN_DIR = Path(os.environ["HOTPAPERS_RUN_DIR"])
os.environ["VAR_DIR"] = tempfile.mkdtemp(dir=RUN_DIR)
os.environ.pop("SITE_URL", None)
# Playwright's synchronous interface runs an event loop in this thread; the ORM is safe in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Each process of tests has two of Redis' databases: its own, and the one of the sites it starts.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
if url := os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = urlsplit(url)._replace(path=f"/{2 * WORKER}").geturl()
