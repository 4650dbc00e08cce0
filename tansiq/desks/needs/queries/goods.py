"""Goods of the aid ledger by area: what was received, what was distributed, and where the rest stands on its way."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.counts import COMMODITY, MEANING, visible_rows
from tansiq.desks.needs.queries.setting import Setting

AMOUNT = "coalesce(m.quantity_receiver, m.quantity_giver, 0)"
BY_PLACE = """
select m.place, {commodity} as commodity, m.unit, m.stage, sum({amount})
  from aid_aidmeasure m {meaning}
 where {conditions} and m.stage = any(%(stages)s) and m.unit <> '' and m.occurred_at < %(until)s {since}
   and {commodity} = any(%(commodities)s)
 group by 1, 2, 3, 4"""
PIPELINE = """
select distinct on (m.room_id, m.unit_key, {commodity}, m.unit) m.stage, {commodity} as commodity, m.unit, {amount}
  from aid_aidmeasure m {meaning}
 where {conditions} and m.stage = any(%(stages)s) and m.unit <> '' and m.occurred_at < %(until)s
   and {commodity} = any(%(commodities)s)
 order by m.room_id, m.unit_key, {commodity}, m.unit, m.occurred_at desc, m.attempt desc, m.recorded_at desc, m.id"""
FIVE_W = """
select m.room_id, m.source, m.consignor_class, m.place, {commodity} as commodity, m.unit,
       min((m.occurred_at at time zone %(zone)s)::date), max((m.occurred_at at time zone %(zone)s)::date),
       sum({amount}), count(*)
  from aid_aidmeasure m {meaning}
 where {conditions} and m.stage = any(%(stages)s) and m.unit <> ''
   and (m.occurred_at at time zone %(zone)s)::date between %(first)s and %(last)s
 group by 1, 2, 3, 4, 5, 6 order by 4, 5, 2, 6, 1"""

CARRIED = """not (m.unit = any(%(carriers)s) and exists (select from aid_aidmeasure o
    where o.room_id = m.room_id and o.event_id = m.event_id and o.unit <> '' and o.unit <> all(%(carriers)s)))"""
"""A truck is no goods where the same event states what is on it."""

Amounts = dict[tuple[str, str], list[tuple[str, Decimal]]]  # (p-code, commodity) → amounts by unit


@dataclass(frozen=True)
class Moved:
    """What stages of events say about goods by area."""

    received: Amounts
    distributed: Amounts


@dataclass(frozen=True)
class FiveW:
    """One row of who did what where: a room's distribution of one commodity in one place over some days."""

    room_id: object
    source: str
    consignor_class: str
    place: str
    commodity: str
    unit: str
    first: date
    last: date
    quantity: Decimal
    events: int


def moved(by: Actor, known: Setting, until: datetime, since: datetime | None = None) -> Moved:
    """Goods received and distributed by area, as this room reads them, up to a moment and perhaps since another."""
    needs = known.needs
    rows = _rows(by, known, BY_PLACE, {"stages": [*needs.received, *needs.distributed], "until": until, "since": since})
    received: Amounts = defaultdict(list)
    distributed: Amounts = defaultdict(list)
    for place, commodity, unit, stage, amount in rows:
        into = distributed if stage in needs.distributed else received
        into[known.p_code_of(place), commodity].append((unit, amount))
    return Moved(received, distributed)


def pipeline(by: Actor, known: Setting, until: datetime) -> dict[tuple[str, str], list[tuple[str, Decimal]]]:
    """Where goods stand by the last stage of each unit: (part of the pipeline, commodity) → amounts by unit."""
    part_of = {stage: part.code for part in known.needs.pipeline for stage in part.stages}
    found: dict[tuple[str, str], list[tuple[str, Decimal]]] = defaultdict(list)
    for stage, commodity, unit, amount in _rows(by, known, PIPELINE, {"stages": list(part_of), "until": until}):
        found[part_of[stage], commodity].append((unit, amount))
    return found


def five_w(by: Actor, known: Setting, first: date, last: date) -> list[FiveW]:
    """Every distribution of the days asked for, grouped by who, what and where; its sum is the ledger's."""
    conditions, params = visible_rows(by, None)
    conditions.append(CARRIED)
    params["carriers"] = list(known.needs.carriers)
    params |= {"stages": list(known.needs.distributed), "zone": known.operation.time_zone, "first": first, "last": last}
    sql = FIVE_W.format(
        commodity=COMMODITY, amount=AMOUNT, meaning=MEANING.format(known=""), conditions=" and ".join(conditions)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [FiveW(*row[:4], row[4] or "", *row[5:]) for row in cursor.fetchall()]


def commodities_of(known: Setting) -> list[str]:
    """Every commodity that covers an indicator."""
    return sorted({code for one in known.needs.indicators for code in one.commodities})


def _rows(by: Actor, known: Setting, sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    conditions, params = visible_rows(by, None)
    conditions.append(CARRIED)
    params["carriers"] = list(known.needs.carriers)
    params |= {**asked, "commodities": commodities_of(known)}
    text = sql.format(
        commodity=COMMODITY, amount=AMOUNT, meaning=MEANING.format(known=""), conditions=" and ".join(conditions),
        since="and m.occurred_at >= %(since)s" if asked.get("since") else "",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
