"""Where every unit stands, as of any hour."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import ReferenceKind
from tansiq.desks.aid.queries.counts import end_of_second, known_by
from tansiq.desks.aid.queries.reference import reference, rooms_of

TABLE = """
with last as (
    select distinct on (e.room_id, coalesce(e.handling_unit_id, e.consignment_id)) e.room_id, e.id, e.stage
      from aid_aidevent e {units}
     where e.room_id = any(%(rooms)s) and not e.withdrawn and e.repeats_id is null and e.move = ''
       and e.occurred_at < %(until)s {known}
       and not exists (select from aid_aidevent x where x.room_id = e.room_id and x.corrects_id = e.id
                        and x.corrects_id is not null {corrected})
       {narrowed}
     order by e.room_id, coalesce(e.handling_unit_id, e.consignment_id), e.occurred_at desc, e.attempt desc,
              array_position(%(order)s::text[], e.stage::text) desc nulls last, e.recorded_at desc, e.id
)
select l.stage, coalesce(m.unit, ''), count(distinct l.id),
       coalesce(sum(coalesce(m.quantity_receiver, m.quantity_giver)), 0)
  from last l left join aid_aidmeasure m on m.room_id = l.room_id and m.event_id = l.id
 group by 1, 2
"""


@dataclass(frozen=True)
class Standing:
    """What stands at a stage, in one unit of quantity."""

    stage: str
    unit: str  # "": no quantity is stated, or none is open to this room
    events: int  # handling units (or consignments) that stand there with a quantity in this unit
    quantity: Decimal


def stage_table(
    by: Actor,
    at: datetime,
    *,
    as_of: datetime | None = None,
    sources: list[str] | None = None,
    crossings: list[str] | None = None,
    kind: str | None = None,
) -> list[Standing]:
    """The last stage that each unit had reached at a time, as known at ``as_of`` (None: as known now).

    ``stage_table(by, hour, as_of=hour)`` is what the room could say at that hour; without ``as_of``, what it
    says today about that hour. ``kind`` narrows to handling units of a kind (truck, pallet).
    """
    order = _order(by)
    params: dict[str, Any] = {"rooms": rooms_of(by.operation_id), "own": by.room_id, "until": end_of_second(at),
                              "order": order}  # fmt: skip
    narrowed = ""
    for name, column, words in (("sources", "e.source", sources), ("crossings", "e.crossing_code", crossings)):
        if words is not None:
            narrowed += f" and {column} = any(%({name})s)"
            params[name] = words
    if kind is not None:
        narrowed += " and h.kind = %(kind)s"
        params["kind"] = kind
    units = "join aid_handlingunit h on h.room_id = e.room_id and h.id = e.handling_unit_id" if kind else ""
    known = corrected = ""
    if as_of is not None:
        params["as_of"] = end_of_second(as_of)
        known, corrected = f"and {known_by('e')}", f"and {known_by('x')}"
    with connection.cursor() as cursor:
        cursor.execute(TABLE.format(units=units, known=known, corrected=corrected, narrowed=narrowed), params)
        found = [Standing(*row) for row in cursor.fetchall()]
    place = {code: number for number, code in enumerate(_order(by, by_file=True))}
    return sorted(found, key=lambda row: (place.get(row.stage, len(place)), row.stage, row.unit))


def _order(by: Actor, *, by_file: bool = False) -> list[str]:
    """Stage codes; of two stages of the same moment, the one from which the road goes on is the later."""
    rows = list(reference(by.operation_id, ReferenceKind.STAGE).values_list("code", "body"))
    return [code for code, body in (rows if by_file else sorted(rows, key=lambda row: not row[1].get("ends", False)))]
