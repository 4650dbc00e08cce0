"""Decides items, as the authority that is asked: each decision stands in its own room and is never changed."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests.actions.answering import record_answer
from tansiq.desks.requests.actions.checks import moment
from tansiq.desks.requests.actions.labels import label_of_decision
from tansiq.desks.requests.actions.tokens import issue_token
from tansiq.desks.requests.models import SILENCE, Clearance, ClearanceDecision, DecisionTerms, Outcome, RequestStep
from tansiq.desks.requests.queries.operation import Words, words
from tansiq.desks.requests.rules import DECISIONS, Act, DecisionStatement, decision_fault, is_approval


@act(Act.DECIDE_CLEARANCE)
def decide_clearance(
    *, by: Actor, clearance: Clearance, decision: DecisionStatement, at: datetime | None = None
) -> Done:
    """Decide, as the authority, on a line that is asked of it; an approval yields a token. Raises Refused."""
    now, in_past = moment(by, at), at is not None
    asked = _question(by, clearance)
    known = words(by.operation_id)
    _check(decision, asked, known, now)
    asked = record_answer(
        by=system_actor(asked.room, Act.RECORD_ANSWER, "clocks.clock.*"), clearance=asked, outcome=decision.outcome,
        at=now, in_past=in_past,
    )  # fmt: skip
    asked = _question(by, clearance)
    made = _decision(by, asked, decision, known, now)
    terms = DecisionTerms.objects.create(
        room_id=by.room_id, audience_id=label_of_decision(by, TearLine.DETAIL, asked.room_id), decision=made,
        item=asked.item.description, quantity=_granted(decision, asked), unit=asked.item.unit,
        conditions=decision.conditions.strip(), words=decision.words.strip(),
    )  # fmt: skip
    if is_approval(made.outcome):
        issue_token(by=_entrusted(by), decision=made)
    facts = {"outcome": made.outcome, "reason": made.reason, "commodity": made.commodity, "question": str(asked.pk),
             "round": made.round, "late": made.is_late}  # fmt: skip
    return Done(made, wrote=[made, terms], facts=facts, topics=[DECISIONS])


def _question(by: Actor, clearance: Clearance) -> Clearance:
    found = Clearance.objects.select_related("room", "item", "authority", "request").filter(pk=clearance.pk).first()
    if found is None or found.room.operation_id != by.operation_id:
        raise Refused("not_found")
    if found.authority_id != by.room_id:
        raise Refused("clearance_not_asked")
    if found.closed_at:
        raise Refused("clearance_closed")
    return found


def _check(decision: DecisionStatement, asked: Clearance, known: Words, now: datetime) -> None:
    unit = local_name(known.units.get(asked.item.unit, {})) or asked.item.unit
    fault = decision_fault(decision, (asked.item.quantity, unit), known.item_reasons, now)
    if fault:
        raise Refused(fault[0], **fault[1])
    if decision.decided_role and decision.decided_role not in known.roles:
        raise Refused("clearance_role", found=decision.decided_role)


def _decision(by: Actor, asked: Clearance, said: DecisionStatement, known: Words, now: datetime) -> ClearanceDecision:
    valid = (said.valid_until or now + known.rules.valid_for) if is_approval(said.outcome) else None
    silent = RequestStep.objects.filter(clearance=asked, round=asked.round, act=SILENCE)
    return ClearanceDecision.objects.create(
        id=uuid4(), room_id=by.room_id, audience_id=label_of_decision(by, TearLine.HEADLINE, asked.room_id),
        clearance=asked, request_id=asked.request_id, item_id=asked.item_id, asking_room_id=asked.room_id,
        round=asked.round, outcome=said.outcome, reason=said.reason, decided_role=said.decided_role,
        asked_at=asked.asked_at, decided_at=now, valid_until=valid, is_late=silent.exists(), commodity=asked.commodity,
        commodity_class=asked.commodity_class, organisation_type=asked.organisation_type,
    )  # fmt: skip


def _granted(said: DecisionStatement, asked: Clearance) -> Any:
    return said.quantity if said.outcome == Outcome.PARTLY else asked.item.quantity


def _entrusted(by: Actor) -> Actor:
    """The same person, whose approval yields a token as its consequence."""
    return Actor(by.account_id, by.room_id, by.operation_id, by.acts | {Act.ISSUE_TOKEN}, by.name, by.via)
