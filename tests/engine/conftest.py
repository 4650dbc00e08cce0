"""Fixtures of the engine's tests: where the real data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data made by others, or a skip."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("TANSIQ_REAL_DATA") or beside)
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}")
    return folder
