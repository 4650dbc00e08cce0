"""Reads GeoJSON (RFC 7946) and finds every departure from it, without ever raising."""

import itertools
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

from tansiq.building.places.intake.findings import NOTED, REFUSED, REPAIRED, Finding, what

DEPTH_OF = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
GEOMETRIES = (*DEPTH_OF, "GeometryCollection")
MISPLACED = {
    "FeatureCollection": ("coordinates", "geometries", "geometry"),
    "Feature": ("coordinates", "geometries", "features"),
    "geometry": ("geometry", "properties", "features"),
}
DECIMALS = 7  # 1 cm, which is what is kept
OF_WGS84 = ("CRS84", "EPSG:4326", "EPSG::4326", "OGC:1.3:CRS84")
Found = list[Finding]


class _Twice(ValueError):
    """A member stands twice in an object."""


def parse(content: bytes) -> tuple[Any, Found]:
    """The document in the bytes; None and the reason when there is none."""
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_members, parse_constant=_constant), []
    except UnicodeDecodeError as error:
        return None, [Finding(REFUSED, "not_text", params={"at": error.start})]
    except _Twice as error:
        return None, [Finding(REFUSED, "member_twice", params={"member": str(error)})]
    except json.JSONDecodeError as error:
        found = {"line": error.lineno, "column": error.colno, "found": error.msg}
        return None, [Finding(REFUSED, "not_json", params=found)]
    except ValueError as error:
        return None, [Finding(REFUSED, "not_json", params={"line": 0, "column": 0, "found": str(error)})]
    except RecursionError:
        return None, [Finding(REFUSED, "too_deep")]


def check(document: Any) -> Found:
    """Everything in a document that RFC 7946 does not allow, or advises against."""
    if not isinstance(document, dict):
        return [_refused("not_object", "", found=what(document))]
    kind = document.get("type")
    try:
        if kind == "FeatureCollection":
            return list(_collection(document))
        return list(_feature(document, "", None) if kind == "Feature" else _geometry(document, "", None))
    except RecursionError:
        return [Finding(REFUSED, "too_deep")]


def features(document: Any) -> list[Any]:
    """The features of a collection; of anything else, none."""
    found = document.get("features") if isinstance(document, dict) else None
    return found if isinstance(found, list) else []


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return members


def _constant(text: str) -> float:
    raise ValueError(f"{text} is not a number of JSON")


def _refused(code: str, where: str, row: int | None = None, **params: Any) -> Finding:
    return Finding(REFUSED, code, row, {"where": where or "/", **params})


def _collection(document: dict[str, Any]) -> Iterator[Finding]:
    members = document.get("features")
    yield from _reference_system(document, None)
    yield from _misplaced(document, "FeatureCollection", "", None)
    yield from _bbox(document, "", None)
    if "features" not in document:
        yield _refused("member_missing", "", member="features")
    elif not isinstance(members, list):
        yield _refused("not_array", "/features", found=what(members))
    else:
        for number, feature in enumerate(members, 1):
            yield from _feature(feature, f"/features/{number - 1}", number)


def _feature(feature: Any, where: str, row: int | None) -> Iterator[Finding]:
    if not isinstance(feature, dict):
        yield _refused("not_object", where, row, found=what(feature))
        return
    kind = feature.get("type")
    if kind != "Feature":
        yield _refused(
            "type_unknown", where, row, found=kind if isinstance(kind, str) else what(kind), expected="Feature"
        )
    identity = feature.get("id", "")
    if isinstance(identity, bool) or not isinstance(identity, str | int | float):
        yield _refused("id_wrong", where, row, found=what(identity))
    yield from _misplaced(feature, "Feature", where, row)
    yield from _bbox(feature, where, row)
    for member in ("properties", "geometry"):
        if member not in feature:
            yield _refused("member_missing", where, row, member=member)
        elif feature[member] is not None and not isinstance(feature[member], dict):
            yield _refused("not_object", f"{where}/{member}", row, found=what(feature[member]))
    if isinstance(feature.get("geometry"), dict):
        yield from _geometry(feature["geometry"], f"{where}/geometry", row)


def _geometry(geometry: dict[str, Any], where: str, row: int | None, *, inside: bool = False) -> Iterator[Finding]:
    kind = geometry.get("type")
    if "type" not in geometry:
        yield _refused("member_missing", where, row, member="type")
        return
    if not isinstance(kind, str):
        yield _refused("not_string", f"{where}/type", row, found=what(kind))
        return
    if kind not in GEOMETRIES:
        yield _refused("type_unknown", where, row, found=kind, expected=_alike(kind))
        return
    yield from _reference_system(geometry, row)
    yield from _misplaced(geometry, "geometry", where, row)
    yield from _bbox(geometry, where, row)
    if kind == "GeometryCollection":
        yield from _geometries(geometry, where, row, inside=inside)
    elif "coordinates" not in geometry:
        yield _refused("member_missing", where, row, member="coordinates")
    else:
        coordinates = geometry["coordinates"]
        yield from _coordinates(coordinates, kind, f"{where}/coordinates", row)
        if is_too_precise(coordinates):
            yield Finding(NOTED, "precision", row, {"count": 1})


def is_too_precise(coordinates: Any) -> bool:
    """Whether any number is written with more decimals than are kept."""
    if isinstance(coordinates, list):
        return any(is_too_precise(member) for member in coordinates)
    return _is_number(coordinates) and abs(coordinates - round(coordinates, DECIMALS)) > 1e-12


def _alike(kind: str) -> str:
    known = ("FeatureCollection", "Feature", *GEOMETRIES)
    return next((name for name in known if name.lower() == kind.lower()), ", ".join(known))


def _geometries(geometry: dict[str, Any], where: str, row: int | None, *, inside: bool) -> Iterator[Finding]:
    members = geometry.get("geometries")
    if not isinstance(members, list):
        missing = "geometries" not in geometry
        yield (
            _refused("member_missing", where, row, member="geometries")
            if missing
            else _refused("not_array", f"{where}/geometries", row, found=what(members))
        )
        return
    if inside:
        yield Finding(NOTED, "collection_nested", row, {"where": where or "/"})
    if len(members) == 1:
        yield Finding(NOTED, "collection_single", row, {"where": where or "/"})
    for number, member in enumerate(members):
        place = f"{where}/geometries/{number}"
        if isinstance(member, dict):
            yield from _geometry(member, place, row, inside=True)
        else:
            yield _refused("not_object", place, row, found=what(member))


def _coordinates(coordinates: Any, kind: str, where: str, row: int | None) -> Iterator[Finding]:
    part: dict[str, Callable[..., Iterator[Finding]]] = {
        "LineString": _line, "MultiLineString": _line, "Polygon": _ring, "MultiPolygon": _ring,
    }  # fmt: skip
    check_part = part.get(kind)
    depth = DEPTH_OF[kind]
    if check_part is None:
        yield from _positions(coordinates, depth, where, row)
        return
    for place, ring, is_hole in _parts(coordinates, depth - 1, where):
        faults = list(_positions(ring, 1, place, row))
        yield from faults
        if isinstance(ring, list) and not any(fault.level == REFUSED for fault in faults):
            yield from check_part(ring, place, row, is_hole)


def _parts(coordinates: Any, depth: int, where: str, number: int = 0) -> Iterator[tuple[str, Any, bool]]:
    """The lines or rings at a depth, each with its place and whether it is a hole."""
    if depth == 0 or not isinstance(coordinates, list):
        yield where, coordinates, number > 0
        return
    for index, member in enumerate(coordinates):
        yield from _parts(member, depth - 1, f"{where}/{index}", index)


def _positions(value: Any, depth: int, where: str, row: int | None) -> Iterator[Finding]:
    if depth == 0:
        yield from _position(value, where, row)
    elif not isinstance(value, list):
        yield _refused("nesting_wrong", where, row, found=what(value))
    else:
        for index, member in enumerate(value):
            yield from _positions(member, depth - 1, f"{where}/{index}", row)


def _position(value: Any, where: str, row: int | None) -> Iterator[Finding]:
    if not isinstance(value, list) or len(value) < 2 or not all(map(_is_number, value)):
        yield _refused("position_wrong", where, row, found=_shown(value))
        return
    if abs(value[0]) > 180 or abs(value[1]) > 90:
        yield _refused("position_outside", where, row, found=_shown(value))
    if len(value) > 3:
        yield Finding(NOTED, "height_dropped", row, {"where": where or "/"})


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)[:60]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _line(line: list[Any], where: str, row: int | None, _is_hole: bool) -> Iterator[Finding]:
    if len(line) < 2:
        yield _refused("line_short", where, row, found=len(line))


def _ring(ring: list[Any], where: str, row: int | None, is_hole: bool) -> Iterator[Finding]:
    if len(ring) < 4:
        yield _refused("ring_short", where, row, found=len(ring))
    elif ring[0] != ring[-1]:
        yield _refused("ring_open", where, row)
    elif (_twice_area(ring) < 0) != is_hole:
        yield Finding(REPAIRED, "ring_turned", row, {"count": 1})


def _twice_area(ring: list[Any]) -> float:
    """Twice the signed area, positive when the ring runs anticlockwise (the shoelace formula)."""
    west, south = ring[0][0], ring[0][1]
    moved = [(position[0] - west, position[1] - south) for position in ring]
    return sum(one[0] * two[1] - two[0] * one[1] for one, two in itertools.pairwise(moved))


def _misplaced(value: dict[str, Any], kind: str, where: str, row: int | None) -> Iterator[Finding]:
    for member in MISPLACED[kind]:
        if member in value:
            yield _refused("member_misplaced", where, row, member=member, type=kind)


def _bbox(value: dict[str, Any], where: str, row: int | None) -> Iterator[Finding]:
    if "bbox" in value:
        box = value["bbox"]
        if not isinstance(box, list) or len(box) not in (4, 6) or not all(map(_is_number, box)):
            yield _refused("bbox_wrong", where, row, found=_shown(box))


def _reference_system(value: dict[str, Any], row: int | None) -> Iterator[Finding]:
    if "crs" not in value:
        return
    system = value["crs"]
    if system is None:
        yield Finding(NOTED, "reference_system_empty", row, {"count": 1})
    elif not any(name in json.dumps(system, default=str) for name in OF_WGS84):
        yield Finding(REFUSED, "reference_system", row, {"found": _shown(system)})
