"""Loaded before Django reads its settings: tests keep their files apart from a site that runs."""

import os
import tempfile

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="hotpapers-tests-")
os.environ.pop("SITE_URL", None)
# Playwright's synchronous interface runs an event loop in this thread; the ORM is safe in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
