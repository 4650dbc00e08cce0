"""What each line of a consignment has passed at every stage as of a moment, what is left, and what does not add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import KIND_WORDS, Consignment, Discrepancy, HandlingUnit
from tansiq.desks.aid.queries.arithmetic import around, facts_of, identity_of, plain
from tansiq.desks.aid.queries.told import (
    ConservationRules,
    HeldLines,
    Told,
    book,
    conservation_rules,
    event_key,
    lines_of,
    moment_s,
    statements_of_told,
    told_of,
)
from tansiq.desks.aid.queries.words import Names, Words, named
from tansiq.desks.aid.rules import HeldLine
from tansiq.engine.conservation import Moment, Settled, discrepancies, handover_differences, settle

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class BalanceLine:
    """A line of a consignment, at the head of its column."""

    number: int
    goods: Names | str
    measure: Names | str
    code: str  # of the unit of measure
    requested: str
    attempts: int  # highest number of a try


@dataclass(frozen=True)
class BalanceCell:
    """What of a line has passed a stage, and what of it stands there still."""

    passed: str
    left: str
    is_over: bool  # more was drawn from it than came


@dataclass(frozen=True)
class BalanceRow:
    """One stage."""

    code: str
    stage: Names | str
    cells: tuple[BalanceCell, ...]  # one for each line


@dataclass(frozen=True)
class BalanceFinding:
    """A contradiction, with both readings."""

    kind: str
    words: Any
    line: int
    stage: Names | str
    limit_stage: Names | str
    measure: Names | str
    unit: HandlingUnit | None
    facts: Mapping[str, Any]
    discrepancy: UUID | None  # under which it is followed up; None: under none that this room reads


@dataclass(frozen=True)
class HandoverDifference:
    """A hand-over at which giver and receiver counted differently; no contradiction: the receiver's figure counts."""

    event: UUID
    line: int
    stage: Names | str
    given: str
    received: str
    short: str


@dataclass(frozen=True)
class Balance:
    """The balance of a consignment, as far as this room reads what is told of it."""

    lines: tuple[BalanceLine, ...]
    rows: tuple[BalanceRow, ...]
    findings: tuple[BalanceFinding, ...]
    handovers: tuple[HandoverDifference, ...]


def settled(
    operation_id: UUID, consignments: Mapping[UUID, UUID], *, as_of: datetime | None = None
) -> tuple[Settled | None, dict[UUID, HeldLines], dict[UUID, list[Told]]]:
    """The settled books of consignments, given with the room of each; a fixed number of queries for each room.

    Returns None for the first part where nothing can be balanced.
    """
    rules = conservation_rules(operation_id)
    held: dict[UUID, HeldLines] = {}
    told: dict[UUID, list[Told]] = {}
    for room in set(consignments.values()):
        own = [one for one, whose in consignments.items() if whose == room]
        held |= lines_of(room, own)
        told |= told_of(room, own)
    if rules.stages is None or not held:
        return None, held, told
    moment = Moment() if as_of is None else Moment(as_of=moment_s(as_of))
    return settle(book(rules, held, _statements(rules, held, told)), moment), held, told


def consignment_balance(
    by: Actor, consignment: Consignment, words: Words, *, as_of: datetime | None = None
) -> Balance | None:
    """The balance of one consignment as of a moment (None: now); None where no line of it is open, or none balances."""
    pk = consignment.pk
    found, held, told = settled(by.operation_id, {pk: consignment.room_id}, as_of=as_of)
    if found is None:
        return None
    lines = held[pk].lines
    heads = tuple(
        BalanceLine(
            line.number, named(words.commodities, line.commodity) if line.commodity else line.cargo,
            named(words.units, line.unit), line.unit, plain(int(line.requested * 10**6)), int(found.attempts[number]),
        )
        for number, line in enumerate(lines)
    )  # fmt: skip
    findings = _findings(found, held, told, words)
    return Balance(heads, _rows(found, words), findings, _handovers(found, told.get(pk, []), lines, words))


def _statements(rules: ConservationRules, held: Mapping[UUID, HeldLines], told: Mapping[UUID, list[Told]]) -> list[Any]:
    codes = {stage.code for stage in rules.stages.stages} if rules.stages else set()
    return [
        statement
        for consignment in held
        for _, statement in statements_of_told(
            consignment, [one for one in told.get(consignment, ()) if one.stage in codes], held[consignment]
        )
    ]


def _rows(found: Settled, words: Words) -> tuple[BalanceRow, ...]:
    """The stages of which anything is known, in the order in which they draw on one another."""
    rows = []
    passed, left = _passed(found)
    for number, stage in enumerate(found.book.stages.stages):
        if passed[number].any() or left[number].any():
            pairs = zip(passed[number].tolist(), left[number].tolist(), strict=True)
            cells = tuple(BalanceCell(plain(came), plain(rest), rest < 0) for came, rest in pairs)
            rows.append(BalanceRow(stage.code, named(words.stages, stage.code), cells))
    return tuple(rows)


def _passed(found: Settled) -> tuple[Integers, Integers]:
    """What has passed each stage and what is left there; (s, l) millionths.

    A stage of lines of which nothing is stated, and whose statement may still come, has let pass what came after it.
    """
    stages, amounts = found.book.stages, found.line_amounts
    drawing = [[draw for draw in draws if stages.stages[draw].kind != "return"] for draws in stages.draws]
    passed = found.passed.copy()
    for number in reversed(stages.of_lines[1:]):
        if stages.stages[number].presumed:
            after = passed[drawing[number]].sum(axis=0) - amounts.inward[number] + amounts.outward[number]
            passed[number] = np.where(amounts.stated[number], passed[number], np.maximum(after, 0))
    left = passed + amounts.inward - amounts.outward
    for number, draws in enumerate(drawing):
        left[number] -= passed[draws].sum(axis=0)
    return passed, left


def _findings(
    found: Settled, held: Mapping[UUID, HeldLines], told: Mapping[UUID, list[Told]], words: Words
) -> tuple[BalanceFinding, ...]:
    listed = discrepancies(found)
    if not listed:
        return ()
    live = Discrepancy.objects.filter(consignment__in=list(held), closed_at=None).values_list("identity", "pk")
    followed = dict(live)
    units = HandlingUnit.objects.in_bulk([UUID(one.unit) for one in listed if one.unit])
    rows = []
    for one in listed:
        place = around(one, held, told)
        rows.append(BalanceFinding(
            one.kind, KIND_WORDS[one.kind], place.line.number, named(words.stages, one.stage),
            named(words.stages, one.limit_stage), named(words.units, place.line.unit),
            units.get(UUID(one.unit)) if one.unit else None, facts_of(one, place), followed.get(identity_of(one)),
        ))  # fmt: skip
    return tuple(rows)


def _handovers(
    found: Settled, told: list[Told], lines: Sequence[HeldLine], words: Words
) -> tuple[HandoverDifference, ...]:
    differing = handover_differences(found)
    held = found.book.statements
    newest = {(one.source, one.key): one.event for one in sorted(told, key=lambda one: (one.edition, not one.again))}
    columns = (getattr(differing, name).tolist() for name in ("rows", "line", "stage", "given", "received", "short"))
    return tuple(
        HandoverDifference(
            newest[held.sources[held.source[row]], event_key(held.keys[held.key[row]])], lines[line].number,
            named(words.stages, found.book.stages.stages[stage].code), plain(given), plain(received), plain(short),
        )
        for row, line, stage, given, received, short in zip(*columns, strict=True)
    )  # fmt: skip
