"""Thousands of consignments on their way, with trucks, events, line items, clocks and impediments, behind the wall."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg

from tools.measured_events import Readers, copied, labels_of, rooms_of
from tools.measured_house import administrator

SEED = 11
TRUCKS = 2
ROAD = (
    *("departed", "at_inspection", "screened", "entered", "offloaded", "collected", "in_transit_inside", "arrived"),
    *("received_good", "stored", "released_to_partner", "distributed", "reconciled"),
)
CROSSINGS = ("kerem_shalom", "zikim", "kissufim")
LABELS = 300


@dataclass(frozen=True)
class Sizes:
    """How much is written."""

    live: int
    finished: int


@dataclass(frozen=True)
class Filled:
    """Who reads, and what was written."""

    readers: Readers
    events: int


@dataclass(frozen=True)
class _Consignment:
    id: uuid.UUID
    room: uuid.UUID
    label: int
    number: int
    begun: datetime
    crossing: str
    trucks: tuple[uuid.UUID, ...]
    steps: int  # on the road


def fill(name: str, sizes: Sizes) -> Filled:
    """Write all of it into a database of the house; done once for a database."""
    with administrator(name) as admin:
        kept = admin.execute("select to_regclass('measured_readers')").fetchone()
        if kept is None or kept[0] is None:
            _fill(admin, sizes)
        row = admin.execute("select little, part, everything from measured_readers").fetchone()
        events = admin.execute("select count(*) from aid_aidevent").fetchone()
    assert row is not None and events is not None  # noqa: S101
    return Filled(Readers(*row), events[0])


def _fill(admin: psycopg.Connection, sizes: Sizes) -> None:
    random = np.random.default_rng(SEED)
    operation = admin.execute("select id from rooms_operation").fetchone()
    assert operation is not None  # noqa: S101
    rooms = rooms_of(admin, operation[0])
    readers = Readers(rooms[-1], rooms[-2], rooms[0])
    owned = labels_of(admin, random, rooms, LABELS, readers)
    sent = list(_consignments(random, rooms, owned, sizes))
    admin.execute("set session_replication_role = replica")  # keys are right by their making; no need to look each up
    _goods(admin, sent)
    _events(admin, random, sent)
    _obstacles(admin, random, operation[0], sent[: sizes.live])
    admin.execute("set session_replication_role = origin")
    admin.execute("create table measured_readers (little uuid, part uuid, everything uuid)")
    admin.execute("insert into measured_readers values (%s, %s, %s)", [*vars(readers).values()])
    admin.execute("vacuum analyze")


def _consignments(
    random: np.random.Generator, rooms: list[uuid.UUID], owned: list[list[int]], sizes: Sizes
) -> Iterator[_Consignment]:
    now = datetime.now(UTC)
    for number in range(sizes.live + sizes.finished):
        room = int(random.integers(len(rooms) - 2))
        label = owned[room][int(random.integers(len(owned[room])))]
        steps = int(random.integers(0, len(ROAD))) if number < sizes.live else len(ROAD)
        begun = now - timedelta(hours=float(random.uniform(steps + 1, 900)))
        trucks = tuple(_id(random) for _ in range(TRUCKS))
        crossing = CROSSINGS[int(random.integers(len(CROSSINGS)))]
        yield _Consignment(_id(random), rooms[room], label, number, begun, crossing, trucks, steps)


def _goods(admin: psycopg.Connection, sent: list[_Consignment]) -> None:
    copied(
        admin, "aid_consignment (id, room_id, audience_id, source, reference, consignor_class, crossing_code, "
        "created_at)",
        ((c.id, c.room, c.label, "measured", f"C {c.number}", "un", c.crossing, c.begun) for c in sent),
    )  # fmt: skip
    copied(
        admin, "aid_consignmentline (id, room_id, audience_id, consignment_id, number, commodity, cargo, quantity, "
        "unit, reason)",
        ((uuid.uuid4(), c.room, c.label, c.id, 1, "", "", 10 + c.number % 40, "pallet", "") for c in sent),
    )  # fmt: skip
    copied(
        admin, "aid_handlingunit (id, room_id, audience_id, code, kind, consignment_id)",
        ((truck, c.room, c.label, f"T{c.number}-{n}", "truck", c.id) for c in sent for n, truck in enumerate(c.trucks)),
    )  # fmt: skip


def _events(admin: psycopg.Connection, random: np.random.Generator, sent: list[_Consignment]) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for c in sent:
            for n, truck in enumerate(c.trucks):
                for step in range(c.steps):
                    at = c.begun + timedelta(minutes=55 * (step + 1))
                    yield (_id(random), c.room, c.label, "measured", f"{c.number}:{n}:{step}", 0, "", truck, c.id,
                           ROAD[step], "", at, "second", at, c.crossing if step < 4 else "", 1, "", False)  # fmt: skip

    copied(
        admin, "aid_aidevent (id, room_id, audience_id, source, source_key, edition, fingerprint, handling_unit_id, "
        "consignment_id, stage, reason, occurred_at, precision, recorded_at, crossing_code, attempt, "
        "correction_reason, withdrawn)", rows(),
    )  # fmt: skip


def _obstacles(
    admin: psycopg.Connection, random: np.random.Generator, operation: uuid.UUID, sent: list[_Consignment]
) -> None:
    """A clock on every tenth consignment, an impediment on every fortieth."""
    kind = admin.execute("select id from clocks_clockkind where operation_id = %s and code = 'inspection'", [operation])
    row = kind.fetchone()
    assert row is not None  # noqa: S101
    hours = timedelta(hours=6)
    copied(
        admin, "clocks_clock (id, room_id, audience_id, kind_id, subject_label, subject_id, subject_names, "
        "holder_room_id, holder_role, state, started_at, duration, due_at, paused_for, pause_reason, ladder)",
        ((_id(random), c.room, c.label, row[0], "aid.consignment", c.id, "{}", c.room, "crossing_officer", "running",
          c.begun, hours, c.begun + hours, timedelta(), "", "[]") for c in sent[::10]),
    )  # fmt: skip
    held = [(_id(random), c) for c in sent[::40]]
    copied(
        admin, "impediments_impediment (id, room_id, audience_id, title, kind, state, place, chain_links, obligation, "
        "owner_room_id, owner_role, origin, raised_at, raised_count, silence_count, answer, next_forum)",
        ((one, c.room, c.label, f"Impediment {c.number}", "permit", "open", "", '["entry", "transport"]', "", c.room,
          "liaison_officer", "", c.begun, 1, 0, "", "") for one, c in held),
    )  # fmt: skip
    copied(
        admin, "impediments_relatedrecord (id, room_id, audience_id, impediment_id, relation, record_label, record_id, "
        "record_names)",
        ((_id(random), c.room, c.label, one, "held", "aid.consignment", c.id, '{"en": "C"}') for one, c in held),
    )  # fmt: skip


def _id(random: np.random.Generator) -> uuid.UUID:
    return uuid.UUID(bytes=random.bytes(16), version=4)
