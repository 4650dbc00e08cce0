"""What the wall costs: lists, windows of time and counts at a million rows under ten thousand labels.

Each query is run as the runtime role behind the wall, and in turns as a superuser, whom no wall stops. For a room that
sees all, both give the same rows, and the ratio is the wall's cost alone; the superuser sees more than the other rooms.
Of the pages, all statements are taken that the page's own queries send, and both sides send these.
"""

# ruff: noqa: S101 (a figure of something that went wrong is no figure)

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import psycopg

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
        pages(name, readers, size, 2 if small else 21)


def compare(name: str, readers: Readers, named: str, query: str, turns: int) -> None:
    """Print the median behind the wall and the ratio to the same without it."""
    words, size = named.split(" | ")
    for who, reader in vars(readers).items():
        with administrator(name) as admin, behind(name, reader) as walled:
            asked = parameters(admin, DAYS.get(words, 1))
            sides = partial(rows_of, walled, query, asked), partial(rows_of, admin, query, asked)
            seen, there = (side() for side in sides)
            assert who != "everything" or seen == there
            own, without, ratio = side_by_side(*sides, turns)
            against = f"without the wall: {without * 1000:.2f} ms"
            goal = GOAL if who == "everything" else ""
            figure(f"{words}; reader sees {SEES[who]}", size, own * 1000, "ms", against, ratio, goal)


def rows_of(connection: Any, query: Any, asked: Any) -> list[tuple[Any, ...]]:
    """The rows as a connection finds them."""
    with connection.cursor() as cursor:
        return list(cursor.execute(query, asked).fetchall())


@contextmanager
def behind(name: str, reader: Any) -> Iterator[psycopg.Connection]:
    """The runtime role in one transaction with a room's context, as a page has it; reads as the other side does."""
    from tansiq.console.addresses import RUNTIME, role_parameters

    parameters = {**role_parameters(RUNTIME), "dbname": name}
    with psycopg.connect(**parameters, prepare_threshold=None, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("select set_config(%s, %s, true)", [*token(reader)])
        yield connection


def token(reader: Any) -> tuple[str, str]:
    """The setting that tells who reads, and what it says."""
    from tansiq.building.wall.context import SETTING, RoomContext

    return SETTING, RoomContext(None, (reader,)).token()


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
    """What the desk's pages send for a first page and for a count, with and without row security."""
    for words, ask in asked_for().items():
        for who, reader in vars(readers).items():
            sent = statements(reader, ask)
            with administrator(name) as admin, behind(name, reader) as walled:
                admin.execute("select set_config(%s, %s, false)", [*token(reader)])  # for wall_labels; it passes all
                own, without, ratio = side_by_side(
                    partial(replayed, walled, sent), partial(replayed, admin, sent), turns
                )
            goal = GOAL if who == "everything" else ""
            against = f"without the wall: {without * 1000:.1f} ms"
            figure(f"{words}; reader sees {SEES[who]}", size, own * 1000, "ms", against, ratio, goal)


def asked_for() -> dict[str, Callable[[Any], Any]]:
    """The pages that are opened first, and what each of them asks."""
    from tansiq.desks.aid.queries.counts import count
    from tansiq.desks.aid.queries.events import EventFilter, consignment_page, event_page
    from tansiq.desks.aid.queries.reference import definition
    from tansiq.engine.counting import Period

    filters = {
        "": EventFilter(), " of one stage": EventFilter(("entered",)),
        " of a stage never reached": EventFilter(("none",)), " of one source": EventFilter(sources=("measured",)),
        " of one crossing": EventFilter(crossings=("kerem_shalom",)), " of trucks T77...": EventFilter(sought="T77"),
    }  # fmt: skip
    start, end = period(np.random.default_rng(3), 30)
    days = Period(int(start.timestamp()), int(end.timestamp()))
    return {
        **{f"events{words}, first page": partial(event_page, wanted=wanted) for words, wanted in filters.items()},
        "consignments, first page": consignment_page,
        "consignments C 77..., first page": partial(consignment_page, sought="C 77"),
        "count of 30 days by day": lambda by: count(by, definition(by, "trucks_entered"), days, group_by=["day"]),
    }


def statements(reader: Any, ask: Callable[[Any], Any]) -> list[str]:
    """All that is sent to the database while this is asked in a room."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tansiq.building.rooms.actors import eyes_of, system_actor
    from tansiq.building.rooms.models import Room

    by = system_actor(Room.objects.get(pk=reader))
    with eyes_of(by), CaptureQueriesContext(connection) as caught:
        ask(by)
    return [sent["sql"] for sent in caught.captured_queries]


def replayed(connection: Any, sent: list[str]) -> list[list[tuple[Any, ...]]]:
    """The rows of each statement as a connection finds them."""
    return [rows_of(connection, statement, None) for statement in sent]


if __name__ == "__main__":
    main(sys.argv[1:])
