"""The day at each crossing: statements of rooms, slots, bookings and their answers, and what entered against them."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from tansiq.api.crossing_bodies import (
    BookAsked,
    BookingPage,
    BookingsAsked,
    BookingStoryOut,
    CapacityAsked,
    ConfirmAsked,
    DayOut,
    DayWanted,
    HoursAsked,
    LanesAsked,
    PlacesAsked,
    QueueAsked,
    RefuseAsked,
    ShortCode,
    StatedAsked,
    StatementOut,
    StatementPage,
    TodayOut,
    booking_out,
    day_out,
    flow_out,
    glance_out,
    statements_out,
    story_out,
)
from tansiq.api.endpoint import IdempotencyKey, Moment, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.places.queries.crossings import database_now
from tansiq.desks.crossings import actions
from tansiq.desks.crossings.models import SlotBooking
from tansiq.desks.crossings.queries.days import crossing_day, crossings_today
from tansiq.desks.crossings.queries.setting import Setting, setting
from tansiq.desks.crossings.queries.slots import BookingsWanted, bookings
from tansiq.desks.crossings.queries.statements import statements_since
from tansiq.desks.crossings.rules import Act, Hours, SlotAsked, Stated

router = Router(tags=["crossings"])


@router.get("/days", response=TodayOut, summary="All crossings on a day")
@endpoint(Act.READ_DAY)
def get_today(request: HttpRequest, asked: Query[DayWanted]) -> dict[str, object]:
    """Hours, lanes, queues, and what entered against what was booked and what is owed."""
    known = setting(request.actor.operation_id)
    day = asked.day or known.local_day(database_now())
    glances, flows = crossings_today(request.actor, known, day)
    return {"day": day, "crossings": [glance_out(one) for one in glances], "flows": [flow_out(one) for one in flows]}


@router.get("/days/{crossing}", response=DayOut, summary="One crossing's day")
@endpoint(Act.READ_DAY)
def get_day(request: HttpRequest, crossing: str, asked: Query[DayWanted]) -> dict[str, object]:
    """Statements of rooms side by side, the timetable of slots, bookings that this room reads, flows by class."""
    known = setting(request.actor.operation_id)
    found = _crossing(known, crossing)
    day = crossing_day(request.actor, known, found, asked.day or known.local_day(database_now()))
    return day_out(day, known)


@router.get("/statements", response=StatementPage, summary="Statements on the days of crossings")
@endpoint(Act.READ_DAY)
def liststatements_out(
    request: HttpRequest, since: Moment | None = None, crossing: ShortCode = "", after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Every statement that this room reads, stated last first; with `since`, those stated or opened since then."""
    known = setting(request.actor.operation_id)
    shown, following = page_after(statements_since(known, since, crossing), "created_at", after, limit)
    return {"items": statements_out(shown, known), "next": following}


@router.post("/days/{crossing}/hours", response={201: StatementOut}, summary="State the hours of a crossing")
@endpoint(Act.STATE_HOURS)
def state_hours(
    request: HttpRequest, crossing: str, payload: HoursAsked, idempotency_key: IdempotencyKey = None
) -> Status:
    """State the hours of a day, of a weekday, or from a day on; or how they were."""
    hours = Hours(payload.opens_at, payload.closes_at, payload.reason, payload.is_actual)
    return _state(request, crossing, actions.state_hours, payload, idempotency_key, hours=hours)


@router.post("/days/{crossing}/lanes", response={201: StatementOut}, summary="State the lanes of a crossing")
@endpoint(Act.STATE_LANES)
def state_lanes(
    request: HttpRequest, crossing: str, payload: LanesAsked, idempotency_key: IdempotencyKey = None
) -> Status:
    """State how many scanning lanes work."""
    said = {"lanes": payload.lanes, "read_at": payload.read_at}
    return _state(request, crossing, actions.state_lanes, payload, idempotency_key, **said)


@router.post("/days/{crossing}/capacity", response={201: StatementOut}, summary="State the capacity of slots")
@endpoint(Act.STATE_CAPACITY)
def state_capacity(
    request: HttpRequest, crossing: str, payload: CapacityAsked, idempotency_key: IdempotencyKey = None
) -> Status:
    """State how many trucks a slot takes, and perhaps how long it lasts."""
    said = {"trucks_per_slot": payload.trucks_per_slot, "slot_minutes": payload.slot_minutes}
    return _state(request, crossing, actions.state_capacity, payload, idempotency_key, **said)


@router.post("/days/{crossing}/queue", response={201: StatementOut}, summary="Record the queue at a crossing")
@endpoint(Act.RECORD_QUEUE)
def record_queue(
    request: HttpRequest, crossing: str, payload: QueueAsked, idempotency_key: IdempotencyKey = None
) -> Status:
    """Record how many trucks wait, and how long the first of them has waited."""
    said = {name: getattr(payload, name) for name in ("trucks_waiting", "wait_minutes", "read_at")}
    return _state(request, crossing, actions.record_queue, payload, idempotency_key, **said)


@router.post("/days/{crossing}/places", response={201: StatementOut}, summary="Publish free places of a slot")
@endpoint(Act.PUBLISH_PLACES)
def publish_places(
    request: HttpRequest, crossing: str, payload: PlacesAsked, idempotency_key: IdempotencyKey = None
) -> Status:
    """Publish how many places of a slot are free; by itself no room learns how full a slot is."""
    said = {"slot_at": payload.slot_at, "free_places": payload.free_places}
    return _state(request, crossing, actions.publish_places, payload, idempotency_key, **said)


@router.get("/slots", response=BookingPage, summary="Booked slots")
@endpoint(Act.READ_SLOT)
def list_slots(
    request: HttpRequest, asked: Query[BookingsAsked], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Bookings of this room, those that it must answer, and those that were released to it."""
    wanted = BookingsWanted(
        str(asked.state) if asked.state else "", asked.crossing, asked.day, asked.consignment, asked.to_answer
    )
    shown, following = page_after(bookings(request.actor, wanted), "starts_at", after, limit)
    known = setting(request.actor.operation_id)
    return {"items": [booking_out(one, known) for one in shown], "next": following}


@router.get("/slots/{booking_id}", response=BookingStoryOut, summary="One booked slot")
@endpoint(Act.READ_SLOT)
def get_slot(request: HttpRequest, booking_id: UUID) -> dict[str, object]:
    """One booking with everything that is open to this room."""
    return story_out(request.actor, booking_id)


@router.post("/slots", response={201: BookingStoryOut}, summary="Book a slot")
@endpoint(Act.BOOK_SLOT)
def book_slot(request: HttpRequest, payload: BookAsked, idempotency_key: IdempotencyKey = None) -> Status:
    """Book places in a slot for a consignment of this room, or for one truck of it; a full slot is refused as full."""
    known = setting(request.actor.operation_id)
    asked = SlotAsked(payload.starts_at, payload.consignment, payload.unit, payload.places, payload.note)
    done = actions.book_slot(
        by=request.actor, key=idempotency_key, crossing=_crossing(known, payload.crossing), asked=asked
    )
    return Status(201, story_out(request.actor, done.pk))


@router.post("/slots/{booking_id}/confirm", response=BookingStoryOut, summary="Confirm a slot")
@endpoint(Act.CONFIRM_SLOT)
def confirm_slot(
    request: HttpRequest, booking_id: UUID, payload: ConfirmAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Confirm as the room that keeps the crossing's day."""
    one = _found(booking_id)
    actions.confirm_slot(by=request.actor, key=idempotency_key, booking=one, note=payload.note)
    return story_out(request.actor, booking_id)


@router.post("/slots/{booking_id}/refuse", response=BookingStoryOut, summary="Refuse a slot")
@endpoint(Act.REFUSE_SLOT)
def refuse_slot(
    request: HttpRequest, booking_id: UUID, payload: RefuseAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Refuse, or take a confirmation back, with a reason."""
    one = _found(booking_id)
    actions.refuse_slot(by=request.actor, key=idempotency_key, booking=one, reason=payload.reason, note=payload.note)
    return story_out(request.actor, booking_id)


@router.post("/slots/{booking_id}/release", response=BookingStoryOut, summary="Give a slot back")
@endpoint(Act.RELEASE_SLOT)
def release_slot(request: HttpRequest, booking_id: UUID, idempotency_key: IdempotencyKey = None) -> dict[str, object]:
    """Give it back, as the room that booked it: its places are free for others."""
    actions.release_slot(by=request.actor, key=idempotency_key, booking=_found(booking_id))
    return story_out(request.actor, booking_id)


def _state(
    request: HttpRequest, crossing: str, action: Any, payload: StatedAsked, key: UUID | None, **said: Any
) -> Status:
    known = setting(request.actor.operation_id)
    stated = Stated(payload.day, payload.source, payload.note, payload.reach)
    done = action(by=request.actor, key=key, crossing=_crossing(known, crossing), stated=stated, **said)
    return Status(201, statements_out([done], known)[0])


def _crossing(known: Setting, code: str) -> Any:
    if code not in known.crossings:
        raise Http404
    return known.crossings[code]


def _found(booking_id: UUID) -> SlotBooking:
    found = SlotBooking.objects.filter(pk=booking_id).first()
    if found is None:
        raise Http404
    return found
