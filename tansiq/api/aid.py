"""Consignments, events and counts of the aid desk."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.endpoint import Code, Day, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, shown_after
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions.amendments import amend_consignment
from tansiq.desks.aid.actions.events import record_event
from tansiq.desks.aid.models import AidEvent, Consignment, Precision
from tansiq.desks.aid.queries.counts import count, period_of_days
from tansiq.desks.aid.queries.discrepancies import discrepancies_counted
from tansiq.desks.aid.queries.events import EventFilter, consignment_page, event_page
from tansiq.desks.aid.queries.reference import definition
from tansiq.desks.aid.rules import Act, Amendment, EventStatement, LineStatement, Quantity

router = Router(tags=["aid"])

Group = Literal["day", "stage", "unit", "crossing", "consignor", "commodity", "source"]
Amount = Annotated[Decimal, Field(ge=0, le=999_999_999_999, max_digits=18, decimal_places=6)]


class ConsignmentOut(Schema):
    """The headline of a consignment."""

    id: UUID
    room: UUID
    source: str
    reference: str
    consignor_class: str
    crossing: str
    created_at: datetime


class ConsignmentPage(Schema):
    """Consignments, newest first, and the mark of the next page."""

    items: list[ConsignmentOut]
    next: str | None


class LineAsked(Schema):
    """A further line item."""

    quantity: Amount
    unit: Code = Field(min_length=1)
    commodity: Code = ""
    cargo: Text = ""


class AmendmentAsked(Schema):
    """What a consignment of this room says from now on; what is not named stays as it was."""

    reason: Text = Field(min_length=1)
    detail: dict[Code, Text] = Field({}, max_length=20)
    driver: Text | None = None
    contact: Text | None = None
    lines: list[LineAsked] = Field([], max_length=200)


class EventOut(Schema):
    """A stage that a consignment or unit reached, as one source states it."""

    id: UUID
    room: UUID
    source: str
    source_key: str | None  # told to the room that recorded it alone
    edition: int
    stage: str
    reason: str
    occurred_at: datetime
    precision: str
    recorded_at: datetime
    crossing: str
    unit: str | None  # the code, which stands on the detail line
    unit_key: UUID | None  # opaque, the same in every event of the unit
    consignment: str | None
    attempt: int
    corrects: UUID | None


class EventsWanted(Schema):
    """What a list of events is narrowed to."""

    stage: list[Code] = []
    crossing: list[Code] = []
    since: Moment | None = None
    until: Moment | None = None
    as_of: Moment | None = None
    current: bool = True


class EventPage(Schema):
    """Events, latest occurrence first, and the mark of the next page."""

    items: list[EventOut]
    next: str | None


class QuantityAsked(Schema):
    """How much of what, by the side that gives and the side that receives."""

    unit: Code = Field(min_length=1)
    giver: Amount | None = None
    receiver: Amount | None = None
    damaged: Amount | None = None
    commodity: Code = ""
    cargo: Text = ""
    line: int | None = Field(None, ge=1, le=100_000)


class EventAsked(Schema):
    """What has happened to a unit or a consignment of this room."""

    stage: Code = Field(min_length=1)
    occurred_at: Moment
    precision: Precision = Precision.SECOND
    source_key: Annotated[Text, Field(max_length=300)] = ""
    unit: Annotated[Text, Field(max_length=120)] = ""
    unit_kind: Code = "truck"
    consignment: Annotated[Text, Field(max_length=300)] = ""
    crossing: Annotated[Code, Field(max_length=64)] = ""
    consignor_class: Code = ""
    reason: Code = ""
    place: Text = ""
    attempt: int = Field(1, ge=1, le=1000)
    is_further: bool = False
    insists: bool = False
    insists_because: Text = ""
    quantities: list[QuantityAsked] = Field([], max_length=200)


class CountWanted(Schema):
    """Which days are counted, as known when, and by what they are grouped."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    as_of: Moment | None = None
    version: int | None = Field(None, ge=1, le=10_000)
    group_by: list[Group] = []


class CountedGroup(Schema):
    """One group of a count: a code for each grouping."""

    key: list[str]
    total: Decimal
    rows: int


class CountOut(Schema):
    """A count by its definition, for a period, as this room knew it at a moment."""

    definition: str
    version: int
    names: dict[str, str]
    first: Day
    last: Day
    as_of: datetime | None
    total: Decimal
    rows: int
    not_stated: int
    discrepancies: list[UUID]  # open ones of which the count takes an event
    groups: list[CountedGroup]


@router.get("/consignments", response=ConsignmentPage, summary="Consignments")
@endpoint(Act.READ_CONSIGNMENT)
def list_consignments(
    request: HttpRequest, after: After = None, limit: Limit = 50, sought: Text = "", as_of: Moment | None = None
) -> dict[str, object]:
    """Consignments that this room sees, as it knew them at a moment."""
    page = shown_after(lambda: consignment_page(request.actor, sought=sought, as_of=as_of, after=after, size=limit))
    return {"items": [_consignment(one) for one in page.rows], "next": page.after}


@router.post("/consignments/{uuid:consignment_id}/amend", response=ConsignmentOut, summary="Amend a consignment")
@endpoint(Act.AMEND_CONSIGNMENT)
def amend(
    request: HttpRequest, consignment_id: UUID, payload: AmendmentAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """State the detail or the persons of a consignment anew, or add lines; what was said before stays."""
    amendment = Amendment(
        reason=payload.reason, detail=payload.detail, driver=payload.driver, contact=payload.contact,
        lines=tuple(LineStatement(**line.model_dump()) for line in payload.lines),
    )  # fmt: skip
    return _consignment(
        amend_consignment(by=request.actor, key=idempotency_key, consignment_id=consignment_id, amendment=amendment)
    )


@router.get("/events", response=EventPage, summary="Events")
@endpoint(Act.READ_EVENT)
def list_events(
    request: HttpRequest, asked: Query[EventsWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Events that this room sees, as it knew them at a moment; without those that were corrected, unless asked."""
    wanted = EventFilter(
        stages=asked.stage, crossings=asked.crossing, since=asked.since, until=asked.until, current=asked.current
    )
    page = shown_after(lambda: event_page(request.actor, wanted, as_of=asked.as_of, after=after, size=limit))
    return {"items": [_event(one, request.actor) for one in page.rows], "next": page.after}


@router.post("/events", response={201: EventOut}, summary="Record an event")
@endpoint(Act.RECORD_EVENT)
def add_event(request: HttpRequest, payload: EventAsked, idempotency_key: IdempotencyKey = None) -> Status:
    """Record what has happened. The same statement under the same `source_key` is the same event."""
    quantities = tuple(Quantity(**asked.model_dump()) for asked in payload.quantities)
    statement = EventStatement(
        stage=payload.stage, occurred_at=payload.occurred_at, quantities=quantities, source_key=payload.source_key,
        consignment=payload.consignment, unit_code=payload.unit, unit_kind=payload.unit_kind,
        crossing_code=payload.crossing, consignor_class=payload.consignor_class, reason=payload.reason,
        place=payload.place, attempt=payload.attempt, precision=str(payload.precision), is_further=payload.is_further,
        insists=payload.insists, insists_because=payload.insists_because,
    )  # fmt: skip
    event = record_event(by=request.actor, key=idempotency_key, statement=statement)
    shown = AidEvent.objects.select_related("room", "consignment", "handling_unit").get(pk=event.pk)
    return Status(201, _event(shown, request.actor))


@router.get("/counts/{code}", response=CountOut, summary="A count by its definition")
@endpoint(Act.READ_COUNT)
def counted(request: HttpRequest, code: Code, asked: Query[CountWanted]) -> dict[str, object]:
    """Count the days from `from` to `to`, both included, as this room knew them at a moment."""
    if asked.last < asked.first:
        raise Refused("days_backwards", first=asked.first.isoformat(), last=asked.last.isoformat())
    rule = definition(request.actor, code, asked.version)
    if rule is None:
        raise Http404
    period, groups = period_of_days(rule, asked.first, asked.last), list(dict.fromkeys(asked.group_by))
    found = count(request.actor, rule, period, as_of=asked.as_of, group_by=groups)
    return {
        "definition": code, "version": rule.definition.version, "names": dict(rule.names), "first": asked.first,
        "last": asked.last, "as_of": asked.as_of, "total": found.total, "rows": found.row_count,
        "not_stated": found.not_stated,
        "discrepancies": discrepancies_counted(request.actor, rule, period, as_of=asked.as_of),
        "groups": [{"key": list(one.key), "total": one.total, "rows": one.row_count} for one in found.groups],
    }  # fmt: skip


def _consignment(one: Consignment) -> dict[str, object]:
    return {
        "id": one.pk, "room": one.room_id, "source": one.source, "reference": one.reference,
        "consignor_class": one.consignor_class, "crossing": one.crossing_code, "created_at": one.created_at,
    }  # fmt: skip


def _event(one: AidEvent, by: Actor) -> dict[str, object]:
    return {
        "id": one.pk, "room": one.room_id, "source": one.source, "edition": one.edition,
        "stage": one.stage, "reason": one.reason, "occurred_at": one.occurred_at, "precision": one.precision,
        "recorded_at": one.recorded_at, "crossing": one.crossing_code, "attempt": one.attempt,
        "source_key": one.source_key if one.room_id == by.room_id else None,
        "unit": one.handling_unit.code if one.handling_unit else None, "unit_key": one.handling_unit_id,
        "consignment": one.consignment.reference if one.consignment else None, "corrects": one.corrects_id,
    }  # fmt: skip
