"""Every benchmark runs and prints its figures; what the figures are is no matter of a test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
EXPECTED = {"acts": 4, "chain": 5, "counts": 5, "imports": 6, "ledger": 3, "wall": 36}  # figures of each

pytestmark = pytest.mark.slow


def test_each_benchmark_prints_its_figures():
    printed = json.loads(run("--small", "--json"))
    assert {name: len(rows) for name, rows in printed.items()} == EXPECTED
    for row in (row for rows in printed.values() for row in rows):
        assert set(row) == {"what", "size", "median", "unit", "against", "ratio", "goal"}
        assert row["median"] > 0


def test_unknown_benchmark_is_named():
    done = subprocess.run(
        [sys.executable, "tools/run_benchmarks.py", "nothing"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "No benchmark nothing; there are: acts, chain, counts, imports, ledger, wall.\n"


def run(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TANSIQ_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "tools/run_benchmarks.py", *arguments], cwd=REPOSITORY, env=environment, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout
