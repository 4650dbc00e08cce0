"""Books a slot for a consignment or a truck of it, and gives it back: by the room whose consignment it is."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from tansiq.building.places.models import Crossing, CrossingState, CrossingStatus
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Operation, Room, TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.aid.models import Consignment, ConsignmentLine, HandlingUnit
from tansiq.desks.aid.queries.obligations import members
from tansiq.desks.crossings.actions.labels import check_may_be_asked, label_of
from tansiq.desks.crossings.models import SlotBooking, SlotBookingDetail
from tansiq.desks.crossings.queries.setting import Setting, setting
from tansiq.desks.crossings.queries.slots import live_slot, places_taken
from tansiq.desks.crossings.queries.statements import day_statements, slots_in_force, trucks_per_slot
from tansiq.desks.crossings.rules import (
    SLOT_TOPIC,
    Act,
    Slot,
    SlotAsked,
    check_number,
    classes_of,
    next_state,
)

DAY = timedelta(days=1)
PLACES_AT_MOST = 500


@act(Act.BOOK_SLOT)
def book_slot(*, by: Actor, crossing: Crossing, asked: SlotAsked, at: datetime | None = None) -> Done:
    """Book places in a slot for a consignment of one's own room, or for one truck of it. Raises Refused.

    Whether the slot takes it, is asked with the eyes of the room that keeps the day: it alone reads every booking of
    its crossing. What comes back says that the slot is full, never by whom. One booking of a slot at a time.
    """
    known, at = setting(by.operation_id), moment(by, at)
    keeper = _keeper(by, known, crossing)
    check_number("places", asked.places, 1, PLACES_AT_MOST)
    consignment, unit = _subject(by, asked)
    _hold(f"slot of {consignment.pk}")
    _check_not_twice(consignment, unit, known)
    day, slot = _checked_slot(known, keeper, crossing, asked, at)
    pk = uuid4()
    booking = SlotBooking.objects.create(
        id=pk, room_id=by.room_id, audience_id=label_of(by, pk, TearLine.HEADLINE, keeper), crossing=crossing, day=day,
        starts_at=slot.starts_at, ends_at=slot.ends_at, consignment=consignment, unit=unit, places=asked.places,
        classes=_classes(by, known, consignment, crossing), keeper_room=keeper, state=next_state(None, Act.BOOK_SLOT),
        booked_at=at,
    )  # fmt: skip
    wrote: list[Any] = [booking]
    if asked.note.strip():
        label = label_of(by, pk, TearLine.DETAIL, keeper)
        wrote.append(SlotBookingDetail.objects.create(
            room_id=by.room_id, audience_id=label, booking=booking, note=asked.note.strip()
        ))  # fmt: skip
    facts = {"crossing": crossing.code, "starts_at": slot.starts_at.isoformat(), "places": asked.places,
             "consignment": str(consignment.pk), "unit": str(unit.pk) if unit else ""}  # fmt: skip
    return Done(booking, wrote=wrote, facts=facts, topics=[SLOT_TOPIC])


@act(Act.RELEASE_SLOT)
def release_slot(*, by: Actor, booking: SlotBooking, at: datetime | None = None) -> Done:
    """Give a slot back: its places are free for others. Raises Refused."""
    at, seen = moment(by, at), SlotBooking.objects.filter(pk=booking.pk).select_related("room").first()
    if seen is None:
        raise Refused("not_found")
    if seen.room_id != by.room_id:
        raise Refused("slot_not_booker", room=local_name(seen.room.names))
    held = locked(by, booking)
    held.state, held.ended_at = next_state(held.state, Act.RELEASE_SLOT), at
    held.save(update_fields=["state", "ended_at"])
    return Done(held, wrote=[held], facts={"state": held.state}, topics=[SLOT_TOPIC])


def moment(by: Actor, at: datetime | None) -> datetime:
    """Now; a moment in the past in a sample operation alone. Raises Refused."""
    if at is None:
        return database_now()
    if not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("crossing_time_is_now")
    return at


def locked(by: Actor, booking: SlotBooking) -> SlotBooking:
    """The booking of the acting room as it stands now, held until the act is done. Raises Refused."""
    own = SlotBooking.objects.filter(pk=booking.pk, room_id=by.room_id)
    list(own.select_for_update().values_list("pk"))
    held = own.select_related("room", "keeper_room", "crossing").first()
    if held is None:
        raise Refused("not_found")
    return held


def _keeper(by: Actor, known: Setting, crossing: Crossing) -> Room:
    if crossing.operation_id != by.operation_id:
        raise Refused("crossing_day_unknown")
    keeper = known.keeper(crossing.code)
    if keeper is None:
        raise Refused("slot_none", crossing=local_name(crossing.place.names))
    check_may_be_asked(by, keeper)
    return keeper


def _subject(by: Actor, asked: SlotAsked) -> tuple[Consignment, HandlingUnit | None]:
    consignment = Consignment.objects.filter(pk=asked.consignment_id, room__operation=by.operation_id).first()
    if consignment is None:
        raise Refused("not_found")
    if consignment.room_id != by.room_id:
        raise Refused("slot_not_own")
    if asked.unit_id is None:
        return consignment, None
    unit = HandlingUnit.objects.filter(pk=asked.unit_id, room=by.room_id, consignment=consignment).first()
    if unit is None:
        raise Refused("slot_unit_elsewhere")
    return consignment, unit


def _check_not_twice(consignment: Consignment, unit: HandlingUnit | None, known: Setting) -> None:
    """Refuse a second slot for what has one: a truck is part of its consignment's slot, and the other way round."""
    held = live_slot(consignment.pk, unit.pk if unit else None)
    if held is None:
        return
    code = "slot_unit_twice" if unit and held.unit_id else "slot_consignment_twice"
    local = held.starts_at.astimezone(known.zone)
    place = local_name(known.crossings[held.crossing.code].place.names)
    raise Refused(code, found=f"{place}, {local:%Y-%m-%d %H:%M}")


def _checked_slot(known: Setting, keeper: Room, crossing: Crossing, asked: SlotAsked, at: datetime) -> tuple[Any, Slot]:
    """The slot and its day, with the eyes of the room that keeps it; its places are held until the act is done."""
    with eyes_of(system_actor(keeper)):
        day, slot = _slot(known, keeper, crossing, asked, at)
        _hold(f"places of {crossing.pk} {slot.starts_at.isoformat()}")
        said = day_statements(known, [crossing], day)[crossing.pk]
        if places_taken(crossing, slot.starts_at) + asked.places > trucks_per_slot(said, known):
            raise Refused("slot_full")
    return day, slot


def _slot(known: Setting, keeper: Room, crossing: Crossing, asked: SlotAsked, at: datetime) -> tuple[Any, Slot]:
    name, local = local_name(crossing.place.names), asked.starts_at.astimezone(known.zone)
    if asked.starts_at <= at:
        raise Refused("slot_past", found=date_time_group(asked.starts_at))
    latest = at + known.booked_ahead
    if asked.starts_at > latest:
        raise Refused("slot_too_far", expected=date_time_group(latest), found=date_time_group(asked.starts_at))
    if _is_closed(keeper, crossing, asked.starts_at):
        raise Refused("slot_closed", crossing=name)
    for day in (local.date() - DAY, local.date()):  # hours past midnight belong to the day on which they began
        said = day_statements(known, [crossing], day)[crossing.pk]
        slots = {one.starts_at: one for one in slots_in_force(said, known)}
        if asked.starts_at in slots:
            return day, slots[asked.starts_at]
    if not slots:
        raise Refused("slot_day_closed", crossing=name, day=local.date().isoformat())
    listed = ", ".join(f"{one.astimezone(known.zone):%H:%M}" for one in slots)
    raise Refused("slot_outside_hours", found=f"{local:%Y-%m-%d %H:%M}", expected=listed)


def _is_closed(keeper: Room, crossing: Crossing, starts_at: datetime) -> bool:
    """Whether the crossing's room reports it closed, then or without an end."""
    reports = CrossingStatus.objects.filter(crossing=crossing, room=keeper, since_at__lte=starts_at)
    latest = reports.order_by("-since_at", "-created_at", "pk").first()
    if latest is None or latest.state != CrossingState.CLOSED:
        return False
    return latest.until_at is None or latest.until_at > starts_at


def _classes(by: Actor, known: Setting, consignment: Consignment, crossing: Crossing) -> list[str]:
    lines = ConsignmentLine.objects.filter(consignment=consignment, room=consignment.room_id)
    goods = set(lines.exclude(commodity="").values_list("commodity", flat=True))
    kinds = [
        {**kind, "commodities": members(by, kind.get("commodities") or [])}
        for owed in known.obligations
        for kind in owed.get("classes", ())
    ]
    area = crossing.place.area.p_code if crossing.place.area else ""
    return classes_of(kinds, goods, consignment.consignor_class, area)


def _hold(what: str) -> None:
    """Let one act at a time book the same thing; the others wait, and then see what it wrote."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
