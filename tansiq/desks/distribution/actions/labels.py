"""Who reads a row of this desk: the default readers of its line, the room concerned, and who by a release."""

from collections.abc import Iterable
from uuid import UUID

from tansiq.building.doors.queries import hold, releases_in_force, widened
from tansiq.building.doors.rules import OPENNESS, check_ceiling
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import audience, line_rule, local_name, rooms_named

MARK = "GREEN"  # of a line of which the operation's rules say nothing


def label_of(by: Actor, code: str, record_id: UUID, line: str, concerned: Iterable[UUID] = ()) -> int:
    """The label of a line of a record of the acting room; releases of the record wait until the act is done.

    code : its kind, as the release rules spell it
    concerned : rooms that the record is addressed to; they read as far as their ceiling allows
    """
    place = (code, record_id)
    hold(by.room_id, [place], shared=True)
    rule = line_rule(by.operation_id, code, line)
    readers = rooms_named(by.operation_id, rule) + _allowed(by, str(rule.get("marking", MARK)), concerned)
    plain = audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(readers)])
    return widened(by.room_id, plain, releases_in_force(by.room_id, [place], line)[place])


def check_may_read(by: Actor, code: str, line: str, room: Room) -> None:
    """Refuse to address a room that may not receive what the line is marked. Raises Refused."""
    if room.pk != by.room_id:
        check_ceiling(room, local_name(room.names), str(line_rule(by.operation_id, code, line).get("marking", MARK)))


def _allowed(by: Actor, mark: str, concerned: Iterable[UUID]) -> list[UUID]:
    rooms = Room.objects.filter(pk__in=list(concerned), operation=by.operation_id)
    return [room.pk for room in rooms if room.pk == by.room_id or OPENNESS[mark] <= OPENNESS[room.tlp_ceiling]]
