"""Lists of consignments and events, and one of each with all that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import (
    AidEvent,
    AidMeasure,
    CargoName,
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    HandlingUnit,
)
from tansiq.desks.aid.queries.counts import end_of_second
from tansiq.desks.aid.queries.latest import Order, Page, latest
from tansiq.desks.aid.queries.reference import rooms_of

BY_OCCURRENCE = Order("occurred_at")
BY_CREATION = Order("created_at", ("reference", "pk"))
Stated = TypeVar("Stated", ConsignmentDetail, ConsignmentIdentities)
FEW = 500  # so many ids are looked up one by one sooner than all rows are read

SOURCES = """
with recursive step (room_id, source) as (
    select r, (select e.source from aid_aidevent e where e.room_id = r order by e.source limit 1)
      from unnest(%s::uuid[]) r
    union all
    select s.room_id, (select e.source from aid_aidevent e
                        where e.room_id = s.room_id and e.source > s.source order by e.source limit 1)
      from step s where s.source is not null)
select distinct source from step where source is not null order by 1
"""


@dataclass(frozen=True)
class EventFilter:
    """What a list of events is narrowed to; an empty value narrows nothing."""

    stages: Sequence[str] = ()
    crossings: Sequence[str] = ()
    sources: Sequence[str] = ()
    since: datetime | None = None  # event time, inside
    until: datetime | None = None  # event time, outside
    sought: str = ""  # part of a unit's code or a consignment's reference
    current: bool = True  # leave out what was corrected or withdrawn
    repeats: bool = False  # show repeated scans as well


@dataclass(frozen=True)
class EventStory:
    """An event with its measures, the editions before and after it, and the repeated scans of it."""

    event: AidEvent
    editions: list[AidEvent]  # oldest first, the event itself among them
    measures: list[AidMeasure]
    repeats: list[AidEvent]


@dataclass(frozen=True)
class ConsignmentStory:
    """A consignment on every tear line that is open to the room; closed lines are absent."""

    consignment: Consignment
    details: list[ConsignmentDetail]  # newest version first
    identities: list[ConsignmentIdentities]  # newest version first
    lines: list[ConsignmentLine]
    units: list[HandlingUnit]
    events: list[AidEvent] = field(default_factory=list)  # current ones, by time of occurrence


def known_at(rows: QuerySet, by: Actor, as_of: datetime | None, moment: str = "recorded_at") -> QuerySet:
    """Narrow to what the room knew at a time (None: now)."""
    if as_of is None:
        return rows
    until = end_of_second(as_of)
    return rows.filter(Q(room=by.room_id) | Q(audience_since__lt=until), **{f"{moment}__lt": until})


def events(by: Actor, wanted: EventFilter = EventFilter(), *, as_of: datetime | None = None) -> QuerySet[AidEvent]:
    """Events that the room may see, latest occurrence first, as it knew them at a time (None: now)."""
    rows = wanted_events(by, wanted, as_of).filter(room__operation=by.operation_id)
    return BY_OCCURRENCE.applied(rows.select_related("room", "consignment", "handling_unit"))


def wanted_events(by: Actor, wanted: EventFilter, as_of: datetime | None) -> QuerySet[AidEvent]:
    """Events of every room that fit, in no order."""
    rows = known_at(AidEvent.objects.all(), by, as_of)
    if wanted.current:
        corrections = AidEvent.objects.filter(room=OuterRef("room"), corrects=OuterRef("pk"), corrects__isnull=False)
        rows = rows.filter(~Exists(known_at(corrections, by, as_of)), withdrawn=False)
    if not wanted.repeats:
        rows = rows.filter(repeats=None)
    for name, words in (("stage", wanted.stages), ("crossing_code", wanted.crossings), ("source", wanted.sources)):
        if words:
            rows = rows.filter(**{f"{name}__in": list(words)})
    if wanted.since:
        rows = rows.filter(occurred_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(occurred_at__lt=wanted.until)
    return rows.filter(about(wanted.sought)) if wanted.sought else rows


def about(sought: str) -> Q:
    """Whose unit's code or consignment's reference holds these letters: by their ids, unless they are many."""
    units = HandlingUnit.objects.filter(code__icontains=sought).values_list("pk", flat=True)
    named = Consignment.objects.filter(reference__icontains=sought).values_list("pk", flat=True)
    few = [list(rows[: FEW + 1]) for rows in (units, named)]
    in_units, in_named = (rows if len(ids) > FEW else ids for rows, ids in zip((units, named), few, strict=True))
    return Q(handling_unit__in=in_units) | Q(consignment__in=in_named)


def event_story(event_id: UUID) -> EventStory | None:
    """One event with all its editions; None when there is none, or none for this room."""
    event = AidEvent.objects.select_related("room", "consignment", "handling_unit").filter(pk=event_id).first()
    if event is None:
        return None
    same = AidEvent.objects.filter(room=event.room_id, source=event.source, source_key=event.source_key)
    same = same.select_related("handling_unit")  # whose row may be closed to the reader
    measures = AidMeasure.objects.filter(room=event.room_id, event=event).order_by("unit", "commodity", "pk")
    repeats = AidEvent.objects.filter(room=event.room_id, repeats=event).order_by("recorded_at")
    return EventStory(event, list(same.order_by("edition")), list(measures), list(repeats))


def measures_by_id(ids: Sequence[UUID]) -> dict[UUID, AidMeasure]:
    """Measures with their events, for the lines of an explanation."""
    return {row.pk: row for row in AidMeasure.objects.filter(pk__in=ids).select_related("event", "room")}


def cargo_texts(measures: Sequence[AidMeasure]) -> dict[str, str]:
    """The cargo names of measures as first written, by cargo key."""
    keys = {measure.cargo_key for measure in measures} - {""}
    rows = CargoName.objects.filter(cargo_key__in=keys, version=1)
    return dict(rows.values_list("cargo_key", "name"))


def consignments(
    by: Actor, *, sought: str = "", source: str = "", as_of: datetime | None = None
) -> QuerySet[Consignment]:
    """Consignments that the room may see, newest first."""
    rows = wanted_consignments(by, sought, source, as_of).filter(room__operation=by.operation_id)
    return BY_CREATION.applied(rows.select_related("room"))


def wanted_consignments(by: Actor, sought: str, source: str, as_of: datetime | None) -> QuerySet[Consignment]:
    """Consignments of every room that fit, in no order."""
    rows = known_at(Consignment.objects.all(), by, as_of, "created_at")
    if sought:
        rows = rows.filter(reference__icontains=sought)
    return rows.filter(source=source) if source else rows


def consignment_story(by: Actor, consignment_id: UUID, *, as_of: datetime | None = None) -> ConsignmentStory | None:
    """One consignment with its events; None when there is none, or none for this room."""
    found = Consignment.objects.select_related("room").filter(pk=consignment_id).first()
    if found is None:
        return None
    own = {"room": found.room_id, "consignment": found}
    return ConsignmentStory(
        found,
        list(ConsignmentDetail.objects.filter(**own).order_by("-version")),
        list(ConsignmentIdentities.objects.filter(**own).order_by("-version")),
        list(ConsignmentLine.objects.filter(**own).order_by("number")),
        list(HandlingUnit.objects.filter(**own).order_by("code")),
        list(events(by, as_of=as_of).filter(**own).order_by("occurred_at", "pk")),
    )


def latest_version(model: type[Stated], consignment: Consignment) -> Stated | None:
    """What is said of a consignment now on one line; None where nothing is, or nothing is open to this room."""
    rows = model._default_manager.filter(room=consignment.room_id, consignment=consignment)
    return rows.order_by("-version").first()


def times_stated(detail: ConsignmentDetail | None, persons: ConsignmentIdentities | None) -> int:
    """How often a consignment's detail and persons were stated: what tells two amendments at once apart."""
    return (detail.version if detail else 0) + (persons.version if persons else 0)


def event_page(
    by: Actor,
    wanted: EventFilter = EventFilter(),
    *,
    as_of: datetime | None = None,
    after: str | None = None,
    size: int = 50,
) -> Page:
    """A page of ``events``, as quick at a million events as at ten. Raises ValueError for what is no mark."""
    rows = wanted_events(by, wanted, as_of)
    page = latest(rows, rooms_of(by.operation_id), BY_OCCURRENCE, after=after, size=size)
    prefetch_related_objects(page.rows, "room", "consignment", "handling_unit")
    return page


def consignment_page(
    by: Actor,
    *,
    sought: str = "",
    source: str = "",
    as_of: datetime | None = None,
    after: str | None = None,
    size: int = 50,
) -> Page:
    """A page of ``consignments``, as quick at a million as at ten. Raises ValueError for what is no mark."""
    rows = wanted_consignments(by, sought, source, as_of)
    page = latest(rows, rooms_of(by.operation_id), BY_CREATION, after=after, size=size)
    prefetch_related_objects(page.rows, "room")
    return page


def sources(by: Actor) -> list[str]:
    """Every source of which the room sees an event, by code; steps from source to source along the index."""
    with connection.cursor() as cursor:
        cursor.execute(SOURCES, [rooms_of(by.operation_id)])
        return [source for (source,) in cursor.fetchall()]
