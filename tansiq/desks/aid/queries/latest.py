"""A page of a long list, latest first: each room's latest rows, then the latest of these; and where it goes on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

Key = tuple[Any, ...]
MANY = 1_000
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
LABELS = "select room_id, audience_id from wall_labels(%s) limit %s"
BY_ROOM = """
select found.* from unnest(%s::uuid[]) place (room_id) cross join lateral ({rows}) found order by {order} limit %s
"""
"""Written so that each room's rows come in the order of an index, and no more of them are read than the page needs."""

BY_LABEL = """
select found.* from (
    select place.* from unnest(%s::uuid[], %s::int[]) place (room_id, audience_id)
     cross join lateral ({newest}) newest (moment{columns})
     order by moment desc{columns} limit %s
) place cross join lateral ({rows}) found order by {order} limit %s
"""
"""Where few labels are open: a page has rows of no more labels than it has rows, those whose newest rows are newest.

Else a room that sees one row in a thousand would have a thousand read for each that it is shown.
"""

OF_PLACE, UNDER_PLACE = RawSQL("place.room_id", ()), RawSQL("place.audience_id", ())


@dataclass(frozen=True)
class Order:
    """By what a list is ordered: a moment, latest first, then what tells rows of the same moment apart."""

    moment: str
    then: tuple[str, ...] = ("pk",)  # the last one is the primary key

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, as a key holds them."""
        return (self.moment, *self.then)

    def by_number(self) -> str:
        """The same for SQL, by the places of the columns."""
        return ", ".join(["1 desc", *(str(n) for n in range(2, len(self.columns) + 1))])

    def applied(self, rows: QuerySet) -> QuerySet:
        """The rows in this order."""
        return rows.order_by(f"-{self.moment}", *self.then)

    def beyond(self, rows: QuerySet, key: Key) -> QuerySet:
        """Only rows that come after the row with this key."""
        further, same = Q(**{f"{self.moment}__lt": key[0]}), Q(**{self.moment: key[0]})
        for column, value in zip(self.then, key[1:], strict=True):
            further |= same & Q(**{f"{column}__gt": value})
            same &= Q(**{column: value})
        return rows.filter(further, **{f"{self.moment}__lte": key[0]})


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the mark from which it goes on."""

    rows: list[Any]
    after: str | None  # give it back to get the next page; None at the end


def latest(
    rows: QuerySet, rooms: Sequence[UUID], order: Order, *, after: str | None, size: int, many: int = MANY
) -> Page:
    """A page of rows of these rooms that follow a mark (None: from the start).

    rows : narrowed to what is wanted, neither to rooms nor ordered
    many : from more open labels than this on, rows are looked for room by room
    Raises ValueError for what is no mark of this list.
    """
    if after:
        rows = order.beyond(rows, key_of(after, order))
    with connection.cursor() as cursor:
        cursor.execute(LABELS, [list(rooms), many + 1])
        labels = cursor.fetchall()
        try:
            if len(labels) <= many:
                found = _by_label(cursor, rows, labels, order, size + 1)
            else:
                found = _by_room(cursor, rows, rooms, order, size + 1)
        except EmptyResultSet:
            found = []
    kept = rows.model._default_manager.in_bulk([row[-1] for row in found[:size]])
    return Page([kept[row[-1]] for row in found[:size]], mark_of(found[size - 1]) if len(found) > size else None)


def _by_room(cursor: Any, rows: QuerySet, rooms: Sequence[UUID], order: Order, most: int) -> list[Key]:
    sql, params = _sql(rows.filter(room_id=OF_PLACE), order, most)
    cursor.execute(BY_ROOM.format(rows=sql, order=order.by_number()), [list(rooms), *params, most])
    return list(cursor.fetchall())


def _by_label(cursor: Any, rows: QuerySet, labels: list[tuple[UUID, int]], order: Order, most: int) -> list[Key]:
    rows = rows.filter(room_id=OF_PLACE, audience_id=UNDER_PLACE)
    (newest, first), (sql, then) = _sql(rows, order, 1), _sql(rows, order, most)
    columns = "".join(f", {name}" for name in order.then)
    wide = BY_LABEL.format(newest=newest, rows=sql, order=order.by_number(), columns=columns)
    places = [[room for room, _ in labels], [label for _, label in labels]]
    cursor.execute(wide, [*places, *first, most, *then, most])
    return list(cursor.fetchall())


def _sql(rows: QuerySet, order: Order, most: int) -> tuple[str, tuple[Any, ...]]:
    found: tuple[str, tuple[Any, ...]] = order.applied(rows).values_list(*order.columns)[:most].query.sql_with_params()
    return found


def mark_of(key: Key) -> str:
    """A key as one word, fit for an address."""
    moment, *between, last = key
    return urlsafe_b64encode(" ".join([moment.isoformat(), str(last), *between]).encode()).decode().rstrip("=")


def key_of(mark: str, order: Order) -> Key:
    """The key that a mark tells. Raises ValueError when it tells none."""
    at, last, *between = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split(" ", len(order.then))
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not EARLIEST <= moment <= LATEST or len(between) != len(order.then) - 1:
        raise ValueError(mark)
    if any("\x00" in value for value in between):
        raise ValueError(mark)
    return (moment, *between, UUID(last))
