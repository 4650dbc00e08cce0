"""Plants the day at crossings: every statement, a slot that is booked and answered, each text with the mark."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.models import Operation, Room
from tansiq.desks.aid.models import Consignment
from tansiq.desks.crossings import actions
from tansiq.desks.crossings.queries.setting import setting
from tansiq.desks.crossings.rules import Hours, SlotAsked, Stated

CODE = "zikim"  # open on every day of the week
KEEPER = "alpha"
DAY = timedelta(days=1)


def furnish_crossings(operation: Operation, configuration) -> None:
    """Let the room whose records are hidden keep the crossings' days: it alone reads what others book there."""
    days = configuration.crossing_days.model_dump(mode="json")
    days["crossings"] = [{**one, "keeper": KEEPER} for one in days["crossings"]]
    operation.refresh_from_db(using="owner", fields=["rules"])  # others wrote theirs before
    rules = {**operation.rules, "crossing_days": days,
             "obligations": [owed.model_dump(mode="json") for owed in configuration.obligations]}  # fmt: skip
    operation.rules = rules
    operation.save(using="owner")


def plant_crossings(by: Actor, mark: str) -> None:
    """State and book for today, so that the pages of today show it."""
    with eyes_of(by):
        known = setting(by.operation_id)
        crossing = Crossing.objects.select_related("place__area").get(operation=by.operation_id, code=CODE)
        consignment = Consignment.objects.filter(room=by.room_id, reference__startswith=mark).first()
    today = datetime.now(UTC).astimezone(ZoneInfo(known.operation.time_zone)).date()
    stated = Stated(today, f"{mark} source", f"{mark} note")
    hours = Hours(time(8), time(16))
    said = {"by": by, "crossing": crossing, "stated": stated}
    actions.state_hours(**said, hours=hours)
    actions.state_hours(**said, hours=Hours(time(8), time(13), "security_alert", is_actual=True))
    actions.state_lanes(**said, lanes=2)
    actions.state_capacity(**said, trucks_per_slot=777, slot_minutes=60)
    actions.record_queue(**said, trucks_waiting=777, wait_minutes=95)
    begins = datetime.combine(today, time(9), known.zone).astimezone(UTC)
    actions.publish_places(**said, slot_at=begins, free_places=777)
    asked = SlotAsked(begins, consignment.pk, note=f"{mark} note")
    booking = actions.book_slot(by=by, crossing=crossing, asked=asked, at=begins - DAY)
    if Room.objects.get(pk=by.room_id).slug == KEEPER:
        actions.refuse_slot(by=by, booking=booking, reason="quota", note=f"{mark} answer")
        actions.book_slot(by=by, crossing=crossing, asked=asked, at=begins - DAY)  # one that can be given back
