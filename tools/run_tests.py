"""Runs every test: Python's with pytest, on as many processors as there are, then the front end's."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
MOST_WORKERS = 8


def main(arguments: list[str]) -> int:
    """Run the tests; arguments go to pytest, and then only its tests run."""
    front_end = 0 if arguments else _front_end_tests()
    chosen = any(argument.startswith(("-n", "--numprocesses")) for argument in arguments)
    workers = [] if chosen else ["-n", str(_workers())]
    pytest = [sys.executable, "-m", "pytest", *workers, "--dist", "loadfile", *arguments]
    return subprocess.run(pytest, cwd=REPOSITORY, check=False).returncode or front_end


def _workers() -> int:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, MOST_WORKERS)


def _front_end_tests() -> int:
    """Run the front end's own tests with the Node of the environment."""
    if not any((REPOSITORY / "frontend" / "tests").glob("*.test.ts")):
        return 0
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    npm = [str(programs / "npm"), "--prefix", "frontend", "run", "--silent", "test"]
    return subprocess.run(npm, cwd=REPOSITORY, env={**os.environ, "PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
