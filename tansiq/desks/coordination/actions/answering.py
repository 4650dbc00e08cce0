"""What an authority does, in its own room: takes up, answers, asks for information, gives the green light or not."""

from datetime import datetime
from typing import Any

from tansiq.building.clocks.actions import answer_clock, pause_clock
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.rules import Act as ClockAct
from tansiq.building.clocks.rules import entrusted
from tansiq.building.rooms.actors import Actor, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.coordination.actions.books import Opened, authority_step, open_books
from tansiq.desks.coordination.actions.checks import check_answer, check_term, check_window
from tansiq.desks.coordination.actions.labels import label_like
from tansiq.desks.coordination.models import (
    Asking,
    AskingLine,
    Decision,
    DecisionDetail,
    DecisionLine,
    DecisionStep,
    Move,
    TermKind,
)
from tansiq.desks.coordination.queries.standings import newest_clocks
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import ANSWERS, APPROVALS, TOPIC, Act, Answer, RouteNamed, check_late


@act(Act.TAKE_UP_COORDINATION)
def take_up_coordination(*, by: Actor, asking: Asking, text: str = "", at: datetime | None = None) -> Done:
    """Take a request under review, as the authority: it was seen, and nothing is answered yet. Raises Refused."""
    opened = open_books(by, asking, Move.TAKE_UP, at)
    decision, step, wrote = authority_step(opened)
    return Done(decision, wrote=[*wrote, *_words(opened, decision, step, text)], topics=[TOPIC])


@act(Act.ANSWER_COORDINATION)
def answer_coordination(*, by: Actor, asking: Asking, answer: Answer, at: datetime | None = None) -> Done:
    """Answer as the authority that was asked: agree, agree with changes or in part, deny, ask for information.

    An answer stands beside a silence that was recorded, and takes it back never. Raises Refused.
    """
    if answer.move not in ANSWERS:
        raise Refused("coordination_words_missing")
    opened = open_books(by, asking, answer.move, at)
    lines = {line.number: line for line in AskingLine.objects.filter(asking=asking).order_by("number")}
    check_answer(words(by.operation_id), answer, lines)
    said: dict[str, Any] = {"code": answer.reason} if answer.move == Move.DENY else {}
    if answer.move in APPROVALS:
        said = _window(opened, answer)
    decision, step, wrote = authority_step(opened, **said)
    wrote += _words(opened, decision, step, answer.text, answer.route)
    if answer.move in APPROVALS:
        wrote += _parts(opened, decision, step, answer, lines)
    _move_clock(opened)
    facts = {"asking": str(asking.pk), "answer": answer.move.value, "reason": answer.reason, "late": step.is_late}
    return Done(decision, wrote=wrote, facts=facts, topics=[TOPIC])


@act(Act.GIVE_GREEN_LIGHT)
def give_green_light(
    *, by: Actor, asking: Asking, until: datetime | None = None, text: str = "", at: datetime | None = None
) -> Done:
    """Give the green light for the movement, within the approval and no longer than it. Raises Refused."""
    opened = open_books(by, asking, Move.GIVE_GREEN_LIGHT, at)
    check_late(opened.standing.recorded, words(by.operation_id).setting)
    approval = opened.standing.approval
    ends = approval.valid_until if approval else None
    if ends is None or ends <= opened.at:
        raise Refused("coordination_expired", ends=date_time_group(ends) if ends else "-")
    if until is not None:
        check_window(opened.at, until, opened.at)
        if until > ends:
            raise Refused("coordination_beyond_approval", ends=date_time_group(ends))
    decision, step, wrote = authority_step(opened, valid_until=until or ends)
    wrote += _words(opened, decision, step, text)
    return Done(decision, wrote=wrote, facts={"asking": str(asking.pk)}, topics=[TOPIC])


@act(Act.WITHHOLD_GREEN_LIGHT)
def withhold_green_light(*, by: Actor, asking: Asking, reason: str, text: str = "", at: datetime | None = None) -> Done:
    """Say that the green light is not given, or taken back, with the reason. Raises Refused."""
    opened = open_books(by, asking, Move.WITHHOLD_GREEN_LIGHT, at)
    if not reason:
        raise Refused("coordination_reason_missing")
    check_term(words(by.operation_id), TermKind.REASON, reason)
    decision, step, wrote = authority_step(opened, code=reason)
    wrote += _words(opened, decision, step, text)
    return Done(decision, wrote=wrote, facts={"asking": str(asking.pk), "reason": reason}, topics=[TOPIC])


def _window(opened: Opened, answer: Answer) -> dict[str, Any]:
    asking = opened.asking
    begins, ends = answer.valid_from or asking.window_from, answer.valid_until or asking.window_until
    check_window(begins, ends, opened.at)
    return {"valid_from": begins, "valid_until": ends, "crossing_code": answer.crossing_code or asking.crossing_code}


def _words(
    opened: Opened, decision: Decision, step: DecisionStep, text: str, route: RouteNamed | None = None
) -> list[DecisionDetail]:
    route = route or RouteNamed()
    if not (text.strip() or route.code or route.name.strip()):
        return []
    return [DecisionDetail.objects.create(
        room_id=decision.room_id, audience_id=label_like(opened.by, decision, TearLine.DETAIL), decision=decision,
        asking=opened.asking, step=step, text=text.strip(), route_code=route.code, route_name=route.name.strip(),
    )]  # fmt: skip


def _parts(
    opened: Opened, decision: Decision, step: DecisionStep, answer: Answer, lines: dict[int, AskingLine]
) -> list[DecisionLine]:
    """How much of which line is agreed to; in a partial approval a line that is not named is not agreed to."""
    named = {line.number: line.quantity for line in answer.lines}
    wanted = lines if answer.move == Move.APPROVE_PARTLY else {number: lines[number] for number in named}
    if not wanted:
        return []
    label = label_like(opened.by, decision, TearLine.DETAIL)
    return DecisionLine.objects.bulk_create(
        DecisionLine(
            room_id=decision.room_id, audience_id=label, decision=decision, asking=opened.asking, step=step,
            number=number, quantity=named.get(number, 0), unit=line.unit,
        )
        for number, line in wanted.items()
    )  # fmt: skip


def _move_clock(opened: Opened) -> None:
    """An answer ends the clock; information that is awaited lets it stand still."""
    asking = opened.asking
    clock: Clock | None = newest_clocks([asking.pk]).get(asking.pk)
    if clock is None or clock.state == ClockState.STOPPED:
        return
    if opened.move != Move.ASK_INFORMATION:
        answer_clock(by=entrusted(opened.by), clock=clock)
        return
    pause = words(opened.by.operation_id).setting.get("information_pause", "")
    if clock.state == ClockState.RUNNING and pause in clock.kind.pause_reasons:
        pause_clock(by=system_actor(asking.room, ClockAct.PAUSE_CLOCK), clock=clock, reason=pause)
