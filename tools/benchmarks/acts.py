"""Acts a second by eight writers, with their ledger entries and without.

"Without" is the same action in the same kind of transaction behind the same wall: the same rows and the same news to
pages, but no entry, no digest of the rows, no place in the room's chain. A sequencer is at work meanwhile.
"""

import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from tools.measured_house import figure, is_small, measured_database, measured_house, point_at, quantile

WRITERS = 8
TICK_S = 2
KINDS = {
    "status": "act that reports a crossing's state",
    "event": "act that records an aid event with its measures",
}
GOAL = ">= 300 acts/s and >= 0.75 x without"


def main(arguments: list[str]) -> None:
    """Measure each kind of act over several rooms and in one room, with the ledger and without in turns."""
    turns, seconds = (1, 0.4) if is_small(arguments) else (4, 3.0)
    with measured_house(), measured_database("measured_acts") as name:
        pool = Writers(name)
        try:
            for kind, words in KINDS.items():
                for rooms, where in ((WRITERS, "several rooms"), (1, "one room")):
                    compare(pool, Turn(kind, True, rooms, seconds), turns, f"{words}, {where}")
        finally:
            pool.close()


class Turn(NamedTuple):
    """What the writers do for a while."""

    kind: str
    ledger: bool
    rooms: int  # over how many rooms
    seconds: float


class Writers:
    """Eight processes, each with a connection of its own, that write when told to."""

    def __init__(self, database: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.sequencer = context.Process(target=sequence, args=(database,), daemon=True)
        self.sequencer.start()
        self.ends: list[Connection] = []
        self.processes = []
        for number in range(WRITERS):
            ours, theirs = context.Pipe()
            process = context.Process(target=write, args=(database, number, theirs), daemon=True)
            process.start()
            self.ends.append(ours)
            self.processes.append(process)
        for end in self.ends:
            end.recv()

    def run(self, turn: Turn) -> tuple[float, list[float]]:
        """Acts a second of all writers together, and how long each act took."""
        start = time.time() + 0.2
        for end in self.ends:
            end.send((*turn, start))
        durations = [one for end in self.ends for one in end.recv()]
        return len(durations) / turn[3], durations

    def close(self) -> None:
        """Let the writers end."""
        for end, process in zip(self.ends, self.processes, strict=True):
            end.send(None)
            process.join(10)
        self.sequencer.terminate()
        self.sequencer.join(10)


def sequence(database: str) -> None:
    """In a process of its own: give what is written its place, every two seconds."""
    import django

    django.setup()
    from tansiq.building.ledger import sequencer

    point_at(database)
    while True:
        sequencer.tick()
        time.sleep(TICK_S)


def compare(pool: Writers, turn: Turn, turns: int, words: str) -> None:
    """Print acts a second with the ledger and the ratio to the same without."""
    kind, _ledger, rooms, seconds = turn
    with_ledger, without, took = [], [], []
    for _ in range(turns):
        rate, durations = pool.run(turn)
        with_ledger.append(rate)
        took += durations
        without.append(pool.run(Turn(kind, False, rooms, seconds))[0])
    ratio = statistics.median(a / b for a, b in zip(with_ledger, without, strict=True))
    against = f"without the ledger: {statistics.median(without):.0f} acts/s"
    size = f"{WRITERS} writers, {turns} x {seconds:g} s, p99 {quantile(took, 0.99) * 1000:.0f} ms"
    figure(words, size, statistics.median(with_ledger), "acts/s", against, ratio, GOAL)


def write(database: str, number: int, orders: Connection) -> None:
    """In a process of its own: do acts for so long as each order says."""
    import django

    django.setup()
    from django.db import transaction

    from tansiq.building.rooms.actors import system_actor
    from tansiq.building.rooms.acts import tell
    from tansiq.building.rooms.editions import one_edition
    from tansiq.building.rooms.models import Operation, Room
    from tansiq.building.wall.context import room_context

    point_at(database)
    rooms = list(Room.objects.filter(operation=Operation.objects.get()).order_by("slug"))
    statements = {"status": crossing_reports(number), "event": events(number)}
    orders.send("ready")
    while (order := orders.recv()) is not None:
        kind, ledger, spread, seconds, start = order
        action, make = statements[kind]
        by = system_actor(rooms[number % min(spread, len(rooms))])
        plain: Callable[..., Any] = action.__wrapped__
        durations = []
        time.sleep(max(0.0, start - time.time()))
        while (begun := time.time()) < start + seconds:
            asked = make()
            if ledger:
                action(by=by, **asked)
            else:
                context = room_context(account_id=by.account_id, room_ids=(by.room_id,))
                with context, transaction.atomic(), one_edition():
                    done = plain(by=by, **asked)
                    tell(by.room_id, done.record.audience_id, done.topics)
            durations.append(time.time() - begun)
        orders.send(durations)


def crossing_reports(number: int) -> tuple[Callable[..., Any], Callable[[], dict[str, Any]]]:
    """The act that reports a crossing's state, and what to ask of it."""
    from tansiq.building.places.actions import report_crossing_status
    from tansiq.building.places.models import Crossing

    crossings = list(Crossing.objects.order_by("code"))
    crossing = crossings[number % len(crossings)]
    return report_crossing_status, lambda: {"crossing": crossing, "state": "open", "source": "measured"}


def events(number: int) -> tuple[Callable[..., Any], Callable[[], dict[str, Any]]]:
    """The act that records an aid event of a truck, and what to ask of it."""
    import uuid
    from datetime import UTC, datetime
    from decimal import Decimal

    from tansiq.desks.aid.actions import record_event
    from tansiq.desks.aid.rules import EventStatement, Quantity

    pallets = (Quantity("pallet", Decimal(24), Decimal(24), commodity="wheat_flour"),)

    def make() -> dict[str, Any]:
        truck = f"T{number}-{uuid.uuid4().hex[:12]}"
        statement = EventStatement(
            "entered", datetime.now(UTC), pallets, source_key=truck, unit_code=truck, crossing_code="kerem_shalom",
            consignor_class="un",
        )  # fmt: skip
        return {"statement": statement}

    return record_event, make


if __name__ == "__main__":
    main(sys.argv[1:])
