"""What else bears on the links: clocks on consignments, impediments that hold them, routes and crossings."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tansiq.building.clocks.models import OPEN_STATES, Clock, ClockState
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import Consignment
from tansiq.desks.impediments.models import LIVE_STATES, Impediment, RelatedRecord, Relation
from tansiq.engine.chain import NEVER, Resource
from tansiq.floor.queries.chain.desks import resources_of_desks

CROSSING, IMPEDIMENT, ROUTE = "crossing:", "impediment:", "route:"
LABEL = Consignment._meta.label_lower


@dataclass(frozen=True)
class OpenClock:
    """A clock on a consignment that has not stopped."""

    id: UUID
    kind: str
    holder: str
    due_s: int  # s since 1970 UTC; NEVER while it is paused


@dataclass(frozen=True)
class Obstacles:
    """What bears on consignments, by id of the consignment; what many rest on, as resources of the chain."""

    clocks: dict[UUID, list[OpenClock]]
    impediments: dict[UUID, list[Impediment]]
    resources: tuple[Resource, ...]


def seconds(at: datetime) -> int:
    """A moment in s since 1970 UTC."""
    return int(at.timestamp())


def obstacles(by: Actor, now: datetime, only: Collection[UUID] | None = None) -> Obstacles:
    """What bears on consignments, or on these alone, as far as this room may read it; a fixed number of queries."""
    held = impediments_of(only)
    stated = {one.pk: one for listed in held.values() for one in listed}
    blocks = [_blocked(one) for _id, one in sorted(stated.items())]
    return Obstacles(_clocks(only), held, (*resources_of_desks(by, now), *blocks))


def impediments_of(only: Collection[UUID] | None) -> dict[UUID, list[Impediment]]:
    """Live impediments by the consignment that they hold, the oldest first."""
    rows = RelatedRecord.objects.filter(
        relation=Relation.HELD, record_label=LABEL, impediment__state__in=LIVE_STATES
    ).select_related("impediment")
    found: dict[UUID, list[Impediment]] = defaultdict(list)
    for row in rows.filter(record_id__in=only) if only is not None else rows:
        if row.impediment not in found[row.record_id]:
            found[row.record_id].append(row.impediment)
    for listed in found.values():
        listed.sort(key=lambda one: (one.raised_at, one.pk))
    return dict(found)


def _clocks(only: Collection[UUID] | None) -> dict[UUID, list[OpenClock]]:
    rows = Clock.objects.filter(subject_label=LABEL, state__in=OPEN_STATES).order_by("due_at", "pk")
    wanted = rows.filter(subject_id__in=only) if only is not None else rows
    found: dict[UUID, list[OpenClock]] = defaultdict(list)
    fields = ("pk", "subject_id", "kind__code", "holder_room_id", "holder_role", "state", "due_at")
    for pk, subject, kind, room, role, state, due in wanted.values_list(*fields):
        due_s = NEVER if state == ClockState.PAUSED else seconds(due)
        found[subject].append(OpenClock(pk, kind, f"{room}:{role}", due_s))
    return dict(found)


def _blocked(one: Impediment) -> Resource:
    """An impediment as something that is closed until it is resolved, kept by whoever must answer for it."""
    holder = f"{one.owner_room_id}:{one.owner_role}"
    return Resource(f"{IMPEDIMENT}{one.pk}", is_open=False, since=seconds(one.raised_at), holder=holder)
