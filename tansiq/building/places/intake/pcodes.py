"""Reads the global list of p-codes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tansiq.building.places.intake.entries import Intake, PcodeEntry, settle
from tansiq.building.places.intake.findings import REFUSED, Finding, what
from tansiq.building.places.intake.mapping import as_date, is_filled, mapping_named
from tansiq.building.places.intake.tables import read_rows
from tansiq.engine.names import normal_form, strip_marks


def read_pcodes(content: bytes, name: str, *, mapping: Path | None = None) -> Intake:
    """Every p-code of the file that can be taken, and what was wrong with the others."""
    rows, faults = read_rows(content, name)
    intake = Intake(findings=faults, catalogue="pcodes")
    if faults:
        return intake
    rows_of_data = [(number, row) for number, row in enumerate(rows, 1) if not _is_hashtags(row)]
    intake.rows = len(rows_of_data)
    columns, missing = _columns(mapping_named("pcodes", mapping), list(rows[0]) if rows else [])
    intake.findings += missing
    if missing:
        return intake
    rows_by_code: dict[tuple[str, int, str], int] = {}
    for number, row in rows_of_data:
        _take(row, number, columns, intake, rows_by_code)
    return settle(intake)


def _is_hashtags(row: Mapping[str, Any]) -> bool:
    """Whether the row is one of HXL hashtags, which name columns and hold no data."""
    filled = [value for value in row.values() if is_filled(value)]
    return bool(filled) and all(str(value).strip().startswith("#") for value in filled)


def _columns(rules: Mapping[str, Any], headings: list[str]) -> tuple[dict[str, str], list[Finding]]:
    by_form = {normal_form(heading or ""): heading for heading in headings}
    found: dict[str, str] = {}
    missing: list[Finding] = []
    for field, spellings in rules["columns"].items():
        heading = next((by_form[form] for form in map(normal_form, spellings) if form in by_form), None)
        if heading is not None:
            found[field] = heading
        elif field not in rules["optional"]:
            wrong = {"expected": spellings[0], "found": ", ".join(map(str, headings)) or "-"}
            missing.append(Finding(REFUSED, "column_missing", None, wrong))
    return found, missing


def _take(
    row: Mapping[str, Any], number: int, columns: Mapping[str, str], intake: Intake, rows_by_code: dict[Any, int]
) -> None:
    entry, faults = _entry(row, number, columns)
    if entry is not None:
        key = (entry.p_code, entry.level, entry.location)
        if key in rows_by_code:
            twice = {"found": entry.p_code, "first": rows_by_code[key]}
            faults.append(Finding(REFUSED, "code_twice", number, twice))
        rows_by_code.setdefault(key, number)
    intake.findings += faults
    if entry is not None and not faults:
        intake.entries.append(entry)


def _entry(row: Mapping[str, Any], number: int, columns: Mapping[str, str]) -> tuple[PcodeEntry | None, list[Finding]]:
    cells = {field: strip_marks(str(row.get(column) or ""))[0] for field, column in columns.items()}
    faults = [
        Finding(REFUSED, "value_missing", number, {"column": columns[field]})
        for field in ("location", "level", "p_code", "name")
        if not cells[field]
    ]
    if cells["level"] and not (cells["level"].isdecimal() and int(cells["level"]) <= 9):
        wrong = {"column": columns["level"], "found": what(cells["level"]), "expected": "0 … 9"}
        faults.append(Finding(REFUSED, "value_wrong", number, wrong))
    if cells["location"] and not (len(cells["location"]) == 3 and cells["location"].isalpha()):
        wrong = {"column": columns["location"], "found": what(cells["location"]), "expected": "ISO 3166-1 alpha-3"}
        faults.append(Finding(REFUSED, "value_wrong", number, wrong))
    valid_from, of_date = as_date(cells.get("valid_from"), columns.get("valid_from", ""), number)
    faults += of_date
    if faults:
        return None, faults
    return PcodeEntry(
        cells["location"].upper(), int(cells["level"]), cells["p_code"], cells["name"],
        cells.get("parent_p_code", ""), valid_from,
    ), []  # fmt: skip
