"""The day at one crossing and at all of them, as this room sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.building.places.models import Crossing
from tansiq.building.places.queries.crossings import CrossingNow, crossing_now, crossings_now, database_now
from tansiq.building.rooms.actors import Actor
from tansiq.desks.crossings.models import DayStatement
from tansiq.desks.crossings.queries.flow import DayFlow, Looked, day_flows, places_by_crossing
from tansiq.desks.crossings.queries.setting import Setting, closure_reasons, refusal_reasons
from tansiq.desks.crossings.queries.slots import BookingRow, bookings_of_day, rows_of
from tansiq.desks.crossings.queries.statements import (
    DayStatements,
    day_statements,
    details_of,
    latest_queues,
    queue_readings,
    slots_in_force,
    slots_planned,
    trucks_per_slot,
)
from tansiq.desks.crossings.rules import Hours, Slot, span_of


@dataclass(frozen=True)
class SaidHours:
    """What one room says of the hours."""

    room: dict[str, str]
    is_keeper: bool
    planned: DayStatement | None
    actual: DayStatement | None
    is_short: bool
    reason: Any


@dataclass(frozen=True)
class SlotRow:
    """One slot of the timetable."""

    slot: Slot
    capacity: int
    is_lost: bool  # it was planned, and the hours in force leave it out
    is_past: bool
    free: DayStatement | None  # as the crossing's room published it
    bookings: tuple[BookingRow, ...]  # that this room reads


@dataclass(frozen=True)
class CrossingDay:
    """The day at one crossing."""

    now: CrossingNow
    day: date
    said: DayStatements
    hours: Hours  # in force
    keeper: dict[str, str]
    rooms: tuple[SaidHours, ...]
    reason: Any  # why it is closed or was cut short, by the keeper
    is_short: bool  # by any room's word
    lanes: tuple[DayStatement, ...]
    queue: tuple[DayStatement, ...]
    slots: tuple[SlotRow, ...]
    others: tuple[BookingRow, ...]  # bookings whose slot is in no timetable any more
    flows: tuple[DayFlow, ...]
    details: dict[UUID, Any]  # source and note by statement

    @property
    def latest_queue(self) -> DayStatement | None:
        """The last reading of the queue."""
        return self.queue[0] if self.queue else None


@dataclass(frozen=True)
class CrossingGlance:
    """One crossing in the list of all of them."""

    now: CrossingNow
    said: DayStatements
    hours: Hours
    is_open_now: bool
    is_short: bool
    reason: Any
    lanes: DayStatement | None
    queue: DayStatement | None
    booked: int
    entered: Decimal | None


@dataclass(frozen=True)
class _Seen:
    """What is known of all crossings on a day, by crossing."""

    known: Setting
    at: datetime
    reasons: dict[str, Any]
    queues: dict[UUID, DayStatement]
    booked: dict[UUID, int]
    entered: Mapping[str, Decimal]


def crossings_today(by: Actor, known: Setting, day: date) -> tuple[list[CrossingGlance], list[DayFlow]]:
    """Every crossing on a day, in a fixed number of queries, and the operation's obligations over all of them."""
    at = database_now()
    seen = crossings_now(by, _moment_of(known, day, at))
    listed = [one.crossing for one in seen]
    said, queues = day_statements(known, listed, day), latest_queues(listed, day)
    bookings = bookings_of_day(listed, day)
    flows = day_flows(by, Looked(known, day, tuple(one for found in bookings.values() for one in found)))
    seen_of = _Seen(
        known, at, closure_reasons(known), queues, places_by_crossing(bookings), flows[0].at_crossing if flows else {}
    )
    return [_glance(one, said[one.crossing.pk], seen_of) for one in seen], flows


def crossing_day(by: Actor, known: Setting, crossing: Crossing, day: date) -> CrossingDay:
    """One crossing's day with everything that this room reads of it."""
    at = database_now()
    now = crossing_now(crossing, by, _moment_of(known, day, at))
    said = day_statements(known, [crossing], day)[crossing.pk]
    listed = bookings_of_day([crossing], day)[crossing.pk]
    rows = rows_of(listed, known, refusal_reasons(known))
    slots = tuple(_slot_rows(said, known, at, rows))
    shown = {row.booking.pk for slot in slots for row in slot.bookings}
    queue = tuple(queue_readings(crossing, day, known))
    lanes = tuple(sorted(said.lanes.values(), key=lambda one: str(one.room.slug)))
    reasons = closure_reasons(known)
    rooms = tuple(_said(said, room_id, reasons) for room_id in said.hours)
    statements = [
        *queue, *lanes, *said.capacity.values(), *said.free.values(),
        *(one for hours in said.hours.values() for one in (hours.planned, hours.actual) if one),
    ]  # fmt: skip
    keeper = known.keeper(crossing.code)
    flows = day_flows(by, Looked(known, day, tuple(listed), crossing, now.quotas))
    return CrossingDay(
        now, day, said, said.in_force, keeper.names if keeper else {}, rooms, _reason(said, reasons),
        any(one.is_short for one in rooms), lanes, queue, slots,
        tuple(row for row in rows if row.booking.pk not in shown), tuple(flows), details_of(statements),
    )  # fmt: skip


def _moment_of(known: Setting, day: date, now: datetime) -> datetime:
    """The moment at which a day's state and quotas are looked at: now, its end where it is over, else its beginning."""
    begins = datetime.combine(day, time(), known.zone)
    ends = datetime.combine(day, time(23, 59, 59), known.zone)
    return min(max(now, begins), ends)


def _slot_rows(said: DayStatements, known: Setting, at: datetime, rows: list[BookingRow]) -> list[SlotRow]:
    kept, takes = {one.starts_at for one in slots_in_force(said, known)}, trucks_per_slot(said, known)
    every = {one.starts_at: one for one in (*slots_planned(said, known), *slots_in_force(said, known))}
    found: dict[datetime, list[BookingRow]] = {}
    for row in rows:
        found.setdefault(row.booking.starts_at, []).append(row)
    return [
        SlotRow(
            slot, takes, starts_at not in kept, slot.ends_at <= at, said.free.get(starts_at),
            tuple(found.get(starts_at, ())),
        )
        for starts_at, slot in sorted(every.items())
    ]  # fmt: skip


def _said(said: DayStatements, room_id: UUID, reasons: dict[str, Any]) -> SaidHours:
    hours = said.hours[room_id]
    latest = hours.actual or hours.planned
    return SaidHours(
        latest.room.names if latest else {}, room_id == said.keeper_id, hours.planned, hours.actual, hours.is_short,
        reasons.get(latest.reason, latest.reason) if latest else "",
    )  # fmt: skip


def _reason(said: DayStatements, reasons: dict[str, Any]) -> Any:
    code = said.in_force.reason
    return reasons.get(code, code)


def _glance(now: CrossingNow, said: DayStatements, seen: _Seen) -> CrossingGlance:
    span = span_of(said.day, said.in_force, seen.known.zone)
    lanes = said.lanes.get(said.keeper_id) if said.keeper_id else None
    short = [one for one in said.hours.values() if one.is_short]
    told = short[0].actual.reason if short and short[0].actual else said.in_force.reason
    pk = now.crossing.pk
    return CrossingGlance(
        now, said, said.in_force, span is not None and span[0] <= seen.at < span[1], bool(short),
        seen.reasons.get(told, told), lanes or next(iter(said.lanes.values()), None), seen.queues.get(pk),
        seen.booked.get(pk, 0), seen.entered.get(now.crossing.code),
    )  # fmt: skip
