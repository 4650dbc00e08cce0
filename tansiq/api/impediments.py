"""The register of impediments, one with its whole story, and every step of one."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.endpoint import Code, Day, IdempotencyKey, Text, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.models import Impediment, ImpedimentState
from tansiq.desks.impediments.queries.lists import LIVE, ImpedimentRow, Wanted, impediments, rows_of
from tansiq.desks.impediments.queries.records import reference_to
from tansiq.desks.impediments.queries.stories import Happening, impediment_story
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import Act, ImpedimentStatement, RecordReference

router = Router(tags=["impediments"])

Amount = Annotated[Decimal, Field(gt=0, le=999_999_999_999, max_digits=18, decimal_places=6)]
Line = Annotated[Text, Field(max_length=300)]
ShortCode = Annotated[Code, Field(max_length=64)]


class ImpedimentOut(Schema):
    """How an impediment stands."""

    id: UUID
    room: UUID
    title: str
    type: str
    state: str
    place: str
    chain_links: list[str]
    obligation: str
    owner_room: UUID
    owner_role: str
    origin: str
    raised_at: datetime
    raised_count: int
    silence_count: int
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    cost_quantity: Decimal | None
    cost_unit: str
    next_forum: str


class ImpedimentPage(Schema):
    """Impediments, raised last first, and the mark of the next page."""

    items: list[ImpedimentOut]
    next: str | None


class SaidOut(Schema):
    """What a room said at a step."""

    room: dict[str, str]
    text: str


class HappeningOut(Schema):
    """One thing in the story of an impediment."""

    at: datetime
    what: str
    room: dict[str, str]
    by_system: bool
    number: int | None
    is_late: bool
    due_at: datetime | None
    said: list[SaidOut]


class RecordOut(Schema):
    """A record that an impediment holds up, or a precedent."""

    relation: str
    label: str
    id: UUID
    names: dict[str, str]


class StoryOut(ImpedimentOut):
    """An impediment with its whole story, as far as it is open to this room."""

    description: str
    clause: str
    cost_source: str
    records: list[RecordOut]
    story: list[HappeningOut]


class ImpedimentsWanted(Schema):
    """What a list of impediments is narrowed to."""

    state: Literal["live", "all"] | ImpedimentState = "live"
    type: ShortCode = ""
    link: ShortCode = ""
    place: Code = ""
    owner: Code = ""
    record: UUID | None = None
    sought: Text = ""


class RecordAsked(Schema):
    """A record by the label of its model and its id."""

    label: Code = Field(min_length=1)
    id: UUID


class ImpedimentAsked(Schema):
    """What stands in the way, and who must answer for it."""

    title: Annotated[Text, Field(min_length=1, max_length=200)]
    type: ShortCode = Field(min_length=1)
    owner_room: UUID
    owner_role: ShortCode = ""
    chain_links: list[ShortCode] = Field([], max_length=50)
    place: Annotated[Code, Field(max_length=80)] = ""
    obligation: ShortCode = ""
    description: Text = ""
    clause: Line = ""
    cost_quantity: Amount | None = None
    cost_unit: ShortCode = ""
    cost_source: Line = ""
    next_forum: Annotated[Text, Field(max_length=200)] = ""
    next_forum_date: Day | None = None
    records: list[RecordAsked] = Field([], max_length=200)


class ReasonAsked(Schema):
    """Why the step is taken."""

    reason: Text = Field(min_length=1)


class AnswerAsked(ReasonAsked):
    """What the owner answers."""

    answer: ShortCode = Field(min_length=1)


class OwnerAsked(ReasonAsked):
    """To whom it is handed over."""

    owner_room: UUID
    owner_role: ShortCode = ""


@router.get("", response=ImpedimentPage, summary="Impediments")
@endpoint(Act.READ_IMPEDIMENT)
def list_impediments(
    request: HttpRequest, asked: Query[ImpedimentsWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Impediments that this room sees; those that still stand in the way, unless asked for others."""
    state = {"live": LIVE, "all": ""}.get(str(asked.state), str(asked.state))
    wanted = Wanted(
        sought=asked.sought, state=state, kind=asked.type, link=asked.link, place=asked.place, owner=asked.owner,
        record_id=asked.record,
    )  # fmt: skip
    shown, following = page_after(impediments(request.actor, wanted), "raised_at", after, limit)
    known = words(request.actor.operation_id)
    return {"items": [_impediment(row) for row in rows_of(shown, request.actor, known)], "next": following}


@router.get("/{impediment_id}", response=StoryOut, summary="One impediment with its whole story")
@endpoint(Act.READ_IMPEDIMENT)
def get_impediment(request: HttpRequest, impediment_id: UUID) -> dict[str, object]:
    """Everything of one impediment that is open to this room."""
    return _story(request.actor, impediment_id)


@router.post("", response={201: StoryOut}, summary="Open an impediment")
@endpoint(Act.OPEN_IMPEDIMENT)
def open_impediment(request: HttpRequest, payload: ImpedimentAsked, idempotency_key: IdempotencyKey = None) -> Status:
    """Open an impediment of this room. A program looks first whether a live one is the same, and raises that again."""
    plain = payload.model_dump(exclude={"type", "owner_room", "owner_role", "records", "chain_links"})
    statement = ImpedimentStatement(
        **plain, kind=payload.type, owner=Holder(payload.owner_room, payload.owner_role),
        chain_links=tuple(payload.chain_links), records=_records(payload.records),
    )  # fmt: skip
    done = actions.open_impediment(by=request.actor, key=idempotency_key, statement=statement)
    return Status(201, _story(request.actor, done.pk))


@router.post("/{impediment_id}/raise", response=StoryOut, summary="Raise an impediment again")
@endpoint(Act.RAISE_IMPEDIMENT)
def raise_impediment(
    request: HttpRequest, impediment_id: UUID, payload: ReasonAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Raise it again under its own id; a closed one opens again."""
    one = _found(impediment_id)
    actions.raise_impediment(by=request.actor, key=idempotency_key, impediment=one, reason=payload.reason)
    return _story(request.actor, impediment_id)


@router.post("/{impediment_id}/answer", response=StoryOut, summary="Answer an impediment")
@endpoint(Act.ANSWER_IMPEDIMENT)
def answer_impediment(
    request: HttpRequest, impediment_id: UUID, payload: AnswerAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Answer as the room that owns it."""
    one = _found(impediment_id)
    actions.answer_impediment(
        by=request.actor, key=idempotency_key, impediment=one, answer=payload.answer, reason=payload.reason
    )
    return _story(request.actor, impediment_id)


@router.post("/{impediment_id}/hand-over", response=StoryOut, summary="Hand an impediment over")
@endpoint(Act.HAND_OVER_IMPEDIMENT)
def hand_over_impediment(
    request: HttpRequest, impediment_id: UUID, payload: OwnerAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Hand it over to another room or role; a new clock runs there."""
    one, owner = _found(impediment_id), Holder(payload.owner_room, payload.owner_role)
    actions.hand_over_impediment(
        by=request.actor, key=idempotency_key, impediment=one, owner=owner, reason=payload.reason
    )
    return _story(request.actor, impediment_id)


@router.post("/{impediment_id}/resolve", response=StoryOut, summary="Resolve an impediment")
@endpoint(Act.RESOLVE_IMPEDIMENT)
def resolve_impediment(
    request: HttpRequest, impediment_id: UUID, payload: ReasonAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Say, as the room that raised it, that it stands in the way no more."""
    one = _found(impediment_id)
    actions.resolve_impediment(by=request.actor, key=idempotency_key, impediment=one, reason=payload.reason)
    return _story(request.actor, impediment_id)


@router.post("/{impediment_id}/withdraw", response=StoryOut, summary="Withdraw an impediment")
@endpoint(Act.WITHDRAW_IMPEDIMENT)
def withdraw_impediment(
    request: HttpRequest, impediment_id: UUID, payload: ReasonAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Take it back, as the room that raised it."""
    one = _found(impediment_id)
    actions.withdraw_impediment(by=request.actor, key=idempotency_key, impediment=one, reason=payload.reason)
    return _story(request.actor, impediment_id)


def _found(impediment_id: UUID) -> Impediment:
    found = Impediment.objects.filter(pk=impediment_id).first()
    if found is None:
        raise Http404
    return found


def _records(asked: list[RecordAsked]) -> tuple[RecordReference, ...]:
    """The records that this room reads. Raises Refused when one of them is hidden or absent."""
    found = [reference_to(one.label, one.id) for one in asked]
    if None in found:
        raise Refused("not_found")
    return tuple(one for one in found if one is not None)


def _impediment(row: ImpedimentRow) -> dict[str, object]:
    one = row.impediment
    return {
        "id": one.pk, "room": one.room_id, "title": one.title, "type": one.kind, "state": one.state,
        "place": one.place, "chain_links": one.chain_links, "obligation": one.obligation,
        "owner_room": one.owner_room_id, "owner_role": one.owner_role, "origin": one.origin,
        "raised_at": one.raised_at, "raised_count": one.raised_count, "silence_count": one.silence_count,
        "answer": one.answer, "answered_at": one.answered_at, "closed_at": one.closed_at,
        "due_at": row.deadline.clock.due_at if row.deadline else None,
        "cost_quantity": row.cost.cost_quantity if row.cost else None,
        "cost_unit": row.cost.cost_unit if row.cost else "", "next_forum": one.next_forum,
    }  # fmt: skip


def _story(by: Actor, impediment_id: UUID) -> dict[str, object]:
    found = impediment_story(by, impediment_id, words(by.operation_id))
    if found is None:
        raise Http404
    latest = found.details[0] if found.details else None
    related = [(one.record, one.names) for one in (*found.held, *found.precedents)]
    return {
        **_impediment(found.row), "description": latest.description if latest else "",
        "clause": latest.clause if latest else "", "cost_source": latest.cost_source if latest else "",
        "records": [
            {"relation": one.relation, "label": one.record_label, "id": one.record_id, "names": dict(names)}
            for one, names in related
        ],
        "story": [_happening(one) for one in found.happenings],
    }  # fmt: skip


def _happening(one: Happening) -> dict[str, object]:
    return {
        "at": one.at, "what": one.what, "room": dict(one.room), "by_system": one.by_system, "number": one.number,
        "is_late": one.is_late, "due_at": one.due_at,
        "said": [{"room": dict(room), "text": text} for room, text in one.said],
    }  # fmt: skip
