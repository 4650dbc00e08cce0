"""Discrepancies and every step of one, the balance of a consignment, and changes of its units."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.aid import Amount
from tansiq.api.endpoint import Code, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, shown_after
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.queries.balance import consignment_balance
from tansiq.desks.aid.queries.discrepancies import (
    DiscrepancyFilter,
    DiscrepancyRow,
    discrepancy_page,
    discrepancy_rows,
    discrepancy_story,
)
from tansiq.desks.aid.queries.words import words
from tansiq.desks.aid.rules import Act
from tansiq.desks.aid.rules.changes import ChangeKind, ChangeStatement, Portion

router = Router(tags=["aid"])


class DiscrepancyOut(Schema):
    """The headline of a discrepancy."""

    id: UUID
    room: UUID
    consignment: UUID
    reference: str
    line: int
    kind: str
    stage: str
    state: str
    owner_role: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    is_overdue: bool


class DiscrepancyList(Schema):
    """Discrepancies, the latest first, and the mark of the next page."""

    items: list[DiscrepancyOut]
    next: str | None


class DiscrepancyStepOut(Schema):
    """One step of the story."""

    act: str
    at: datetime
    by_system: bool
    owner_role: str
    text: str
    event: UUID | None


class DiscrepancyStoryOut(DiscrepancyOut):
    """A discrepancy with both readings; without figures where its detail is closed."""

    facts: dict[str, Any]
    steps: list[DiscrepancyStepOut]


class DiscrepanciesWanted(Schema):
    """What a list of discrepancies is narrowed to."""

    which: Literal["live", "mine", "unowned", "overdue", "closed", "all"] = "live"
    kind: Code = ""
    stage: Code = ""
    consignment: UUID | None = None
    changed_since: Moment | None = None


class TakeOnAsked(Schema):
    """For which role it is taken on; the one that is asked first where none is named."""

    role: Code = ""
    reason: Text = ""


class WhyAsked(Schema):
    """Why."""

    reason: Text = Field(min_length=1)


class LineOut(Schema):
    """A line of a consignment, with what passed each stage and what stands there still, in its own unit."""

    number: int
    unit: str
    requested: str
    attempts: int
    passed: dict[str, str]
    left: dict[str, str]


class FindingOut(Schema):
    """A contradiction with both readings, and the discrepancy under which it is followed up."""

    facts: dict[str, Any]
    discrepancy: UUID | None


class BalanceOut(Schema):
    """The quantities of a consignment as of a moment."""

    consignment: UUID
    as_of: datetime | None
    lines: list[LineOut]
    findings: list[FindingOut]


class PortionAsked(Schema):
    """How much of a line, on which unit."""

    line: int = Field(ge=1, le=100_000)
    quantity: Amount
    unit: Text = Field("", max_length=120)
    unit_kind: Code = "pallet"
    measure: Code = ""


class ChangeAsked(Schema):
    """What was taken from units or lines, and what was made of it."""

    kind: ChangeKind
    stage: Code = Field(min_length=1)
    occurred_at: Moment
    taken: list[PortionAsked] = Field(min_length=1, max_length=200)
    made: list[PortionAsked] = Field([], max_length=200)
    crossing: Code = ""
    place: Text = ""
    reason: Code = ""
    insists: bool = False
    insists_because: Text = ""


class ChangedOut(Schema):
    """The first event of a change."""

    event: UUID
    group: UUID | None
    stage: str
    attempt: int


@router.get("/discrepancies", response=DiscrepancyList, summary="Discrepancies")
@endpoint(Act.READ_DISCREPANCY)
def list_discrepancies(
    request: HttpRequest, asked: Query[DiscrepanciesWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Discrepancies that this room sees; those that are open, unless asked for others."""
    wanted = DiscrepancyFilter(asked.which, asked.kind, asked.stage, asked.consignment, since=asked.changed_since)
    page = shown_after(lambda: discrepancy_page(request.actor, wanted, after=after, size=limit))
    rows = discrepancy_rows(request.actor, page.rows, words(request.actor))
    return {"items": [_discrepancy(row) for row in rows], "next": page.after}


@router.get(
    "/discrepancies/{uuid:discrepancy_id}", response=DiscrepancyStoryOut, summary="One discrepancy with both readings"
)
@endpoint(Act.READ_DISCREPANCY)
def one_discrepancy(request: HttpRequest, discrepancy_id: UUID) -> dict[str, object]:
    """Everything of one discrepancy that is open to this room."""
    return _story(request.actor, discrepancy_id)


@router.post(
    "/discrepancies/{uuid:discrepancy_id}/take-on", response=DiscrepancyStoryOut, summary="Take a discrepancy on"
)
@endpoint(Act.TAKE_ON_DISCREPANCY)
def take_on(
    request: HttpRequest, discrepancy_id: UUID, payload: TakeOnAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Take it on for a role of this room; its clock runs on."""
    actions.take_on_discrepancy(
        by=request.actor, key=idempotency_key, discrepancy_id=discrepancy_id, **payload.model_dump()
    )
    return _story(request.actor, discrepancy_id)


@router.post(
    "/discrepancies/{uuid:discrepancy_id}/explain", response=DiscrepancyStoryOut, summary="Explain a discrepancy"
)
@endpoint(Act.EXPLAIN_DISCREPANCY)
def explain(
    request: HttpRequest, discrepancy_id: UUID, payload: WhyAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Say how it comes that both readings differ; its clock ends."""
    actions.explain_discrepancy(
        by=request.actor, key=idempotency_key, discrepancy_id=discrepancy_id, reason=payload.reason
    )
    return _story(request.actor, discrepancy_id)


@router.post(
    "/discrepancies/{uuid:discrepancy_id}/leave", response=DiscrepancyStoryOut, summary="Leave a discrepancy standing"
)
@endpoint(Act.LEAVE_DISCREPANCY)
def leave(
    request: HttpRequest, discrepancy_id: UUID, payload: WhyAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Close it with both readings standing, for a reason."""
    actions.leave_discrepancy(
        by=request.actor, key=idempotency_key, discrepancy_id=discrepancy_id, reason=payload.reason
    )
    return _story(request.actor, discrepancy_id)


@router.get(
    "/consignments/{uuid:consignment_id}/balance", response=BalanceOut, summary="The quantities of a consignment"
)
@endpoint(Act.READ_CONSIGNMENT)
def balance(request: HttpRequest, consignment_id: UUID, as_of: Moment | None = None) -> dict[str, object]:
    """What each line has passed at every stage as of a moment, what is left there, and what does not add up."""
    found = _consignment(request.actor, consignment_id)
    told = consignment_balance(request.actor, found, words(request.actor), as_of=as_of)
    if told is None:
        raise Http404
    return {
        "consignment": consignment_id, "as_of": as_of,
        "lines": [
            {
                "number": line.number, "unit": line.code, "requested": line.requested, "attempts": line.attempts,
                "passed": {row.code: row.cells[place].passed for row in told.rows},
                "left": {row.code: row.cells[place].left for row in told.rows},
            }
            for place, line in enumerate(told.lines)
        ],
        "findings": [{"facts": one.facts, "discrepancy": one.discrepancy} for one in told.findings],
    }  # fmt: skip


@router.post(
    "/consignments/{uuid:consignment_id}/changes", response={201: ChangedOut}, summary="Record a change of units"
)
@endpoint(Act.CHANGE_UNITS)
def add_change(
    request: HttpRequest, consignment_id: UUID, payload: ChangeAsked, idempotency_key: IdempotencyKey = None
) -> Status:
    """Record a split, repack, substitution, return or another try: all of it, or nothing."""
    found = _consignment(request.actor, consignment_id)
    if found.room_id != request.actor.room_id:
        raise Http404
    statement = ChangeStatement(
        payload.kind, found.reference, payload.stage, payload.occurred_at, _portions(payload.taken),
        _portions(payload.made), payload.crossing, payload.place, payload.reason, insists=payload.insists,
        insists_because=payload.insists_because,
    )  # fmt: skip
    event = actions.change_units(by=request.actor, key=idempotency_key, statement=statement, group=idempotency_key)
    return Status(201, {"event": event.pk, "group": event.group, "stage": event.stage, "attempt": event.attempt})


def _portions(asked: list[PortionAsked]) -> tuple[Portion, ...]:
    return tuple(Portion(one.line, one.quantity, one.unit, one.unit_kind, one.measure) for one in asked)


def _consignment(by: Actor, consignment_id: UUID) -> Consignment:
    found = Consignment.objects.filter(pk=consignment_id, room__operation=by.operation_id).first()
    if found is None:
        raise Http404
    return found


def _discrepancy(row: DiscrepancyRow) -> dict[str, object]:
    one = row.discrepancy
    return {
        "id": one.pk, "room": one.room_id, "consignment": one.consignment_id, "reference": row.reference,
        "line": one.line_number, "kind": one.kind, "stage": one.stage, "state": one.state,
        "owner_role": one.owner_role, "opened_at": one.opened_at, "closed_at": one.closed_at,
        "due_at": row.clock.clock.due_at if row.clock else None, "is_overdue": row.is_overdue,
    }  # fmt: skip


def _story(by: Actor, discrepancy_id: UUID) -> dict[str, object]:
    found = discrepancy_story(by, discrepancy_id, words(by))
    if found is None:
        raise Http404
    steps = [
        {"act": one.step.act, "at": one.step.at, "by_system": one.step.by_system, "owner_role": one.step.owner_role,
         "text": one.step.text, "event": one.step.event_id}
        for one in found.steps
    ]  # fmt: skip
    return {**_discrepancy(found.row), "facts": found.facts, "steps": steps}
