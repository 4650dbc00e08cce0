"""Turns checked GeoJSON geometries into sound ones: rounded, turned the right way, repaired, simplified."""

from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from tansiq.building.places.intake.findings import REFUSED, REPAIRED, Finding
from tansiq.building.places.intake.geojson import DECIMALS

GRID = 10.0**-DECIMALS
WIDEST = 350.0  # degrees of longitude; what spans more was drawn across the 180th meridian
MAP_TOLERANCE = 0.0005  # degrees, about 50 m


@dataclass(frozen=True)
class Drawn:
    """A sound geometry, ready to be kept."""

    geometry: dict[str, Any]
    map_geometry: dict[str, Any]
    bounds: tuple[float, float, float, float]  # west, south, east, north
    point: tuple[float, float]  # longitude and latitude inside it


def drawn(geometry: dict[str, Any] | None, families: tuple[str, ...], row: int) -> tuple[Drawn | None, list[Finding]]:
    """A checked geometry made sound; None with the reason when it is missing, of another type or beyond repair."""
    if geometry is None:
        return None, [Finding(REFUSED, "geometry_missing", row)]
    if geometry["type"].removeprefix("Multi") not in families:
        wrong = {"expected": " / ".join(families), "found": geometry["type"]}
        return None, [Finding(REFUSED, "geometry_type", row, wrong)]
    given = shapely.force_2d(shape(geometry))
    if given.is_empty:
        return None, [Finding(REFUSED, "geometry_missing", row)]
    if given.bounds[2] - given.bounds[0] > WIDEST:
        span = f"{given.bounds[0]:g} … {given.bounds[2]:g}"  # it crosses the 180th meridian uncut (RFC 7946, 3.1.9)
        return None, [Finding(REFUSED, "geometry_broken", row, {"found": span})]
    rounded = shapely.set_precision(given, GRID, mode="pointwise")
    if rounded.geom_type.removeprefix("Multi") != "Polygon":
        return _kept(rounded), []
    sound, repairs = _sound(given, rounded, row)
    return (_kept(sound) if sound is not None else None), repairs


def _sound(given: BaseGeometry, rounded: BaseGeometry, row: int) -> tuple[BaseGeometry | None, list[Finding]]:
    reason = None if given.is_valid else shapely.is_valid_reason(given)
    sound = rounded if rounded.is_valid else shapely.make_valid(rounded, method="structure", keep_collapsed=False)
    sound = _polygons(sound)
    if sound.is_empty:
        return None, [Finding(REFUSED, "geometry_broken", row, {"found": reason or shapely.is_valid_reason(rounded)})]
    if reason is None:
        return sound, []
    change = 100 * abs(sound.area - given.area) / max(sound.area, given.area)
    return sound, [Finding(REPAIRED, "geometry_repaired", row, {"found": reason, "change": f"{change:.2f}"})]


def _polygons(geometry: BaseGeometry) -> BaseGeometry:
    """The parts with an area: repairing may leave loose lines and points."""
    if geometry.geom_type.removeprefix("Multi") == "Polygon":
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type.removeprefix("Multi") == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.Polygon()


def _kept(geometry: BaseGeometry) -> Drawn:
    turned = shapely.orient_polygons(geometry) if geometry.area else geometry
    simple = shapely.simplify(turned, MAP_TOLERANCE) if turned.geom_type != "Point" else turned
    point = shapely.point_on_surface(turned)
    return Drawn(_as_json(turned), _as_json(simple), tuple(map(float, turned.bounds)), (point.x, point.y))


def _as_json(geometry: BaseGeometry) -> dict[str, Any]:
    def rounded(part: Any) -> Any:
        return [rounded(member) for member in part] if isinstance(part, list | tuple) else round(part, DECIMALS)

    found = mapping(geometry)
    return {"type": found["type"], "coordinates": rounded(found["coordinates"])}
