"""Reads gazetteers: places with all their spellings, through mappings that are data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tansiq.building.places.intake.entries import Intake, PlaceEntry, Spelling, once, settle, shown_names, spelling
from tansiq.building.places.intake.findings import REFUSED, Finding, what
from tansiq.building.places.intake.mapping import as_number, is_filled, mapping_named
from tansiq.building.places.intake.tables import read_rows
from tansiq.building.places.models import NameKind

CODE_MOST = 80


def read_gazetteer(content: bytes, name: str, *, source: str = "", mapping: Path | None = None) -> Intake:
    """Every place of the file that can be taken, and what was wrong with the others."""
    rows, faults = read_rows(content, name)
    intake = Intake(findings=faults, rows=len(rows))
    if intake.is_refused:
        return intake
    columns = list(dict.fromkeys(column for row in rows if isinstance(row, dict) for column in row))
    rules = _recognised(mapping_named("gazetteers", mapping)["gazetteers"], columns)
    if rules is None:
        intake.findings.append(Finding(REFUSED, "no_mapping", None, {"found": ", ".join(columns[:40]) or "-"}))
        return settle(intake)
    intake.catalogue, intake.source = rules["code"], source or rules["source"]
    rows_by_code: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        if row is not None:  # None: refused already, with its reason
            _take(row, number, rules, intake, rows_by_code)
    return settle(intake)


def _recognised(gazetteers: list[dict[str, Any]], columns: list[str]) -> dict[str, Any] | None:
    return next((rules for rules in gazetteers if set(rules["recognised_by"]) <= set(columns)), None)


def _take(row: Any, number: int, rules: Mapping[str, Any], intake: Intake, rows_by_code: dict[str, int]) -> None:
    if not isinstance(row, dict):
        wrong = {"where": f"/{number - 1}", "found": what(row)}
        intake.findings.append(Finding(REFUSED, "not_object", number, wrong))
        return
    entry, faults = _entry(row, number, rules)
    if entry is not None and entry.code in rows_by_code:
        twice = {"found": entry.code, "first": rows_by_code[entry.code]}
        faults.append(Finding(REFUSED, "code_twice", number, twice))
    intake.findings += faults
    if entry is not None and not any(fault.level == REFUSED for fault in faults):
        rows_by_code[entry.code] = number
        intake.entries.append(entry)


def _entry(row: Mapping[str, Any], number: int, rules: Mapping[str, Any]) -> tuple[PlaceEntry | None, list[Finding]]:
    code = row.get(rules["place_code"])
    if not is_filled(code):
        return None, [Finding(REFUSED, "value_missing", number, {"column": rules["place_code"]})]
    spellings, faults = _spellings(row, number, rules)
    longitude, latitude, of_position = _position(row, number, rules)
    population, of_population = _optional(row, number, rules, "population", 1e10)
    accuracy_m, of_accuracy = _optional(row, number, rules, "accuracy_m", 1e6)
    faults += [*of_position, *of_population, *of_accuracy]
    if not spellings:
        return None, [*faults, Finding(REFUSED, "name_missing", number)]
    region = " / ".join(str(row[column]) for column in rules.get("region", ()) if is_filled(row.get(column)))
    return PlaceEntry(
        str(code).strip()[:CODE_MOST], str(row.get(rules.get("kind_column", "")) or rules["kind"]), spellings,
        shown_names(spellings), longitude, latitude, accuracy_m, region=region[:120],
        population=int(population) if population else None,
    ), faults  # fmt: skip


def _spellings(
    row: Mapping[str, Any], number: int, rules: Mapping[str, Any]
) -> tuple[tuple[Spelling, ...], list[Finding]]:
    taken: list[Spelling] = []
    faults: list[Finding] = []
    for rule in [*rules.get("names", ()), *rules.get("spellings", ())]:
        value = row.get(rule["column"])
        texts = value.split(rule["separator"]) if isinstance(value, str) and "separator" in rule else value
        for text in texts if isinstance(texts, list) else [texts]:
            one, found = spelling(text, rule.get("language", ""), rule.get("kind", NameKind.VARIANT), number)
            faults += found
            taken += [one] if one else []
    return once(taken), faults


def _position(
    row: Mapping[str, Any], number: int, rules: Mapping[str, Any]
) -> tuple[float | None, float | None, list[Finding]]:
    given = row.get(rules["longitude"]), row.get(rules["latitude"])
    longitude, of_longitude = as_number(given[0], rules["longitude"], number, least=-180, most=180)
    latitude, of_latitude = as_number(given[1], rules["latitude"], number, least=-90, most=90)
    faults = [*of_longitude, *of_latitude]
    if (longitude, latitude) == (0, 0) or (not faults and None in (longitude, latitude)):
        faults.append(Finding(REFUSED, "position_missing", number))
    return longitude, latitude, faults


def _optional(
    row: Mapping[str, Any], number: int, rules: Mapping[str, Any], field: str, most: float
) -> tuple[float | None, list[Finding]]:
    column = rules.get(field, "")
    return as_number(row.get(column), column, number, least=0, most=most)
