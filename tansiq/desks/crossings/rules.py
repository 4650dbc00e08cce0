"""The acts of the crossings desk, the one table of a booking's states, and the arithmetic of a day's slots."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import Refused, register
from tansiq.desks.crossings.models import LIVE_STATES, Reach, SlotBooking, SlotState

DAY_RECORD, SLOT_RECORD = "crossing_day", "crossing_slot"  # in the operation's release rules
DAY_TOPIC, SLOT_TOPIC = "crossings.day", "crossings.slot"
SLOTS_AT_MOST = 288  # in one day
NUMBER_AT_MOST = 100_000


class Act(StrEnum):
    """What can be done with the day at a crossing, its slots and its queue."""

    READ_DAY = "crossings.day.read"
    STATE_HOURS = "crossings.day.state_hours"
    STATE_LANES = "crossings.day.state_lanes"
    STATE_CAPACITY = "crossings.day.state_capacity"
    PUBLISH_PLACES = "crossings.day.publish_places"
    RECORD_QUEUE = "crossings.queue.record"
    READ_SLOT = "crossings.slot.read"
    BOOK_SLOT = "crossings.slot.book"
    CONFIRM_SLOT = "crossings.slot.confirm"
    REFUSE_SLOT = "crossings.slot.refuse"
    RELEASE_SLOT = "crossings.slot.release"
    RECORD_ANSWER = "crossings.slot.record_answer"
    RECORD_USE = "crossings.slot.record_use"
    RECORD_MISS = "crossings.slot.record_miss"


REFUSALS = {
    "crossing_day_unknown": _("There is no such crossing in this operation."),
    "crossing_hours_half": _("Hours need both times, when it opens and when it closes; found only one of them."),
    "crossing_hours_same": _("It cannot close at the hour at which it opens (%(found)s)."),
    "crossing_reason_missing": _("A day that is closed, or closed early, needs a reason. Known: %(expected)s."),
    "crossing_reason_unknown": _("%(found)s is not a reason that this operation uses here. Known: %(expected)s."),
    "crossing_actual_reach": _("Actual hours are those of one day; “%(found)s” cannot be known yet."),
    "crossing_actual_ahead": _("Actual hours of a day that has not come (%(found)s) cannot be stated."),
    "crossing_source_missing": _("A statement on the day needs its source."),
    "crossing_number": _("%(field)s: expected a whole number from %(least)s to %(most)s; found %(found)s."),
    "crossing_read_ahead": _("What was read later than now (%(found)s) cannot be stated."),
    "crossing_queue_empty": _("Say how many trucks wait, how long the first of them has waited, or both."),
    "slot_none": _("No slots are booked at %(crossing)s: the operation names no room that keeps its day."),
    "slot_not_own": _("A slot is booked for a consignment of one's own room."),
    "slot_unit_elsewhere": _("This truck does not belong to the consignment."),
    "slot_past": _("This slot has begun already (%(found)s)."),
    "slot_too_far": _("Slots are booked up to %(expected)s; found %(found)s."),
    "slot_closed": _("%(crossing)s is reported closed at that hour."),
    "slot_day_closed": _("%(crossing)s does not open on %(day)s."),
    "slot_outside_hours": _("No slot begins at %(found)s. Expected one of: %(expected)s (local time)."),
    "slot_full": _("This slot is full: choose another one."),
    "slot_consignment_twice": _("This consignment has a slot already: %(found)s. Give that one back first."),
    "slot_unit_twice": _("This truck has a slot already: %(found)s. Give that one back first."),
    "slot_state": _("A booking that is “%(state)s” does not allow this (%(act)s)."),
    "slot_not_keeper": _("Only the room that keeps the day at this crossing, %(keeper)s, can answer a booking."),
    "slot_not_booker": _("Only the room that booked a slot, %(room)s, can give it back."),
    "slot_not_used": _("No event at the crossing on that day uses this booking."),
    "slot_not_missed": _("The slot is not over, or an event uses it."),
    "crossing_time_is_now": _("Only the sample operation may state when a slot was booked or answered."),
}
register(REFUSALS)
register_words(
    {
        Act.STATE_HOURS: _("Hours of a crossing stated"),
        Act.STATE_LANES: _("Lanes of a crossing stated"),
        Act.STATE_CAPACITY: _("Capacity of slots stated"),
        Act.PUBLISH_PLACES: _("Free places of a slot published"),
        Act.RECORD_QUEUE: _("Queue at a crossing recorded"),
        Act.BOOK_SLOT: _("Slot booked"),
        Act.CONFIRM_SLOT: _("Slot confirmed"),
        Act.REFUSE_SLOT: _("Slot refused"),
        Act.RELEASE_SLOT: _("Slot given back"),
        Act.RECORD_ANSWER: _("Answer of the crossing's room recorded"),
        Act.RECORD_USE: _("Use of a slot recorded"),
        Act.RECORD_MISS: _("Missed slot recorded"),
    }
)

TRANSITIONS: dict[tuple[str | None, Act], SlotState] = {
    (None, Act.BOOK_SLOT): SlotState.BOOKED,
    (SlotState.BOOKED, Act.CONFIRM_SLOT): SlotState.CONFIRMED,
    **{(state, Act.REFUSE_SLOT): SlotState.REFUSED for state in LIVE_STATES},
    **{(state, Act.RELEASE_SLOT): SlotState.RELEASED for state in LIVE_STATES},
    **{(state, Act.RECORD_USE): SlotState.USED for state in (*LIVE_STATES, SlotState.MISSED)},
    **{(state, Act.RECORD_MISS): SlotState.MISSED for state in LIVE_STATES},
}


@dataclass(frozen=True)
class Stated:
    """Where a statement comes from, and for which days it holds."""

    day: date
    source: str
    note: str = ""
    reach: str = Reach.DAY


@dataclass(frozen=True)
class Hours:
    """Opening hours of a day, local time; without both times the crossing is closed."""

    opens_at: time | None = None
    closes_at: time | None = None
    reason: str = ""
    is_actual: bool = False


@dataclass(frozen=True)
class SlotAsked:
    """A slot that a room wants, and for what."""

    starts_at: datetime
    consignment_id: object
    unit_id: object = None
    places: int = 1
    note: str = ""


@dataclass(frozen=True)
class Slot:
    """One slot of a day."""

    starts_at: datetime
    ends_at: datetime


def next_state(state: str | None, act: Act) -> SlotState:
    """The state after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refused("slot_state", state=SlotState(state).label if state else "-", act=act.value) from None


def can(booking: SlotBooking, act: Act, room_id: object) -> bool:
    """Whether the state allows the act, and it is this room's to do."""
    if (booking.state, act) not in TRANSITIONS:
        return False
    keeps = act in (Act.CONFIRM_SLOT, Act.REFUSE_SLOT)
    return (booking.keeper_room_id if keeps else booking.room_id) == room_id


def span_of(day: date, hours: Hours, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """When the crossing opens and closes, as moments; None when it does not open that day.

    Hours that do not close later than they open close on the next day.
    """
    if hours.opens_at is None or hours.closes_at is None:
        return None
    last = day if hours.closes_at > hours.opens_at else day + timedelta(days=1)
    opens = datetime.combine(day, hours.opens_at, zone)
    return opens.astimezone(UTC), datetime.combine(last, hours.closes_at, zone).astimezone(UTC)


def slots_of(day: date, hours: Hours, length: timedelta, zone: ZoneInfo) -> list[Slot]:
    """The slots of a day one after the other; what is left at the end and shorter than a slot is none."""
    span = span_of(day, hours, zone)
    if span is None or length <= timedelta(0):
        return []
    opens, closes = span
    number = min(SLOTS_AT_MOST, (closes - opens) // length)
    return [Slot(opens + n * length, opens + (n + 1) * length) for n in range(number)]


def is_cut_short(day: date, planned: Hours, actual: Hours, zone: ZoneInfo) -> bool:
    """Whether a day ended before it was meant to, or did not begin."""
    meant, was = span_of(day, planned, zone), span_of(day, actual, zone)
    if meant is None:
        return False
    return was is None or was[1] < meant[1]


def hours_from(text: str | None) -> Hours:
    """The hours of a timetable, "08:00-17:00"; closed where there are none."""
    if not text:
        return Hours()
    opens, closes = (time.fromisoformat(part.strip()) for part in text.split("-"))
    return Hours(opens, closes)


def check_number(field: str, found: int | None, least: int = 0, most: int = NUMBER_AT_MOST) -> None:
    """Refuse a number out of its range. Raises Refused."""
    if found is not None and not least <= found <= most:
        raise Refused("crossing_number", field=field, found=found, least=least, most=most)


def classes_of(kinds: Iterable[dict[str, object]], commodities: set[str], consignor_class: str, area: str) -> list[str]:
    """The obligations' classes that a consignment falls under: by its goods, its sender, or where the crossing lies."""
    found = []
    for kind in kinds:
        goods, areas, senders = (set(kind.get(name) or ()) for name in ("commodities", "areas", "consignor_classes"))  # type: ignore[call-overload]
        if all(not wanted or wanted & have for wanted, have in (
            (goods, commodities), (areas, {area}), (senders, {consignor_class})
        )) and (goods or areas or senders):  # fmt: skip
            found.append(str(kind["code"]))
    return found
