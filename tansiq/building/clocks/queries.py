"""Clocks and notices as pages, the scheduler and other desks read them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Now

from tansiq.building.clocks.models import (
    OPEN_STATES,
    Acknowledgement,
    Clock,
    ClockKind,
    ClockNote,
    ClockPause,
    ClockPerson,
    ClockResumption,
    ClockState,
    ClockStep,
    Notice,
)
from tansiq.building.clocks.rules import (
    HOLDER,
    OWNER,
    Step,
    Told,
    band,
    ladder_of,
    next_step,
    share_elapsed,
    step_at,
    time_left,
)
from tansiq.building.people.models import Account
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Membership, Role, Room
from tansiq.building.rooms.queries import audience, line_rule, rooms_named, share_states

MOST_SHOWN = 200
RECORD_TYPE = "clock"  # in the operation's release rules


@dataclass(frozen=True)
class Face:
    """A clock as it is drawn at one moment."""

    clock: Clock
    left: timedelta  # running time until due; negative when it has passed
    share: float  # of the allowed time used up
    band: str  # on_time, at_risk, paused, lapsed or stopped
    share_state: str  # own, released or received
    role_names: dict[str, str]  # of the role that holds it

    @property
    def percent(self) -> int:
        """Share of the allowed time used up, in whole per cent."""
        return round(self.share * 100)

    @property
    def start_at(self) -> datetime:
        """Where the drawn ring begins: the start, moved by the pauses."""
        return self.clock.due_at - self.clock.duration

    @property
    def shape(self) -> str:
        """The shape in which the clock is drawn: running, paused, met or missed."""
        if self.clock.state == ClockState.STOPPED:
            return "missed" if self.clock.lapsed_at else "met"
        return "paused" if self.clock.state == ClockState.PAUSED else "running"

    @property
    def pause_names(self) -> dict[str, str]:
        """Why it is paused, in the words of its kind."""
        return self.clock.kind.pause_reasons.get(self.clock.pause_reason, {})

    @property
    def person(self) -> Account | None:
        """Who holds it by name, where this room may know."""
        return next((named.account for named in self.clock.persons.all()), None)


@dataclass(frozen=True)
class Happening:
    """One thing in the life of a clock."""

    at: datetime
    what: str  # started, paused, resumed, step, lapsed, stopped, note, notice or acknowledged
    record: models.Model
    names: dict[str, str] = field(default_factory=dict)  # of the reason, or of the role that was told


@dataclass(frozen=True)
class ToldNotice:
    """A notice as the told room reads it."""

    notice: Notice
    clock: Clock | None  # None when the clock itself was not released to this room
    is_mine: bool  # meant for the reader's role or for the reader by name
    acknowledgement: Acknowledgement | None
    role_names: dict[str, str]  # of the told role; empty when everybody was told

    @property
    def is_over(self) -> bool:
        """Whether the clock has stopped, so that nobody needs to acknowledge that it struck."""
        return self.clock is not None and self.clock.state == ClockState.STOPPED


def database_now() -> datetime:
    """The database's time: the one clock by which all web servers and workers measure."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def faces(clocks: Iterable[Clock], by: Actor) -> list[Face]:
    """The clocks as they are drawn now for this room."""
    found, now, roles = list(clocks), database_now(), role_names(by.operation_id)
    readers = share_states(clock.audience_id for clock in found if clock.room_id == by.room_id)
    return [
        Face(
            clock, time_left(clock, now), share_elapsed(clock, now), band(clock, now),
            _share_state(readers.get(clock.audience_id), clock, by), roles.get(clock.holder_role, {}),
        )
        for clock in found
    ]  # fmt: skip


def _share_state(readers: list[tuple[UUID, datetime | None]] | None, clock: Clock, by: Actor) -> str:
    if clock.room_id != by.room_id:
        return "received"
    return "released" if readers and len(readers) > 1 else "own"


def open_clocks(by: Actor, *, state: str = "", kind: str = "", holder: str = "", most: int = MOST_SHOWN) -> list[Face]:
    """The clocks this room sees that are not stopped, least time left first; a state asks for that state instead."""
    found = clocks_seen(by).filter(state__in=[state] if state else OPEN_STATES)
    if kind:
        found = found.filter(kind__code=kind)
    if holder:
        found = found.filter(holder_room__slug=holder)
    left = F("due_at") - Coalesce("stopped_at", "paused_at", Now())
    return faces(found.order_by(left, "id")[:most], by)


def clocks_seen(by: Actor) -> QuerySet[Clock]:
    """Every clock of the operation that this room may read."""
    found = Clock.objects.filter(room__operation=by.operation_id).select_related("kind", "room", "holder_room")
    return found.prefetch_related("persons__account")


def clocks_of(subject: models.Model, by: Actor) -> list[Face]:
    """The clocks this room sees on one record, newest first."""
    found = clocks_seen(by).filter(subject_label=subject._meta.label_lower, subject_id=subject.pk)
    return faces(found.order_by("-started_at", "id"), by)


def kinds(by: Actor) -> QuerySet[ClockKind]:
    """The operation's kinds of clock, by code."""
    return ClockKind.objects.filter(operation=by.operation_id).order_by("code")


def role_names(operation_id: UUID) -> dict[str, dict[str, str]]:
    """The names of the operation's roles, by code."""
    return dict(Role.objects.filter(operation=operation_id).values_list("code", "names"))


def holder_rooms(by: Actor) -> list[Room]:
    """The rooms that hold a clock this room sees."""
    return list(Room.objects.filter(pk__in=clocks_seen(by).values("holder_room")).order_by("slug"))


def history(clock: Clock) -> list[Happening]:
    """Everything in the clock's life that this room may read, in order of time."""
    found = [Happening(clock.started_at, "started", clock)]
    roles = role_names(clock.room.operation_id)
    for pause in clock.pauses.prefetch_related("resumptions"):
        found.append(Happening(pause.paused_at, "paused", pause, clock.kind.pause_reasons.get(pause.reason, {})))
        found += [Happening(end.resumed_at, "resumed", end) for end in pause.resumptions.all()]
    found += [Happening(step.fired_at, "step", step) for step in clock.steps.all()]
    for notice in clock.notices.select_related("told_room").prefetch_related("acknowledgements"):
        found.append(Happening(notice.told_at, "notice", notice, roles.get(notice.told_role, {})))
        found += [Happening(a.acknowledged_at, "acknowledged", notice) for a in notice.acknowledgements.all()]
    found += [Happening(note.at, "note", note) for note in clock.notes.select_related("room")]
    if clock.lapsed_at:
        found.append(Happening(clock.lapsed_at, "lapsed", clock))
    if clock.stopped_at:
        found.append(Happening(clock.stopped_at, "stopped", clock))
    return sorted(found, key=lambda happening: happening.at)


def steps_ahead(clock: Clock) -> list[tuple[Step, datetime]]:
    """The steps that are still to come, with their times as they stand now."""
    if clock.state == ClockState.STOPPED:
        return []
    fired = fired_steps(clock)
    return [(step, step_at(clock, step)) for step in ladder_of(clock) if step.code not in fired]


def rows_on_line(clock_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """Every row of a clock that stands on a tear line: what a release of the clock opens together."""
    dependants: dict[str, tuple[tuple[type[models.Model], str], ...]] = {
        "headline": (
            (Clock, "pk"), (ClockPause, "clock"), (ClockResumption, "pause__clock"), (ClockStep, "clock"),
        ),
        "detail": ((ClockNote, "clock"),),
        "identities": ((ClockPerson, "clock"),),
    }  # fmt: skip
    found = []
    for model, way in dependants[line]:
        rows = model._default_manager.filter(**{way: clock_id}, room=Clock.objects.get(pk=clock_id).room_id)
        found.append((model, list(rows.values_list("pk", flat=True))))
    return found


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
    """What this room was told, newest first; unless asked otherwise only what waits to be acknowledged.

    A notice whose clock this room sees stopped waits no more.
    """
    found = Notice.objects.filter(told_room=by.room_id, room__operation=by.operation_id)
    if waiting:
        stopped = Clock.objects.filter(pk=OuterRef("clock_id"), state=ClockState.STOPPED)
        found = found.filter(~Exists(stopped), acknowledgements=None)
    found = found.select_related("kind", "room").prefetch_related("acknowledgements")
    notices = list(found.order_by("-told_at", "id")[:MOST_SHOWN])
    clocks = clocks_seen(by).in_bulk({notice.clock_id for notice in notices})
    own_roles, names = _roles(by), role_names(by.operation_id)
    return [
        ToldNotice(
            notice, clocks.get(notice.clock_id), _is_mine(notice, clocks.get(notice.clock_id), own_roles, by),
            next(iter(notice.acknowledgements.all()), None), names.get(notice.told_role, {}),
        )
        for notice in notices
    ]  # fmt: skip


def _roles(by: Actor) -> set[str]:
    membership = Membership.objects.filter(room_id=by.room_id, account_id=by.account_id, ended_at=None).first()
    return set(membership.roles) if membership else set()


def _is_mine(notice: Notice, clock: Clock | None, own_roles: set[str], by: Actor) -> bool:
    named = {person.account_id for person in clock.persons.all()} if clock else set()
    return not notice.told_role or notice.told_role in own_roles or by.account_id in named


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
