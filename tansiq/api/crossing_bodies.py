"""What the API asks and answers of crossings' days, slots and bookings, as plain data."""

from datetime import datetime, time
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import Http404
from ninja import Schema
from pydantic import Field

from tansiq.api.endpoint import Code, Day, Moment, Text
from tansiq.building.rooms.actors import Actor
from tansiq.desks.crossings.models import DayStatement, Reach, SlotBooking, SlotState
from tansiq.desks.crossings.queries.days import CrossingDay, CrossingGlance
from tansiq.desks.crossings.queries.flow import DayFlow
from tansiq.desks.crossings.queries.setting import Setting, refusal_reasons, setting
from tansiq.desks.crossings.queries.slots import booking_story
from tansiq.desks.crossings.queries.statements import details_of

ShortCode = Annotated[Code, Field(max_length=64)]
Number = Annotated[int, Field(ge=0, le=100_000)]
SourceText = Annotated[Text, Field(min_length=1, max_length=200)]
ClockTime = Annotated[time, Field(description="Local time of the operation, HH:MM.")]


class StatementOut(Schema):
    """What a room stated of a crossing's day."""

    id: UUID
    room: UUID
    crossing: str
    kind: str
    day: Day
    reach: str
    is_actual: bool
    opens_at: time | None
    closes_at: time | None
    reason: str
    read_at: datetime | None
    lanes: int | None
    slot_minutes: int | None
    trucks_per_slot: int | None
    trucks_waiting: int | None
    wait_minutes: int | None
    slot_at: datetime | None
    free_places: int | None
    stated_at: datetime
    source: str
    note: str


class StatementPage(Schema):
    """Statements, stated last first, and the mark of the next page."""

    items: list[StatementOut]
    next: str | None


class FlowLineOut(Schema):
    """One class of an obligation: entered, booked, owed."""

    code: str
    entered: Decimal
    booked: int
    used: int
    missed: int
    quota: int | None
    owed: int | None


class FlowOut(Schema):
    """One obligation on a day; the line with an empty code is everything."""

    obligation: str
    count_definition: str
    rows: int
    lines: list[FlowLineOut]


class GlanceOut(Schema):
    """One crossing on a day."""

    crossing: str
    state: str
    opens_at: time | None
    closes_at: time | None
    closed_early: bool
    reason: str
    lanes: int | None
    trucks_waiting: int | None
    wait_minutes: int | None
    booked: int
    entered: Decimal | None


class TodayOut(Schema):
    """All crossings on a day."""

    day: Day
    crossings: list[GlanceOut]
    flows: list[FlowOut]


class BookingOut(Schema):
    """A slot that is booked."""

    id: UUID
    room: UUID
    crossing: str
    day: Day
    starts_at: datetime
    ends_at: datetime
    consignment: UUID
    unit: UUID | None
    places: int
    classes: list[str]
    keeper_room: UUID
    state: str
    reason: str
    booked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


class AnswerOut(Schema):
    """What the crossing's room said."""

    act: str
    reason: str
    note: str
    at: datetime


class BookingStoryOut(BookingOut):
    """A booking with its note and its answers, as far as they are open to this room."""

    note: str
    answers: list[AnswerOut]


class BookingPage(Schema):
    """Bookings, the latest slot first, and the mark of the next page."""

    items: list[BookingOut]
    next: str | None


class SlotOut(Schema):
    """One slot of a day's timetable."""

    starts_at: datetime
    ends_at: datetime
    trucks: int
    takes_place: bool
    free_places: int | None
    free_places_at: datetime | None


class DayOut(Schema):
    """One crossing's day."""

    crossing: str
    day: Day
    opens_at: time | None
    closes_at: time | None
    closed_early: bool
    slots: list[SlotOut]
    bookings: list[BookingOut]
    statements: list[StatementOut]
    flows: list[FlowOut]


class DayWanted(Schema):
    """Which day; today when not given."""

    day: Day | None = None


class BookingsAsked(Schema):
    """To what a list of bookings is narrowed."""

    state: SlotState | None = None
    crossing: ShortCode = ""
    day: Day | None = None
    consignment: UUID | None = None
    to_answer: bool = False


class StatedAsked(Schema):
    """For which days a statement holds, and where it comes from."""

    day: Day
    reach: Reach = Reach.DAY
    source: SourceText
    note: Text = ""


class HoursAsked(StatedAsked):
    """Opening hours; without both times the crossing is closed."""

    opens_at: ClockTime | None = None
    closes_at: ClockTime | None = None
    reason: ShortCode = ""
    is_actual: bool = False


class LanesAsked(StatedAsked):
    """Scanning lanes that work."""

    lanes: Annotated[int, Field(ge=0, le=1000)]
    read_at: Moment | None = None


class CapacityAsked(StatedAsked):
    """What a slot takes."""

    trucks_per_slot: Number
    slot_minutes: Annotated[int, Field(ge=5, le=1440)] | None = None


class QueueAsked(StatedAsked):
    """A reading of the queue."""

    trucks_waiting: Number | None = None
    wait_minutes: Number | None = None
    read_at: Moment | None = None


class PlacesAsked(StatedAsked):
    """Free places of a slot, as the crossing's room counts them."""

    slot_at: Moment
    free_places: Number


class BookAsked(Schema):
    """A slot that is wanted, and for what."""

    crossing: Annotated[ShortCode, Field(min_length=1)]
    starts_at: Moment
    consignment: UUID
    unit: UUID | None = None
    places: Annotated[int, Field(ge=1, le=500)] = 1
    note: Text = ""


class ConfirmAsked(Schema):
    """The words of a confirmation."""

    note: Text = ""


class RefuseAsked(ConfirmAsked):
    """Why a booking is refused."""

    reason: Annotated[ShortCode, Field(min_length=1)]


def statements_out(found: list[DayStatement], known: Setting) -> list[dict[str, object]]:
    """Statements as plain data."""
    details, codes = details_of(found), {one.pk: one.code for one in known.crossings.values()}
    names = set(StatementOut.model_fields) - {"room", "crossing", "stated_at", "source", "note"}
    return [
        {
            **{name: getattr(one, name) for name in names}, "room": one.room_id, "crossing": codes[one.crossing_id],
            "stated_at": one.created_at, "source": details[one.pk].source if one.pk in details else "",
            "note": details[one.pk].note if one.pk in details else "",
        }
        for one in found
    ]  # fmt: skip


def booking_out(one: SlotBooking, known: Setting) -> dict[str, object]:
    """A booking as plain data."""
    codes = {crossing.pk: code for code, crossing in known.crossings.items()}
    names = set(BookingOut.model_fields) - {"room", "crossing", "consignment", "unit", "keeper_room"}
    return {
        **{name: getattr(one, name) for name in names}, "room": one.room_id, "crossing": codes[one.crossing_id],
        "consignment": one.consignment_id, "unit": one.unit_id, "keeper_room": one.keeper_room_id,
    }  # fmt: skip


def story_out(by: Actor, booking_id: UUID) -> dict[str, object]:
    """One booking with its answers. Raises Http404 where there is none for this room."""
    known = setting(by.operation_id)
    found = booking_story(booking_id, known, refusal_reasons(known))
    if found is None:
        raise Http404
    answers = [{"act": one.act, "reason": one.reason, "note": one.note, "at": one.created_at} for one in found.answers]
    return {**booking_out(found.row.booking, known), "note": found.note, "answers": answers}


def glance_out(one: CrossingGlance) -> dict[str, object]:
    """One crossing of the list."""
    return {
        "crossing": one.now.crossing.code, "state": str(one.now.state), "opens_at": one.hours.opens_at,
        "closes_at": one.hours.closes_at, "closed_early": one.is_short, "reason": one.hours.reason,
        "lanes": one.lanes.lanes if one.lanes else None,
        "trucks_waiting": one.queue.trucks_waiting if one.queue else None,
        "wait_minutes": one.queue.wait_minutes if one.queue else None, "booked": one.booked, "entered": one.entered,
    }  # fmt: skip


def flow_out(one: DayFlow) -> dict[str, object]:
    """One obligation on a day."""
    names = set(FlowLineOut.model_fields)
    return {
        "obligation": one.code, "count_definition": one.definition_code, "rows": one.rows,
        "lines": [{name: getattr(line, name) for name in names} for line in one.lines],
    }  # fmt: skip


def day_out(day: CrossingDay, known: Setting) -> dict[str, object]:
    """One crossing's day as plain data."""
    said = [*day.queue, *day.lanes, *day.said.capacity.values(), *day.said.free.values(),
            *(one for room in day.rooms for one in (room.planned, room.actual) if one)]  # fmt: skip
    return {
        "crossing": day.now.crossing.code, "day": day.day,
        "opens_at": day.hours.opens_at, "closes_at": day.hours.closes_at,
        "closed_early": day.is_short,
        "slots": [
            {
                "starts_at": one.slot.starts_at, "ends_at": one.slot.ends_at, "trucks": one.capacity,
                "takes_place": not one.is_lost, "free_places": one.free.free_places if one.free else None,
                "free_places_at": one.free.read_at if one.free else None,
            }
            for one in day.slots
        ],
        "bookings": [booking_out(row.booking, known) for one in day.slots for row in one.bookings]
        + [booking_out(row.booking, known) for row in day.others],
        "statements": statements_out(said, known), "flows": [flow_out(one) for one in day.flows],
    }  # fmt: skip
