"""The real workbook of 35,521 rows taken into the ledger, against merely reading it with pandas.

Each piece of work is done in a process of its own, whose time and peak memory are taken. Without the real data
(TANSIQ_REAL_DATA) nothing is measured; --small takes a workbook of a few rows made here.
"""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tools.measured_house import REPOSITORY, figure, is_small, measured_database, measured_house

WORKBOOK = Path("3-aid") / "unrwa" / "20240911_Commodities_Received.xlsx"
MAPPING = "unrwa_commodities_received"
ACCOUNT = ("rows", "taken", "refused", "added", "unchanged")
SHEET = "Suppy Page"
GOAL = "<= 3 x pandas with its default engine, < 500 MB"


def main(arguments: list[str]) -> None:
    """Measure reading by pandas, a first import and a second one."""
    if arguments[:1] == ["--work"]:
        print(json.dumps(work(*arguments[1:])))
        return
    small = is_small(arguments)
    with tempfile.TemporaryDirectory() as place:
        found = small_workbook(Path(place)) if small else real_workbook()
        if found is None:
            print("The real workbook is not here: the import is not measured.", file=sys.stderr)
            return
        with measured_house():
            measure(str(found), 1 if small else 3)


def real_workbook() -> Path | None:
    """The workbook, where it is present."""
    place = Path(os.environ.get("TANSIQ_REAL_DATA") or REPOSITORY.parent / "shared" / "data") / WORKBOOK
    return place if place.is_file() else None


def small_workbook(place: Path) -> Path:
    """A workbook of three rows with the real one's headings."""
    import openpyxl
    from ruamel.yaml import YAML

    mapping = YAML(typ="safe").load((REPOSITORY / "demo/operation/mappings" / f"{MAPPING}.yaml").read_text("utf-8"))
    values = {
        "Last Edited Time": "2024-01-02 08:00", "Received Date": "2024-01-02", "Data Source": "UNRWA",
        "Status": "Received", "Quantity": 4, "Units": "Pallets", "Crossing": "Kerem Shalom",
        "Donation Type": "Humanitarian - UN",
    }  # fmt: skip
    book = openpyxl.Workbook()
    book.active.title = SHEET
    headings = [column["heading"] for column in mapping["columns"]]
    book.active.append(headings)
    for number in range(3):
        book.active.append([number + 1 if heading == "ID" else values.get(heading) for heading in headings])
    book.save(place / "small.xlsx")
    return place / "small.xlsx"


def measure(workbook: str, times: int) -> None:
    """Print the figures of each piece of work, against pandas."""
    read = {engine: [apart("pandas", workbook, engine) for _ in range(times)] for engine in ("openpyxl", "calamine")}
    imports = []
    for number in range(times):
        with measured_database(f"measured_import_{number}") as name:
            imports.append((apart("import", workbook, name), apart("import", workbook, name)))
    default, fast = (median(read[engine], "seconds") for engine in ("openpyxl", "calamine"))
    for words, done in (("first import", [a for a, _ in imports]), ("the same file again", [b for _, b in imports])):
        seconds = median(done, "seconds")
        account = done[0]["account"]
        size = f"{account['rows']:,} rows: " + ", ".join(f"{account[name]:,} {name}" for name in ACCOUNT[1:])
        against = f"pandas.read_excel, default engine: {default:.2f} s"
        figure(words, size, seconds, "s", against, seconds / default, GOAL)
        figure(words, size, seconds, "s", f"pandas.read_excel, calamine: {fast:.2f} s", seconds / fast)
        figure(f"{words}, peak memory", size, median(done, "mb"), "MB", goal="< 500 MB")


def median(done: list[dict[str, Any]], what: str) -> float:
    """The middle one of several figures."""
    return statistics.median(one[what] for one in done)


def apart(*arguments: str) -> dict[str, Any]:
    """Do a piece of work in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--work", *arguments], stdout=subprocess.PIPE, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    return dict(json.loads(done.stdout.splitlines()[-1]))


def work(what: str, workbook: str, with_what: str) -> dict[str, Any]:
    """Read the workbook with pandas, or import it into a database; seconds without the start of Python."""
    seconds, account = (read if what == "pandas" else take)(workbook, with_what)
    return {
        "seconds": seconds,
        "account": account,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def read(workbook: str, engine: str) -> tuple[float, dict[str, int]]:
    """Read the sheet with pandas."""
    import pandas

    start = time.perf_counter()
    rows = len(pandas.read_excel(workbook, sheet_name=SHEET, engine=engine, header=None))
    return time.perf_counter() - start, {"rows": rows}


def take(workbook: str, database: str) -> tuple[float, dict[str, int]]:
    """Import the workbook as a room's officer does: sealed, every row accounted for, committed to the ledger."""
    import django

    django.setup()
    from tansiq.building.rooms.actors import eyes_of, system_actor
    from tansiq.building.rooms.models import Room
    from tansiq.desks.aid.actions import ImportOptions, import_ledger, seal_file
    from tansiq.desks.aid.queries.reference import mapping
    from tools.measured_house import point_at

    point_at(database)
    by = system_actor(Room.objects.get(slug="un_desk"))
    with eyes_of(by):
        kept = mapping(by.operation_id, MAPPING)
    assert kept is not None
    start = time.perf_counter()
    file = seal_file(Path(workbook).read_bytes(), Path(workbook).name)
    run = import_ledger(by=by, file=file, mapping=kept.mapping, options=ImportOptions(allow_refused=True))
    seconds = time.perf_counter() - start
    return seconds, {name: getattr(run, name) for name in ACCOUNT}


if __name__ == "__main__":
    main(sys.argv[1:])
