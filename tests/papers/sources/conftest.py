"""Fixtures of the tests of sources."""

from pathlib import Path

import pytest

from tests.conftest import data_dir


@pytest.fixture(scope="session")
def wire_dir() -> Path:
    """Payloads of the real upstreams; its INDEX.md says where each is from."""
    folder = data_dir()
    assert folder is not None
    return folder / "wire"
