"""The day at the crossings as files state it: who keeps it, how slots are cut, and when a booking counts as used."""

from datetime import timedelta

from pydantic import Field

from .words import Code, Format, Span, Strict


class CrossingDay(Strict):
    """The slots of one crossing, until a statement of the room that keeps it says otherwise."""

    crossing: Code
    keeper: Code  # the room whose hours and capacity the slots follow, and that answers bookings
    role: Code  # who answers there
    slot: Span  # how long a slot lasts
    trucks_per_slot: int = Field(ge=0, le=10_000)


class CrossingDaysFile(Strict):
    """crossing_days.yaml"""

    format: Format
    booked_ahead: Span  # how far ahead a slot may be booked
    missed_after: Span  # how long after the end of its slot a booking without an event is missed
    late_scans: Span = timedelta(days=3)  # for how long an event that arrives late still makes a missed one used
    used_by: tuple[Code, ...] = Field(min_length=1)  # stages whose event at the crossing uses a booking
    closure_reasons: Code = "closure"  # group of reasons.yaml of which a day that is cut short names one
    refusal_reasons: Code = "crossing_rejection"  # group of which a refused booking names one
    crossings: tuple[CrossingDay, ...] = Field(min_length=1, max_length=200)
