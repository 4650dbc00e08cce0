"""Audiences and rooms as the desks need them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation, Room, TearLine


def audience(room_id: UUID, readers: Iterable[tuple[UUID, datetime | None]] = ()) -> int:
    """The label under which the room and these readers (each perhaps until an hour) may read; made when new."""
    members = {room_id: None, **{reader: until for reader, until in readers if reader != room_id}}
    with connection.cursor() as cursor:
        cursor.execute(
            "select wall_audience(%s, %s::uuid[], %s::timestamptz[])",
            [room_id, list(members), list(members.values())],
        )
        return int(cursor.fetchone()[0])


def audience_for(record_type: str, line: str, by: Actor) -> int:
    """The default label of a new record's tear line, from the operation's release rules.

    A rule names rooms by slug or by kind (``kind:shared_floor``) or ``*``; no rule means the room alone.
    """
    operation = Operation.objects.get(pk=by.operation_id)
    rule = operation.rules.get("default_audiences", {}).get(record_type, {}).get(line, [])
    return audience(by.room_id, [(room_id, None) for room_id in rooms_named(by.operation_id, rule)])


def default_audiences(record_type: str, by: Actor) -> dict[str, int]:
    """The default label of each tear line of a record type."""
    return {line: audience_for(record_type, line, by) for line in TearLine.values}


def rooms_named(operation_id: UUID, names: Iterable[str]) -> list[UUID]:
    """The rooms of an operation that a rule's names mean, in a fixed order."""
    wanted = set(names)
    if not wanted:
        return []
    rooms = Room.objects.filter(operation_id=operation_id).order_by("slug")
    return [room.pk for room in rooms if wanted & {"*", room.slug, f"kind:{room.kind}"}]


def share_states(labels: Iterable[int]) -> dict[int, list[tuple[UUID, datetime | None]]]:
    """For labels that the acting room owns: every room in the audience and until when. Others' labels are absent."""
    with connection.cursor() as cursor:
        cursor.execute("select audience_id, room_id, until from wall_members(%s)", [list(set(labels))])
        found: dict[int, list[tuple[UUID, datetime | None]]] = {}
        for label, room_id, until in cursor.fetchall():
            found.setdefault(label, []).append((room_id, until))
        return found
