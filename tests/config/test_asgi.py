"""The web application does not start where signing in would be too easy."""

import subprocess
import sys

import pytest
from django.db import connections

from tansiq.building.people.models import Account
from tests import factories

START = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
for database in settings.DATABASES.values():
    database["NAME"] = sys.argv[1]
import tansiq.config.asgi
print("started")
"""


def start(name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", START, name], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.slow
def test_start_is_refused_with_one_sentence_beside_an_account_that_is_not_the_samples(own_database):
    sample = start(own_database)
    assert (sample.returncode, sample.stdout) == (0, "started\n")
    Account.objects.using("owner").filter(email="alpha-officer@example.org").update(is_sample=False)
    for alias in connections:
        connections[alias].close()
    refused = start(own_database)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1)
    assert refused.stderr.startswith("Refused: TANSIQ_SAMPLE_WITHOUT_MFA is set, but this database holds an account")
    assert factories.PASSWORD not in refused.stderr
