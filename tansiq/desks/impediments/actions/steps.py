"""Takes a step in the book of the room that raised an impediment: state, clock, silence, readers, one row."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tansiq.building.clocks.actions import fire_due_step, start_clock, stop_clock
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import database_now, due_step
from tansiq.building.clocks.rules import Holder, entrusted
from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Operation, Room
from tansiq.building.rooms.queries import local_name, share_states
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments.actions.labels import release_clock, widen_to_owner
from tansiq.desks.impediments.actions.related import relate
from tansiq.desks.impediments.models import (
    LIVE_STATES,
    Impediment,
    ImpedimentState,
    ImpedimentStep,
    Relation,
    Term,
    TermKind,
)
from tansiq.desks.impediments.rules import TOPIC, Act, Change, check_right, next_state, starts_first_clock


@act(Act.RECORD_STEP)
def record_step(*, by: Actor, impediment: Impediment, change: Change) -> Done:
    """Enter, as the centre itself, what another room did, in the book of the room that raised it. Raises Refused."""
    held, wrote = take_step(by, impediment, change)
    facts = {"step": change.act.value, "by_room": str(change.by_room)}
    return Done(held, wrote=wrote, facts=facts, topics=[TOPIC])


@act(Act.RECORD_SILENCE)
def record_silence(*, by: Actor, impediment: Impediment, at: datetime | None = None) -> Done:
    """Record that a deadline passed in silence; the next clock starts as the operation says. Once for each deadline.

    at : from when the next clock runs; a sample operation alone may say another moment than now
    Raises Refused when no deadline has passed, or its silence stands already.
    """
    at = moment(by, at)
    held = locked(by, impediment)
    clock = held.clock
    if held.state not in LIVE_STATES or not clock or clock.lapsed_at is None or _stands(held.room, clock):
        raise Refused("impediment_silence_not_due")
    answer = silence_term(by)
    change = Change(Act.RECORD_SILENCE, uuid4(), clock.holder_room_id, clock.lapsed_at, by_system=True,
                    answer=answer.code if answer else "silent")  # fmt: skip
    following = answer.body.get("next_clock") if answer else None
    held.silence_count += 1
    wrote = _moved(by, held, change, following, at)
    facts = {"clock": str(clock.pk), "due_at": clock.due_at.isoformat(), "number": held.silence_count,
             "of_room": str(clock.holder_room_id)}  # fmt: skip
    return Done(held, wrote=wrote, facts=facts, topics=[TOPIC])


@act(Act.RENEW_CLOCK)
def renew_clock(*, by: Actor, impediment: Impediment) -> Done:
    """Start the clock anew when it was ended elsewhere without an answer. Raises Refused while it has not ended.

    It keeps start and deadline of the one that was ended: nobody puts off a silence by ending clocks.
    """
    held = locked(by, impediment)
    clock = held.clock
    if held.state not in LIVE_STATES or not clock or clock.state != ClockState.STOPPED:
        raise Refused("impediment_clock_runs")
    at = database_now()
    change = Change(Act.RENEW_CLOCK, uuid4(), clock.holder_room_id, at, by_system=True)
    wrote = _moved(by, held, change, clock.kind.code, clock.started_at, due_at=clock.due_at)
    facts = {"clock": str(clock.pk), "due_at": clock.due_at.isoformat()}
    return Done(held, wrote=wrote, facts=facts, topics=[TOPIC])


def take_step(by: Actor, impediment: Impediment, change: Change) -> tuple[Impediment, list[Any]]:
    """Do what the change says; every silence that was due before it is recorded first. Raises Refused.

    Whose right it is, is asked of the locked row: since the room read it, another may have been made the owner.
    """
    held = locked(by, impediment)
    _check_still(held, change)
    if _catch_up(held, change):
        held = locked(by, held)
    before = held.state
    after = next_state(before, change.act)
    wrote: list[Any] = []
    if change.act is Act.RAISE_IMPEDIMENT:
        held.raised_count += 1
        wrote += relate(by, held, Relation.HELD, change.records)
    if change.owner is not None:
        held.owner_room_id, held.owner_role = change.owner.room_id, change.owner.role
    following = _following_clock(by, held, change)
    if starts_first_clock(before, after, change.act):
        following = first_clock(by, held.kind)
    keeps = change.act is Act.AMEND_IMPEDIMENT or (
        change.act is Act.RAISE_IMPEDIMENT and not starts_first_clock(before, after, change.act)
    )
    wrote += _moved(by, held, change, following, change.at, keeps_clock=keeps)
    if change.owner is not None:
        wrote += widen_to_owner(by, held)
    return held, wrote


def locked(by: Actor, impediment: Impediment) -> Impediment:
    """The impediment of the acting room as it stands now, held until the act is done. Raises Refused.

    Read only once it is held: what waited for another's act would else judge the row with what it saw before that.
    """
    own = Impediment.objects.filter(pk=impediment.pk, room_id=by.room_id)
    list(own.select_for_update().values_list("pk"))
    held = own.select_related("room", "owner_room").first()
    if held is None:
        raise Refused("not_found")
    held.clock = Clock.objects.select_related("kind", "room").get(pk=held.clock_id) if held.clock_id else None
    return held


def moment(by: Actor, at: datetime | None) -> datetime:
    """Now; the sample operation alone may say otherwise, so that its story has a past. Raises Refused."""
    if at is None:
        return database_now()
    if not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("impediment_time_is_now")
    return at


def first_clock(by: Actor, kind: str) -> str | None:
    """The kind of clock that starts when an impediment of a type is raised."""
    term = Term.objects.filter(operation=by.operation_id, kind=TermKind.TYPE, code=kind).first()
    return term.body.get("clock") if term else None


def silence_term(by: Actor) -> Term | None:
    """The kind of answer that nobody gives."""
    return Term.objects.filter(operation=by.operation_id, kind=TermKind.ANSWER, body__silence=True).first()


def start(by: Actor, held: Impediment, kind: str, at: datetime, due_at: datetime | None = None) -> list[Any]:
    """Start a clock that the owner holds; the impediment points at it. The rows that this desk itself wrote."""
    clock = start_clock(
        by=entrusted(by), kind=kind, subject=held, started_at=at, due_at=due_at,
        holder=Holder(held.owner_room_id, held.owner_role), subject_names={"en": held.title},
    )  # fmt: skip
    held.clock = clock
    return list(release_clock(by, held, clock))


def _moved(
    by: Actor, held: Impediment, change: Change, following: str | None, at: datetime, *, keeps_clock: bool = False,
    due_at: datetime | None = None,
) -> list[Any]:  # fmt: skip
    """Write the state, the clocks and the row of the story; what happens to no clock keeps the one that runs."""
    before, ended = held.state, held.clock
    held.state = next_state(before, change.act)
    wrote: list[Any] = []
    if not keeps_clock:
        if held.clock and (following or change.act is not Act.RECORD_SILENCE):
            _stop(by, held, change)
        if following:
            wrote += start(by, held, following, at, due_at)
    _note_answer(held, change)
    held.closed_at = None if held.state in LIVE_STATES else change.at
    held.save()
    step = _step(held, change, before, None if keeps_clock else ended)
    return [held, step, *wrote]


def _note_answer(held: Impediment, change: Change) -> None:
    if change.act is Act.ANSWER_IMPEDIMENT:
        held.answer, held.answered_at = change.answer, change.at


def _step(held: Impediment, change: Change, before: str, deadline: Clock | None) -> ImpedimentStep:
    numbers = {Act.RAISE_IMPEDIMENT: held.raised_count, Act.RECORD_SILENCE: held.silence_count}
    asks = change.owner is not None
    return ImpedimentStep.objects.create(
        id=change.step_id, room_id=held.room_id, audience_id=held.audience_id, impediment=held, act=change.act,
        at=change.at, by_room_id=change.by_room, by_system=change.by_system, number=numbers.get(change.act),
        answer=change.answer, clock=deadline, due_at=deadline.due_at if deadline else None,
        is_late=change.act is Act.ANSWER_IMPEDIMENT and before == ImpedimentState.UNANSWERED,
        owner_room_id=held.owner_room_id if asks else None, owner_role=held.owner_role if asks else "",
    )  # fmt: skip


def _following_clock(by: Actor, held: Impediment, change: Change) -> str | None:
    if change.act is not Act.ANSWER_IMPEDIMENT:
        return None
    term = Term.objects.filter(operation=by.operation_id, kind=TermKind.ANSWER, code=change.answer, in_use=True).first()
    return term.body.get("next_clock") if term else None


def _stop(by: Actor, held: Impediment, change: Change) -> None:
    clock = held.clock
    if clock is not None and clock.state != ClockState.STOPPED:
        answered_by = change.by_room if change.act is Act.ANSWER_IMPEDIMENT else None
        stop_clock(by=entrusted(by), clock=clock, answered_by=answered_by)


def _check_still(held: Impediment, change: Change) -> None:
    """Refuse what is not, or no longer, the right of the room that asks, as the row stands now."""
    readers = [] if change.by_room == held.room_id else _readers(held)
    if change.by_room != held.room_id and change.by_room not in readers:
        raise Refused("not_found")
    owner = local_name(held.owner_room.names)
    check_right(held, change.act, change.by_room, (local_name(held.room.names), owner))
    if change.owner is None:
        return
    if (change.owner.room_id, change.owner.role) == (held.owner_room_id, held.owner_role):
        raise Refused("impediment_same_owner", owner=owner)
    if change.by_room != held.room_id and change.owner.room_id not in readers:
        room = Room.objects.get(pk=change.owner.room_id)
        raise Refused("impediment_owner_cannot_read", owner=local_name(room.names))


def _readers(held: Impediment) -> list[UUID]:
    """The rooms that read it now. An owner passes it on to these alone: whom else it reaches is the raiser's to say."""
    members, now = share_states([held.audience_id]).get(held.audience_id, []), database_now()
    return [room_id for room_id, until in members if until is None or until > now]


def _catch_up(held: Impediment, change: Change) -> bool:
    """Let every deadline before the change lapse, and record its silence, so that none is hidden by what comes now."""
    recorded = False
    while held.state in LIVE_STATES and held.clock and _lapse_due(held.clock, held.room, change.at):
        system = system_actor(held.room, Act.RECORD_SILENCE)
        record_silence(by=system, impediment=held, at=held.clock.lapsed_at if change.in_past else None)
        held = locked(system, held)
        recorded = True
    return recorded


def _lapse_due(clock: Clock, room: Room, until: datetime) -> bool:
    """Fire what was due before the moment; whether the clock has lapsed in a silence that stands nowhere yet."""
    while clock.state != ClockState.STOPPED and due_step(clock, until) is not None:
        fire_due_step(clock, room)
        clock.refresh_from_db(fields=["state", "lapsed_at"])
        if clock.lapsed_at is not None:
            break
    return clock.lapsed_at is not None and not _stands(room, clock)


def _stands(room: Room, clock: Clock) -> bool:
    return ImpedimentStep.objects.filter(room=room, clock=clock, act=Act.RECORD_SILENCE).exists()
