"""Counts over a million events by period, crossing and stage, as the aid page asks them."""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import statistics
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from tools.measured_events import fill, period
from tools.measured_house import figure, is_small, measured_database, measured_house, quantile, timed

DATABASE = "measured_events"
SPANS = (1, 7, 30, 90)  # days
GOAL = "p95 <= 100 ms"


def main(arguments: list[str]) -> None:
    """Time many counts in two rooms, then the same rows read one by one through the ORM."""
    small = is_small(arguments)
    events, labels, asked = (2_000, 60, 4) if small else (1_000_000, 10_000, 120)
    with measured_house(), measured_database(DATABASE + "_small" * small, keep=True) as name:
        readers = fill(name, events, labels)
        for words, room_id in (("a room that sees all", readers.everything), ("a room that sees a part", readers.part)):
            counts(room_id, f"{events:,} events, {words}", asked)
        iteration(readers.everything, f"{events:,} events", 2 if small else 6)


def counts(room_id: Any, size: str, asked: int) -> None:
    """Time counts of random periods, crossings and stages."""
    took = [timed(lambda q=question: answer(room_id, q))[0] for question in questions(asked)]
    figure(f"count by period, crossing and stage, p50 of {asked}", size, statistics.median(took) * 1000, "ms")
    figure(f"count by period, crossing and stage, p95 of {asked}", size, quantile(took, 0.95) * 1000, "ms", goal=GOAL)


def iteration(room_id: Any, size: str, asked: int) -> None:
    """Compare with reading the same rows through the ORM and counting them in Python."""
    pairs = []
    for question in questions(asked, spans=(30,)):
        fast, counted = timed(lambda q=question: answer(room_id, q))
        slow, units = timed(lambda q=question: iterated(room_id, q))
        assert int(counted.total) == len(units), (counted.total, len(units))
        pairs.append((fast, slow))
    ratio = statistics.median(slow / fast for fast, slow in pairs)
    against = f"iterating the same rows through the ORM: {statistics.median(slow for _, slow in pairs) * 1000:.0f} ms"
    figure(
        "count of 30 days", size, statistics.median(fast for fast, _ in pairs) * 1000, "ms", against, ratio,
        ">= 10 x as fast",
    )  # fmt: skip


def questions(count: int, spans: tuple[int, ...] = SPANS) -> list[tuple[Any, Any, str, tuple[str, ...]]]:
    """Random (start, end, stage, crossings); the same ones every time."""
    random = np.random.default_rng(7)
    found: list[tuple[Any, Any, str, tuple[str, ...]]] = []
    for _ in range(count):
        stage = str(random.choice(["screened", "entered", "offloaded", "collected"]))
        crossings = tuple(str(one) for one in random.choice(["kerem_shalom", "zikim", "kissufim"], 2, replace=False))
        found.append((*period(random, int(random.choice(spans))), stage, crossings))
    return found


def answer(room_id: Any, question: tuple[Any, Any, str, tuple[str, ...]]) -> Any:
    """Count as the page does: the room's definition, behind the wall."""
    from tansiq.building.rooms.actors import eyes_of, system_actor
    from tansiq.building.rooms.models import Room
    from tansiq.desks.aid.queries.counts import count
    from tansiq.desks.aid.queries.reference import definition
    from tansiq.engine.counting import Period

    start, end, stage, crossings = question
    by = system_actor(Room.objects.get(pk=room_id))
    with eyes_of(by):
        rule = definition(by, "trucks_entered")
        assert rule is not None
        chosen = replace(rule.definition, stages=frozenset({stage}), crossings=frozenset(crossings))
        within = Period(int(start.timestamp()), int(end.timestamp()))
        return count(by, replace(rule, definition=chosen), within)


def iterated(room_id: Any, question: tuple[Any, Any, str, tuple[str, ...]]) -> set[Any]:
    """The units in the rows, read one by one as model instances."""
    from tansiq.building.rooms.actors import eyes_of, system_actor
    from tansiq.building.rooms.models import Room
    from tansiq.desks.aid.models import AidMeasure

    start, end, stage, crossings = question
    units = set()
    with eyes_of(system_actor(Room.objects.get(pk=room_id))):
        rows = AidMeasure.objects.filter(
            stage=stage, crossing_code__in=crossings, unit="truck", occurred_at__gte=start, occurred_at__lt=end
        )
        for row in rows.iterator():
            units.add((row.unit_key, row.attempt))
    return units


if __name__ == "__main__":
    main(sys.argv[1:])
