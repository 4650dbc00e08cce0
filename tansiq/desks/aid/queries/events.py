"""Lists of consignments and events, and one of each with all that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

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
from tansiq.desks.aid.queries.reference import rooms_of

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
    rows = known_at(AidEvent.objects.filter(room__operation=by.operation_id), by, as_of)
    if wanted.current:
        corrections = known_at(AidEvent.objects.filter(room=OuterRef("room"), corrects=OuterRef("pk")), by, as_of)
        rows = rows.filter(~Exists(corrections), withdrawn=False)
    if not wanted.repeats:
        rows = rows.filter(repeats=None)
    for name, words in (("stage", wanted.stages), ("crossing_code", wanted.crossings), ("source", wanted.sources)):
        if words:
            rows = rows.filter(**{f"{name}__in": list(words)})
    if wanted.since:
        rows = rows.filter(occurred_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(occurred_at__lt=wanted.until)
    if wanted.sought:
        units = HandlingUnit.objects.filter(code__icontains=wanted.sought)
        named = Consignment.objects.filter(reference__icontains=wanted.sought)
        rows = rows.filter(Q(handling_unit__in=units.values("pk")) | Q(consignment__in=named.values("pk")))
    return rows.select_related("room", "consignment", "handling_unit").order_by("-occurred_at", "pk")


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
    rows = known_at(Consignment.objects.filter(room__operation=by.operation_id), by, as_of, "created_at")
    if sought:
        rows = rows.filter(reference__icontains=sought)
    if source:
        rows = rows.filter(source=source)
    return rows.select_related("room").order_by("-created_at", "reference", "pk")


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


@dataclass(frozen=True)
class EventPage:
    """Some events of a list, and from where the list goes on."""

    events: list[AidEvent]
    after: tuple[datetime, UUID] | None  # give it back to get the next page; None at the end


def event_page(
    by: Actor,
    wanted: EventFilter = EventFilter(),
    *,
    as_of: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    size: int = 50,
) -> EventPage:
    """A page of ``events``, as quick at a million events as at ten: each room's latest, then the latest of these."""
    rows = events(by, wanted, as_of=as_of).select_related(None)
    if after:
        rows = rows.filter(
            Q(occurred_at__lt=after[0]) | Q(occurred_at=after[0], pk__gt=after[1]), occurred_at__lte=after[0]
        )
    parts = [
        rows.filter(room=room).order_by("-occurred_at", "pk").values("occurred_at", "pk")[: size + 1]
        for room in rooms_of(by.operation_id)
    ]
    found = list(parts[0].union(*parts[1:], all=True)) if parts else []
    found.sort(key=lambda row: (-row["occurred_at"].timestamp(), row["pk"]))
    shown = found[:size]
    related = AidEvent.objects.select_related("room", "consignment", "handling_unit")
    by_id = related.in_bulk([row["pk"] for row in shown])
    goes_on = len(found) > size
    return EventPage(
        [by_id[row["pk"]] for row in shown], (shown[-1]["occurred_at"], shown[-1]["pk"]) if goes_on else None
    )


def sources(by: Actor) -> list[str]:
    """Every source of which the room sees an event, by code; steps from source to source along the index."""
    with connection.cursor() as cursor:
        cursor.execute(SOURCES, [rooms_of(by.operation_id)])
        return [source for (source,) in cursor.fetchall()]
