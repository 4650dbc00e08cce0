"""Bookings of slots: how full a slot is for who may know, which room books what, and how each stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import Consignment, HandlingUnit
from tansiq.desks.crossings.models import (
    LIVE_STATES,
    TAKES_PLACE,
    SlotAnswer,
    SlotBooking,
    SlotBookingDetail,
    SlotState,
)
from tansiq.desks.crossings.queries.setting import Setting

LIVE = "live"  # in a filter: booked or confirmed


@dataclass(frozen=True)
class BookingsWanted:
    """To what a list of bookings is narrowed."""

    state: str = ""  # a state, LIVE, or "" for all
    crossing: str = ""  # code
    day: date | None = None
    consignment_id: UUID | None = None
    to_answer: bool = False  # those that wait for this room's answer


@dataclass(frozen=True)
class BookingRow:
    """One booking of a list, with what this room may read of what it names."""

    booking: SlotBooking
    crossing: dict[str, str]
    room: dict[str, str]
    keeper: dict[str, str]
    reference: str  # of the consignment; "" where this room does not read it
    unit: str  # code of the truck; "" for the whole consignment, or where this room does not read it
    classes: tuple[Any, ...]
    reason: Any

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(SlotState(self.booking.state).label)


@dataclass(frozen=True)
class BookingStory:
    """One booking with everything that is open to this room."""

    row: BookingRow
    note: str
    answers: tuple[SlotAnswer, ...]


def bookings(by: Actor, wanted: BookingsWanted) -> QuerySet[SlotBooking]:
    """The bookings that this room reads, the latest slot first."""
    found = SlotBooking.objects.filter(room__operation=by.operation_id)
    if wanted.state:
        found = found.filter(state__in=LIVE_STATES if wanted.state == LIVE else [wanted.state])
    plain = {"crossing__code": wanted.crossing, "day": wanted.day, "consignment": wanted.consignment_id}
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if wanted.to_answer:
        found = found.filter(keeper_room=by.room_id, state=SlotState.BOOKED)
    return found.order_by("-starts_at", "-pk")


def rows_of(found: Iterable[SlotBooking], known: Setting, reasons: dict[str, Any]) -> list[BookingRow]:
    """The bookings with what a list shows of them, in two queries."""
    listed = list(found)
    read = Consignment.objects.filter(pk__in={one.consignment_id for one in listed})
    references = dict(read.values_list("pk", "reference"))
    units = HandlingUnit.objects.filter(pk__in={one.unit_id for one in listed if one.unit_id})
    codes = dict(units.values_list("pk", "code"))
    rooms = {room.pk: room.names for room in known.rooms.values()}
    crossings = {one.pk: one.place.names for one in known.crossings.values()}
    names = known.class_names
    return [
        BookingRow(
            one, crossings[one.crossing_id], rooms[one.room_id], rooms[one.keeper_room_id],
            references.get(one.consignment_id, ""), codes.get(one.unit_id, "") if one.unit_id else "",
            tuple(names.get(code, code) for code in one.classes), reasons.get(one.reason, one.reason),
        )
        for one in listed
    ]  # fmt: skip


def booking_story(booking_id: UUID, known: Setting, reasons: dict[str, Any]) -> BookingStory | None:
    """One booking with its answers; None where there is none for this room."""
    found = SlotBooking.objects.filter(pk=booking_id, room__operation=known.operation.pk).first()
    if found is None:
        return None
    detail = SlotBookingDetail.objects.filter(booking=found, room=found.room_id).first()
    answers = SlotAnswer.objects.filter(booking=found).select_related("room").order_by("created_at", "pk")
    return BookingStory(rows_of([found], known, reasons)[0], detail.note if detail else "", tuple(answers))


def places_taken(crossing: Crossing, starts_at: datetime, without: UUID | None = None) -> int:
    """How many places of a slot are taken by the bookings that the reader sees; the crossing's room sees all."""
    found = SlotBooking.objects.filter(crossing=crossing, starts_at=starts_at, state__in=TAKES_PLACE)
    found = found.exclude(pk=without) if without else found
    return int(found.aggregate(taken=Sum("places"))["taken"] or 0)


def bookings_of_day(crossings: Iterable[Crossing], day: date) -> dict[UUID, list[SlotBooking]]:
    """The bookings of a day at each crossing that this room reads, by slot."""
    found: dict[UUID, list[SlotBooking]] = defaultdict(list)
    rows = SlotBooking.objects.filter(crossing__in=list(crossings), day=day).order_by("starts_at", "booked_at", "pk")
    for one in rows:
        found[one.crossing_id].append(one)
    return found


def live_slot(consignment_id: UUID, unit_id: UUID | None) -> SlotBooking | None:
    """A live booking that the same consignment, or the same truck of it, holds already."""
    held = SlotBooking.objects.filter(consignment=consignment_id, state__in=LIVE_STATES).select_related("crossing")
    if unit_id is not None:
        held = held.filter(unit=unit_id) | held.filter(unit__isnull=True)
    return held.order_by("starts_at").first()


def rows_on_line(booking_id: UUID, line: str) -> list[tuple[Any, list[UUID]]]:
    """The rows of a booking on a tear line, as a release opens them."""
    if line == "headline":
        return [(SlotBooking, [booking_id])]
    detail = SlotBookingDetail.objects.filter(booking=booking_id)
    return [(SlotBookingDetail, list(detail.values_list("pk", flat=True)))] if line == "detail" else []
