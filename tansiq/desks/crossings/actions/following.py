"""Follows bookings through events: a slot is used once an event at the crossing says so, else it is missed."""

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.crossings.actions.slots import locked
from tansiq.desks.crossings.models import SlotBooking
from tansiq.desks.crossings.queries.following import missed_after, using_event
from tansiq.desks.crossings.queries.setting import setting
from tansiq.desks.crossings.rules import SLOT_TOPIC, Act, next_state


@act(Act.RECORD_USE)
def record_use(*, by: Actor, booking: SlotBooking) -> Done:
    """Record that a booking was used, since an event at the crossing says so. Raises Refused where none does."""
    held = locked(by, booking)
    event = using_event(held, setting(by.operation_id))
    if event is None:
        raise Refused("slot_not_used")
    held.state, held.ended_at = next_state(held.state, Act.RECORD_USE), event.occurred_at
    held.save(update_fields=["state", "ended_at"])
    facts = {"event": str(event.pk), "stage": event.stage}
    return Done(held, wrote=[held], facts=facts, topics=[SLOT_TOPIC])


@act(Act.RECORD_MISS)
def record_miss(*, by: Actor, booking: SlotBooking) -> Done:
    """Record that a slot is over and no event used it. Raises Refused while it is not, or an event did."""
    held, known = locked(by, booking), setting(by.operation_id)
    if database_now() < held.ends_at + missed_after(known) or using_event(held, known) is not None:
        raise Refused("slot_not_missed")
    held.state, held.ended_at = next_state(held.state, Act.RECORD_MISS), held.ends_at
    held.save(update_fields=["state", "ended_at"])
    return Done(held, wrote=[held], facts={"ends_at": held.ends_at.isoformat()}, topics=[SLOT_TOPIC])
