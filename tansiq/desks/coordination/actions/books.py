"""The two books of one asking, held while an act runs: every due silence entered first, then one step in one book."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from tansiq.building.clocks.actions import fire_due_step, start_clock, stop_clock
from tansiq.building.clocks.models import ClockState
from tansiq.building.clocks.queries import database_now, due_step
from tansiq.building.clocks.rules import Holder, entrusted
from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Operation, TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.coordination.actions.labels import label_like, release_clock
from tansiq.desks.coordination.actions.obstacles import raise_no_response
from tansiq.desks.coordination.models import (
    Asking,
    AskingDetail,
    AskingStep,
    Decision,
    DecisionStep,
    Move,
    State,
)
from tansiq.desks.coordination.queries.standings import Standing, newest_clocks, standings
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import (
    TOPIC,
    UNANSWERED,
    Act,
    check_side,
    may_move,
    next_state,
)


@dataclass(frozen=True)
class Opened:
    """The books of an asking, held, and the state that the move gives."""

    by: Actor
    standing: Standing
    move: Move
    after: State
    at: datetime

    @property
    def asking(self) -> Asking:
        """What was asked."""
        return self.standing.asking


def open_books(by: Actor, asking: Asking, move: Move, at: datetime | None) -> Opened:
    """Hold both books, enter every silence that was due, and find what the move gives. Raises Refused.

    Until the act is done no other act moves this asking, whichever room it comes from.
    """
    held = held_asking(by, asking)
    moment = moment_of(by, at)
    names = {"asker": local_name(held.room.names), "authority": local_name(held.authority.names)}
    check_side(move, by.room_id, {"asker": held.room_id, "authority": held.authority_id}, names)
    if move not in (Move.LAPSE, Move.RENEW):
        _catch_up(held, moment, in_past=at is not None)
    standing = standings([held], moment)[held.pk]
    if standing.last is not None and moment <= standing.last.at:
        raise Refused("coordination_order", before=date_time_group(standing.last.at))
    after = next_state(standing.recorded, move)
    if not may_move(standing.recorded, move, needs_green_light=held.needs_green_light):
        raise Refused("coordination_state", state=State(standing.recorded).label, move=move.label)
    return Opened(by, standing, move, after, moment)


def held_asking(by: Actor, asking: Asking) -> Asking:
    """The asking as this room reads it; held until the act is done. Raises Refused where there is none for it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"coordination {asking.pk}"])
    found = Asking.objects.select_related("room", "authority").filter(pk=asking.pk).first()
    if found is None or found.room.operation_id != by.operation_id:
        raise Refused("not_found")
    return found


def moment_of(by: Actor, at: datetime | None) -> datetime:
    """Now; the sample operation alone may say otherwise, so that its story has a past. Raises Refused."""
    if at is None:
        return database_now()
    if not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("coordination_time_is_now")
    return at


def asker_step(opened: Opened, *, text: str = "", holdings: Sequence[tuple[str, int]] = (), **said: Any) -> list[Any]:
    """Write a step into the asking room's book, with its words; the rows."""
    by, asking = opened.by, opened.asking
    own = {"room_id": by.room_id, "asking": asking}
    step = AskingStep.objects.create(
        **own, audience_id=label_like(by, asking, TearLine.HEADLINE), move=opened.move, state=opened.after,
        at=opened.at, by_system=by.account_id is None, **said,
    )  # fmt: skip
    if not (text.strip() or holdings):
        return [step]
    detail = AskingDetail.objects.create(
        **own, audience_id=label_like(by, asking, TearLine.DETAIL), step=step, text=text.strip(),
        holdings=[[place, minutes] for place, minutes in holdings],
    )  # fmt: skip
    return [step, detail]


def authority_step(opened: Opened, **said: Any) -> tuple[Decision, DecisionStep, list[Any]]:
    """Write a step into the authority's book, which is opened with the first one; the file, the step, the rows."""
    by, asking = opened.by, opened.asking
    decision = Decision.objects.filter(room=by.room_id, asking=asking).first()
    wrote: list[Any] = []
    if decision is None:
        decision = Decision(
            id=uuid4(), room_id=by.room_id, asking=asking, asked_by_id=asking.room_id, opened_at=opened.at
        )
        decision.audience_id = label_like(by, decision, TearLine.HEADLINE)
        decision.save(force_insert=True)
        wrote = [decision]
    is_late = any(step.move == Move.LAPSE for step in opened.standing.steps)
    step = DecisionStep.objects.create(
        room_id=by.room_id, audience_id=label_like(by, decision, TearLine.HEADLINE), decision=decision, asking=asking,
        move=opened.move, state=opened.after, at=opened.at, is_late=is_late, **said,
    )  # fmt: skip
    return decision, step, [*wrote, step]


def _catch_up(asking: Asking, until: datetime, *, in_past: bool) -> None:
    """Let every deadline before the moment pass, and enter its silence, so that none is hidden by what comes now."""
    from_system = system_actor(asking.room, Act.RECORD_NO_RESPONSE, "clocks.clock.*", "impediments.impediment.*")
    while standings([asking], until)[asking.pk].recorded in UNANSWERED:
        lapsed_at = lapsed(asking, until)
        if lapsed_at is None:
            return
        record_no_response(by=from_system, asking=asking, at=lapsed_at if in_past else None)


def lapsed(asking: Asking, until: datetime) -> datetime | None:
    """Fire what the asking's clock owed before the moment; when it lapsed, where that silence stands nowhere yet."""
    clock = newest_clocks([asking.pk]).get(asking.pk)
    if clock is None:
        return None
    while clock.state != ClockState.STOPPED and clock.lapsed_at is None and due_step(clock, until) is not None:
        fire_due_step(clock, asking.room)
        clock.refresh_from_db(fields=["state", "lapsed_at"])
    stands = AskingStep.objects.filter(room=asking.room, clock=clock, move=Move.LAPSE).exists()
    return None if stands else clock.lapsed_at


@act(Act.RECORD_NO_RESPONSE)
def record_no_response(*, by: Actor, asking: Asking, at: datetime | None = None) -> Done:
    """Record that a deadline passed without an answer, open or raise its impediment, start the next clock. Once each.

    Raises Refused when no deadline has passed, or its silence stands already.
    """
    opened = open_books(by, asking, Move.LAPSE, at)
    clock = newest_clocks([asking.pk]).get(asking.pk)
    lapsed_at = lapsed(opened.asking, opened.at)
    if clock is None or lapsed_at is None:
        raise Refused("coordination_no_response_not_due")
    opened = replace(opened, at=max(lapsed_at, _just_after(opened)))
    wrote = asker_step(opened, clock=clock, due_at=clock.due_at)
    known = words(by.operation_id)
    raise_no_response(by, opened.asking, known, at=at)
    if known.setting.get("reminder"):
        stop_clock(by=entrusted(by), clock=clock)
        wrote += start(by, opened.asking, str(known.setting["reminder"]), at or database_now())
    facts = {"clock": str(clock.pk), "due_at": clock.due_at.isoformat(), "of_room": str(opened.asking.authority_id)}
    return Done(opened.asking, wrote=wrote, facts=facts, topics=[TOPIC])


@act(Act.RENEW_CLOCK)
def renew_clock(*, by: Actor, asking: Asking) -> Done:
    """Start the clock anew that was ended elsewhere without an answer, with its start and its deadline. Raises Refused.

    Nobody puts off a silence by ending clocks.
    """
    opened = open_books(by, asking, Move.RENEW, None)
    clock = newest_clocks([asking.pk]).get(asking.pk)
    if clock is None or clock.state != ClockState.STOPPED:
        raise Refused("coordination_clock_runs")
    wrote = asker_step(opened, clock=clock, due_at=clock.due_at)
    wrote += start(by, opened.asking, clock.kind.code, clock.started_at, clock.due_at)
    return Done(opened.asking, wrote=wrote, facts={"clock": str(clock.pk)}, topics=[TOPIC])


def start(by: Actor, asking: Asking, kind: str, at: datetime, due_at: datetime | None = None) -> list[Any]:
    """Start a clock that the authority holds; the rows that this desk itself wrote."""
    clock = start_clock(
        by=entrusted(by), kind=kind, subject=asking, started_at=at, due_at=due_at,
        holder=Holder(asking.authority_id, asking.authority_role), subject_names={"en": asking.reference},
    )  # fmt: skip
    return list(release_clock(by, asking, clock))


def _just_after(opened: Opened) -> datetime:
    """The first moment after the last step: a silence is dated with its deadline, and no step stands before another."""
    last = opened.standing.last
    return last.at + timedelta(microseconds=1) if last else opened.at
