"""Runs every benchmark in tools/benchmarks/, prints one table with the machine it ran on, and keeps it in docs/.

A benchmark is a program that prints one JSON object a line:
{"what": ..., "size": ..., "median": 1.2, "unit": "ms", "against": "compared with what", "ratio": 0.8, "goal": ...}
All of them are done in one house of their own (tools/measured_house.py). With --small they are only tried, at sizes so
small that the figures say nothing; nothing is kept then, nor when only some benchmarks are named.
--json prints the figures for a program.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY))
from tools.measured_house import measured_house  # noqa: E402 (found only now)

COLUMNS = ("what", "size", "median", "unit", "against", "ratio", "goal")
KEPT = REPOSITORY / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

`make bench` measures and writes this page; what stands here is its last run. Each figure is a median of several turns;
a ratio is the median of the ratios of each turn, in which both sides were measured one after the other, because other
work on the machine changes a time more than a ratio. The server is the embedded one with the settings of production,
fsync on. Programs: `tools/benchmarks/`; one of them alone: `make bench ARGS="counts"`.

"""


def main(arguments: list[str]) -> int:
    """Run all benchmarks, or those whose names are given."""
    small = [argument for argument in arguments if argument == "--small"]
    named = [argument for argument in arguments if not argument.startswith("--")]
    programs = sorted((REPOSITORY / "tools" / "benchmarks").glob("*.py"))
    known = [program.stem for program in programs]
    unknown = [name for name in named if name not in known]
    if unknown or not programs:
        print(f"No benchmark {', '.join(unknown)}; there are: {', '.join(known) or 'none'}.", file=sys.stderr)
        return 2
    chosen = [program for program in programs if not named or program.stem in named]
    with measured_house():
        done = {program.stem: _run(program, small) for program in chosen}
    figures = {name: _figures(one.stdout) for name, one in done.items()}
    failed = [name for name, one in done.items() if one.returncode != 0]
    said = f"{_machine()}\n\n{table([row for rows in figures.values() for row in rows])}"
    print(json.dumps(figures, ensure_ascii=False) if "--json" in arguments else said)
    if failed:
        print(f"Did not end well: {', '.join(failed)}.", file=sys.stderr)
    elif not arguments:
        KEPT.write_text(f"{HEAD}{datetime.now(UTC).date()}: {said}\n", encoding="utf-8")
    return 1 if failed else 0


def _figures(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def _run(program: Path, small: list[str]) -> subprocess.CompletedProcess[str]:
    print(f"{program.stem} ...", file=sys.stderr)
    return subprocess.run(
        [sys.executable, str(program), *small],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )


def table(rows: list[dict[str, Any]]) -> str:
    """Lay the figures out as a table that Markdown understands."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(str(row.get(column, '')) for column in COLUMNS)} |" for row in rows]
    return "\n".join(lines)


def _machine() -> str:
    processors = os.cpu_count() or 1
    load = os.getloadavg()[2]
    return (
        f"{platform.system()} {platform.machine()}, {processors} processors, Python {platform.python_version()}, "
        f"load average {load:.1f} over the last quarter of an hour"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
