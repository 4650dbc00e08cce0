"""Measures as columns for the counting engine, and why two counts differ, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.counts import COMMODITY, MEANING, end_of_second, known_clause
from tansiq.desks.aid.queries.reference import rooms_of
from tansiq.desks.aid.rules import CountRule
from tansiq.desks.aid.rules.definitions import ANY_UNIT
from tansiq.engine.counting import (
    CODED,
    MICRO,
    NEVER,
    NO_ROW,
    NOT_STATED,
    CauseShare,
    Measures,
    Period,
    coded,
    explain_difference,
)

Integers = NDArray[np.int64]
NEVER_IN_BOOK = 0  # replaced before anything was recorded

COLUMNS = f"""m.id, m.event_id, m.unit_key, m.attempt, m.reference, m.stage, m.unit, m.crossing_code,
    m.consignor_class, {COMMODITY}, m.source, m.quantity_giver, m.quantity_receiver, m.quantity_damaged,
    floor(extract(epoch from m.occurred_at))::bigint, floor(extract(epoch from m.recorded_at))::bigint,
    floor(extract(epoch from x.replaced_at))::bigint"""
LOAD = """
with corrected as materialized (
    select room_id, corrects_id, min(recorded_at) as replaced_at from aid_aidevent x
     where room_id = any(%(rooms)s) and corrects_id is not null {known_x} group by 1, 2
), hit as materialized (
    select distinct m.room_id, m.unit_key, m.reference from aid_aidmeasure m
     where m.room_id = any(%(rooms)s) and m.stage = any(%(stages)s) and (
        (m.occurred_at >= to_timestamp(%(start)s) and m.occurred_at < to_timestamp(%(end)s)) or
        (m.recorded_at >= to_timestamp(%(start)s) and m.recorded_at < to_timestamp(%(end)s)))
)
select {columns} from aid_aidmeasure m {meaning}
  left join corrected x on x.room_id = m.room_id and x.corrects_id = m.event_id
 where m.room_id = any(%(rooms)s) and m.stage = any(%(stages)s) and not m.is_repeat and m.unit <> '' {known_m}
   and ((m.room_id, m.unit_key) in (select room_id, unit_key from hit)
        or (m.reference <> '' and m.reference in (select reference from hit where reference <> '')))
 order by m.event_id, m.id
"""


@dataclass(frozen=True)
class LoadedMeasures:
    """Rows as the engine takes them, and the id of each."""

    measures: Measures
    ids: list[UUID]
    attempt: Integers  # (n,) attempt number
    damaged: Integers  # (n,) damaged part of what was received, millionths; NOT_STATED allowed


@dataclass(frozen=True)
class DifferenceLine:
    """One line of an explanation; a side without a row is None."""

    row_a: UUID | None
    row_b: UUID | None
    contribution: Decimal


@dataclass(frozen=True)
class Cause:
    """What one cause adds to a difference. Codes: engine.counting.CAUSES."""

    code: str
    contribution: Decimal
    lines: tuple[DifferenceLine, ...]


@dataclass(frozen=True)
class Explanation:
    """Two totals and all that stands between them; the causes' contributions sum to total_a - total_b."""

    total_a: Decimal
    total_b: Decimal
    causes: tuple[Cause, ...]
    agreed_lines: tuple[DifferenceLine, ...]  # rows that both counts take at the same worth

    @property
    def agreed(self) -> int:
        """How many these are."""
        return len(self.agreed_lines)


def explain(
    by: Actor, rule_a: CountRule, rule_b: CountRule, period: Period, *, as_of: datetime | None = None
) -> Explanation:
    """Explain why two definitions give different counts for a period, as known at a time (None: now)."""
    stages = rule_a.definition.stages | rule_b.definition.stages
    loaded = load_measures(by, sorted(stages), period, as_of)
    columns_a = prepared(loaded, rule_a)
    columns_b = columns_a if _same_columns(rule_a, rule_b) else prepared(loaded, rule_b)
    until = int(end_of_second(as_of).timestamp()) - 1 if as_of else NEVER - 1
    found = explain_difference(rule_a.definition, columns_a, rule_b.definition, columns_b, period, as_of=until)
    causes = tuple(
        Cause(share.cause, Decimal(share.contribution_micro) / MICRO, _lines(loaded.ids, share))
        for share in found.shares
    )
    pairs = zip(found.agreed_a.tolist(), found.agreed_b.tolist(), strict=True)
    agreed = tuple(DifferenceLine(loaded.ids[a], loaded.ids[b], Decimal(0)) for a, b in pairs)
    return Explanation(Decimal(found.total_a_micro) / MICRO, Decimal(found.total_b_micro) / MICRO, causes, agreed)


def load_measures(by: Actor, stages: Sequence[str], period: Period, as_of: datetime | None = None) -> LoadedMeasures:
    """The visible rows of these stages of every unit and reference that has one of them in the period."""
    params: dict[str, Any] = {"rooms": rooms_of(by.operation_id), "own": by.room_id, "stages": list(stages),
                              "start": period.start, "end": period.end}  # fmt: skip
    if as_of is not None:
        params["as_of"] = end_of_second(as_of)
    sql = LOAD.format(
        columns=COLUMNS, meaning=MEANING.format(known=known_clause("n", as_of)), known_x=known_clause("x", as_of),
        known_m=known_clause("m", as_of),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return _columns(rows)


def _columns(rows: list[tuple[Any, ...]]) -> LoadedMeasures:
    by_name = list(zip(*rows, strict=True)) if rows else [()] * 17
    words = dict(
        zip(("stage", "unit", "crossing", "consignor", "commodity", "source"), map(coded, by_name[5:11]), strict=True)
    )
    # A row that names nothing outside is its own reference, so that the same row is found in both counts.
    reference, references = coded(text or str(own) for own, text in zip(by_name[0], by_name[4], strict=True))
    given, received, damaged = (_micro(column) for column in by_name[11:14])
    measures = Measures(
        event=_dense(by_name[1]), unit_key=_dense(by_name[2]), reference=reference, references=references,
        **{name: words[name][0] for name in CODED}, given=given, received=received,
        occurred_at=np.array(by_name[14], dtype=np.int64), recorded_at=np.array(by_name[15], dtype=np.int64),
        replaced_at=np.array([NEVER if at is None else at for at in by_name[16]], dtype=np.int64),
        tables={name: words[name][1] for name in CODED},
    )  # fmt: skip
    return LoadedMeasures(measures, list(by_name[0]), np.array(by_name[3], dtype=np.int64), damaged)


def prepared(loaded: LoadedMeasures, rule: CountRule) -> Measures:
    """The columns as one definition sees them: what counts once, which quantity, which unit."""
    measures, attempt = loaded.measures, loaded.attempt
    changes: dict[str, Any] = {}
    if rule.keyed == "event":
        changes["unit_key"] = measures.event
    elif rule.keyed == "passage":
        changes["unit_key"] = _pairs(measures.unit_key, attempt)
    if rule.damaged:
        changes["received"] = loaded.damaged
    if rule.definition.unit == ANY_UNIT:
        changes |= {"unit": np.zeros(len(measures), dtype=np.int32), "tables": {**measures.tables, "unit": (ANY_UNIT,)}}
    if rule.last_attempt:
        changes["replaced_at"] = _only_last(measures, attempt)
    return replace(measures, **changes) if changes else measures


def _same_columns(rule_a: CountRule, rule_b: CountRule) -> bool:
    def kind(rule: CountRule) -> tuple[object, ...]:
        return rule.keyed, rule.damaged, rule.last_attempt, rule.definition.unit == ANY_UNIT

    return kind(rule_a) == kind(rule_b)


def _dense(ids: Sequence[UUID]) -> Integers:
    """Number ids in their order, from 0."""
    order = {one: number for number, one in enumerate(sorted(set(ids), key=lambda one: one.int))}
    return np.array([order[one] for one in ids], dtype=np.int64)


def _pairs(unit_key: Any, attempt: Integers) -> Integers:
    if not attempt.size:
        return attempt
    return np.unique(unit_key.astype(np.int64) * (int(attempt.max()) + 1) + attempt, return_inverse=True)[1]


def _only_last(measures: Measures, attempt: Integers) -> Integers:
    if not attempt.size:
        return measures.replaced_at
    last = np.zeros(measures.unit_key_count, dtype=np.int64)
    np.maximum.at(last, measures.unit_key, attempt)
    return np.where(attempt < last[measures.unit_key], NEVER_IN_BOOK, measures.replaced_at)


def _micro(column: Sequence[Decimal | None]) -> Integers:
    return np.array([NOT_STATED if value is None else int(value.scaleb(6)) for value in column], dtype=np.int64)


def _lines(ids: list[UUID], share: CauseShare) -> tuple[DifferenceLine, ...]:
    rows = zip(share.rows_a.tolist(), share.rows_b.tolist(), share.contributions.tolist(), strict=True)
    return tuple(
        DifferenceLine(None if a == NO_ROW else ids[a], None if b == NO_ROW else ids[b], Decimal(worth) / MICRO)
        for a, b, worth in rows
    )
