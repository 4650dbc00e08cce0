"""What passed the doors: releases of this room, deliveries to it, and who reads a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from tansiq.building.doors.models import Delivery, FormerAudience, Release, ReleaseState
from tansiq.building.doors.rules import RecordType
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room, RoomRecord
from tansiq.building.rooms.queries import share_states

Reader = tuple[UUID, datetime | None]


@dataclass(frozen=True)
class ShareState:
    """Who reads a row, as the acting room may know it."""

    kind: str  # "own", "shared" (own, others read too), "received"
    rooms: tuple[dict[str, str], ...] = ()  # names of the other rooms (own rows), or of the owner (received)
    until: datetime | None = None


def releases(actor: Actor) -> QuerySet[Release]:
    """Releases that this room decided or has still to decide, newest first."""
    return (
        Release.objects.filter(room_id=actor.room_id).prefetch_related("delivery_set__receiver").order_by("-created_at")
    )


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """What other rooms released to this one, newest first; recalled ones too, without their content."""
    return Delivery.objects.filter(receiver_id=actor.room_id).select_related("room").order_by("-created_at")


def releases_in_force(room_id: UUID, code: str, record_id: UUID, line: str) -> list[Release]:
    """Releases of a record's line that now let somebody read."""
    live = Q(until=None) | Q(until__gt=datetime.now(UTC))
    found = Release.objects.filter(
        live, room_id=room_id, record_type=code, record_id=record_id, state=ReleaseState.IN_FORCE
    ).prefetch_related("delivery_set")
    return [release for release in found if line in release.lines]


def readers_after(base: Iterable[Reader], in_force: Iterable[Release]) -> list[Reader]:
    """Readers of a line: those of its own rule, and those of each release; the longer time wins."""
    readers: dict[UUID, datetime | None] = dict(base)
    for release in in_force:
        for delivery in release.delivery_set.all():
            former = readers.get(delivery.receiver_id, release.until)
            longer = None if former is None or release.until is None else max(former, release.until)
            readers[delivery.receiver_id] = longer
    return sorted(readers.items(), key=lambda reader: str(reader[0]))


def base_label(
    by: Actor, kind: RecordType, record_id: UUID, line: str, rows: Sequence[tuple[type[Model], Sequence[UUID]]]
) -> list[Reader] | None:
    """Readers of a record's line before any release, noted at the first release; None when it has no row."""
    former = FormerAudience.objects.filter(
        room_id=by.room_id, record_type=kind.code, record_id=record_id, tear_line=line
    ).first()
    label = former.former_id if former else _label_of(rows)
    if label is None:
        return None
    if former is None:
        note_former(by, kind, record_id, line, label)
    return [reader for reader in share_states([label]).get(label, []) if reader[0] != by.room_id]


def note_former(by: Actor, kind: RecordType, record_id: UUID, line: str, label: int) -> None:
    """Keep the label that a line has before its first release."""
    FormerAudience(
        room_id=by.room_id, audience_id=label, record_type=kind.code, record_id=record_id, tear_line=line,
        former_id=label,
    ).save(force_insert=True)  # fmt: skip


def share_state_of(rows: Sequence[RoomRecord], actor: Actor) -> dict[UUID, ShareState]:
    """For each row of a list: own, shared with whom, or received from whom; the same two queries for any length."""
    own_labels = {row.audience_id for row in rows if row.room_id == actor.room_id}
    members = share_states(own_labels) if own_labels else {}
    wanted = {room for readers in members.values() for room, _until in readers} | {row.room_id for row in rows}
    names = {room.pk: room.names for room in Room.objects.filter(pk__in=wanted)}
    return {row.pk: _state(row, actor, members, names) for row in rows}


def _state(
    row: RoomRecord, actor: Actor, members: dict[int, list[Reader]], names: dict[UUID, dict[str, str]]
) -> ShareState:
    if row.room_id != actor.room_id:
        return ShareState("received", (names[row.room_id],))
    now = datetime.now(UTC)
    others = [
        (room, until)
        for room, until in members.get(row.audience_id, [])
        if room != actor.room_id and (until is None or until > now)
    ]
    if not others:
        return ShareState("own")
    ends = [until for _room, until in others if until is not None]
    return ShareState("shared", tuple(names[room] for room, _until in others), min(ends) if ends else None)


def _label_of(rows: Sequence[tuple[type[Any], Sequence[UUID]]]) -> int | None:
    for model, ids in rows:
        found = model._default_manager.filter(pk__in=ids).values_list("audience_id", flat=True).first()
        if found is not None:
            return int(found)
    return None
