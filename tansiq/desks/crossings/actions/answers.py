"""Answers a booking as the room that keeps the crossing's day, and enters the answer in the book of who booked."""

from dataclasses import dataclass
from datetime import datetime

from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.crossings.actions.labels import label_of_answer
from tansiq.desks.crossings.actions.slots import locked, moment
from tansiq.desks.crossings.models import SlotAnswer, SlotBooking
from tansiq.desks.crossings.queries.setting import refusal_reasons, setting
from tansiq.desks.crossings.rules import SLOT_TOPIC, Act, next_state


@act(Act.CONFIRM_SLOT)
def confirm_slot(*, by: Actor, booking: SlotBooking, note: str = "", at: datetime | None = None) -> Done:
    """Confirm a booked slot, as the room that keeps the crossing's day. Raises Refused."""
    return _answered(by, booking, _Answer(Act.CONFIRM_SLOT, "", note, moment(by, at)))


@act(Act.REFUSE_SLOT)
def refuse_slot(*, by: Actor, booking: SlotBooking, reason: str, note: str = "", at: datetime | None = None) -> Done:
    """Refuse a booked slot, or take a confirmation back, with a reason. Raises Refused."""
    usable = refusal_reasons(setting(by.operation_id))
    if reason not in usable:
        listed = ", ".join(f"{code} ({local_name(names)})" for code, names in usable.items()) or "-"
        raise Refused("crossing_reason_unknown", found=reason or "-", expected=listed)
    return _answered(by, booking, _Answer(Act.REFUSE_SLOT, reason, note, moment(by, at)))


@act(Act.RECORD_ANSWER)
def record_answer(
    *, by: Actor, booking: SlotBooking, answer: Act, reason: str, keeper_id: object, at: datetime
) -> Done:
    """Enter, as the centre itself, what the crossing's room answered, in the book of the room that booked."""
    held = locked(by, booking)
    if held.keeper_room_id != keeper_id:
        raise Refused("slot_not_keeper", keeper=local_name(held.keeper_room.names))
    held.state, held.reason, held.answered_at = next_state(held.state, answer), reason, at
    held.save(update_fields=["state", "reason", "answered_at"])
    facts = {"answer": answer.value, "reason": reason, "by_room": str(keeper_id)}
    return Done(held, wrote=[held], facts=facts, topics=[SLOT_TOPIC])


@dataclass(frozen=True)
class _Answer:
    """What the crossing's room says of a booking."""

    act: Act
    reason: str
    note: str
    at: datetime


def _answered(by: Actor, booking: SlotBooking, answer: _Answer) -> Done:
    seen = SlotBooking.objects.filter(pk=booking.pk).select_related("room", "keeper_room").first()
    if seen is None:
        raise Refused("not_found")
    if seen.keeper_room_id != by.room_id:
        raise Refused("slot_not_keeper", keeper=local_name(seen.keeper_room.names))
    words = SlotAnswer.objects.create(
        room_id=by.room_id, audience_id=label_of_answer(by, seen.room_id), booking=seen, act=answer.act,
        reason=answer.reason, note=answer.note.strip(),
    )  # fmt: skip
    system = system_actor(seen.room, Act.RECORD_ANSWER)
    record_answer(
        by=system, booking=seen, answer=answer.act, reason=answer.reason, keeper_id=by.room_id, at=answer.at
    )  # fmt: skip
    facts = {"booking": str(seen.pk), "reason": answer.reason}
    return Done(words, wrote=[words], facts=facts, topics=[SLOT_TOPIC])
