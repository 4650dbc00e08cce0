"""Who reads a request: nobody else while it is a draft; then each line's default readers, and who must clear it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models

from tansiq.building.clocks.models import Clock
from tansiq.building.doors.queries import hold, releases_in_force, widened
from tansiq.building.doors.rules import OPENNESS
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import audience, line_rule, local_name, rooms_named
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.rules import DECISION_TYPE, RECORD_TYPE

MARK = "GREEN"  # of a line of which the operation's rules say nothing


def own_label(by: Actor) -> int:
    """The label under which the acting room alone reads: that of a draft."""
    return audience(by.room_id)


def label_of(by: Actor, request_id: UUID, line: str, asked: Iterable[UUID]) -> int:
    """The label of a line of a request that was sent. asked : the authorities to which this row is a question"""
    place = (RECORD_TYPE, request_id)
    hold(by.room_id, [place], shared=True)
    readers = rooms_named(by.operation_id, line_rule(by.operation_id, RECORD_TYPE, line))
    readers += [] if line == TearLine.IDENTITIES else _allowed(by, RECORD_TYPE, line, asked)
    plain = audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(readers)])
    return widened(by.room_id, plain, releases_in_force(by.room_id, [place], line)[place])


def label_of_decision(by: Actor, line: str, asking: UUID) -> int:
    """The label of a decision of the acting room: its default readers, and the room that asked."""
    readers = rooms_named(by.operation_id, line_rule(by.operation_id, DECISION_TYPE, line))
    readers += _allowed(by, DECISION_TYPE, line, [asking])
    return audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(readers)])


def check_may_be_asked(by: Actor, authority: Room) -> None:
    """Refuse to ask an authority that may not receive what it must decide on. Raises Refused."""
    marks = [_mark(by, RECORD_TYPE, line) for line in (TearLine.HEADLINE, TearLine.DETAIL)]
    if any(OPENNESS[mark] > OPENNESS[authority.tlp_ceiling] for mark in marks):
        raise Refused("request_authority_ceiling", room=local_name(authority.names), expected=authority.tlp_ceiling)


def relabel(by: Actor, rows: Iterable[models.Model], label: int) -> None:
    """Put rows of the acting room under another label."""
    now = datetime.now(UTC)
    for row in rows:
        model: Any = type(row)
        model.objects.filter(pk=row.pk, room=by.room_id).update(audience_id=label, audience_since=now)
        row.refresh_from_db(fields=["audience", "audience_since"])


def release_clock(by: Actor, request_id: UUID, clock: Clock) -> list[Clock]:
    """Let those read a new clock to whom the request's headline was released."""
    place = (RECORD_TYPE, request_id)
    label = widened(by.room_id, clock.audience_id, releases_in_force(by.room_id, [place], TearLine.HEADLINE)[place])
    if label == clock.audience_id:
        return []
    relabel(by, [clock], label)
    return [clock]


def _allowed(by: Actor, record_type: str, line: str, asked: Iterable[UUID]) -> list[UUID]:
    mark = _mark(by, record_type, line)
    rooms = Room.objects.in_bulk(list(asked))
    return [pk for pk, room in rooms.items() if pk == by.room_id or OPENNESS[mark] <= OPENNESS[room.tlp_ceiling]]


def _mark(by: Actor, record_type: str, line: str) -> Any:
    return str(line_rule(by.operation_id, record_type, line).get("marking", MARK))
