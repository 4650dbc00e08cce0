"""Which consignments are on the board, and what each day of waiting costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tansiq.floor.queries.chain.columns import Ids, numbers, read_columns
from tansiq.floor.queries.chain.setting import Setting

MICRO = 1_000_000
NOTHING = Ids(b"")

COLUMNS = """
select array_agg(c.id order by c.id), array_agg(c.room_id order by c.id), array_agg(c.reference order by c.id),
       array_agg(c.crossing_code order by c.id), array_agg(extract(epoch from c.created_at)::bigint order by c.id)
  from (select id, room_id, reference, crossing_code, created_at from aid_consignment c
         where c.room_id = any(%(rooms)s) and {wanted} order by c.id) c
"""
HEARD = """(c.created_at >= %(since)s or exists (
            select from aid_aidevent e
             where e.room_id = c.room_id and e.consignment_id = c.id and e.occurred_at >= %(since)s))"""
NAMED = "c.id = any(%(ids)s)"
AMOUNTS = """
select array_agg(w.n - 1), array_agg(array_position(%(units)s::text[], l.unit::text)::bigint),
       array_agg((l.quantity * 1000000)::bigint)
  from unnest(%(ids)s::uuid[], %(rooms)s::uuid[]) with ordinality w (id, room_id, n)
  join aid_consignmentline l on l.room_id = w.room_id and l.consignment_id = w.id
 where l.unit = any(%(units)s)
"""


@dataclass(frozen=True, eq=False)
class Consignments:
    """Consignments as columns, by id."""

    ids: Ids
    rooms: Ids
    references: list[str]
    crossings: list[str]  # codes; "" where none is stated
    registered: NDArray[np.int64]  # s since 1970 UTC
    per_day: NDArray[np.int64]  # millionths of the unit in which losses are told; 0 where nothing says how much it is

    def __len__(self) -> int:
        return len(self.ids)


def consignments_heard_of(setting: Setting, rooms: list[UUID], since: datetime) -> Consignments:
    """Those that were registered, or of which something happened, since a moment."""
    return _read(setting, HEARD, {"rooms": rooms, "since": since})


def consignments_named(setting: Setting, rooms: list[UUID], ids: Sequence[UUID]) -> Consignments:
    """These, as far as this room may read them."""
    return _read(setting, NAMED, {"rooms": rooms, "ids": list(ids)})


def _read(setting: Setting, wanted: str, params: dict[str, Any]) -> Consignments:
    ids, rooms, references, crossings, registered = read_columns(COLUMNS.format(wanted=wanted), params)
    ids, rooms = ids or NOTHING, rooms or NOTHING
    return Consignments(
        ids, rooms, references or [], crossings or [], numbers(registered), _per_day(setting, ids, rooms)
    )


def _per_day(setting: Setting, ids: Ids, rooms: Ids) -> NDArray[np.int64]:
    """How much each is, in the unit in which losses are told."""
    units = list(setting.factors)
    asked = {"ids": ids, "rooms": rooms, "units": units}
    number, unit, amount = (numbers(column) for column in read_columns(AMOUNTS, asked))
    factors = np.array([setting.factors[code] for code in units])
    found = np.zeros(len(ids), dtype=np.int64)
    np.add.at(found, number, np.rint(amount * factors[unit - 1]).astype(np.int64))
    return found
