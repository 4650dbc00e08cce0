"""Who reads a statement or a booking: the default readers of each line, the crossing's room, and who by a release."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tansiq.building.doors.queries import hold, releases_in_force, widened
from tansiq.building.doors.rules import OPENNESS, check_ceiling
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import audience, line_rule, local_name, rooms_named
from tansiq.desks.crossings.rules import SLOT_RECORD

MARK = "GREEN"  # of a line of which the operation's rules say nothing


def label_of(by: Actor, booking_id: UUID, line: str, keeper: Room) -> int:
    """The label of a line of a booking: its default readers, and the room that must answer it."""
    place = (SLOT_RECORD, booking_id)
    hold(by.room_id, [place], shared=True)
    readers = [*rooms_named(by.operation_id, line_rule(by.operation_id, SLOT_RECORD, line)), *_asked(by, line, keeper)]
    plain = audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(readers)])
    return widened(by.room_id, plain, releases_in_force(by.room_id, [place], line)[place])


def label_of_answer(by: Actor, booker_id: UUID) -> int:
    """Who reads what the crossing's room answers: its own default readers, and the room that booked."""
    readers = rooms_named(by.operation_id, line_rule(by.operation_id, SLOT_RECORD, TearLine.DETAIL))
    return audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys([*readers, booker_id])])


def check_may_be_asked(by: Actor, keeper: Room) -> None:
    """Refuse to ask a room that may not receive what even the headline is marked. Raises Refused."""
    if keeper.pk != by.room_id:
        check_ceiling(keeper, local_name(keeper.names), _mark(by, TearLine.HEADLINE))


def _asked(by: Actor, line: str, keeper: Room) -> Iterable[UUID]:
    mark: Any = _mark(by, line)
    return [keeper.pk] if keeper.pk == by.room_id or OPENNESS[mark] <= OPENNESS[keeper.tlp_ceiling] else []


def _mark(by: Actor, line: str) -> str:
    return str(line_rule(by.operation_id, SLOT_RECORD, line).get("marking", MARK))
