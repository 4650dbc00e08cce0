"""Runs every check that is no test; --fix puts right what can be put right by itself."""

import os
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
PROGRAMS = Path(PYTHON).parent
PLACES = ("tansiq", "tests", "tools")
TEMPLATES = "tansiq"

FIXES: dict[str, list[str]] = {
    "format": [PYTHON, "-m", "ruff", "format", *PLACES],
    "lint": [PYTHON, "-m", "ruff", "check", "--fix", *PLACES],
    "templates": [PYTHON, "-m", "djlint", "--reformat", "--quiet", TEMPLATES],
}
CHECKS: dict[str, list[str]] = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", *PLACES],
    "lint": [PYTHON, "-m", "ruff", "check", *PLACES],
    "types": [PYTHON, "-m", "mypy"],
    "imports": [str(PROGRAMS / "lint-imports"), "--no-cache"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", TEMPLATES],
    "front end": [str(PROGRAMS / "npm"), "--prefix", "frontend", "run", "--silent", "check"],
    "migrations": [PYTHON, "tools/check_migrations.py"],
    "documents": [PYTHON, "tools/write_documents.py", "--check"],
    "catalogues": [PYTHON, "tools/write_catalogues.py", "--check"],
}


def main(arguments: list[str]) -> int:
    """Run all checks, or those named; every one is run, whatever the others say."""
    table = FIXES if "--fix" in arguments else CHECKS
    named = [argument for argument in arguments if not argument.startswith("-")]
    unknown = [name for name in named if name not in table]
    if unknown:
        print(f"No check is called {', '.join(unknown)}; there are: {', '.join(table)}.", file=sys.stderr)
        return 2
    failed = [name for name in named or table if not _passes(name, table[name])]
    if failed:
        print(f"\nNot in order: {', '.join(failed)}. `make fix` puts right what it can.", file=sys.stderr)
        return 1
    print("\nEvery check is in order.")
    return 0


def _passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        env=_environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    verdict = "in order" if done.returncode == 0 else "NOT IN ORDER"
    print(f"{name:<12} {verdict}  ({time.monotonic() - started:.1f} s)", flush=True)
    if done.returncode != 0:
        print(done.stdout.rstrip(), flush=True)
    return done.returncode == 0


def _environment() -> dict[str, str]:
    """Run each in the same plain surroundings: no colours in a log, modules found from the checkout."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(REPOSITORY), "TERM": "dumb", "PATH": path}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
