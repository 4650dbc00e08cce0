"""Writes places: the operation's own files, and what an import read. Runs as the owner, outside every room."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from tansiq.building.places import own_files
from tansiq.building.places.actions import report_crossing_status
from tansiq.building.places.intake.entries import AreaEntry, DrawingEntry, Intake, PcodeEntry, PlaceEntry
from tansiq.building.places.models import (
    Area,
    Crossing,
    CrossingReason,
    CrossingStatus,
    Drawing,
    GlobalPcode,
    Place,
    PlaceName,
)
from tansiq.building.places.queries.filing import filing_keys, grams, script_of
from tansiq.building.places.queries.positions import area_finder
from tansiq.building.places.rules import MAP_STATES, needs_reason
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation
from tansiq.building.wall.context import room_context
from tansiq.engine.names import normal_form

OWNER = "owner"
BATCH = 1000
PLACE_FIELDS = ("kind", "names", "longitude", "latitude", "accuracy_m", "schematic", "region", "population", "is_own",
                "area_id", "source", "published_on")  # fmt: skip
DRAWING_FIELDS = ("kind", "published_on", "accuracy_m", "schematic", "geometry", "map_geometry", "west", "south",
                  "east", "north")  # fmt: skip
CROSSING_FIELDS = ("place_id", "hours", "lanes", "trucks_per_day", "receives", "is_inside")
STATES = {word: state for state, word in MAP_STATES.items()}  # the words of crossings.yaml
Progress = Callable[[int], None]


@dataclass
class Written:
    """How many rows of each sort were added, changed, left as they were, or taken away."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0

    def __iadd__(self, other: "Written") -> "Written":
        for name, number in asdict(other).items():
            setattr(self, name, getattr(self, name) + number)
        return self


def load_places(operation: Operation, directory: Path) -> dict[str, Written]:
    """Write the places of an operation's directory; the same files again change nothing. Raises FaultyFile."""
    crossings, rows = own_files.own_crossings(directory)
    written: dict[str, Written] = {}
    with transaction.atomic(using=OWNER):
        areas = save_areas(operation, own_files.own_areas(directory), is_own=True)
        _add_up(written, areas)
        for intake in (own_files.own_sites(directory), own_files.own_gazetteer(directory), crossings):
            _add_up(written, save_places(operation, intake, is_own=True))
        for name in ("line", "road"):
            intake, versions = own_files.own_drawings(directory, f"{name}s.geojson", name)
            _add_up(written, save_places(operation, intake, is_own=True))
            places = {place.code: place for place in _catalogue(operation, name)}
            _add_up(written, {f"{name}s": save_drawings([(places[code], drawing) for code, drawing in versions])})
        written["crossings"] = _write_crossings(operation, rows)
        written["reasons"] = _write_reasons(operation, own_files.own_reasons(directory))
    return written


def report_stated_states(directory: Path, *, by: Actor) -> int:
    """Report, as the acting room, the state that the files give of each crossing on which it has no report yet."""
    intake, rows = own_files.own_crossings(directory)
    crossings = {crossing.code: crossing for crossing in Crossing.objects.filter(operation=by.operation_id)}
    with room_context(account_id=by.account_id, room_ids=(by.room_id,)), transaction.atomic():
        known = set(CrossingStatus.objects.filter(room=by.room_id).values_list("crossing__code", flat=True))
        stated = [row for row in rows if row.get("status") and row["code"] in crossings.keys() - known]
        for row in stated:
            state = STATES[row["status"]]
            reason = "other" if needs_reason(state) else ""
            report_crossing_status(
                by=by, crossing=crossings[row["code"]], state=state, reason=reason, source=intake.source
            )
    return len(stated)


def _add_up(total: dict[str, Written], more: dict[str, Written]) -> None:
    for name, written in more.items():
        total.setdefault(name, Written())
        total[name] += written


def _catalogue(operation: Operation, name: str) -> Iterable[Place]:
    return Place.objects.using(OWNER).filter(operation=operation, catalogue=name)


def _write_crossings(operation: Operation, rows: list[dict[str, Any]]) -> Written:
    kept = {crossing.code: crossing for crossing in Crossing.objects.using(OWNER).filter(operation=operation)}
    places = {place.code: place for place in _catalogue(operation, "crossing")}
    wanted = {
        row["code"]: Crossing(
            operation=operation, place=places[row["code"]], code=row["code"], hours=dict(row.get("hours") or {}),
            lanes=row.get("lanes"), trucks_per_day=row.get("trucks_per_day"), receives=list(row.get("receives", [])),
            is_inside=row.get("inside", True),
        )
        for row in rows
    }  # fmt: skip
    return _upsert(Crossing, kept, wanted, CROSSING_FIELDS)


def _write_reasons(operation: Operation, reasons: dict[str, dict[str, str]]) -> Written:
    kept = {reason.code: reason for reason in CrossingReason.objects.using(OWNER).filter(operation=operation)}
    wanted = {code: CrossingReason(operation=operation, code=code, names=names) for code, names in reasons.items()}
    return _upsert(CrossingReason, kept, wanted, ("names",))


def _silent(_count: int) -> None:
    """Tell nobody how far the work is."""


def save_places(
    operation: Operation, intake: Intake, *, is_own: bool = False, progress: Progress = _silent
) -> dict[str, Written]:
    """Add or revise the places of one catalogue with their spellings, and file the spellings for search."""
    with transaction.atomic(using=OWNER):
        places, written = _write_places(operation, intake, [*intake.entries], is_own=is_own)
        return {"places": written, "names": _write_names(operation, intake, places, intake.entries, progress)}


def save_areas(
    operation: Operation, intake: Intake, *, is_own: bool = False, progress: Progress = _silent
) -> dict[str, Written]:
    """Add or revise areas, their spellings and the version of their outlines that this file gives."""
    entries: list[AreaEntry] = intake.entries
    with transaction.atomic(using=OWNER):
        places, written = _write_places(operation, intake, [entry.place for entry in entries], is_own=is_own)
        names = _write_names(operation, intake, places, [entry.place for entry in entries], progress)
        _write_areas(operation, places, entries)
        drawings = [(places[entry.place.code], entry.drawing) for entry in entries if entry.drawing]
        outlines = save_drawings(drawings)
        _place_in_areas(operation)
        return {"areas": written, "names": names, "outlines": outlines}


def save_drawings(drawings: Sequence[tuple[Place, DrawingEntry]]) -> Written:
    """Keep each version of a drawn thing; the same version again is revised in place."""
    places = [place.pk for place, _ in drawings]
    kept = {
        (drawing.place_id, drawing.claimant, drawing.source, drawing.version): drawing
        for drawing in Drawing.objects.using(OWNER).filter(place__in=places)
    }
    wanted = [_drawing(place, entry) for place, entry in drawings]
    return _upsert(Drawing, kept, {(d.place_id, d.claimant, d.source, d.version): d for d in wanted}, DRAWING_FIELDS)


def save_pcodes(entries: Sequence[PcodeEntry], progress: Progress = _silent) -> dict[str, Written]:
    """Add or revise rows of the global list."""
    with transaction.atomic(using=OWNER):
        kept = {(p.p_code, p.level, p.location): p for p in GlobalPcode.objects.using(OWNER)}
        wanted = {(e.p_code, e.level, e.location): GlobalPcode(**asdict(e)) for e in entries}
        written = _upsert(GlobalPcode, kept, wanted, ("name", "parent_p_code", "valid_from"))
    progress(len(entries))
    return {"pcodes": written}


def _drawing(place: Place, entry: DrawingEntry) -> Drawing:
    west, south, east, north = entry.drawn.bounds
    return Drawing(
        place=place, kind=entry.kind, version=entry.version, claimant=entry.claimant, source=entry.source,
        published_on=entry.published_on, accuracy_m=entry.accuracy_m, schematic=entry.schematic,
        geometry=entry.drawn.geometry, map_geometry=entry.drawn.map_geometry,
        west=west, south=south, east=east, north=north,
    )  # fmt: skip


def _write_places(
    operation: Operation, intake: Intake, entries: list[PlaceEntry], *, is_own: bool
) -> tuple[dict[str, Place], Written]:
    kept = {p.code: p for p in Place.objects.using(OWNER).filter(operation=operation, catalogue=intake.catalogue)}
    areas = dict(Area.objects.using(OWNER).filter(operation=operation).values_list("p_code", "pk"))
    find_area = area_finder(operation.pk, OWNER)
    wanted: dict[str, Place] = {}
    for entry in entries:
        former = kept.get(entry.code)
        keeps_own = former is not None and former.is_own and not is_own
        if keeps_own:  # an import adds languages to the operation's own entry; it overrules nothing there
            former.names = {**entry.names, **former.names}
            wanted[entry.code] = former
            continue
        area_id = areas.get(entry.area_p_code) or find_area(entry.longitude, entry.latitude)
        area_id = None if intake.catalogue == "area" else area_id  # an area has parents instead
        wanted[entry.code] = Place(
            operation=operation, catalogue=intake.catalogue, code=entry.code, kind=entry.kind,
            names={**(former.names if former else {}), **entry.names}, longitude=entry.longitude,
            latitude=entry.latitude, accuracy_m=entry.accuracy_m, schematic=entry.schematic, region=entry.region,
            population=entry.population, is_own=is_own, area_id=area_id, source=intake.source,
            published_on=intake.published_on,
        )  # fmt: skip
    written = _upsert(Place, kept, wanted, PLACE_FIELDS)
    return wanted, written


def _write_names(
    operation: Operation, intake: Intake, places: dict[str, Place], entries: Sequence[PlaceEntry], progress: Progress
) -> Written:
    """Make the spellings of this source what its file says; those of other sources stay."""
    ids = [place.pk for place in places.values()]
    sources = {intake.source, *(one.source for entry in entries for one in entry.spellings if one.source)}
    former = PlaceName.objects.using(OWNER).filter(place__in=ids, source__in=sources)
    kept = {(name.place_id, name.language, name.text, name.source): name for name in former}
    wanted = {}
    for entry in entries:
        place = places[entry.code]
        for one in entry.spellings:
            source = one.source or intake.source
            key = (place.pk, one.language, one.text, source)
            same = kept.get(key)
            normal = same.normal if same else normal_form(one.text)
            wanted[key] = PlaceName(
                operation=operation, place_id=place.pk, text=one.text, language=one.language,
                script=script_of(one.text), kind=one.kind, claimant=one.claimant, source=source,
                published_on=one.published_on or intake.published_on, normal=normal,
                keys=same.keys if same else list(filing_keys(one.text)), grams=same.grams if same else grams(normal),
            )  # fmt: skip
        progress(1)
    surplus = [name.pk for key, name in kept.items() if key not in wanted]
    PlaceName.objects.using(OWNER).filter(pk__in=surplus).delete()
    written = _upsert(PlaceName, kept, wanted, ("kind", "script", "claimant", "published_on"))
    written.removed = len(surplus)
    return written


def _write_areas(operation: Operation, places: dict[str, Place], entries: list[AreaEntry]) -> None:
    kept = {area.p_code: area for area in Area.objects.using(OWNER).filter(operation=operation)}
    wanted = {
        entry.place.code: Area(
            operation=operation, place=places[entry.place.code], p_code=entry.place.code, level=entry.level,
            parent_p_code=entry.parent_p_code,
        )
        for entry in entries
    }  # fmt: skip
    _upsert(Area, kept, wanted, ("level", "parent_p_code", "place_id"))
    by_code = {area.p_code: area for area in Area.objects.using(OWNER).filter(operation=operation)}
    for area in by_code.values():
        parent = by_code.get(area.parent_p_code)
        area.parent_id = parent.pk if parent else None
    Area.objects.using(OWNER).bulk_update(by_code.values(), ["parent"], batch_size=BATCH)


def _place_in_areas(operation: Operation) -> None:
    """Give places without an area the smallest one that their position lies in."""
    find_area = area_finder(operation.pk, OWNER)
    homeless = Place.objects.using(OWNER).filter(operation=operation, area=None, longitude__isnull=False)
    changed = []
    for place in homeless.exclude(catalogue="area"):
        place.area_id = find_area(place.longitude, place.latitude)
        changed += [place] if place.area_id else []
    Place.objects.using(OWNER).bulk_update(changed, ["area"], batch_size=BATCH)


def _upsert(model: Any, kept: dict[Any, Any], wanted: dict[Any, Any], fields: Sequence[str]) -> Written:
    """Add what is new, change what differs; what is wanted takes the id of what is kept."""
    new, changed, same = [], [], 0
    for key, row in wanted.items():
        former = kept.get(key)
        if former is None:
            new.append(row)
            continue
        row.pk = former.pk
        if _values(row, fields) == _values(former, fields) and row is not former:
            same += 1
        else:
            changed.append(row)
    model.objects.using(OWNER).bulk_create(new, batch_size=BATCH)
    model.objects.using(OWNER).bulk_update(changed, [name.removesuffix("_id") for name in fields], batch_size=BATCH)
    return Written(len(new), len(changed), same)


def _values(row: Any, fields: Sequence[str]) -> list[Any]:
    return [str(value) if isinstance(value := getattr(row, name), UUID) else value for name in fields]
