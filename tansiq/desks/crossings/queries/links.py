"""The link "slot" of the chain for consignments, and the crossings on which it rests, as this room may know them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models.expressions import RawSQL

from tansiq.building.places.models import CrossingState
from tansiq.building.places.queries.crossings import crossings_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room
from tansiq.desks.aid.models import Consignment
from tansiq.desks.crossings.models import SlotBooking, SlotState
from tansiq.desks.crossings.queries.setting import Setting, setting
from tansiq.engine.chain import UNKNOWN, Fact, Resource

LINK = "slot"
STATE = {
    SlotState.BOOKED: "done", SlotState.CONFIRMED: "done", SlotState.USED: "done", SlotState.REFUSED: "refused",
    SlotState.MISSED: "waiting", SlotState.RELEASED: "waiting",
}  # fmt: skip
HELD_BY_KEEPER = (SlotState.BOOKED, SlotState.CONFIRMED, SlotState.USED, SlotState.REFUSED)


def links_of(consignment_ids: Sequence[UUID], now: datetime) -> list[Fact]:
    """What is known of the slot of each consignment: its latest booking; that it needs none; that none is booked.

    A consignment whose crossing is not stated has no fact: nobody knows whether it needs a slot.
    """
    these = RawSQL("select unnest(%s::uuid[])", (list(consignment_ids),))
    rows = Consignment.objects.filter(pk__in=these).exclude(crossing_code="")
    listed = list(rows.values_list("pk", "room_id", "crossing_code", "created_at"))
    if not listed:
        return []
    known, latest = setting(Room.objects.get(pk=listed[0][1]).operation_id), _latest(these)
    return [_fact(one, latest.get(one[0]), known) for one in listed]


def crossing_resources(by: Actor) -> list[Resource]:
    """Each crossing as what links rest on: open or closed by the latest report, and who keeps its day."""
    known = setting(by.operation_id)
    return [
        Resource(
            resource_code(one.crossing.code), one.state != CrossingState.CLOSED,
            _seconds(one.status.since_at) if one.status else UNKNOWN, known.holder(one.crossing.code),
        )
        for one in crossings_now(by)
    ]  # fmt: skip


def resource_code(crossing: str) -> str:
    """How a crossing is called among the resources of the chain."""
    return f"crossing:{crossing}"


def _latest(consignments: RawSQL) -> dict[UUID, SlotBooking]:
    """For each consignment the booking that tells most: one that counts before one that does not, the latest first."""
    found: dict[UUID, SlotBooking] = {}
    for one in SlotBooking.objects.filter(consignment__in=consignments).order_by("booked_at", "pk"):
        former = found.get(one.consignment_id)
        if former is None or STATE[SlotState(one.state)] == "done" or STATE[SlotState(former.state)] != "done":
            found[one.consignment_id] = one
    return found


def _fact(consignment: tuple[UUID, UUID, str, datetime], booking: SlotBooking | None, known: Setting) -> Fact:
    pk, room_id, code, registered_at = consignment
    name, own, since = str(pk), f"{room_id}:", _seconds(registered_at)
    if code not in known.days:
        return Fact(name, LINK, "not_needed", since)
    if booking is None:
        return Fact(name, LINK, "waiting", since, own)
    state = SlotState(booking.state)
    changed = booking.ended_at or booking.answered_at or booking.booked_at
    holder = known.holder(code) if state in HELD_BY_KEEPER else own
    return Fact(name, LINK, STATE[state], _seconds(changed), holder)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
