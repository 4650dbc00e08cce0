"""States what is known of the day at a crossing: hours, lanes, capacity of slots, queue, free places."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tansiq.building.places.models import Crossing
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.places.rules import CLOCKS_APART
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import audience_for, local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.crossings.models import DayStatement, DayStatementDetail, Reach, StatementKind
from tansiq.desks.crossings.queries.setting import Setting, closure_reasons, setting
from tansiq.desks.crossings.queries.statements import day_statements
from tansiq.desks.crossings.rules import (
    DAY_RECORD,
    DAY_TOPIC,
    Act,
    Hours,
    Stated,
    check_number,
    is_cut_short,
)

MINUTES_OF_A_DAY = 24 * 60
LANES_AT_MOST = 1000


@act(Act.STATE_HOURS)
def state_hours(*, by: Actor, crossing: Crossing, stated: Stated, hours: Hours) -> Done:
    """State the hours of a day, of a weekday, or from a day on; or how they were. Raises Refused."""
    known = _known(by, crossing, stated)
    if (hours.opens_at is None) != (hours.closes_at is None):
        raise Refused("crossing_hours_half")
    if hours.opens_at is not None and hours.opens_at == hours.closes_at:
        raise Refused("crossing_hours_same", found=f"{hours.opens_at:%H:%M}")
    if hours.is_actual:
        _check_actual(stated, known)
    _check_reason(hours, stated, known, crossing)
    said = {"opens_at": hours.opens_at, "closes_at": hours.closes_at, "reason": hours.reason}
    return _done(by, crossing, StatementKind.HOURS, stated, **said, is_actual=hours.is_actual)


@act(Act.STATE_LANES)
def state_lanes(*, by: Actor, crossing: Crossing, stated: Stated, lanes: int, read_at: datetime | None = None) -> Done:
    """State how many scanning lanes work. Raises Refused."""
    _known(by, crossing, stated)
    check_number(str(_("Lanes that work")), lanes, 0, LANES_AT_MOST)
    return _done(by, crossing, StatementKind.LANES, stated, lanes=lanes, read_at=_moment(read_at))


@act(Act.STATE_CAPACITY)
def state_capacity(
    *, by: Actor, crossing: Crossing, stated: Stated, trucks_per_slot: int, slot_minutes: int | None = None
) -> Done:
    """State how many trucks a slot takes, and perhaps how long it lasts. Raises Refused."""
    _known(by, crossing, stated)
    check_number(str(_("Trucks in a slot")), trucks_per_slot)
    check_number(str(_("Minutes of a slot")), slot_minutes, 5, MINUTES_OF_A_DAY)
    return _done(
        by, crossing, StatementKind.CAPACITY, stated, trucks_per_slot=trucks_per_slot, slot_minutes=slot_minutes
    )


@act(Act.RECORD_QUEUE)
def record_queue(
    *,
    by: Actor,
    crossing: Crossing,
    stated: Stated,
    trucks_waiting: int | None = None,
    wait_minutes: int | None = None,
    read_at: datetime | None = None,
) -> Done:
    """Record what was read of the queue: how many trucks, and how long the first has waited. Raises Refused."""
    _known(by, crossing, stated)
    if trucks_waiting is None and wait_minutes is None:
        raise Refused("crossing_queue_empty")
    check_number(str(_("Trucks waiting")), trucks_waiting)
    check_number(str(_("Minutes waited")), wait_minutes)
    return _done(
        by, crossing, StatementKind.QUEUE, stated, trucks_waiting=trucks_waiting, wait_minutes=wait_minutes,
        read_at=_moment(read_at),
    )  # fmt: skip


@act(Act.PUBLISH_PLACES)
def publish_places(
    *,
    by: Actor,
    crossing: Crossing,
    stated: Stated,
    slot_at: datetime,
    free_places: int,
    read_at: datetime | None = None,
) -> Done:
    """Publish how many places of a slot are free, as the crossing's room counts them. Raises Refused."""
    _known(by, crossing, stated)
    check_number(str(_("Free places")), free_places)
    return _done(
        by, crossing, StatementKind.FREE, stated, slot_at=slot_at, free_places=free_places, read_at=_moment(read_at)
    )


def _known(by: Actor, crossing: Crossing, stated: Stated) -> Setting:
    if crossing.operation_id != by.operation_id:
        raise Refused("crossing_day_unknown")
    if not stated.source.strip():
        raise Refused("crossing_source_missing")
    return setting(by.operation_id)


def _check_actual(stated: Stated, known: Setting) -> None:
    if stated.reach != Reach.DAY:
        raise Refused("crossing_actual_reach", found=Reach(stated.reach).label)
    if stated.day > known.local_day(database_now()):
        raise Refused("crossing_actual_ahead", found=stated.day.isoformat())


def _check_reason(hours: Hours, stated: Stated, known: Setting, crossing: Crossing) -> None:
    usable = closure_reasons(known)
    listed = ", ".join(f"{code} ({local_name(names)})" for code, names in usable.items()) or "-"
    if hours.reason:
        if hours.reason not in usable:
            raise Refused("crossing_reason_unknown", found=hours.reason, expected=listed)
        return
    planned = day_statements(known, [crossing], stated.day)[crossing.pk].planned
    is_exception = hours.opens_at is None and stated.reach == Reach.DAY and planned.opens_at is not None
    is_short = hours.is_actual and is_cut_short(stated.day, planned, hours, known.zone)
    if is_exception or is_short:
        raise Refused("crossing_reason_missing", expected=listed)


def _moment(read_at: datetime | None) -> datetime:
    now = database_now()
    if read_at is not None and read_at > now + CLOCKS_APART:
        raise Refused("crossing_read_ahead", found=date_time_group(read_at))
    return read_at or now


def _done(by: Actor, crossing: Crossing, kind: StatementKind, stated: Stated, **said: Any) -> Done:
    statement = DayStatement.objects.create(
        room_id=by.room_id, audience_id=audience_for(DAY_RECORD, TearLine.HEADLINE, by), crossing=crossing, kind=kind,
        day=stated.day, reach=stated.reach, **said,
    )  # fmt: skip
    detail = DayStatementDetail.objects.create(
        room_id=by.room_id, audience_id=audience_for(DAY_RECORD, TearLine.DETAIL, by), statement=statement,
        source=stated.source.strip()[:200], note=stated.note.strip(),
    )  # fmt: skip
    plain = {name: value if isinstance(value, int | str | bool) or value is None else str(value)
             for name, value in said.items()}  # fmt: skip
    facts = {
        "crossing": crossing.code,
        "kind": kind.value,
        "day": stated.day.isoformat(),
        "reach": stated.reach,
        **plain,
    }
    return Done(statement, wrote=[statement, detail], facts=facts, topics=[DAY_TOPIC])
