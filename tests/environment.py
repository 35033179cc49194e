"""Loaded before Django reads its settings: tests keep their files apart from a site that runs."""

import os
import tempfile
from urllib.parse import urlsplit

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="hotpapers-tests-")
os.environ.pop("SITE_URL", None)
# Playwright's synchronous interface runs an event loop in this thread; the ORM is safe in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Each process of tests has two of Redis' databases: its own, and the one of the sites it starts.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
if url := os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = urlsplit(url)._replace(path=f"/{2 * WORKER}").geturl()
