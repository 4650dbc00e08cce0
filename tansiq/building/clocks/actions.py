"""The verbs of clocks: start, pause, resume, stop, answer, strike, lapse; and acknowledging a notice."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models

from tansiq.building.clocks.models import (
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
from tansiq.building.clocks.queries import (
    audience_with,
    database_now,
    due_step,
    fired_steps,
    told_rooms,
)
from tansiq.building.clocks.rules import (
    Act,
    Holder,
    Step,
    due_after,
    next_state,
    next_step,
    step_at,
)
from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act, tell
from tansiq.building.rooms.models import Operation, Room, TearLine
from tansiq.building.rooms.queries import audience
from tansiq.building.rooms.refusals import Refused

TOPIC = "clocks.clock"
NOTICES = "clocks.notice"


@act(Act.START_CLOCK)
def start_clock(
    *,
    by: Actor,
    kind: str,
    subject: models.Model,
    holder: Holder | None = None,
    subject_names: dict[str, str] | None = None,
    started_at: datetime | None = None,
    due_at: datetime | None = None,
) -> Done:
    """Start a clock of this kind on a record; without a holder the acting room holds it. Raises Refused."""
    now = database_now()
    started_at = started_at or now
    chosen = _kind(by, kind)
    duration = _duration(chosen, started_at, due_at, now)
    holder = holder or Holder(by.room_id)
    if chosen.clock_set.filter(room_id=by.room_id, subject_id=subject.pk).exclude(state=ClockState.STOPPED).exists():
        raise Refused("clock_already_open")
    clock = Clock.objects.create(
        room_id=by.room_id, audience_id=audience_with(TearLine.HEADLINE, by, [holder.room_id]), kind=chosen,
        subject_label=subject._meta.label_lower, subject_id=subject.pk, subject_names=subject_names or {},
        holder_room_id=holder.room_id, holder_role=holder.role, state=next_state(None, Act.START_CLOCK),
        started_at=started_at, duration=duration, due_at=started_at + duration, paused_for=timedelta(),
        ladder=chosen.ladder,
    )  # fmt: skip
    _set_tick(clock)
    facts = {"kind": kind, "due_at": clock.due_at.isoformat(), "holder": str(holder.room_id), "role": holder.role}
    return Done(clock, wrote=[clock, *_name_person(clock, holder, by)], facts=facts, topics=[TOPIC])


@act(Act.PAUSE_CLOCK)
def pause_clock(*, by: Actor, clock: Clock, reason: str, note: str = "") -> Done:
    """Stop the time of a running clock for a reason of its kind. Raises Refused."""
    clock, now = _hold(clock, by), database_now()
    _catch_up(clock, now)
    if reason not in clock.kind.pause_reasons:
        raise Refused("clock_reason_unknown", reason=reason)
    clock.state = next_state(clock.state, Act.PAUSE_CLOCK)
    clock.paused_at, clock.pause_reason = now, reason
    clock.save(update_fields=["state", "paused_at", "pause_reason"])
    pause = ClockPause.objects.create(
        **_like(clock), clock=clock, paused_at=now, reason=reason, former_due_at=clock.due_at
    )
    _set_tick(clock)
    wrote = [clock, pause, *_note(clock, Act.PAUSE_CLOCK, note, by, now)]
    return Done(clock, wrote=wrote, facts={"reason": reason, "paused_at": now.isoformat()}, topics=[TOPIC])


@act(Act.RESUME_CLOCK)
def resume_clock(*, by: Actor, clock: Clock, note: str = "") -> Done:
    """Let a paused clock run on; its due time moves by the length of the pause. Raises Refused."""
    clock, now = _hold(clock, by), database_now()
    clock.state = next_state(clock.state, Act.RESUME_CLOCK)
    former_due_at = clock.due_at
    resumption = _end_pause(clock, now)
    clock.save(update_fields=["state", *_PAUSE_FIELDS])
    _set_tick(clock)
    wrote = [clock, resumption, *_note(clock, Act.RESUME_CLOCK, note, by, now)]
    facts = {"former_due_at": former_due_at.isoformat(), "due_at": clock.due_at.isoformat()}
    return Done(clock, wrote=wrote, facts=facts, topics=[TOPIC])


@act(Act.STOP_CLOCK)
def stop_clock(
    *, by: Actor, clock: Clock, note: str = "", answered_by: UUID | None = None, at: datetime | None = None
) -> Done:
    """End a clock because the answer came, in time or late. Raises Refused when it has ended already.

    at : when the answer came; only a sample operation, whose story has a past, may say another moment than now
    """
    clock, now = _hold(clock, by), database_now()
    if at is not None and Operation.objects.get(pk=by.operation_id).is_sample:
        now = min(now, max(at, clock.started_at))
    _catch_up(clock, now)
    was = clock.state
    clock.state = next_state(clock.state, Act.STOP_CLOCK)
    ended = [_end_pause(clock, now)] if was == ClockState.PAUSED else []
    clock.stopped_at = now
    clock.save(update_fields=["state", "stopped_at", *_PAUSE_FIELDS])
    _set_tick(clock)
    facts = {"stopped_at": now.isoformat(), "late": clock.lapsed_at is not None}
    if answered_by:
        facts["answered_by"] = str(answered_by)
    wrote = [clock, *ended, *_note(clock, Act.STOP_CLOCK, note, by, now)]
    return Done(clock, wrote=wrote, facts=facts, topics=[NOTICES, TOPIC])


@act(Act.ANSWER_CLOCK)
def answer_clock(*, by: Actor, clock: Clock, note: str = "") -> Done:
    """Answer, as the room that holds it, a clock that another room started; the owner's clock stops. Raises Refused."""
    seen = Clock.objects.select_related("room").filter(pk=clock.pk, holder_room_id=by.room_id).first()
    if seen is None:
        raise Refused("not_found")
    stopped = stop_clock(by=system_actor(seen.room, Act.STOP_CLOCK), clock=seen, answered_by=by.room_id)
    return Done(stopped, wrote=_note(stopped, Act.ANSWER_CLOCK, note, by, stopped.stopped_at), topics=[TOPIC])


@act(Act.STRIKE_CLOCK)
def strike_clock(*, by: Actor, clock: Clock) -> Done:
    """Fire the step of the ladder that is due and tell whom it names. Raises Refused when none is due."""
    clock, now = _hold(clock, by), database_now()
    return _fire(clock, _due(clock, now, lapse=False), Act.STRIKE_CLOCK, now, by)


@act(Act.LAPSE_CLOCK)
def lapse_clock(*, by: Actor, clock: Clock) -> Done:
    """Record that no answer came by the due time, and tell whom the ladder names. Raises Refused before that."""
    clock, now = _hold(clock, by), database_now()
    step = _due(clock, now, lapse=True)
    clock.lapsed_at = step_at(clock, step)
    return _fire(clock, step, Act.LAPSE_CLOCK, now, by)


@act(Act.ACKNOWLEDGE_NOTICE)
def acknowledge_notice(*, by: Actor, notice: Notice) -> Done:
    """Record that the told room saw the notice. Raises Refused when it was not told or has said so before."""
    seen = Notice.objects.filter(pk=notice.pk, told_room_id=by.room_id).first()
    if seen is None:
        raise Refused("not_found")
    if Acknowledgement.objects.filter(notice=seen).exists():
        raise Refused("notice_already_acknowledged")
    label = audience(by.room_id, [(seen.room_id, None)])
    done = Acknowledgement.objects.create(room_id=by.room_id, audience_id=label, notice=seen)
    facts = {"clock": str(seen.clock_id), "step": seen.step, "notice": str(seen.pk)}
    return Done(done, wrote=[done], facts=facts, topics=[NOTICES, TOPIC])


_PAUSE_FIELDS = ("due_at", "paused_for", "paused_at", "pause_reason")


def fire_due_step(clock: Clock, room: Room) -> None:
    """Fire the clock's next due step as the centre itself; when none is due, set its tick right."""
    by = system_actor(room, Act.STRIKE_CLOCK, Act.LAPSE_CLOCK)
    step = due_step(clock, database_now())
    if step is None:
        _set_tick(clock)
        return
    (lapse_clock if step.lapses else strike_clock)(by=by, clock=clock)


def _kind(by: Actor, code: str) -> ClockKind:
    found = ClockKind.objects.filter(operation=by.operation_id, code=code, retired=False).first()
    if found is None:
        raise Refused("clock_kind_unknown", kind=code)
    return found


def _duration(kind: ClockKind, started_at: datetime, due_at: datetime | None, now: datetime) -> timedelta:
    if started_at > now:
        raise Refused("clock_starts_in_future", started_at=started_at.isoformat())
    if due_at is not None and due_at <= started_at:
        raise Refused("clock_without_time", due_at=due_at.isoformat(), started_at=started_at.isoformat())
    return kind.duration if due_at is None else due_at - started_at


def _name_person(clock: Clock, holder: Holder, by: Actor) -> list[ClockPerson]:
    if holder.account_id is None:
        return []
    if holder.room_id != by.room_id:
        raise Refused("clock_person_elsewhere")
    label = audience_with(TearLine.IDENTITIES, by, [])
    return [ClockPerson.objects.create(
        room_id=clock.room_id, audience_id=label, clock=clock, account_id=holder.account_id
    )]  # fmt: skip


def _hold(clock: Clock, by: Actor) -> Clock:
    """The clock as it stands now, locked; first its tick, as the scheduler does, so that neither waits in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("select clocks_hold_tick(%s)", [clock.pk])
    found = Clock.objects.select_for_update(of=("self",)).select_related("kind", "room")
    held = found.filter(pk=clock.pk, room_id=by.room_id).first()
    if held is None:
        raise Refused("not_found")
    return held


def _catch_up(clock: Clock, now: datetime) -> None:
    """Fire what was due before this moment, so that a late scheduler never hides a silence."""
    while due_step(clock, now) is not None:
        fire_due_step(clock, clock.room)
        clock.refresh_from_db(fields=["state", "lapsed_at"])


def _due(clock: Clock, now: datetime, *, lapse: bool) -> Step:
    step = due_step(clock, now)
    if step is None or step.lapses != lapse:
        raise Refused("clock_step_not_due")
    return step


def _fire(clock: Clock, step: Step, name: Act, now: datetime, by: Actor) -> Done:
    clock.state = next_state(clock.state, name)
    clock.save(update_fields=["state", "lapsed_at"])
    fired = ClockStep.objects.create(
        **_like(clock), clock=clock, step=step.code, due_at=step_at(clock, step), fired_at=now
    )
    notices = [_give_notice(clock, step, told, now) for told in told_rooms(clock, step, by.operation_id)]
    _set_tick(clock)
    facts: dict[str, Any] = {
        "step": step.code, "due_at": fired.due_at.isoformat(), "fired_at": now.isoformat(),
        "told": [[str(notice.told_room_id), notice.told_role] for notice in notices],
    }  # fmt: skip
    return Done(clock, wrote=[clock, fired, *notices], facts=facts, topics=[TOPIC])


def _give_notice(clock: Clock, step: Step, told: tuple[UUID, str], now: datetime) -> Notice:
    room_id, role = told
    notice = Notice.objects.create(
        room_id=clock.room_id, audience_id=audience(clock.room_id, [(room_id, None)]), clock=clock, kind=clock.kind,
        step=step.code, told_room_id=room_id, told_role=role, told_at=now, clock_due_at=clock.due_at,
        lapsed=clock.state == ClockState.LAPSED,
    )  # fmt: skip
    tell(clock.room_id, notice.audience_id, [NOTICES])
    return notice


def _end_pause(clock: Clock, now: datetime) -> ClockResumption:
    pause = clock.pauses.get(resumptions=None)
    clock.paused_for += now - pause.paused_at
    clock.due_at = due_after(clock)
    clock.paused_at, clock.pause_reason = None, ""
    return ClockResumption.objects.create(**_like(clock), pause=pause, resumed_at=now, due_at=clock.due_at)


def _note(clock: Clock, name: Act, text: str, by: Actor, at: datetime) -> list[ClockNote]:
    if not text.strip():
        return []
    readers = [clock.room_id] if name == Act.ANSWER_CLOCK else []
    label = audience_with(TearLine.DETAIL, by, readers)
    return [ClockNote.objects.create(
        room_id=by.room_id, audience_id=label, clock=clock, act=name, text=text.strip(), at=at
    )]  # fmt: skip


def _like(clock: Clock) -> dict[str, Any]:
    return {"room_id": clock.room_id, "audience_id": clock.audience_id}


def _set_tick(clock: Clock) -> None:
    step = next_step(clock, fired_steps(clock))
    at = step_at(clock, step) if step else None
    with connection.cursor() as cursor:
        cursor.execute("select clocks_set_tick(%s, %s)", [clock.pk, at])
