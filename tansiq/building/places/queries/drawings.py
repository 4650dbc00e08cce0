"""What the map shows of places, as GeoJSON: every claimant's version, with who, when, from where and how exactly."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.building.people.models import Organisation
from tansiq.building.places.models import Drawing, Place
from tansiq.building.places.queries.crossings import CrossingNow, crossings_now
from tansiq.building.places.queries.words import local_name
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Party, Room

Collection = dict[str, Any]


def claimants(operation_id: UUID) -> dict[str, dict[str, str]]:
    """Names of everybody who may publish a version, by code: organisations, parties and rooms."""
    names: dict[str, dict[str, str]] = dict(Organisation.objects.values_list("code", "names"))
    names.update(Party.objects.filter(operation=operation_id).values_list("code", "names"))
    names.update(
        (slug, room_names)
        for slug, room_names in Room.objects.filter(operation=operation_id).values_list("slug", "names")
        if slug not in names
    )
    return names


def areas_map(actor: Actor) -> Collection:
    """The newest outline of each area by each claimant."""
    rows = _drawings(actor, "area").order_by("place", "claimant", "-published_on", "-version")
    newest = rows.distinct("place", "claimant")
    return _collection("areas", _("Areas"), "area", _drawn(sorted(newest, key=_by_level), "areas", actor))


def lines_map(actor: Actor) -> Collection:
    """Every version of every line and marker."""
    rows = list(_drawings(actor, "line").order_by("place__code", "published_on", "claimant", "version"))
    lines = [row for row in rows if row.geometry["type"] != "Point"]
    markers = [row for row in rows if row.geometry["type"] == "Point"]
    found = _collection("lines", _("Lines, every version"), "line", _drawn(lines, "lines", actor))
    found["layers"].append({"id": "markers", "label": _("Observed markers"), "kind": "point", "shown": True})
    found["features"] += _drawn(markers, "markers", actor)
    return found


def roads_map(actor: Actor) -> Collection:
    """Every version of every road."""
    rows = _drawings(actor, "road").order_by("place__code", "published_on", "claimant", "version")
    return _collection("roads", _("Roads"), "road", _drawn(rows, "roads", actor))


def crossings_map(actor: Actor, at: datetime | None = None) -> Collection:
    """Every crossing with its state as this room sees it."""
    seen = [_crossing(one) for one in crossings_now(actor, at) if one.crossing.place.longitude is not None]
    return _collection("crossings", _("Crossings"), "point", seen)


def place_map(place: Place, actor: Actor) -> Collection:
    """One place: all its versions, else its point."""
    rows = Drawing.objects.filter(place=place).select_related("place").order_by("published_on", "claimant", "version")
    features = _drawn(rows, "place", actor, in_full=True)
    if not features and place.longitude is not None:
        features = [_feature("place", place, _point(place), [])]
    shapes = {feature["geometry"]["type"].removeprefix("Multi") for feature in features}
    kind = next((kind for shape, kind in KINDS_OF_SHAPES.items() if shape in shapes), "point")
    return _collection("place", _("This place"), kind, features)


KINDS_OF_SHAPES = {"Polygon": "area", "LineString": "line", "Point": "point"}


def _drawings(actor: Actor, catalogue: str) -> Any:
    rows = Drawing.objects.filter(place__operation=actor.operation_id, place__catalogue=catalogue)
    return rows.select_related("place").defer("geometry" if catalogue == "area" else "id")


def _by_level(drawing: Drawing) -> tuple[str, str]:
    return drawing.place.kind, drawing.place.code  # larger areas lie below smaller ones


def _drawn(rows: Iterable[Drawing], layer: str, actor: Actor, *, in_full: bool = False) -> list[dict[str, Any]]:
    known = claimants(actor.operation_id)
    return [_version(row, layer, known, in_full=in_full) for row in rows]


def _version(row: Drawing, layer: str, known: dict[str, dict[str, str]], *, in_full: bool) -> dict[str, Any]:
    details = [
        (_("Published by"), local_name(known.get(row.claimant, row.claimant))),
        (_("Version"), row.version),
        (_("Source"), row.source),
        (_("Published on"), row.published_on.isoformat() if row.published_on else ""),
        (_("Accuracy"), _("%(distance)s m") % {"distance": f"{row.accuracy_m:g}"} if row.accuracy_m else ""),
        (_("Drawing"), _("schematic") if row.schematic else ""),
    ]
    geometry = row.geometry if in_full else row.map_geometry
    feature = _feature(layer, row.place, geometry, [[name, text] for name, text in details if text])
    feature["properties"].update({
        "id": str(row.pk), "claimant": row.claimant, "version": row.version, "source": row.source, "kind": row.kind,
        "published_on": row.published_on.isoformat() if row.published_on else None, "accuracy_m": row.accuracy_m,
        "schematic": row.schematic,
    })  # fmt: skip
    return feature


def _crossing(one: CrossingNow) -> dict[str, Any]:
    details = [
        (_("State"), one.state_label),
        (_("Reason"), local_name(one.reason)),
        (_("Since"), f"{one.status.since_at:%Y-%m-%d %H:%MZ}" if one.status else ""),
        (_("Reports differ"), ", ".join(str(report.get_state_display()) for report in one.differing)),
        (_("Hours today"), one.hours_today or _("closed by the timetable")),
        (_("Capacity, trucks per day"), str(one.crossing.trucks_per_day or "")),
    ]
    place = one.crossing.place
    feature = _feature("crossings", place, _point(place), [[name, text] for name, text in details if text])
    feature["properties"].update({
        "code": one.crossing.code, "state": one.map_state, "schematic": place.schematic, "accuracy_m": place.accuracy_m,
        "url": reverse("places:crossing", args=[one.crossing.code]),
    })  # fmt: skip
    return feature


def _feature(layer: str, place: Place, geometry: dict[str, Any], details: list[list[str]]) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": str(place.pk), "layer": layer, "names": place.names, "code": place.code, "details": details,
        "url": reverse("places:place", args=[place.pk]),
    }  # fmt: skip
    if layer == "areas" and place.longitude is not None:
        properties["label_at"] = [place.longitude, place.latitude]
    return {"type": "Feature", "id": properties["id"], "geometry": geometry, "properties": properties}


def _point(place: Place) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [place.longitude, place.latitude]}


def _collection(layer: str, label: str, kind: str, features: list[dict[str, Any]]) -> Collection:
    layers = [{"id": layer, "label": label, "kind": kind, "shown": True}]
    return {"type": "FeatureCollection", "layers": layers, "features": features}
