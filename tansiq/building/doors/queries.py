"""What passed the doors: releases of this room, deliveries to it, and who reads a row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

from tansiq.building.doors.models import Delivery, Marking, RecallReceipt, Release, ReleaseState
from tansiq.building.doors.rules import OPENNESS, RECORD_TYPES, Holders, Place, RecordType
from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import Opened, opened
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation, Room, RoomRecord
from tansiq.building.rooms.queries import audience, audience_for, line_rule, local_name, share_states

Reader = tuple[UUID, datetime | None]

LOCKS = 256  # of a room; records share them, so that even a large import takes a bounded number


@dataclass(frozen=True)
class ShareState:
    """Who reads a row, as the acting room may know it."""

    kind: str  # "own", "released" (own, others read too), "received", "recalled" (own, nobody reads it any more)
    rooms: tuple[dict[str, str], ...] = ()  # names of the other rooms (own rows), or of the owner (received)
    until: datetime | None = None  # when the first of them stops reading
    is_pending: bool = False  # a proposed release of it waits for a second person


@dataclass(frozen=True)
class Happening:
    """One entry of a release's history: what, when, by whom, and its receipt."""

    opened: Opened
    person: str


def releases(actor: Actor) -> QuerySet[Release]:
    """Releases of this room: those that wait for agreement first, then newest first."""
    waiting_first = Case(
        When(state=ReleaseState.PROPOSED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return (
        Release.objects.filter(room_id=actor.room_id)
        .prefetch_related("delivery_set__receiver")
        .order_by(waiting_first, "-created_at", "id")
    )


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """What other rooms released to this one, newest first; recalled ones too, without their content."""
    return Delivery.objects.filter(receiver_id=actor.room_id).select_related("room").order_by("-created_at", "id")


def standing(release: Release | Delivery, now: datetime | None = None) -> str:
    """How it stands to a reader: the state, or "ended" when its hour has passed."""
    state = getattr(release, "state", None) or ("recalled" if getattr(release, "recalled_at", None) else "in_force")
    passed = release.until is not None and release.until <= (now or datetime.now(UTC))
    return "ended" if passed and state == ReleaseState.IN_FORCE else str(state)


def receipts(actor: Actor, found: Iterable[Delivery]) -> dict[UUID, RecallReceipt]:
    """For each recalled delivery: the receiver's statement that it took note."""
    noted = RecallReceipt.objects.filter(delivery_id__in=[delivery.pk for delivery in found])
    return {receipt.delivery_id: receipt for receipt in noted}


def history(release: Release) -> list[Happening]:
    """The ledger's entries of a release, oldest first, with the name of who acted."""
    found = opened(Entry.objects.filter(room_id=release.room_id, object_id=release.pk).order_by("seq"))
    people = get_user_model().objects.in_bulk({one.facts["by"] for one in found} - {"system"})
    names = {str(pk): str(person) for pk, person in people.items()}
    return [Happening(one, names.get(one.facts["by"], "")) for one in found]


def titles(found: Iterable[Release | Delivery]) -> dict[UUID, str]:
    """The title of each record that is named and still readable; one query for each kind of record."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for one in found:
        wanted[one.record_type].add(one.record_id)
    named: dict[UUID, str] = {}
    for code, ids in wanted.items():
        if code in RECORD_TYPES:
            records = RECORD_TYPES[code].model._default_manager.in_bulk(ids)
            named.update({pk: str(RECORD_TYPES[code].title(record)) for pk, record in records.items()})
    return named


def type_names(operation_id: UUID) -> dict[str, str]:
    """The operation's names of kinds of record, in the reader's language."""
    rules = Operation.objects.get(pk=operation_id).rules.get("record_types", {})
    return {code: local_name(rule.get("names")) or code for code, rule in rules.items()}


def default_marking(operation_id: UUID, code: str, lines: Iterable[str]) -> str:
    """The mark that the operation's rules give: the most closely held of the lines'."""
    marks = [str(line_rule(operation_id, code, line).get("marking", Marking.GREEN)) for line in lines]
    return max(marks, key=OPENNESS.__getitem__, default=str(Marking.GREEN))


def covering(kind: RecordType, record_id: UUID) -> list[Place]:
    """The record, and those that it is part of: a release of any of them reaches its rows."""
    return [(kind.code, record_id), *kind.within(record_id)]


def holders_of(kind: RecordType, room_id: UUID, record_id: UUID, model: type[Model], ids: Sequence[UUID]) -> Holders:
    """For rows of a record: every record whose release opens them, the record itself among these."""
    covers, shared = covering(kind, record_id), kind.holders(room_id, model, ids)
    return {pk: shared.get(pk, covers) for pk in ids}


def touched(kind: RecordType, room_id: UUID, record_id: UUID) -> set[Place]:
    """Every record that shares a row with this one: what a release of this one has to be held against."""
    found = set(covering(kind, record_id))
    for line in kind.lines:
        for model, ids in kind.rows(record_id, line):
            found.update(*holders_of(kind, room_id, record_id, model, list(ids)).values())
    return found


def hold(room_id: UUID, places: Iterable[Place], *, shared: bool = False) -> None:
    """Wait for other releases of these records, and keep them waiting until the transaction ends.

    shared : let others add rows to the records meanwhile; only releases and recalls wait.
    """
    verb = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    numbers = sorted({record_id.int % LOCKS for _code, record_id in places})
    with connection.cursor() as cursor:
        cursor.execute(f"select {verb}(hashtext(%s), n) from unnest(%s::int[]) as t (n)", [f"doors {room_id}", numbers])


def releases_in_force(room_id: UUID, places: Iterable[Place], line: str) -> dict[Place, list[Release]]:
    """Releases of these records' line that now let somebody read."""
    wanted = set(places)
    found = Release.objects.filter(
        Q(until=None) | Q(until__gt=datetime.now(UTC)), room_id=room_id, state=ReleaseState.IN_FORCE,
        record_type__in={code for code, _id in wanted}, record_id__in={record_id for _code, record_id in wanted},
    ).prefetch_related("delivery_set")  # fmt: skip
    in_force: dict[Place, list[Release]] = defaultdict(list)
    for release in found:
        if line in release.lines and (release.record_type, release.record_id) in wanted:
            in_force[release.record_type, release.record_id].append(release)
    return in_force


def readers_after(base: Iterable[Reader], in_force: Iterable[Release]) -> dict[UUID, datetime | None]:
    """Readers of a line: those of its own rule, and those of each release; the longer time wins."""
    readers = dict(base)
    for release in in_force:
        for delivery in release.delivery_set.all():
            former = readers.get(delivery.receiver_id, release.until)
            longer = None if former is None or release.until is None else max(former, release.until)
            readers[delivery.receiver_id] = longer
    return readers


def widened(room_id: UUID, plain: int, in_force: Sequence[Release]) -> int:
    """The label that releases make of a plain one; the plain one itself when they add nobody."""
    if not in_force:
        return plain
    base = dict(share_states([plain]).get(plain, []))
    readers = readers_after(base.items(), in_force)
    return plain if readers == base else audience(room_id, readers.items(), widened=plain)


def audience_now(record_type_code: str, record_id: UUID, line: str, by: Actor, *, default_of: str | None = None) -> int:
    """The label for a row that is added to a record: who reads by default, and who by the releases in force now.

    default_of : the record type whose rule gives the default readers, where the row's own kind has a rule of its own.
    """
    return audiences_now(record_type_code, [record_id], line, by, default_of=default_of)[record_id]


def audiences_now(
    record_type_code: str, record_ids: Iterable[UUID], line: str, by: Actor, *, default_of: str | None = None
) -> dict[UUID, int]:
    """For rows that are added to many records: the label for each, in a fixed number of queries.

    Keeps releases and recalls of these records waiting until the transaction ends, so that no row is missed.
    """
    kind = RECORD_TYPES.get(record_type_code)
    places = {
        record_id: covering(kind, record_id) if kind else [(record_type_code, record_id)] for record_id in record_ids
    }
    everywhere = {place for covers in places.values() for place in covers}
    hold(by.room_id, everywhere, shared=True)
    plain = audience_for(default_of or record_type_code, line, by)
    in_force = releases_in_force(by.room_id, everywhere, line)
    return {
        record_id: widened(by.room_id, plain, [one for place in covers for one in in_force.get(place, ())])
        for record_id, covers in places.items()
    }


def share_state_of(rows: Sequence[RoomRecord], actor: Actor) -> dict[UUID, ShareState]:
    """For each row of a list: own, released to whom, or received from whom; three queries for any length."""
    members = share_states({row.audience_id for row in rows if row.room_id == actor.room_id})
    wanted = {room for readers in members.values() for room, _until in readers} | {row.room_id for row in rows}
    names = {room.pk: room.names for room in Room.objects.filter(pk__in=wanted)}
    past = _decisions(rows, actor)
    return {row.pk: _state(row, actor, members, names, past) for row in rows}


def _decisions(rows: Sequence[Model], actor: Actor) -> dict[UUID, set[str]]:
    found = Release.objects.filter(
        room_id=actor.room_id, record_id__in=[row.pk for row in rows],
        state__in=(ReleaseState.PROPOSED, ReleaseState.RECALLED),
    )  # fmt: skip
    states: dict[UUID, set[str]] = defaultdict(set)
    for record_id, state in found.values_list("record_id", "state"):
        states[record_id].add(state)
    return states


def _state(
    row: RoomRecord,
    actor: Actor,
    members: Mapping[int, list[Reader]],
    names: Mapping[UUID, dict[str, str]],
    past: Mapping[UUID, Any],
) -> ShareState:
    if row.room_id != actor.room_id:
        return ShareState("received", (names[row.room_id],))
    now, states = datetime.now(UTC), past.get(row.pk, ())
    is_pending = ReleaseState.PROPOSED in states
    others = [
        (room, until)
        for room, until in members.get(row.audience_id, [])
        if room != actor.room_id and (until is None or until > now)
    ]
    if not others:
        return ShareState("recalled" if ReleaseState.RECALLED in states else "own", is_pending=is_pending)
    ends = [until for _room, until in others if until is not None]
    rooms = sorted((names[room] for room, _until in others), key=local_name)
    return ShareState("released", tuple(rooms), min(ends) if ends else None, is_pending)
