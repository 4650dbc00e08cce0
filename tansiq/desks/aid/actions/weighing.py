"""Judges events before they are written, and follows up what they open, settle and dissolve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.discrepancies import keep_open, let_go
from tansiq.desks.aid.models import HandlingUnit
from tansiq.desks.aid.queries.arithmetic import refusal_of
from tansiq.desks.aid.queries.told import HeldLines, Told, ToldAmount, conservation_rules, lines_of, moment_s, told_of
from tansiq.desks.aid.queries.weighing import NOTHING, Proposed, Weighed, weighed
from tansiq.desks.aid.rules import Act, EventStatement, Quantity, line_of

Row = Mapping[str, Any]


@dataclass
class Judgement:
    """What was found of some events, in the act that writes them."""

    lines: Mapping[UUID, HeldLines] = field(default_factory=dict)
    weighed: Weighed = NOTHING
    quantities: dict[UUID, tuple[Quantity, ...]] = field(default_factory=dict)  # by event: each with its line
    refused: dict[UUID, Refused] = field(default_factory=dict)  # by event: why it is not taken
    causes: dict[UUID, tuple[str, datetime | None]] = field(default_factory=dict)  # who insist: why, and when recorded


@dataclass(frozen=True)
class Standing:
    """An event that is about to be written, and what must be known of it beside its row."""

    statement: EventStatement
    row: Row
    repeated: tuple[str, int] | None = None  # key and edition of the event that it repeats
    insists: bool = False
    because: str = ""  # why its source insists


def judge(
    by: Actor, events: Mapping[UUID, Standing], units: Mapping[str, HandlingUnit], *, together: bool = False
) -> Judgement:
    """Weigh events of consignments that have lines; two queries, none where no event names a consignment.

    units : by code, as they stand now
    """
    consignments = {standing.row["consignment"] for standing in events.values()} - {None}
    rules = conservation_rules(by.operation_id)
    held = lines_of(by.room_id, consignments, hold=True) if consignments else {}
    found = Judgement(held)
    insisting = {event: _insistence_fault(by, standing) for event, standing in events.items() if standing.insists}
    proposed = []
    for event, standing in events.items():
        own = held.get(standing.row["consignment"])
        fault = next((fault for one in standing.statement.quantities if (fault := line_refusal(one, own))), None)
        if fault:
            found.refused[event] = fault
        elif own:
            found.quantities[event] = tuple(
                replace(one, line=line_of(one, own.lines)) for one in standing.statement.quantities
            )
            told = _told(event, standing, found.quantities[event], units)
            insists = standing.insists and insisting[event] is None
            if insists:
                found.causes[event] = standing.because, standing.statement.recorded_at
            proposed.append(Proposed(standing.row["consignment"], told, insists))
    codes = {stage.code for stage in rules.stages.stages} if rules.stages else set()
    speaking = [one for one in proposed if one.told.stage in codes and _speaks(one.told)]
    if speaking:
        before = _balanced(told_of(by.room_id, {one.consignment for one in speaking}), codes)
        found.weighed = weighed(rules, held, before, speaking, together=together)
        everything = {c: [*before.get(c, ()), *(p.told for p in speaking if p.consignment == c)]
                      for c in found.weighed.told}  # fmt: skip
        for event, refusals in found.weighed.refused.items():
            found.refused[event] = insisting.get(event) or refusal_of(by, refusals, held, everything)
    return found


def follow(by: Actor, found: Judgement, event: UUID | None, *, corrects: bool = False) -> None:
    """Open what was insisted on, and let go what no longer contradicts itself; the events are written.

    event : the one that does it; of a batch that is insisted on, each contradiction names the one it comes from
    corrects : it corrects another, so that it settles rather than dissolves
    """
    told = found.weighed.told
    if found.weighed.grown:
        keep_open(by, found.weighed.grown, found.lines, told, found.causes)
    waiting = [one for one in told if found.lines[one].has_open]
    if waiting:
        let_go(by, {one: found.weighed.found_in(one) for one in waiting}, event, corrects=corrects)


def line_refusal(quantity: Quantity, held: HeldLines | None) -> Refused | None:
    """Why the line that a quantity names cannot be."""
    if quantity.line is None:
        return None
    if held is None:
        return Refused("line_without_consignment", found=quantity.line)
    numbers = [line.number for line in held.lines]
    if quantity.line in numbers:
        return None
    return Refused("unknown_line", found=quantity.line, expected=", ".join(map(str, numbers)))


def _told(event: UUID, standing: Standing, quantities: Sequence[Quantity], units: Mapping[str, HandlingUnit]) -> Told:
    row, unit = standing.row, units.get(standing.statement.unit_code)
    key, edition = standing.repeated or (row["source_key"], row["edition"])
    return Told(
        event=event, source=row["source"], key=key, edition=edition, stage=row["stage"],
        unit=str(row["handling_unit"] or ""), parent=str((unit.parent_id if unit else None) or ""),
        attempt=row["attempt"], place=row["crossing_code"], move=row["move"], group=str(row["group"] or ""),
        occurred=moment_s(row["occurred_at"]), recorded=moment_s(row["recorded_at"]), gone=row["withdrawn"],
        again=standing.repeated is not None,
        amounts=tuple(
            ToldAmount(one.line, one.unit, one.giver, one.receiver) for one in quantities
            if one.line is not None and not (one.giver is None and one.receiver is None)
        ),
    )  # fmt: skip


def _speaks(told: Told) -> bool:
    """Whether an event says anything that can contradict: of a line, of a place, or by taking something back."""
    return bool(told.amounts) or told.edition > 0 or bool(told.unit and told.place)


def _balanced(told: Mapping[UUID, list[Told]], stages: set[str]) -> dict[UUID, list[Told]]:
    return {consignment: [one for one in rows if one.stage in stages] for consignment, rows in told.items()}


def _insistence_fault(by: Actor, standing: Standing) -> Refused | None:
    """Whoever insists must be allowed to, say why, and somebody must be there to follow it up."""
    if not by.may(Act.OPEN_DISCREPANCY):
        return Refused("not_permitted", act=Act.OPEN_DISCREPANCY.value)
    if not standing.because.strip():
        return Refused("insistence_reason_missing")
    return None if conservation_rules(by.operation_id).clock else Refused("insistence_unknown")
