"""How much, by a named definition, as of when: counted in the database, behind the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.reference import rooms_of
from tansiq.desks.aid.rules import CountRule
from tansiq.desks.aid.rules.definitions import ANY_UNIT
from tansiq.engine.counting import Period, day_bounds

COMMODITY = "coalesce(nullif(c.commodity, ''), m.commodity)"
MEANING = """left join lateral (
    select n.commodity from aid_cargoname n
     where n.room_id = m.room_id and n.cargo_key = m.cargo_key and m.cargo_key <> '' {known}
     order by n.version desc limit 1) c on true"""
NOT_CORRECTED = """not exists (select from aid_aidevent x
    where x.room_id = m.room_id and x.corrects_id = m.event_id and x.corrects_id is not null {known})"""
LAST_ATTEMPT = """m.attempt = (select max(y.attempt) from aid_aidmeasure y
    where y.room_id = m.room_id and y.unit_key = m.unit_key and not y.is_repeat and y.unit <> '' {known})"""
KEYS = {"unit": ("m.unit_key",), "passage": ("m.unit_key", "m.attempt"), "event": ("m.event_id",)}
GROUPS = {
    "stage": "m.stage", "unit": "m.unit", "crossing": "m.crossing_code", "consignor": "m.consignor_class",
    "commodity": COMMODITY, "source": "m.source",
}  # fmt: skip
UNOPENED = """select count(*) from aid_aidevent e
 where e.room_id = any(%(rooms)s) and e.stage = any(%(stages)s) and e.repeats_id is null and not e.withdrawn
   and e.move = ''
   and {moment} >= to_timestamp(%(start)s) and {moment} < to_timestamp(%(end)s) {narrowed} {known_e}
   and not exists (select from aid_aidevent x where x.room_id = e.room_id and x.corrects_id = e.id {known_x})
   and not exists (select from aid_aidmeasure m
                    where m.room_id = e.room_id and m.event_id = e.id and m.unit <> '' {known_m})"""
AMOUNTS = {
    "giver": "m.quantity_giver", "receiver": "m.quantity_receiver",
    "lower": "least(m.quantity_giver, m.quantity_receiver)",
}  # fmt: skip


@dataclass(frozen=True)
class CountGroup:
    """One group of a count."""

    key: tuple[str, ...]  # one code for each grouping; a day as YYYY-MM-DD; "" = not stated
    total: Decimal
    row_count: int


@dataclass(frozen=True)
class Counted:
    """A count with its groups; rows that state no quantity are worth nothing and told apart."""

    total: Decimal
    row_count: int
    not_stated: int
    groups: tuple[CountGroup, ...]


def period_of_days(rule: CountRule, first: date, last: date) -> Period:
    """The period that covers these counting days of a definition, both included."""
    engine = rule.definition
    return Period(*day_bounds(first, last, engine.timezone, engine.day_starts_s))


def count(
    by: Actor, rule: CountRule, period: Period, *, as_of: datetime | None = None, group_by: Sequence[str] = ()
) -> Counted:
    """Count what a definition takes in a period, as the room knew it at a time (None: now).

    group_by : "day" and names of GROUPS. A moment includes its whole second. Raises KeyError on another name.
    """
    sql, params = _count_sql(by, rule, period, as_of, group_by)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    width = len(group_by)
    groups = tuple(
        CountGroup(tuple(str(part or "") for part in row[:width]), row[width] or Decimal(0), row[width + 1])
        for row in found
    )
    return Counted(
        sum((group.total for group in groups), Decimal(0)), sum(group.row_count for group in groups),
        sum(row[width + 2] for row in found), tuple(sorted(groups, key=lambda group: group.key)) if width else (),
    )  # fmt: skip


def events_without_open_quantity(by: Actor, rule: CountRule, period: Period, *, as_of: datetime | None = None) -> int:
    """How many events of a definition's stages this room reads that no count of it can take: it reads no quantity."""
    engine = rule.definition
    params: dict[str, Any] = {"rooms": rooms_of(by.operation_id), "own": by.room_id, "stages": sorted(engine.stages),
                              "start": period.start, "end": period.end}  # fmt: skip
    if as_of is not None:
        params["as_of"] = end_of_second(as_of)
    narrowed = []
    for name, column, words in (
        ("sources", "source", engine.sources),
        ("crossings", "crossing_code", engine.crossings),
    ):
        if words is not None:
            narrowed.append(f"and e.{column} = any(%({name})s)")
            params[name] = sorted(words)
    sql = UNOPENED.format(
        moment="e.recorded_at" if engine.time_rule == "recorded" else "e.occurred_at", narrowed=" ".join(narrowed),
        known_e=known_clause("e", as_of), known_x=known_clause("x", as_of), known_m=known_clause("m", as_of),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def events_counted(
    by: Actor, rule: CountRule, period: Period, events: Sequence[UUID], *, as_of: datetime | None = None
) -> set[UUID]:
    """Which of these events a count of this period takes."""
    if not events:
        return set()
    engine = rule.definition
    moment = "m.recorded_at" if engine.time_rule == "recorded" else "m.occurred_at"
    conditions, params = visible_rows(by, as_of)
    conditions += [*_admitted(rule, params), "m.event_id = any(%(events)s)",
                   f"{moment} >= to_timestamp(%(start)s) and {moment} < to_timestamp(%(end)s)"]  # fmt: skip
    params |= {"start": period.start, "end": period.end, "events": list(events)}
    meaning = MEANING.format(known=known_clause("n", as_of)) if engine.commodities else ""
    sql = f"select distinct m.event_id from aid_aidmeasure m {meaning} where {' and '.join(conditions)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {event for (event,) in cursor.fetchall()}


def _count_sql(
    by: Actor, rule: CountRule, period: Period, as_of: datetime | None, group_by: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    engine = rule.definition
    moment = "m.recorded_at" if engine.time_rule == "recorded" else "m.occurred_at"
    conditions, params = visible_rows(by, as_of)
    conditions += _admitted(rule, params)
    inside = f"{moment} >= to_timestamp(%(start)s) and {moment} < to_timestamp(%(end)s)"
    params |= {"start": period.start, "end": period.end, "zone": engine.timezone, "day_starts": engine.day_starts_s}
    first_only = engine.time_rule == "first_occurrence"
    if not first_only:
        conditions.append(inside)
    labels = [_label(name, moment) for name in group_by]
    amount = "1::numeric" if engine.measure == "units" else _amount(rule)
    columns = ", ".join([*(f"{label} as g{n}" for n, label in enumerate(labels)), f"{amount} as amount"])
    keys = ", ".join(KEYS[rule.keyed])
    once = engine.measure == "units" or first_only
    order = f"order by {keys}, date_trunc('second', {moment}), date_trunc('second', m.recorded_at), m.event_id, m.id"
    meaning = MEANING.format(known=known_clause("n", as_of)) if engine.commodities or "commodity" in group_by else ""
    chosen = f"select distinct on ({keys}) {columns}, {inside} as inside" if once else f"select {columns}"
    if once and not first_only and not group_by:  # one is as good as another, and hashing is quicker than sorting
        chosen, order = f"select distinct {keys}, {amount} as amount", ""
    rows = f"{chosen} from aid_aidmeasure m {meaning} where {' and '.join(conditions)} {order if once else ''}"
    grouping = ", ".join(f"g{n}" for n in range(len(labels)))
    return (
        f"""select {grouping}{"," if grouping else ""} coalesce(sum(amount), 0), count(*), count(*) - count(amount)
        from ({rows}) r {"where inside" if first_only else ""} {f"group by {grouping}" if grouping else ""}""",
        params,
    )


def visible_rows(by: Actor, as_of: datetime | None) -> tuple[list[str], dict[str, Any]]:
    """Conditions on measures m: of this operation, known to this room by then, and not corrected by then."""
    params: dict[str, Any] = {"rooms": rooms_of(by.operation_id), "own": by.room_id}
    conditions = ["m.room_id = any(%(rooms)s)", "not m.is_repeat", NOT_CORRECTED.format(known=known_clause("x", as_of))]
    if as_of is not None:
        params["as_of"] = end_of_second(as_of)
        conditions.append(known_by("m"))
    return conditions, params


def known_by(alias: str) -> str:
    """What the room knew by %(as_of)s: recorded by then and, if another room's, released to it by then."""
    return f"{alias}.recorded_at < %(as_of)s and ({alias}.room_id = %(own)s or {alias}.audience_since < %(as_of)s)"


def end_of_second(moment: datetime) -> datetime:
    """The first moment after the second: "as of" includes the whole second."""
    return moment.replace(microsecond=0) + timedelta(seconds=1)


def known_clause(alias: str, as_of: datetime | None) -> str:
    """The same as a further condition; nothing where now is asked for."""
    if as_of is None:
        return ""
    if alias == "n":
        return "and n.created_at < %(as_of)s and (n.room_id = %(own)s or n.audience_since < %(as_of)s)"
    return f"and {known_by(alias)}"


def _admitted(rule: CountRule, params: dict[str, Any]) -> list[str]:
    engine = rule.definition
    conditions = ["m.stage = any(%(stages)s)"]
    params["stages"] = sorted(engine.stages)
    for name, column, words in (
        ("crossings", "m.crossing_code", engine.crossings), ("consignors", "m.consignor_class", engine.consignors),
        ("sources", "m.source", engine.sources), ("commodities", COMMODITY, engine.commodities),
    ):  # fmt: skip
        if words is not None:
            conditions.append(f"{column} = any(%({name})s)")
            params[name] = sorted(words)
    if engine.unit == ANY_UNIT:
        conditions.append("m.unit <> ''")
    else:
        conditions.append("m.unit = %(unit)s")
        params["unit"] = engine.unit
    if rule.last_attempt:
        conditions.append(LAST_ATTEMPT.format(known=f"and {known_by('y')}" if "as_of" in params else ""))
    return conditions


def _amount(rule: CountRule) -> str:
    return "m.quantity_damaged" if rule.damaged else AMOUNTS[rule.definition.side]


def _label(name: str, moment: str) -> str:
    if name == "day":
        return f"(({moment} at time zone %(zone)s) - make_interval(secs => %(day_starts)s))::date"
    return GROUPS[name]
