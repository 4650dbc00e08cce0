"""Reads the places of an operation's own directory: areas, sites, gazetteer, lines, roads and crossings."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.places.intake import geojson
from tansiq.building.places.intake.entries import AreaEntry, DrawingEntry, Intake, PlaceEntry, Spelling, once
from tansiq.building.places.intake.findings import REFUSED, Finding
from tansiq.building.places.intake.mapping import as_date
from tansiq.building.places.intake.outlines import drawn
from tansiq.building.places.models import NameKind

FILES = ("places.yaml", "areas.geojson", "gazetteer.yaml", "lines.geojson", "roads.geojson", "crossings.yaml",
         "reasons.yaml")  # fmt: skip
REASON_GROUPS = {"closure", "delay"}
"""Groups of reasons.yaml whose reasons may be given for the state of a crossing."""
EVERYTHING = ("Point", "LineString", "Polygon")


class FaultyFile(ValueError):
    """A file of the operation's directory cannot be read; says which, and why."""


def digest(directory: Path) -> str:
    """SHA-256 over the names and contents of the files that hold places."""
    total = hashlib.sha256()
    for name in FILES:
        if (directory / name).exists():
            total.update(name.encode() + b"\0" + hashlib.sha256((directory / name).read_bytes()).digest())
    return total.hexdigest()


def own_areas(directory: Path) -> Intake:
    """Areas of places.yaml, with the outlines of areas.geojson."""
    told = _yaml(directory / "places.yaml")
    outlines = {code: drawing for code, _, drawing in drawings(directory / "areas.geojson")}
    intake = _intake("area", told)
    for row in told.get("areas", []):
        code = str(row["p_code"])
        place = _place({"kind": f"adm{row['level']}", **row}, told, code, outlines.get(code))
        intake.entries.append(AreaEntry(place, int(row["level"]), str(row.get("parent", "")), outlines.get(code)))
    return intake


def own_sites(directory: Path) -> Intake:
    """Sites of places.yaml."""
    told = _yaml(directory / "places.yaml")
    intake = _intake("site", told)
    intake.entries += [_place(row, told, str(row["code"])) for row in told.get("sites", [])]
    return intake


def own_gazetteer(directory: Path) -> Intake:
    """Places of gazetteer.yaml."""
    told = _yaml(directory / "gazetteer.yaml")
    intake = _intake("gazetteer", told)
    intake.entries += [_place(row, told, str(row["code"])) for row in told.get("places", [])]
    return intake


def own_crossings(directory: Path) -> tuple[Intake, list[dict[str, Any]]]:
    """Crossings of crossings.yaml as places, and as they stand in the file."""
    told = _yaml(directory / "crossings.yaml")
    intake = _intake("crossing", told)
    rows = told.get("crossings", [])
    intake.entries += [_place({"kind": "crossing", **row}, told, str(row["code"])) for row in rows]
    return intake, rows


def own_drawings(directory: Path, name: str, catalogue: str) -> tuple[Intake, list[tuple[str, DrawingEntry]]]:
    """Lines or roads: each as a place, and every version of it."""
    found = list(drawings(directory / name))
    intake = _intake(catalogue, {})
    for code in dict.fromkeys(code for code, _, _ in found):
        versions = [(row, drawing) for one, row, drawing in found if one == code]
        intake.entries.append(_drawn_place(code, versions))
    return intake, [(code, drawing) for code, _, drawing in found]


def _drawn_place(code: str, versions: list[tuple[Mapping[str, Any], DrawingEntry]]) -> PlaceEntry:
    """The place of a drawn thing: every claimant's names; a position only while nobody draws it otherwise."""
    names = [
        replace(one, claimant=drawing.claimant, source=drawing.source, published_on=drawing.published_on)
        for row, drawing in versions
        for one in _spellings(row, code)
    ]
    row, drawing = versions[0]
    if len(versions) == 1:
        return replace(_place(row, row, code, drawing), spellings=once(names))
    agreed = {language: text for language, text in row["names"].items() if _all_say(versions, language, text)}
    schematic = all(drawing.schematic for _, drawing in versions)
    return PlaceEntry(code, row["kind"], once(names), agreed or dict(row["names"]), schematic=schematic)


def _all_say(versions: list[tuple[Mapping[str, Any], DrawingEntry]], language: str, text: str) -> bool:
    return all(row["names"].get(language) == text for row, _ in versions)


def own_reasons(directory: Path) -> dict[str, dict[str, str]]:
    """Codes and names of the reasons that may be given for the state of a crossing."""
    rows = _yaml(directory / "reasons.yaml").get("reasons", [])
    return {row["code"]: row["names"] for row in rows if REASON_GROUPS & set(row.get("groups", ()))}


def drawings(file: Path) -> Iterator[tuple[str, Mapping[str, Any], DrawingEntry]]:
    """Code, properties and version of each feature of a file. Raises FaultyFile."""
    if not file.exists():
        return
    document, faults = geojson.parse(file.read_bytes())
    _stop_at(file, faults or geojson.check(document))
    for number, feature in enumerate(geojson.features(document), 1):
        row = feature["properties"]
        outline, found = drawn(feature["geometry"], EVERYTHING, number)
        day, of_day = as_date(row.get("published_on"), "published_on", number)
        _stop_at(file, [*found, *of_day])
        if outline is not None:
            yield str(row["code"]), row, DrawingEntry(
                outline, row.get("kind", "outline"), str(row.get("version", "")), row.get("claimant", ""),
                row.get("source", ""), day, row.get("accuracy_m"), bool(row.get("schematic")),
            )  # fmt: skip


def _stop_at(file: Path, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.level == REFUSED:
            raise FaultyFile(f"{file.name}: {finding.row or ''} {finding.sentence}")


def _yaml(file: Path) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(file.read_text(encoding="utf-8")) or {}) if file.exists() else {}


def _intake(catalogue: str, told: Mapping[str, Any]) -> Intake:
    day = told.get("published_on")
    published_on = day if isinstance(day, date) else date.fromisoformat(day) if day else None
    return Intake(catalogue=catalogue, source=told.get("source", ""), published_on=published_on)


def _place(
    row: Mapping[str, Any], told: Mapping[str, Any], code: str, drawing: DrawingEntry | None = None
) -> PlaceEntry:
    point = drawing.drawn.point if drawing else (None, None)
    return PlaceEntry(
        code, row.get("kind", "place"), _spellings(row, code), dict(row["names"]),
        row.get("longitude", point[0]), row.get("latitude", point[1]), row.get("accuracy_m"),
        bool(row.get("schematic", told.get("schematic", drawing.schematic if drawing else False))),
        area_p_code=str(row.get("area", "")),
    )  # fmt: skip


def _spellings(row: Mapping[str, Any], code: str) -> tuple[Spelling, ...]:
    official = [Spelling(text, language, NameKind.OFFICIAL) for language, text in row["names"].items()]
    variants = [
        Spelling(text, language, NameKind.VARIANT)
        for language, texts in (row.get("variants") or {}).items()
        for text in texts
    ]
    codes = [Spelling(code, "zxx", NameKind.CODE)] if "p_code" in row else []
    return once([*official, *variants, *codes])
