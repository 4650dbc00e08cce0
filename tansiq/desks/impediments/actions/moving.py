"""Raises again, answers, hands over, resolves and withdraws: from whichever room it is the right of."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments.actions.checks import check_term, owner_room
from tansiq.desks.impediments.actions.labels import asked_rooms, check_may_be_asked, label_of, label_of_words
from tansiq.desks.impediments.actions.steps import moment, record_step, take_step
from tansiq.desks.impediments.models import Impediment, StepWords, TermKind
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import TOPIC, Act, Change, RecordReference, check_right

__all__ = [
    "answer_impediment", "hand_over_impediment", "raise_impediment", "resolve_impediment", "withdraw_impediment",
]  # fmt: skip


@act(Act.RAISE_IMPEDIMENT)
def raise_impediment(
    *,
    by: Actor,
    impediment: Impediment,
    reason: str,
    records: tuple[RecordReference, ...] = (),
    at: datetime | None = None,
) -> Done:
    """Raise an impediment again under its own id, whoever reads it; a closed one opens again. Raises Refused."""
    seen = seen_by(by, impediment, Act.RAISE_IMPEDIMENT)
    change = change_of(by, Act.RAISE_IMPEDIMENT, at)
    own = records if seen.room_id == by.room_id else ()
    return taken(by, seen, replace(change, records=own), reason, {})


@act(Act.ANSWER_IMPEDIMENT)
def answer_impediment(
    *, by: Actor, impediment: Impediment, answer: str, reason: str, at: datetime | None = None
) -> Done:
    """Answer, as the room that owns it: what is answered, and why. Raises Refused."""
    seen = seen_by(by, impediment, Act.ANSWER_IMPEDIMENT)
    check_term(words(by.operation_id), TermKind.ANSWER, answer)
    change = replace(change_of(by, Act.ANSWER_IMPEDIMENT, at), answer=answer)
    return taken(by, seen, change, reason, {"answer": answer})


@act(Act.HAND_OVER_IMPEDIMENT)
def hand_over_impediment(
    *, by: Actor, impediment: Impediment, owner: Holder, reason: str, at: datetime | None = None
) -> Done:
    """Hand an impediment over to another room or role; a new clock starts there. Raises Refused.

    An owner that did not raise it may hand it only to rooms that read it: passing on is the raising room's to decide.
    """
    seen = seen_by(by, impediment, Act.HAND_OVER_IMPEDIMENT)
    room = owner_room(words(by.operation_id), owner.room_id, owner.role)
    if seen.room_id == by.room_id:
        check_may_be_asked(by, room)
    change = replace(change_of(by, Act.HAND_OVER_IMPEDIMENT, at), owner=owner)
    return taken(by, seen, change, reason, {"owner": str(owner.room_id), "role": owner.role})


@act(Act.RESOLVE_IMPEDIMENT)
def resolve_impediment(*, by: Actor, impediment: Impediment, reason: str, at: datetime | None = None) -> Done:
    """Say, as the room that raised it, that it stands in the way no more. Raises Refused."""
    seen = seen_by(by, impediment, Act.RESOLVE_IMPEDIMENT)
    return taken(by, seen, change_of(by, Act.RESOLVE_IMPEDIMENT, at), reason, {})


@act(Act.WITHDRAW_IMPEDIMENT)
def withdraw_impediment(*, by: Actor, impediment: Impediment, reason: str, at: datetime | None = None) -> Done:
    """Take it back, as the room that raised it: it was none, or is asked no more. Raises Refused."""
    seen = seen_by(by, impediment, Act.WITHDRAW_IMPEDIMENT)
    return taken(by, seen, change_of(by, Act.WITHDRAW_IMPEDIMENT, at), reason, {})


def seen_by(by: Actor, impediment: Impediment, name: Act) -> Impediment:
    """The impediment as this room reads it, when it is its right to do this. Raises Refused."""
    seen = Impediment.objects.select_related("room", "owner_room").filter(pk=impediment.pk).first()
    if seen is None or seen.room.operation_id != by.operation_id:
        raise Refused("not_found")
    check_right(seen, name, by.room_id, (local_name(seen.room.names), local_name(seen.owner_room.names)))
    return seen


def change_of(by: Actor, name: Act, at: datetime | None) -> Change:
    return Change(name, uuid4(), by.room_id, moment(by, at), by.account_id is None, in_past=at is not None)


def taken(by: Actor, seen: Impediment, change: Change, reason: str, facts: dict[str, Any]) -> Done:
    """Take the step where it belongs, in the book of the raising room; keep the words in the room that speaks."""
    if not reason.strip():
        raise Refused("impediment_reason_missing")
    wrote: list[Any] = []
    if seen.room_id == by.room_id:
        seen, wrote = take_step(by, seen, change)
        label = label_of(by, seen.pk, StepWords.line, asked_rooms(seen))
    else:
        seen = record_step(by=system_actor(seen.room, Act.RECORD_STEP), impediment=seen, change=change)
        label = label_of_words(by, seen)
    said = StepWords.objects.create(
        room_id=by.room_id, audience_id=label, impediment=seen, step_id=change.step_id, text=reason.strip()
    )
    facts = {**facts, "step": str(change.step_id), "state": str(seen.state)}
    return Done(seen, wrote=[*wrote, said], facts=facts, topics=[TOPIC])
