"""A million aid events of many rooms under thousands of labels, as a site would hold them after years."""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg

from tools.measured_house import OPERATION, administrator

SEED = 20260101
DAYS = 365
START = datetime(2026, 1, 1, tzinfo=UTC)
ROOMS = 40


@dataclass(frozen=True)
class Readers:
    """Three rooms that read little, some and all of what there is."""

    little: uuid.UUID
    part: uuid.UUID
    everything: uuid.UUID


def fill(name: str, events: int, labels: int) -> Readers:
    """Write rooms, labels, trucks, events and measures into a database of the house; done once for a database."""
    with administrator(name) as admin:
        kept = admin.execute("select to_regclass('measured_readers')").fetchone()
        if kept is None or kept[0] is None:
            _fill(admin, events, labels)
        row = admin.execute("select little, part, everything from measured_readers").fetchone()
    assert row is not None
    return Readers(*row)


def _fill(admin: psycopg.Connection, events: int, labels: int) -> None:
    random = np.random.default_rng(SEED)
    operation = admin.execute("select id from rooms_operation").fetchone()
    assert operation is not None
    rooms = rooms_of(admin, operation[0])
    readers = Readers(rooms[-1], rooms[-2], rooms[0])
    owned = labels_of(admin, random, rooms, labels, readers)
    admin.execute("set session_replication_role = replica")  # keys are right by their making; no need to look each up
    _events(admin, random, rooms, owned, events)
    admin.execute("set session_replication_role = origin")
    admin.execute("create table measured_readers (little uuid, part uuid, everything uuid)")
    admin.execute("insert into measured_readers values (%s, %s, %s)", [*vars(readers).values()])
    admin.execute("vacuum analyze")


def rooms_of(admin: psycopg.Connection, operation: uuid.UUID) -> list[uuid.UUID]:
    """The rooms of the operation, and further ones until there are many; in their order."""
    rooms = [row[0] for row in admin.execute("select id from rooms_room order by slug")]
    while len(rooms) < ROOMS:
        made = uuid.uuid4()
        admin.execute(
            "insert into rooms_room (id, operation_id, slug, kind, names, tlp_ceiling) "
            "values (%s, %s, %s, 'organisation', '{}', 'AMBER')",
            [made, operation, f"measured-{len(rooms)}"],
        )
        rooms.append(made)
    return rooms


def labels_of(
    admin: psycopg.Connection, random: np.random.Generator, rooms: list[uuid.UUID], count: int, readers: Readers
) -> list[list[int]]:
    """Make labels, each read by its owner, the room that reads everything, and a few others; by owning room."""
    owned: list[list[int]] = [[] for _ in rooms]
    with admin.transaction():
        for number in range(count):
            owner = number % len(rooms)
            admitted = {rooms[owner], readers.everything}
            admitted |= {rooms[n] for n in random.choice(len(rooms) - 2, int(random.integers(0, 6)), replace=False)}
            admitted |= {readers.part} if random.random() < 0.4 else set()
            admitted |= {readers.little} if random.random() < 0.01 else set()
            label = admin.execute(
                "insert into rooms_audience (room_id, digest) values (%s, sha256(%s)) returning id",
                [rooms[owner], f"measured {number}".encode()],
            ).fetchone()
            assert label is not None
            owned[owner].append(label[0])
            admin.execute(
                "insert into rooms_audiencemember (room_id, audience_id) select unnest(%s::uuid[]), %s",
                [list(admitted), label[0]],
            )
        admin.execute("delete from rooms_roommask")
        admin.execute(
            "insert into rooms_roommask (room_id, mask) select m.room_id, string_agg("
            "case when held.audience_id is null then '0' else '1' end, '' order by n)::bit varying "
            "from (select distinct room_id from rooms_audiencemember) m "
            "cross join generate_series(0, (select max(id) from rooms_audience)) n "
            "left join rooms_audiencemember held on held.room_id = m.room_id and held.audience_id = n "
            "and held.until is null group by m.room_id"
        )
    return owned


def _events(
    admin: psycopg.Connection, random: np.random.Generator, rooms: list[uuid.UUID], owned: list[list[int]], count: int
) -> None:
    from tansiq.building.rooms.configuration import read_operation
    from tansiq.building.rooms.configuration.world import simulated_world
    from tansiq.engine.simulation import simulate_many

    made = simulate_many(
        seed=SEED, events=count, days=DAYS, start=START, world=simulated_world(read_operation(OPERATION))
    )
    trucks = int(made.unit.max()) + 1
    ids = [uuid.UUID(bytes=random.bytes(16), version=4) for _ in range(trucks)]
    weights = 1 / (1 + np.arange(len(rooms) - 1))  # few rooms write much, many write little; the last one nothing
    room_of = random.choice(len(rooms) - 1, trucks, p=weights / weights.sum())
    label_of = [owned[room][int(random.integers(len(owned[room])))] for room in room_of]
    sent = [uuid.UUID(bytes=random.bytes(16), version=4) for _ in range(trucks)]
    consignments = ((sent[n], rooms[room_of[n]], label_of[n], "measured", f"C {n}", "un", "kerem_shalom",
                     START + timedelta(minutes=n)) for n in range(trucks))  # fmt: skip
    copied(admin, "aid_consignment (id, room_id, audience_id, source, reference, consignor_class, crossing_code, "
          "created_at)", consignments)  # fmt: skip
    units = ((ids[n], rooms[room_of[n]], label_of[n], f"T{n}", "truck", sent[n]) for n in range(trucks))
    copied(admin, "aid_handlingunit (id, room_id, audience_id, code, kind, consignment_id)", units)
    event_ids = [uuid.UUID(bytes=random.bytes(16), version=4) for _ in range(count)]
    stages, crossings, classes, goods = made.stages, made.crossings, made.consignor_classes, made.commodities
    occurred = [datetime.fromtimestamp(int(s), UTC) for s in made.occurred_s]
    recorded = [datetime.fromtimestamp(int(s), UTC) for s in made.recorded_s]

    def events() -> Iterator[tuple[Any, ...]]:
        for n, unit in enumerate(made.unit):
            yield (event_ids[n], rooms[room_of[unit]], label_of[unit], "measured", f"k{n}", 0, "", ids[unit],
                   sent[unit], stages[made.stage[n]], "", occurred[n], "second", recorded[n],
                   crossings[made.crossing[n]], 1, "", False)  # fmt: skip

    def measures() -> Iterator[tuple[Any, ...]]:
        for n, unit in enumerate(made.unit):
            yield (uuid.UUID(bytes=random.bytes(16), version=4), rooms[room_of[unit]], label_of[unit], event_ids[n],
                   ids[unit], f"T{unit}", "measured", stages[made.stage[n]], crossings[made.crossing[n]],
                   classes[made.consignor_class[n]], goods[made.commodity[n]], "", "truck", 1, 1, "", 1, False,
                   occurred[n], recorded[n])  # fmt: skip

    copied(admin, "aid_aidevent (id, room_id, audience_id, source, source_key, edition, fingerprint, handling_unit_id, "
          "consignment_id, stage, reason, occurred_at, precision, recorded_at, crossing_code, attempt, "
          "correction_reason, withdrawn)", events())  # fmt: skip
    copied(admin, "aid_aidmeasure (id, room_id, audience_id, event_id, unit_key, reference, source, stage, "
          "crossing_code, consignor_class, commodity, cargo_key, unit, quantity_giver, quantity_receiver, place, "
          "attempt, is_repeat, occurred_at, recorded_at)", measures())  # fmt: skip


def copied(admin: psycopg.Connection, target: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Write rows into a table in one go."""
    with admin.cursor().copy(f"copy {target} from stdin") as wide:
        for row in rows:
            wide.write_row(row)


def period(random: np.random.Generator, days: int) -> tuple[datetime, datetime]:
    """A period of so many days somewhere in the span of the events."""
    start = START + timedelta(days=int(random.integers(0, DAYS - days)))
    return start, start + timedelta(days=days)
