"""Reads administrative boundaries (COD-AB) from GeoJSON, whatever country's column names they have."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tansiq.building.places.intake import geojson
from tansiq.building.places.intake.entries import (
    AreaEntry,
    DrawingEntry,
    Intake,
    PlaceEntry,
    Spelling,
    once,
    settle,
    shown_names,
    spelling,
)
from tansiq.building.places.intake.findings import NOTED, REFUSED, Finding, what
from tansiq.building.places.intake.mapping import as_date, is_filled, mapping_named, matching, pick
from tansiq.building.places.intake.outlines import drawn
from tansiq.building.places.models import NameKind

CATALOGUE = "area"


def read_areas(content: bytes, *, source: str, mapping: Path | None = None, claimant: str = "") -> Intake:
    """Every area of the file that can be taken, and what was wrong with the others."""
    document, faults = geojson.parse(content)
    intake = Intake(findings=faults, catalogue=CATALOGUE, source=source)
    if faults:
        return intake
    intake.findings = geojson.check(document)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        found = what(document.get("type") if isinstance(document, dict) else document)
        intake.findings.append(Finding(REFUSED, "no_collection", None, {"found": found}))
        return intake
    rows = geojson.features(document)
    intake.rows = len(rows)
    refused = {finding.row for finding in intake.findings if finding.level == REFUSED}
    reader = _Reader(mapping_named("cod_ab", mapping), source, claimant, intake)
    for number, feature in enumerate(rows, 1):
        if number not in refused and None not in refused:
            reader.take(feature, number)
    intake.findings += _empty_names(reader.rules, [row["properties"] for row in rows if _has_properties(row)])
    return settle(intake)


class _Reader:
    """Takes the rows of one file."""

    def __init__(self, rules: Mapping[str, Any], source: str, claimant: str, intake: Intake) -> None:
        self.rules = rules
        self.source = source
        self.claimant = claimant
        self.intake = intake
        self.rows_by_code: dict[str, int] = {}

    def take(self, feature: Mapping[str, Any], number: int) -> None:
        """File one feature, or say why not."""
        row = feature["properties"] or {}
        entry, faults = self._area(row, feature["geometry"], number)
        self.intake.findings += faults
        if entry is not None and not any(fault.level == REFUSED for fault in faults):
            self.intake.entries.append(entry)
            self.rows_by_code[entry.place.code] = number

    def _area(self, row: Mapping[str, Any], geometry: Any, number: int) -> tuple[AreaEntry | None, list[Finding]]:
        level = self._level(row)
        if level is None:
            return None, [Finding(REFUSED, "no_level", number, {"found": ", ".join(row)})]
        p_code, faults = pick(row, self._patterns("p_code", level), number)
        p_code = str(p_code).strip()
        if p_code in self.rows_by_code:
            first = {"found": p_code, "first": self.rows_by_code[p_code]}
            return None, [*faults, Finding(REFUSED, "code_twice", number, first)]
        spellings, named = self._spellings(row, level, number)
        if not spellings:
            return None, [*faults, *named, Finding(REFUSED, "name_missing", number)]
        parent, of_parent = pick(row, self._patterns("parent", level), number) if level else (None, [])
        drawing, of_drawing = self._drawing(row, geometry, number)
        point = drawing.drawn.point if drawing else (None, None)
        code = Spelling(p_code, "zxx", NameKind.CODE)
        place = PlaceEntry(p_code, f"adm{level}", (*spellings, code), shown_names(spellings), *point)
        return AreaEntry(place, level, str(parent or ""), drawing), [*faults, *named, *of_parent, *of_drawing]

    def _patterns(self, field: str, level: int) -> list[str]:
        return [
            pattern.replace("{level}", str(level)).replace("{parent}", str(level - 1)) for pattern in self.rules[field]
        ]

    def _level(self, row: Mapping[str, Any]) -> int | None:
        columns = tuple(row)
        levels = [
            int(match["level"])
            for pattern in self.rules["level"]
            for column, match in matching(pattern, columns)
            if is_filled(row[column])
        ]
        return max(levels, default=None)

    def _spellings(self, row: Mapping[str, Any], level: int, number: int) -> tuple[tuple[Spelling, ...], list[Finding]]:
        taken: list[Spelling] = []
        faults: list[Finding] = []
        for rule in self.rules["names"]:
            for column, match in matching(rule["pattern"].replace("{level}", str(level)), tuple(row)):
                one, found = spelling(row[column], _language(rule, match.groupdict(), row), rule["kind"], number)
                faults += found
                taken += [one] if one else []
        return once(taken), faults

    def _drawing(self, row: Mapping[str, Any], geometry: Any, number: int) -> tuple[DrawingEntry | None, list[Finding]]:
        outline, faults = drawn(geometry, ("Polygon",), number)
        version, of_version = pick(row, self.rules["version"], number)
        given, _ = pick(row, self.rules["published_on"], number)
        day, of_day = as_date(given, "/".join(self.rules["published_on"][:1]), number)
        faults += [*of_version, *of_day]  # two dates with two meanings are no contradiction
        if outline is None:
            return None, faults
        label = str(version or (day.isoformat() if day else ""))
        return DrawingEntry(outline, "outline", label, self.claimant, self.source, day), faults


def _language(rule: Mapping[str, Any], matched: Mapping[str, str], row: Mapping[str, Any]) -> str:
    said = row.get(rule.get("language_column", ""))
    return str(matched.get("language") or said or rule.get("language") or rule.get("otherwise") or "").lower()


def _has_properties(feature: Any) -> bool:
    return isinstance(feature, dict) and isinstance(feature.get("properties"), dict)


def _empty_names(rules: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> list[Finding]:
    """Columns for names that exist and hold nothing, such as those of a language that was never filled in."""
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    patterns = [rule["pattern"].replace("{level}", r"\d") for rule in rules["names"]]
    named = dict.fromkeys(column for pattern in patterns for column, _ in matching(pattern, columns))
    empty = [column for column in named if not any(is_filled(row.get(column)) for row in rows)]
    return [Finding(NOTED, "column_empty", None, {"column": column}) for column in empty]
