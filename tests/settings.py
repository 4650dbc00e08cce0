"""Settings of the tests: a data directory and databases of their own."""

import os
from pathlib import Path

os.environ.setdefault(
    "TANSIQ_DATA",
    os.environ.get("TANSIQ_TEST_DATA") or str(Path(__file__).resolve().parents[1] / "var" / "test"),
)

from tansiq.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SAMPLE_WITHOUT_MFA = True
