"""What the engine's tests share: where the real data lies, and properties that no clock can fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A loaded machine must not fail a property, and a test run leaves nothing behind.
settings.register_profile("engine", deadline=None, database=None)
settings.load_profile("engine")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data made by others, or a skip."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("TANSIQ_REAL_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder
