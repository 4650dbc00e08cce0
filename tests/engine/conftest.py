"""Fixtures of the engine's tests."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    default = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("TANSIQ_REAL_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}")
    return folder
