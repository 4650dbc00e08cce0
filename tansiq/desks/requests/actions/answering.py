"""What happens in the asking room's book: an answer came, information was given, an appeal, a silence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tansiq.building.clocks.actions import fire_due_step, pause_clock, resume_clock, stop_clock
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import due_step
from tansiq.building.clocks.rules import Holder, entrusted
from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments.actions import open_impediment
from tansiq.desks.impediments.queries.words import words as impediment_words
from tansiq.desks.impediments.rules import ImpedimentStatement, RecordReference
from tansiq.desks.requests.actions.checks import held_question, moment
from tansiq.desks.requests.actions.sending import run_clock
from tansiq.desks.requests.models import Clearance, Outcome, RequestStep
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.queries.standing import standings
from tansiq.desks.requests.rules import DECISIONS, LINK, TOPIC, Act, may_be_appealed

ORIGIN = "no_response"  # a code of the operation's origins of impediments
TITLE_AT_MOST = 200


@act(Act.RECORD_ANSWER)
def record_answer(*, by: Actor, clearance: Clearance, outcome: str, at: datetime, in_past: bool = False) -> Done:
    """Enter, as the centre itself, that an authority answered: its clock ends, or stands still. Raises Refused.

    A deadline that passed before the answer is recorded as silence first, so that no answer hides it.
    """
    held = held_question(by, clearance, Act.RECORD_ANSWER)
    _catch_up(held, at, in_past=in_past)
    held = held_question(by, clearance, Act.RECORD_ANSWER)
    clock, late = held.clock, _has_fallen_silent(held)
    if clock and outcome == Outcome.INFORMATION:
        if clock.state == ClockState.RUNNING:
            pause_clock(by=entrusted(by), clock=clock, reason=words(by.operation_id).rules.information_pause)
    elif clock and clock.state != ClockState.STOPPED:
        stop_clock(by=entrusted(by), clock=clock, answered_by=held.authority_id, at=at if in_past else None)
    step = _step(by, held, Act.RECORD_ANSWER, at, {"outcome": outcome, "is_late": late, "clock": clock})
    facts = {"outcome": outcome, "of_room": str(held.authority_id), "late": late, "round": held.round}
    return Done(held, wrote=[step], facts=facts, topics=[TOPIC, DECISIONS])


@act(Act.GIVE_INFORMATION)
def give_information(*, by: Actor, clearance: Clearance, information: str, at: datetime | None = None) -> Done:
    """Give, as the room that asks, the information that was asked for; the clock runs on. Raises Refused."""
    if not information.strip():
        raise Refused("request_reason_missing")
    at = moment(by, at)
    held = held_question(by, clearance, Act.GIVE_INFORMATION)
    if standings([held])[held.pk].code != Outcome.INFORMATION:
        raise Refused("clearance_nothing_asked")
    if held.clock and held.clock.state == ClockState.PAUSED:
        resume_clock(by=entrusted(by), clock=held.clock)
    step = _step(by, held, Act.GIVE_INFORMATION, at, {"words": information.strip(), "clock": held.clock})
    return Done(held, wrote=[step], facts={"round": held.round}, topics=[TOPIC, DECISIONS])


@act(Act.APPEAL_CLEARANCE)
def appeal_clearance(*, by: Actor, clearance: Clearance, grounds: str, at: datetime | None = None) -> Done:
    """Appeal, as the room that asks, against a refusal or an approval in part; a clock of its own runs.

    Raises Refused.
    """
    if not grounds.strip():
        raise Refused("request_reason_missing")
    at, known = moment(by, at), words(by.operation_id)
    held = held_question(by, clearance, Act.APPEAL_CLEARANCE)
    latest = standings([held])[held.pk].latest
    if latest is None or latest.round != held.round or not may_be_appealed(latest.outcome):
        raise Refused("clearance_no_appeal")
    authority = known.authority(held.authority_id)
    held.round, held.asked_at, held.clock = held.round + 1, at, None
    held.save(update_fields=["round", "asked_at", "clock"])
    wrote = run_clock(by, held, authority.appeal_clock, at) if authority else []
    step = _step(by, held, Act.APPEAL_CLEARANCE, at, {"words": grounds.strip()})
    facts = {"round": held.round, "against": str(latest.pk), "of_room": str(held.authority_id)}
    return Done(held, wrote=[held, *wrote, step], facts=facts, topics=[TOPIC, DECISIONS])


@act(Act.RECORD_SILENCE)
def record_silence(*, by: Actor, clearance: Clearance, at: datetime | None = None) -> Done:
    """Record for good that a deadline passed without an answer, and open an impediment over it. Raises Refused.

    at : when the impediment is raised; a sample operation alone may say another moment than now
    """
    held = held_question(by, clearance, Act.RECORD_SILENCE)
    clock = held.clock
    if clock is None or clock.lapsed_at is None or _stands(held):
        raise Refused("clearance_silence_not_due")
    due = {"clock": clock, "due_at": clock.due_at}
    step = _step(by, held, Act.RECORD_SILENCE, clock.lapsed_at, due)
    _raise_impediment(by, held, at)
    facts = {"clock": str(clock.pk), "due_at": clock.due_at.isoformat(), "of_room": str(held.authority_id)}
    return Done(held, wrote=[step], facts=facts, topics=[TOPIC, DECISIONS])


def _step(by: Actor, held: Clearance, name: Act, at: datetime, said: Mapping[str, Any]) -> RequestStep:
    clock = said.get("clock")
    return RequestStep.objects.create(**{
        "room_id": by.room_id, "audience_id": held.audience_id, "request_id": held.request_id, "clearance": held,
        "act": name, "at": at, "round": held.round, "by_system": by.account_id is None,
        "due_at": clock.due_at if clock else None, **said,
    })  # fmt: skip


def _raise_impediment(by: Actor, held: Clearance, at: datetime | None) -> None:
    """Open the obstacle, or raise it again; an operation that keeps no register of them has nothing to open."""
    known = impediment_words(by.operation_id)
    origin = known.bodies["origin"].get(ORIGIN)
    if origin is None:
        return
    links = tuple(code for code in (LINK,) if code in known.links) or tuple(origin.get("chain_links", ()))
    item = local_name(words(by.operation_id).commodities.get(held.commodity, {})) or held.commodity
    title = f"{held.request.reference} · {item} · {held.request.title}"[:TITLE_AT_MOST]
    request = held.request
    names = {"en": f"{request.reference} {request.title}"}
    open_impediment(
        by=by, origin=ORIGIN, about=held, at=at, statement=ImpedimentStatement(
            title=title, kind=origin["type"], owner=Holder(held.authority_id, held.role), chain_links=links,
            records=(RecordReference(request._meta.label_lower, request.pk, names),),
        ),
    )  # fmt: skip


def _catch_up(held: Clearance, until: datetime, *, in_past: bool) -> None:
    """Let every deadline before the answer lapse, and record its silence, whether or not a scheduler ran."""
    clock = held.clock
    if clock is None:
        return
    if _lapse_due(clock, held.room, until) and not _stands(held):
        at = clock.lapsed_at if in_past else None
        record_silence(by=system_actor(held.room, Act.RECORD_SILENCE, "impediments.*"), clearance=held, at=at)


def _lapse_due(clock: Clock, room: Room, until: datetime) -> bool:
    """Fire what was due before the moment; whether the clock has lapsed."""
    while clock.lapsed_at is None and clock.state == ClockState.RUNNING and due_step(clock, until) is not None:
        fire_due_step(clock, room)
        clock.refresh_from_db(fields=["state", "lapsed_at"])
    return clock.lapsed_at is not None


def _stands(held: Clearance) -> bool:
    """Whether the silence of the clock that runs is recorded already."""
    return RequestStep.objects.filter(room=held.room_id, clock=held.clock, act=Act.RECORD_SILENCE).exists()


def _has_fallen_silent(held: Clearance) -> bool:
    steps = RequestStep.objects.filter(room=held.room_id, clearance=held, round=held.round, act=Act.RECORD_SILENCE)
    return steps.exists()
