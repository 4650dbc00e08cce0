"""What the wall costs: lists, windows of time and counts at a million rows under ten thousand labels (issue 2, F5).

Each query is run as the runtime role behind the wall, and in turns as a superuser, whom no wall stops. For a room that
sees all, both give the same rows, and the ratio is the wall's cost alone; the superuser sees more than the other rooms.
"""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tools.measured_events import Readers, fill, period
from tools.measured_house import (
    administrator,
    figure,
    is_small,
    measured_database,
    measured_house,
    side_by_side,
)

DATABASE = "measured_events"
GOAL = "<= 1.25 x"
SEES = {"little": "1 % of the labels", "part": "40 %", "everything": "everything"}
QUERIES = {
    "list, newest 50 of one room": (
        "select * from aid_aidevent where room_id = %(owner)s order by occurred_at desc, id limit 50"
    ),
    "window of crossing and day, 500 rows": (
        "select id, stage, occurred_at from aid_aidmeasure where room_id = any(%(rooms)s) and stage = %(stage)s "
        "and crossing_code = %(crossing)s and occurred_at >= %(start)s and occurred_at < %(end)s "
        "order by occurred_at desc limit 500"
    ),
    "window of crossing and 30 days, sum by day": (
        "select occurred_at::date, count(*), sum(quantity_receiver) from aid_aidmeasure where room_id = any(%(rooms)s) "
        "and stage = %(stage)s and crossing_code = %(crossing)s and occurred_at >= %(start)s and occurred_at < %(end)s "
        "group by 1 order by 1"
    ),
    "count of one room": "select count(*) from aid_aidevent where room_id = %(owner)s",
    "count of everything": "select count(*) from aid_aidevent",
}
DAYS = {"window of crossing and 30 days, sum by day": 30}


def main(arguments: list[str]) -> None:
    """Run each query in each of three rooms, behind the wall and without it."""
    small = is_small(arguments)
    events, labels, turns = (2_000, 60, 2) if small else (1_000_000, 10_000, 41)
    with measured_house(), measured_database(DATABASE + "_small" * small, keep=True) as name:
        readers = fill(name, events, labels)
        size = f"{events:,} rows, {labels:,} labels"
        for words, query in QUERIES.items():
            few = turns if words.startswith(("list", "window of crossing and day")) else max(2, turns // 4)
            compare(name, readers, f"{words} | {size}", query, few)
        pages(name, readers, size, 2 if small else 9)


def compare(name: str, readers: Readers, named: str, query: str, turns: int) -> None:
    """Print the median behind the wall and the ratio to the same without it."""
    words, size = named.split(" | ")
    for who, reader in vars(readers).items():
        with administrator(name) as admin, behind(reader) as walled:
            asked = parameters(admin, DAYS.get(words, 1))
            sides = partial(walled, query, asked), partial(unwalled, admin, query, asked)
            seen, there = (side() for side in sides)
            assert who != "everything" or seen == there
            own, without, ratio = side_by_side(*sides, turns)
            against = f"without the wall: {without * 1000:.2f} ms"
            goal = GOAL if who == "everything" else ""
            figure(f"{words}; reader sees {SEES[who]}", size, own * 1000, "ms", against, ratio, goal)


def unwalled(connection: Any, query: Any, asked: Any) -> list[tuple[Any, ...]]:
    """The rows as a connection finds them."""
    with connection.cursor() as cursor:
        return list(cursor.execute(query, asked).fetchall())


class behind:
    """The runtime role in one transaction with a room's context, as a page has it."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def __enter__(self) -> Callable[[str, dict[str, Any]], list[tuple[Any, ...]]]:
        from django.db import connection, transaction

        from tansiq.building.wall.context import room_context

        self.context, self.opened = room_context(room_ids=(self.reader,)), transaction.atomic()
        self.context.__enter__()
        self.opened.__enter__()
        raw = connection.connection

        def ask(query: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
            with raw.cursor() as cursor:
                cursor.execute(query, asked)
                return cursor.fetchall()

        return ask

    def __exit__(self, *fault: Any) -> None:
        self.opened.__exit__(*fault)
        self.context.__exit__(*fault)


def parameters(admin: Any, days: int) -> dict[str, Any]:
    """The busiest room, every room, and a window in the middle of the span."""
    rooms = [row[0] for row in admin.execute("select id from rooms_room")]
    busiest = admin.execute("select room_id from aid_aidevent group by 1 order by count(*) desc limit 1").fetchone()
    start, end = period(np.random.default_rng(3), days)
    return {
        "rooms": rooms, "owner": busiest[0], "stage": "entered", "crossing": "kerem_shalom",
        "start": start, "end": end,
    }  # fmt: skip


def pages(name: str, readers: Readers, size: str, turns: int) -> None:
    """The first page of the desk's own list of events, with and without row security; the same SQL."""
    from django.db import connections

    from tansiq.building.rooms.actors import eyes_of, system_actor
    from tansiq.building.rooms.models import Room
    from tansiq.desks.aid.queries.events import EventFilter, events

    by = system_actor(Room.objects.get(pk=readers.everything))
    wanted = {"the desk's list, first page": EventFilter(), "the desk's list of one stage": EventFilter(("entered",))}
    for words, narrowed in wanted.items():
        with eyes_of(by), administrator(name) as admin:
            asked = events(by, narrowed)[:50].query.sql_with_params()
            inside = partial(unwalled, connections["default"].connection, *asked)
            own, without, ratio = side_by_side(inside, partial(unwalled, admin, *asked), turns)
        against = f"without the wall: {without * 1000:.1f} ms"
        figure(f"{words}; reader sees everything", size, own * 1000, "ms", against, ratio, GOAL)


if __name__ == "__main__":
    main(sys.argv[1:])
