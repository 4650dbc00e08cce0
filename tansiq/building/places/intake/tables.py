"""Rows of a table file as dictionaries: CSV in UTF-8, a JSON list, or the properties of GeoJSON points."""

import csv
import io
from typing import Any

from tansiq.building.places.intake import geojson
from tansiq.building.places.intake.findings import REFUSED, Finding

Rows = list[Any]


def read_rows(content: bytes, name: str) -> tuple[Rows, list[Finding]]:
    """The rows of a file by the ending of its name."""
    if name.lower().endswith((".csv", ".tsv")):
        return _csv_rows(content, "\t" if name.lower().endswith(".tsv") else ",")
    document, faults = geojson.parse(content)
    if faults:
        return [], faults
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        return _feature_rows(document)
    if isinstance(document, list):
        return document, []
    return [], [Finding(REFUSED, "not_table")]


def _csv_rows(content: bytes, delimiter: str) -> tuple[Rows, list[Finding]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [Finding(REFUSED, "not_text", None, {"at": error.start})]
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = list(reader)
    except csv.Error as error:
        found = {"line": reader.line_num, "found": str(error)}
        return [], [Finding(REFUSED, "not_csv", None, found)]
    if not reader.fieldnames:
        return [], [Finding(REFUSED, "not_table")]
    return rows, []


def _feature_rows(document: dict[str, Any]) -> tuple[Rows, list[Finding]]:
    faults = geojson.check(document)
    refused = {fault.row for fault in faults if fault.level == REFUSED}
    rows: Rows = []
    for number, feature in enumerate(geojson.features(document), 1):
        if number in refused:
            rows.append(None)
            continue
        geometry = feature["geometry"] or {}
        position = geometry.get("coordinates") if geometry.get("type") == "Point" else [None, None]
        rows.append({**(feature["properties"] or {}), "longitude": position[0], "latitude": position[1]})
    return rows, faults
