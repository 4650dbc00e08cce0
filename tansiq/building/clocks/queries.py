"""Clocks and notices as pages, the scheduler and other desks read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Now

from tansiq.building.clocks.models import OPEN_STATES, Acknowledgement, Clock, ClockKind, ClockStep, Notice
from tansiq.building.clocks.rules import HOLDER, OWNER, Step, Told, band, next_step, share_elapsed, step_at, time_left
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Membership
from tansiq.building.rooms.queries import audience, line_rule, rooms_named

MOST_SHOWN = 200
RECORD_TYPE = "clock"  # in the operation's release rules


@dataclass(frozen=True)
class Face:
    """A clock as it is drawn at one moment."""

    clock: Clock
    left: timedelta  # running time until due; negative when it has passed
    share: float  # of the allowed time used up
    band: str  # on_time, at_risk, paused, lapsed or stopped

    @property
    def percent(self) -> int:
        """Share used up as 0 to 100, for drawing."""
        return max(0, min(100, round(self.share * 100)))

    @property
    def left_minutes(self) -> int:
        """Whole minutes left, or passed, towards zero."""
        return int(self.left.total_seconds() / 60)


@dataclass(frozen=True)
class ToldNotice:
    """A notice as the told room reads it."""

    notice: Notice
    clock: Clock | None  # None when the clock itself was not released to this room
    is_mine: bool  # meant for the reader's role or for the reader by name
    acknowledgement: Acknowledgement | None


def database_now() -> datetime:
    """The database's time: the one clock by which all web servers and workers measure."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def face(clock: Clock, now: datetime) -> Face:
    """The clock as it is drawn now."""
    return Face(clock, time_left(clock, now), share_elapsed(clock, now), band(clock, now))


def open_clocks(by: Actor, *, state: str = "", kind: str = "", holder: UUID | None = None) -> list[Face]:
    """The clocks this room sees that are not stopped, least time left first; a state asks for that state instead."""
    found = clocks_seen(by).filter(state__in=[state] if state else OPEN_STATES)
    if kind:
        found = found.filter(kind__code=kind)
    if holder:
        found = found.filter(holder_room_id=holder)
    left = F("due_at") - Coalesce("stopped_at", "paused_at", Now())
    now = database_now()
    return [face(clock, now) for clock in found.order_by(left, "id")[:MOST_SHOWN]]


def clocks_seen(by: Actor) -> QuerySet[Clock]:
    """Every clock of the operation that this room may read."""
    found = Clock.objects.filter(room__operation=by.operation_id).select_related("kind", "room", "holder_room")
    return found.prefetch_related("persons__account")


def clocks_of(subject: models.Model, by: Actor) -> list[Face]:
    """The clocks this room sees on one record, newest first."""
    now = database_now()
    found = clocks_seen(by).filter(subject_label=subject._meta.label_lower, subject_id=subject.pk)
    return [face(clock, now) for clock in found.order_by("-started_at", "id")]


def kinds(by: Actor) -> QuerySet[ClockKind]:
    """The operation's kinds of clock, by code."""
    return ClockKind.objects.filter(operation=by.operation_id).order_by("code")


def subject_of(clock: Clock) -> models.Model | None:
    """The record that waits, when it was released to this room."""
    return apps.get_model(clock.subject_label)._default_manager.filter(pk=clock.subject_id).first()


def fired_steps(clock: Clock) -> set[str]:
    """The codes of the steps that have fired."""
    return set(ClockStep.objects.filter(room_id=clock.room_id, clock=clock).values_list("step", flat=True))


def due_step(clock: Clock, now: datetime) -> Step | None:
    """The step that is to fire now, if any."""
    step = next_step(clock, fired_steps(clock))
    return step if step is not None and step_at(clock, step) <= now else None


def notices_for(by: Actor, *, waiting: bool = True) -> list[ToldNotice]:
    """What this room was told, newest first; only what nobody has acknowledged yet unless asked otherwise."""
    found = Notice.objects.filter(told_room=by.room_id, room__operation=by.operation_id)
    if waiting:
        found = found.filter(acknowledgements=None)
    found = found.select_related("kind", "room").prefetch_related("acknowledgements")
    notices = list(found.order_by("-told_at", "id")[:MOST_SHOWN])
    clocks = clocks_seen(by).in_bulk({notice.clock_id for notice in notices})
    own_roles = _roles(by)
    return [_told(notice, clocks.get(notice.clock_id), own_roles, by) for notice in notices]


def _roles(by: Actor) -> set[str]:
    membership = Membership.objects.filter(room_id=by.room_id, account_id=by.account_id, ended_at=None).first()
    return set(membership.roles) if membership else set()


def _told(notice: Notice, clock: Clock | None, own_roles: set[str], by: Actor) -> ToldNotice:
    named = {person.account_id for person in clock.persons.all()} if clock else set()
    mine = not notice.told_role or notice.told_role in own_roles or by.account_id in named
    return ToldNotice(notice, clock, mine, next(iter(notice.acknowledgements.all()), None))


def told_rooms(clock: Clock, step: Step, operation_id: UUID) -> list[tuple[UUID, str]]:
    """The rooms and roles that a step of this clock tells, each once, in the ladder's order."""
    found: dict[tuple[UUID, str], None] = {}
    for told in step.tell:
        for room_id in _rooms_meant(clock, told, operation_id):
            role = told.role or (clock.holder_role if told.room == HOLDER else "")
            found[room_id, role] = None
    return list(found)


def _rooms_meant(clock: Clock, told: Told, operation_id: UUID) -> list[UUID]:
    if told.room == HOLDER:
        return [clock.holder_room_id]
    if told.room == OWNER:
        return [clock.room_id]
    return rooms_named(operation_id, {"rooms": [told.room]})


def audience_with(line: str, by: Actor, rooms: Iterable[UUID]) -> int:
    """The default label of a clock's tear line, widened by rooms that must read it (the holder, the owner)."""
    readers = [*rooms_named(by.operation_id, line_rule(by.operation_id, RECORD_TYPE, line)), *rooms]
    return audience(by.room_id, [(room_id, None) for room_id in readers])
