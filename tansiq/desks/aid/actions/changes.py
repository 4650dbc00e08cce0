"""Records what became of units: split, repacked, substituted, returned, tried again; one change, or none of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import room_slug
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.statements import write_statements
from tansiq.desks.aid.actions.weighing import follow
from tansiq.desks.aid.models import AidEvent, Consignment, HandlingUnit, Move
from tansiq.desks.aid.queries.changes import attempts_of
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.aid.queries.told import conservation_rules, lines_of
from tansiq.desks.aid.rules import Act, EventStatement, Quantity, fault_of
from tansiq.desks.aid.rules.changes import MOVING, ChangeKind, ChangeStatement, Portion, check_change


@act(Act.CHANGE_UNITS)
def change_units(*, by: Actor, statement: ChangeStatement, group: UUID | None = None) -> Done:
    """Record a change as events: what was taken, and what was made of it; answers the first event. Raises Refused.

    group : names the change, so that it is taken once; a random one where none is given
    """
    check_change(statement)
    source = room_slug(by)
    reference = statement.consignment.strip()
    consignment = Consignment.objects.filter(room=by.room_id, source=source, reference=reference).first()
    if consignment is None:
        raise Refused("unregistered_consignment", found=reference)
    stated = _events(by, replace(statement, consignment=reference), consignment, group or uuid4())
    codes, now = codes_of(by.operation_id), datetime.now(UTC)
    for one in stated:
        fault = fault_of(one, codes, now)
        if fault:
            raise Refused(fault[0], **fault[1])
    written = write_statements(by, [replace(one, source=source) for one in stated], together=True)
    if written.differs:
        raise Refused("same_key_other_content", found=written.differs[0].source_key)
    if written.refused:
        raise written.refused[0][1]
    first = AidEvent.objects.get(room=by.room_id, source=source, source_key=stated[0].source_key, edition=0)
    follow(by, written.judgement, first.pk)
    facts = {"kind": statement.kind.value, "stage": statement.stage, "reference": reference,
             "taken": len(statement.taken), "made": len(statement.made)}  # fmt: skip
    return Done(first, wrote=written.rows(), facts=facts, topics=["aid.event", "aid.consignment"])


def _events(by: Actor, stated: ChangeStatement, consignment: Consignment, group: UUID) -> list[EventStatement]:
    """An event for each unit on each side, with a quantity for each line."""
    attempts = attempts_of(consignment)
    measures = _measures(by, consignment)
    sides: list[tuple[str, Sequence[Portion]]] = [(Move.TAKEN, stated.taken), (Move.MADE, stated.made)]
    if stated.kind not in MOVING:
        sides = [("", stated.taken)]
        _check_units(by, stated, attempts)
    parent = stated.taken[0].unit_code if stated.kind is ChangeKind.SPLIT else ""
    found = []
    for move, portions in sides:
        for code in dict.fromkeys(portion.unit_code for portion in portions):
            own = [portion for portion in portions if portion.unit_code == code]
            attempt = attempts.get(code, 1) + (stated.kind is ChangeKind.RESUBMISSION)
            if move == Move.MADE and code not in attempts:
                attempt = max((attempts.get(portion.unit_code, 1) for portion in stated.taken), default=1)
            found.append(EventStatement(
                stage=stated.stage, occurred_at=stated.occurred_at, consignment=stated.consignment, unit_code=code,
                unit_kind=own[0].unit_kind, parent_code=parent if move == Move.MADE else "", attempt=attempt,
                quantities=tuple(_quantity(portion, measures) for portion in own), crossing_code=stated.crossing_code,
                place=stated.place, reason=stated.reason, precision=stated.precision, move=str(move),
                group=group if move else None, source_key=str(uuid5(NAMESPACE_OID, f"{group} {move} {code}")),
                is_further=not move, recorded_at=stated.recorded_at, insists=stated.insists,
                insists_because=stated.insists_because,
            ))  # fmt: skip
    return found


def _quantity(portion: Portion, measures: dict[int, str]) -> Quantity:
    measure = portion.measure or measures.get(portion.line, "")
    return Quantity(measure or "unstated", giver=portion.quantity, line=portion.line)


def _measures(by: Actor, consignment: Consignment) -> dict[int, str]:
    held = lines_of(by.room_id, [consignment.pk]).get(consignment.pk)
    return {line.number: line.unit for line in held.lines} if held else {}


def _check_units(by: Actor, stated: ChangeStatement, attempts: dict[str, int]) -> None:
    """A unit that comes back or tries again is one of which something is recorded; it comes back where one can."""
    for portion in stated.taken:
        known = HandlingUnit.objects.filter(room=by.room_id, code=portion.unit_code)
        if portion.unit_code not in attempts and not known.exists():
            raise Refused("change_unit_unknown", found=portion.unit_code)
    stages = conservation_rules(by.operation_id).stages
    if stated.kind is ChangeKind.RETURN and stages is not None:
        returns = [stages.stages[number].code for number in stages.returns]
        if stated.stage not in returns:
            raise Refused("change_stage_not_return", found=stated.stage, expected=", ".join(returns))
