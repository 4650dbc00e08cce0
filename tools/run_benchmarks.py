"""Runs every benchmark in tools/benchmarks/ and prints one table, with the machine it ran on.

A benchmark is a program that prints one JSON object a line:
{"what": ..., "size": ..., "median": 1.2, "unit": "ms", "against": "what it is compared with", "ratio": 0.8}
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
COLUMNS = ("what", "size", "median", "unit", "against", "ratio")


def main(arguments: list[str]) -> int:
    """Run all benchmarks, or those whose names are given."""
    programs = sorted((REPOSITORY / "tools" / "benchmarks").glob("*.py"))
    known = [program.stem for program in programs]
    unknown = [name for name in arguments if name not in known]
    if unknown or not programs:
        print(f"No benchmark {', '.join(unknown)}; there are: {', '.join(known) or 'none'}.", file=sys.stderr)
        return 2
    rows, failed = [], []
    for program in programs:
        if arguments and program.stem not in arguments:
            continue
        print(f"{program.stem} ...", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, str(program)],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        rows += [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        failed += [program.stem] * (done.returncode != 0)
    print(f"{_machine()}\n\n{table(rows)}")
    if failed:
        print(f"Did not end well: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def table(rows: list[dict[str, Any]]) -> str:
    """Lay the figures out as a table that Markdown understands."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(str(row.get(column, '')) for column in COLUMNS)} |" for row in rows]
    return "\n".join(lines)


def _machine() -> str:
    processors = os.cpu_count() or 1
    return f"{platform.system()} {platform.machine()}, {processors} processors, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
