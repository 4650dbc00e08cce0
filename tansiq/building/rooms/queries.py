"""Audiences and rooms as the desks need them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import get_language

from tansiq.building.ledger.words import register_namer
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.editions import kept
from tansiq.building.rooms.models import Invitation, Membership, Operation, Role, Room, TearLine
from tansiq.building.wall.context import room_context

DEFAULT_LABELS = """
select l.line, wall_audience(%(room)s, l.readers, array_fill(null::timestamptz, array[cardinality(l.readers)]))
  from (select w.line, array_agg(r.id) as readers
          from rooms_operation o cross join unnest(%(lines)s::text[]) as w (line)
         cross join lateral (select o.rules #> array['record_types', %(type)s::text, 'lines', w.line] as rule) x
          join rooms_room r on r.operation_id = o.id and (r.id = %(room)s
               or jsonb_exists(x.rule -> 'rooms', r.slug) or jsonb_exists(x.rule -> 'room_kinds', r.kind))
         where o.id = %(operation)s group by w.line) l
"""


def local_name(names: Mapping[str, str] | str | None) -> str:
    """A name from data in the reader's language; English where that is missing, else any that there is."""
    if not names or isinstance(names, str):
        return names or ""
    known = {code: name for code, name in names.items() if name}
    return known.get((get_language() or "en").split("-")[0]) or known.get("en") or next(iter(known.values()), "")


def audience(room_id: UUID, readers: Iterable[tuple[UUID, datetime | None]] = (), *, widened: int | None = None) -> int:
    """The label under which the room and these readers (each perhaps until an hour) may read; made when new.

    widened : the plain label of the room that releases widen; the new label remembers it.
    """
    members = {room_id: None, **{reader: until for reader, until in readers if reader != room_id}}
    with connection.cursor() as cursor:
        cursor.execute(
            "select wall_audience(%s, %s::uuid[], %s::timestamptz[], %s)",
            [room_id, list(members), list(members.values()), widened],
        )
        return int(cursor.fetchone()[0])


def room_slug(by: Actor) -> str:
    """The code of the acting room, which it keeps for good."""
    slug: str = kept(by.operation_id, _room_slug, by.room_id)
    return slug


def _room_slug(_operation_id: UUID, room_id: UUID) -> str:
    slug: str = Room.objects.values_list("slug", flat=True).get(pk=room_id)
    return slug


def line_rule(operation_id: UUID, record_type: str, line: str) -> dict[str, Any]:
    """The operation's release rule for a tear line of a record type; empty when it has none."""
    rules = Operation.objects.get(pk=operation_id).rules
    rule: dict[str, Any] = rules.get("record_types", {}).get(record_type, {}).get("lines", {}).get(line, {})
    return rule


def audience_for(record_type: str, line: str, by: Actor) -> int:
    """The default label of a new record's tear line, from the release rules; no rule means the room alone."""
    return default_audiences(record_type, by)[line]


def default_audiences(record_type: str, by: Actor) -> dict[str, int]:
    """The default label of each tear line of a record type."""
    labels: dict[str, int] = kept(by.operation_id, _labels, by.room_id, record_type, once_committed=True)
    return labels


def _labels(operation_id: UUID, room_id: UUID, record_type: str) -> dict[str, int]:
    """One statement for all lines. Who reads under a label never changes, so a label may be kept."""
    asked = {"lines": TearLine.values, "type": record_type, "room": room_id, "operation": operation_id}
    with connection.cursor() as cursor:
        cursor.execute(DEFAULT_LABELS, asked)
        return dict(cursor.fetchall())


def rooms_named(operation_id: UUID, rule: dict[str, Any]) -> list[UUID]:
    """The rooms of an operation that a rule names by code or by kind, in a fixed order."""
    if not (rule.get("rooms") or rule.get("room_kinds")):
        return []
    return _named(Room.objects.filter(operation_id=operation_id).order_by("slug"), rule)


def _named(rooms: Iterable[Room], rule: dict[str, Any]) -> list[UUID]:
    codes, kinds = set(rule.get("rooms", ())), set(rule.get("room_kinds", ()))
    return [room.pk for room in rooms if room.slug in codes or room.kind in kinds]


def invitations_of(room_id: UUID, now: datetime) -> list[Invitation]:
    """The invitations of a room that stand, by address."""
    return list(Invitation.objects.filter(room_id=room_id, ended_at=None, until__gt=now).order_by("email"))


def invitations_for(account_id: UUID | None, now: datetime) -> list[Invitation]:
    """The invitations that stand for the account's address, by operation and room.

    Read by the account outside every room: then the wall shows those of its own address and no others.
    """
    if account_id is None:
        return []
    with room_context(account_id=account_id), transaction.atomic():
        found = Invitation.objects.filter(ended_at=None, until__gt=now).select_related("room__operation")
        return list(found.order_by("room__operation__slug", "room__slug"))


def share_states(labels: Iterable[int]) -> dict[int, list[tuple[UUID, datetime | None]]]:
    """For labels that the acting room owns: every room in the audience and until when. Others' labels are absent."""
    with connection.cursor() as cursor:
        cursor.execute("select audience_id, room_id, until from wall_members(%s)", [list(set(labels))])
        found: dict[int, list[tuple[UUID, datetime | None]]] = {}
        for label, room_id, until in cursor.fetchall():
            found.setdefault(label, []).append((room_id, until))
        return found


def plain_labels(labels: Iterable[int]) -> dict[int, int]:
    """For labels that the acting room owns: the label before any release. Others' labels are absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct audience_id, coalesce(base_id, audience_id) from wall_members(%s)", [list(set(labels))]
        )
        return dict(cursor.fetchall())


def with_roles(held: Iterable[Membership | Invitation]) -> list[tuple[Any, list[dict[str, str]]]]:
    """Each membership or invitation with the names of its roles; one query for all."""
    listed = list(held)
    operations = {one.room.operation_id for one in listed}
    names = {(role.operation_id, role.code): role.names for role in Role.objects.filter(operation_id__in=operations)}
    return [(one, [names.get((one.room.operation_id, code), {"en": code}) for code in one.roles]) for one in listed]


def _room_name(reader: UUID, room_id: UUID) -> Any:
    """The names of a room of the reader's operation."""
    found = Room.objects.filter(pk=room_id, operation__room=reader)
    return found.values_list("names", flat=True).first()


def _member_name(reader: UUID, account_id: UUID) -> Any:
    """The name of who has, or had, a place in the reader's own room; who works elsewhere stays an id."""
    found = Membership.objects.filter(room_id=reader, account_id=account_id)
    return found.values_list("account__name", flat=True).first()


register_namer("room", _room_name)
register_namer("by", _member_name)
