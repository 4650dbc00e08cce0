"""Areas, sites, crossings, gazetteer and drawn features, as files state them."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from .words import Code, Day, Format, Latitude, Line, Longitude, Names, PCode, Strict, Variants, Weekday

_HOURS = re.compile(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")


def _is_hours(text: str) -> str:
    if not _HOURS.match(text) or text[:5] >= text[6:]:
        raise ValueError("expected opening hours such as 08:00-17:00")
    return text


Hours = Annotated[str, AfterValidator(_is_hours)]


class Area(Strict):
    """An administrative area."""

    p_code: PCode
    parent: PCode | None = None
    level: int = Field(ge=0, le=4)
    names: Names
    variants: Variants = Variants()


class Point(Strict):
    """A place with one point and what that point is worth."""

    code: Code
    longitude: Longitude
    latitude: Latitude
    accuracy_m: float = Field(gt=0)
    area: PCode | None = None
    names: Names
    variants: Variants = Variants()


class Site(Point):
    """A hub, a warehouse or another place where work is done."""

    kind: Code
    schematic: bool = False


class PlacesFile(Strict):
    """places.yaml"""

    format: Format
    source: Line
    published_on: Day
    areas: tuple[Area, ...] = Field(min_length=1, max_length=50_000)
    sites: tuple[Site, ...] = ()


class Crossing(Point):
    """A crossing with its hours, lanes and capacity."""

    inside: bool
    receives: tuple[Literal["cargo", "people"], ...] = Field(min_length=1)
    lanes: int = Field(ge=0, le=200)
    trucks_per_day: int = Field(ge=0, le=10_000)
    hours: dict[Weekday, Hours]
    status: Literal["open", "restricted", "closed", "unknown"]


class CrossingsFile(Strict):
    """crossings.yaml"""

    format: Format
    source: Line
    published_on: Day
    schematic: bool = False
    crossings: tuple[Crossing, ...] = Field(min_length=1, max_length=1000)


class NamedPlace(Point):
    """An entry of the gazetteer."""

    kind: Code


class GazetteerFile(Strict):
    """gazetteer.yaml"""

    format: Format
    source: Line
    published_on: Day
    schematic: bool = False
    places: tuple[NamedPlace, ...] = Field(max_length=20_000)


class FeatureProperties(Strict):
    """What a drawn feature says of itself: whose it is, since when, how exact."""

    code: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*|[A-Z]{2}[A-Z0-9]*)$", max_length=64)]
    kind: Code
    names: Names
    variants: Variants = Variants()
    claimant: Code
    source: Line
    published_on: Day
    accuracy_m: float = Field(gt=0)
    schematic: bool
    version: int = Field(default=1, ge=1)
    level: int | None = Field(default=None, ge=0, le=4)
    parent: PCode | None = None


class Geometry(Strict):
    """A GeoJSON geometry in WGS 84."""

    type: Literal["Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"]
    coordinates: list[Any]

    @model_validator(mode="after")
    def _is_drawn(self) -> Self:
        depth = {
            "Point": 0,
            "LineString": 1,
            "MultiPoint": 1,
            "Polygon": 2,
            "MultiLineString": 2,
            "MultiPolygon": 3,
        }
        _check_positions(self.coordinates, depth[self.type])
        for ring in _rings(self.type, self.coordinates):
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise ValueError("expected closed rings of at least four positions")
        return self


def _check_positions(value: Any, depth: int) -> None:
    if not isinstance(value, list) or not value:
        raise ValueError("expected a list of positions")
    if depth:
        for part in value:
            _check_positions(part, depth - 1)
        return
    numbers = all(isinstance(part, int | float) and not isinstance(part, bool) for part in value)
    if not numbers or len(value) < 2 or not (-180 <= value[0] <= 180 and -90 <= value[1] <= 90):
        raise ValueError(f"expected longitude and latitude in degrees, found {str(value)[:60]}")


def _rings(kind: str, coordinates: list[Any]) -> list[list[Any]]:
    if kind == "Polygon":
        return coordinates
    return [ring for polygon in coordinates for ring in polygon] if kind == "MultiPolygon" else []


class Feature(Strict):
    """One drawn feature."""

    type: Literal["Feature"]
    properties: FeatureProperties
    geometry: Geometry


class FeaturesFile(Strict):
    """areas.geojson, lines.geojson or roads.geojson"""

    type: Literal["FeatureCollection"]
    name: Line | None = None
    features: tuple[Feature, ...] = Field(max_length=50_000)
