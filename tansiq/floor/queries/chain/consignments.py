"""Which consignments are on the board, and what each day of waiting costs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tansiq.floor.queries.chain.setting import Setting

MICRO = 1_000_000

HEARD = """
select c.id, c.room_id, c.reference, c.crossing_code, extract(epoch from c.created_at)::bigint
  from aid_consignment c
 where c.room_id = any(%(rooms)s)
   and (c.created_at >= %(since)s or exists (
        select from aid_aidevent e
         where e.room_id = c.room_id and e.consignment_id = c.id and e.occurred_at >= %(since)s))
 order by c.id
"""
NAMED = """
select c.id, c.room_id, c.reference, c.crossing_code, extract(epoch from c.created_at)::bigint
  from aid_consignment c where c.room_id = any(%(rooms)s) and c.id = any(%(ids)s) order by c.id
"""
AMOUNTS = """
select w.n - 1, l.unit, sum(l.quantity)::float8
  from unnest(%(ids)s::uuid[], %(rooms)s::uuid[]) with ordinality w (id, room_id, n)
  join aid_consignmentline l on l.room_id = w.room_id and l.consignment_id = w.id
 where l.unit = any(%(units)s) group by 1, 2
"""


@dataclass(frozen=True, eq=False)
class Consignments:
    """Consignments as columns, by id."""

    ids: list[UUID]
    rooms: list[UUID]
    references: list[str]
    crossings: list[str]  # codes; "" where none is stated
    registered: NDArray[np.int64]  # s since 1970 UTC
    per_day: NDArray[np.int64]  # millionths of the unit in which losses are told; 0 where nothing says how much it is

    def __len__(self) -> int:
        return len(self.ids)


def consignments_heard_of(setting: Setting, rooms: list[UUID], since: datetime) -> Consignments:
    """Those that were registered, or of which something happened, since a moment."""
    return _read(setting, HEARD, {"rooms": rooms, "since": since})


def consignments_named(setting: Setting, rooms: list[UUID], ids: list[UUID]) -> Consignments:
    """These, as far as this room may read them."""
    return _read(setting, NAMED, {"rooms": rooms, "ids": ids})


def _read(setting: Setting, sql: str, params: dict[str, Any]) -> Consignments:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
        ids, rooms, references, crossings, registered = map(list, zip(*rows, strict=True)) if rows else ([],) * 5
        per_day = np.zeros(len(ids), dtype=np.int64)
        cursor.execute(AMOUNTS, {"ids": ids, "rooms": rooms, "units": list(setting.factors)})
        for number, unit, quantity in cursor.fetchall():
            per_day[number] += round(quantity * setting.factors[unit] * MICRO)
    return Consignments(ids, rooms, references, crossings, np.array(registered, dtype=np.int64), per_day)
