"""Who reads a row: the default readers of its kind, the other room concerned, and who by a release."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tansiq.building.clocks.models import Clock
from tansiq.building.doors.queries import hold, releases_in_force, widened
from tansiq.building.doors.rules import OPENNESS, check_ceiling
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import audience, line_rule, local_name, rooms_named
from tansiq.desks.coordination.models import Asking, Decision
from tansiq.desks.coordination.rules import ASKING, DECISION

MARK = "GREEN"  # of a line of which the operation's rules say nothing


def check_may_be_asked(by: Actor, authority: Room) -> None:
    """Refuse where the authority may not read the headline of what it is asked, or the asker not that of the answer."""
    if authority.pk == by.room_id:
        return
    check_ceiling(authority, local_name(authority.names), _mark(by, ASKING, TearLine.HEADLINE))
    asker = Room.objects.get(pk=by.room_id)
    check_ceiling(asker, local_name(asker.names), _mark(by, DECISION, TearLine.HEADLINE))


def label_of_asking(by: Actor, asking_id: UUID, authority_id: UUID, line: str) -> int:
    """The label of a line of an asking of the acting room: its authority reads it as far as its ceiling allows."""
    return _label(by, (ASKING, asking_id), line, [authority_id])


def label_of_decision(by: Actor, decision_id: UUID, asker_id: UUID, line: str) -> int:
    """The label of a line of a decision of the acting room: who asked reads it as far as its ceiling allows."""
    return _label(by, (DECISION, decision_id), line, [asker_id])


def label_like(by: Actor, record: Asking | Decision, line: str) -> int:
    """The label for a further row of an asking or a decision."""
    if isinstance(record, Asking):
        return label_of_asking(by, record.pk, record.authority_id, line)
    return label_of_decision(by, record.pk, record.asked_by_id, line)


def release_clock(by: Actor, asking: Asking, clock: Clock) -> list[Clock]:
    """Let those read a new clock to whom the asking's headline was released."""
    place = (ASKING, asking.pk)
    label = widened(by.room_id, clock.audience_id, releases_in_force(by.room_id, [place], TearLine.HEADLINE)[place])
    if label == clock.audience_id:
        return []
    Clock.objects.filter(pk=clock.pk).update(audience_id=label, audience_since=datetime.now(UTC))
    clock.refresh_from_db(fields=["audience", "audience_since"])
    return [clock]


def _label(by: Actor, place: tuple[str, UUID], line: str, concerned: Iterable[UUID]) -> int:
    hold(by.room_id, [place], shared=True)
    readers = rooms_named(by.operation_id, line_rule(by.operation_id, place[0], line))
    readers += [] if line == TearLine.IDENTITIES else _allowed(by, place[0], line, concerned)
    plain = audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(readers)])
    return widened(by.room_id, plain, releases_in_force(by.room_id, [place], line)[place])


def _allowed(by: Actor, kind: str, line: str, rooms: Iterable[UUID]) -> list[UUID]:
    mark: Any = _mark(by, kind, line)
    found = Room.objects.in_bulk(list(rooms))
    return [pk for pk, room in found.items() if pk == by.room_id or OPENNESS[mark] <= OPENNESS[room.tlp_ceiling]]


def _mark(by: Actor, kind: str, line: str) -> str:
    return str(line_rule(by.operation_id, kind, line).get("marking", MARK))
