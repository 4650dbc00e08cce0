"""Who reads an impediment: the default readers of each line, every room that was asked, and who by a release."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models

from tansiq.building.clocks.models import Clock
from tansiq.building.doors.queries import hold, releases_in_force, widened
from tansiq.building.doors.rules import OPENNESS, check_ceiling
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import audience, line_rule, local_name, rooms_named
from tansiq.desks.impediments.models import (
    Impediment,
    ImpedimentDetail,
    ImpedimentIdentities,
    ImpedimentStep,
    RelatedRecord,
    StepWords,
)
from tansiq.desks.impediments.rules import RECORD_TYPE

MARK = "GREEN"  # of a line of which the operation's rules say nothing
ROWS: Mapping[str, tuple[tuple[type[models.Model], str], ...]] = {
    TearLine.HEADLINE: ((Impediment, "pk"), (ImpedimentStep, "impediment")),
    TearLine.DETAIL: ((ImpedimentDetail, "impediment"), (RelatedRecord, "impediment"), (StepWords, "impediment")),
    TearLine.IDENTITIES: ((ImpedimentIdentities, "impediment"),),
}
"""Line → the tables whose rows stand on it, and how each names its impediment."""


def check_may_be_asked(by: Actor, room: Room) -> None:
    """Refuse to ask a room that may not receive what even the headline is marked. Raises Refused."""
    if room.pk != by.room_id:
        check_ceiling(room, local_name(room.names), _mark(by, TearLine.HEADLINE))


def label_of(by: Actor, impediment_id: UUID, line: str, asked: Iterable[UUID]) -> int:
    """The label of a line of an impediment of the acting room; releases of it wait until the act is done.

    asked : the rooms that own it or owned it; they read headline and detail, as far as their ceiling allows
    """
    place = (RECORD_TYPE, impediment_id)
    hold(by.room_id, [place], shared=True)
    readers = rooms_named(by.operation_id, line_rule(by.operation_id, RECORD_TYPE, line))
    readers += [] if line == TearLine.IDENTITIES else _allowed(by, line, asked)
    plain = audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(readers)])
    return widened(by.room_id, plain, releases_in_force(by.room_id, [place], line)[place])


def asked_rooms(impediment: Impediment) -> list[UUID]:
    """Every room that was ever asked to answer, the present owner included."""
    steps = ImpedimentStep.objects.filter(room=impediment.room_id, impediment=impediment, owner_room__isnull=False)
    return list(dict.fromkeys([*steps.order_by("at").values_list("owner_room", flat=True), impediment.owner_room_id]))


def widen_to_owner(by: Actor, impediment: Impediment) -> list[tuple[type[models.Model], list[UUID]]]:
    """Let a new owner read what it is asked: every row of headline and detail gets its label anew."""
    wrote = []
    asked = asked_rooms(impediment)
    for line in (TearLine.HEADLINE, TearLine.DETAIL):
        label = label_of(by, impediment.pk, line, asked)
        for model, way in ROWS[line]:
            rows = model._default_manager.filter(**{way: impediment.pk}, room=by.room_id).exclude(audience=label)
            ids = list(rows.values_list("pk", flat=True))
            model._default_manager.filter(pk__in=ids).update(audience_id=label, audience_since=datetime.now(UTC))
            wrote += [(model, ids)] if ids else []
    impediment.refresh_from_db(fields=["audience", "audience_since"])
    return wrote


def release_clock(by: Actor, impediment: Impediment, clock: Clock) -> list[Clock]:
    """Let those read a new clock to whom the impediment's headline was released."""
    place = (RECORD_TYPE, impediment.pk)
    label = widened(by.room_id, clock.audience_id, releases_in_force(by.room_id, [place], TearLine.HEADLINE)[place])
    if label == clock.audience_id:
        return []
    Clock.objects.filter(pk=clock.pk).update(audience_id=label, audience_since=datetime.now(UTC))
    clock.refresh_from_db(fields=["audience", "audience_since"])
    return [clock]


def label_of_words(by: Actor, impediment: Impediment) -> int:
    """Who reads what a room says on another's impediment: its own default readers, the raiser and the owner."""
    readers = rooms_named(by.operation_id, line_rule(by.operation_id, RECORD_TYPE, TearLine.DETAIL))
    told = [*readers, impediment.room_id, impediment.owner_room_id]
    return audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(told)])


def _allowed(by: Actor, line: str, asked: Iterable[UUID]) -> list[UUID]:
    mark: Any = _mark(by, line)
    rooms = Room.objects.in_bulk(list(asked))
    return [pk for pk, room in rooms.items() if pk == by.room_id or OPENNESS[mark] <= OPENNESS[room.tlp_ceiling]]


def _mark(by: Actor, line: str) -> str:
    return str(line_rule(by.operation_id, RECORD_TYPE, line).get("marking", MARK))
