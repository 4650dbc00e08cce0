"""The funnel: units that reached each stage in a span of days, how long they stood there, and what became of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.reference import rooms_of
from tansiq.floor.queries.chain.setting import OUTCOMES, Setting

STOOD = """
with stood as materialized (
    select coalesce(e.handling_unit_id, e.consignment_id) unit, e.stage, e.occurred_at,
           lead(e.occurred_at) over (partition by coalesce(e.handling_unit_id, e.consignment_id)
               order by e.occurred_at, e.attempt, array_position(%(stages)s::text[], e.stage::text)) moved_at
      from aid_aidevent e {joined}
     where e.room_id = any(%(rooms)s) and e.occurred_at >= %(since)s and not e.withdrawn and e.repeats_id is null
       and e.id not in (select corrects_id from aid_aidevent where room_id = any(%(rooms)s) and corrects_id is not null)
       and coalesce(e.handling_unit_id, e.consignment_id) is not null {narrowed}),
reached as (select * from stood where occurred_at < %(until)s)
"""
TIMES = f"""{STOOD}
select stage, count(distinct unit), count(distinct unit) filter (where moved_at is null),
       percentile_cont(0.5) within group (order by extract(epoch from moved_at - occurred_at)),
       percentile_cont(0.9) within group (order by extract(epoch from moved_at - occurred_at))
  from reached group by stage
"""
ENDS = f"""{STOOD}
select count(distinct unit), count(distinct unit) filter (where stage = any(%(through)s)),
       count(distinct unit) filter (where stage = any(%(intercepted)s)),
       count(distinct unit) filter (where stage = any(%(lost)s)),
       count(distinct unit) filter (where stage = any(%(returned)s))
  from reached
"""


@dataclass(frozen=True)
class StageTime:
    """One stage of the span."""

    stage: str
    reached: int  # units
    standing: int  # of them, with no later event
    median: timedelta | None  # time in the stage, of those that moved on
    p90: timedelta | None
    share: int  # of all units of the span, per cent


@dataclass(frozen=True)
class Funnel:
    """The stages of a span in their order, and what became of the units in it."""

    units: int
    through: int
    intercepted: int
    lost: int
    returned: int
    stages: tuple[StageTime, ...]


@dataclass(frozen=True)
class Span:
    """From when on, until when, and at which crossing ("": at all)."""

    since: datetime
    until: datetime  # outside
    crossing: str = ""


def funnel(by: Actor, setting: Setting, span: Span) -> Funnel:
    """Count the units that this room may see, by the events of the span; a correction stands for what it corrects."""
    params = _params(rooms_of(by.operation_id), setting, span)
    joined = narrowed = ""
    if span.crossing:
        joined = "join aid_consignment c on c.room_id = e.room_id and c.id = e.consignment_id"
        narrowed = "and c.crossing_code = %(crossing)s"
    with connection.cursor() as cursor:
        cursor.execute(ENDS.format(joined=joined, narrowed=narrowed), params)
        units, *ends = cursor.fetchone()
        cursor.execute(TIMES.format(joined=joined, narrowed=narrowed), params)
        found = {row[0]: row for row in cursor.fetchall()}
    known = [stage.code for stage in setting.stages]
    listed = [*known, *sorted(set(found) - set(known))]
    stages = tuple(_stage(found[code], units) for code in listed if code in found)
    return Funnel(units, *ends, stages=stages)


def _stage(row: tuple[Any, ...], units: int) -> StageTime:
    stage, reached, standing, *times = row
    median, p90 = (None if one is None else timedelta(seconds=round(one)) for one in times)
    return StageTime(stage, reached, standing, median, p90, round(100 * reached / units) if units else 0)


def _params(rooms: list[UUID], setting: Setting, span: Span) -> dict[str, Any]:
    stages = setting.stages
    last = 1 << (len(setting.stated) - 1)
    outcomes = {
        name: [stage.code for stage in stages if stage.outcome == number]
        for number, name in enumerate(OUTCOMES)
        if name
    }
    return {
        "rooms": rooms, "stages": [stage.code for stage in stages], "since": span.since, "until": span.until,
        "crossing": span.crossing, "through": [stage.code for stage in stages if stage.done & last],
        "returned": [stage.code for stage in stages if stage.refused >= 0], **outcomes,
    }  # fmt: skip
