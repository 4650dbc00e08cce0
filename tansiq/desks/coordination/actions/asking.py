"""What the asking room does: asks authorities, asks anew, tells more, withdraws, moves, and says what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db.models import Max

from tansiq.building.clocks.actions import resume_clock, stop_clock
from tansiq.building.clocks.models import ClockState
from tansiq.building.clocks.rules import entrusted
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import Consignment
from tansiq.desks.coordination.actions.books import Opened, asker_step, moment_of, open_books, start
from tansiq.desks.coordination.actions.checks import check_asked, check_authorities, check_outcome
from tansiq.desks.coordination.actions.labels import check_may_be_asked, label_of_asking
from tansiq.desks.coordination.models import Asking, AskingDetail, AskingLine, AskingStep, Move, State
from tansiq.desks.coordination.queries.standings import newest_clocks, standings
from tansiq.desks.coordination.queries.words import Words, words
from tansiq.desks.coordination.rules import CLOSED, TOPIC, Act, CoordinationAsked, Outcome, check_late, next_state


def ask_coordination(
    *,
    by: Actor,
    consignment: Consignment,
    authorities: Sequence[Room],
    asked: CoordinationAsked,
    key: UUID | None = None,
    at: datetime | None = None,
) -> list[Asking]:
    """Bring a consignment of the acting room before several authorities at once, all of them or none. Raises Refused.

    Each gets an asking of its own, so that no authority learns who else was asked.
    """
    with eyes_of(by):
        rooms = check_authorities(words(by.operation_id), authorities)
        return [
            _ask(
                by=by, key=key and uuid5(key, str(room.pk)), consignment=consignment, authority=room, asked=asked, at=at
            )
            for room in rooms
        ]


@act(Act.ASK_COORDINATION)
def _ask(
    *, by: Actor, consignment: Consignment, authority: Room, asked: CoordinationAsked, at: datetime | None = None
) -> Done:
    moment, known = moment_of(by, at), words(by.operation_id)
    own = Consignment.objects.filter(pk=consignment.pk, room=by.room_id).first()
    if own is None:
        raise Refused("coordination_not_own")
    check_asked(known, asked, moment)
    check_may_be_asked(by, authority)
    former = Asking.objects.filter(room=by.room_id, consignment=own, authority=authority)
    stands = [standing.recorded for standing in standings(former, moment).values()]
    if any(state not in (*CLOSED, State.EXECUTED) for state in stands):
        raise Refused("coordination_live", authority=local_name(authority.names))
    version = (former.aggregate(last=Max("version"))["last"] or 0) + 1
    made = _Made(by, known, own, authority, moment)
    return _done(made, asked, version, None)


@act(Act.CHANGE_COORDINATION)
def change_coordination(
    *, by: Actor, asking: Asking, asked: CoordinationAsked, reason: str = "", at: datetime | None = None
) -> Done:
    """Ask the same authority anew, with another window, route, crossing or goods. Raises Refused.

    The former request is superseded; what was answered to it answers nothing that is asked now.
    """
    opened = open_books(by, asking, Move.SUPERSEDE, at)
    known = words(by.operation_id)
    check_asked(known, asked, opened.at)
    wrote = asker_step(opened, text=reason)
    _end_clock(opened)
    former = opened.asking
    own = Consignment.objects.get(pk=former.consignment_id)
    made = _Made(by, known, own, former.authority, opened.at)
    done = _done(made, asked, former.version + 1, former)
    done.wrote = [*wrote, *done.wrote]
    return done


@act(Act.INFORM_COORDINATION)
def inform_coordination(*, by: Actor, asking: Asking, text: str, at: datetime | None = None) -> Done:
    """Give the information that was asked for; the clock runs on. Raises Refused."""
    opened = open_books(by, asking, Move.INFORM, at)
    if not text.strip():
        raise Refused("coordination_words_missing")
    wrote = asker_step(opened, text=text)
    clock = newest_clocks([asking.pk]).get(asking.pk)
    if clock is not None and clock.state == ClockState.PAUSED:
        resume_clock(by=entrusted(by), clock=clock)
    return Done(opened.asking, wrote=wrote, topics=[TOPIC])


@act(Act.WITHDRAW_COORDINATION)
def withdraw_coordination(*, by: Actor, asking: Asking, reason: str, at: datetime | None = None) -> Done:
    """Take a request back, with the reason. Raises Refused."""
    opened = open_books(by, asking, Move.WITHDRAW, at)
    if not reason.strip():
        raise Refused("coordination_words_missing")
    wrote = asker_step(opened, text=reason)
    _end_clock(opened)
    return Done(opened.asking, wrote=wrote, facts={"state_before": opened.standing.recorded}, topics=[TOPIC])


@act(Act.EXECUTE_COORDINATION)
def execute_coordination(*, by: Actor, asking: Asking, text: str = "", at: datetime | None = None) -> Done:
    """Say that the movement was carried out; by the green light, where the operation asks for one. Raises Refused."""
    opened = open_books(by, asking, Move.EXECUTE, at)
    check_late(opened.standing.recorded, words(by.operation_id).setting)
    wrote = asker_step(opened, text=text)
    return Done(opened.asking, wrote=wrote, topics=[TOPIC])


@act(Act.CONCLUDE_COORDINATION)
def conclude_coordination(*, by: Actor, asking: Asking, outcome: Outcome, at: datetime | None = None) -> Done:
    """Say what came of it: class, why, and how long it was held at which holding point. Raises Refused."""
    opened = open_books(by, asking, Move.CONCLUDE, at)
    recorded = opened.standing.recorded
    check_outcome(words(by.operation_id), outcome, recorded, State(recorded).label)
    minutes = sum(held for _place, held in outcome.holdings) if outcome.holdings else None
    wrote = asker_step(
        opened, text=outcome.text, holdings=outcome.holdings, code=outcome.code, held_minutes=minutes
    )  # fmt: skip
    _end_clock(opened)
    return Done(opened.asking, wrote=wrote, facts={"outcome": outcome.code, "held_minutes": minutes}, topics=[TOPIC])


class _Made:
    """What a new asking is made of."""

    def __init__(self, by: Actor, known: Words, goods: Consignment, authority: Room, at: datetime) -> None:
        self.by, self.goods, self.authority, self.at = by, goods, authority, at
        self.rule = known.authority(authority)


def _done(made: _Made, asked: CoordinationAsked, version: int, former: Asking | None) -> Done:
    by, pk = made.by, uuid4()
    labels = {line: label_of_asking(by, pk, made.authority.pk, line) for line in TearLine.values}
    asking = Asking.objects.create(
        id=pk, room_id=by.room_id, audience_id=labels["headline"], consignment=made.goods,
        reference=made.goods.reference, version=version, supersedes=former, authority=made.authority,
        authority_role=made.rule.get("role") or "", needs_green_light=bool(made.rule.get("green_light", True)),
        asked_at=made.at, window_from=asked.window_from, window_until=asked.window_until,
        crossing_code=asked.crossing_code,
    )  # fmt: skip
    wrote = [asking, *_first_rows(made, asking, asked, labels)]
    wrote += start(by, asking, str(made.rule.get("clock", "")), made.at)
    facts = {"authority": str(made.authority.pk), "version": version, "supersedes": str(former.pk) if former else None}
    return Done(asking, wrote=wrote, facts=facts, topics=[TOPIC])


def _first_rows(made: _Made, asking: Asking, asked: CoordinationAsked, labels: dict[str, int]) -> list[Any]:
    own = {"room_id": asking.room_id, "asking": asking}
    step = AskingStep.objects.create(
        **own, audience_id=labels["headline"], move=Move.ASK, state=next_state(None, Move.ASK), at=made.at,
        by_system=made.by.account_id is None,
    )  # fmt: skip
    detail = AskingDetail.objects.create(
        **own, audience_id=labels["detail"], step=step, route_code=asked.route.code,
        route_name=asked.route.name.strip(), text=asked.note.strip(),
    )  # fmt: skip
    lines = AskingLine.objects.bulk_create(
        AskingLine(
            **own, audience_id=labels["detail"], number=line.number, commodity=line.commodity, cargo=line.cargo,
            quantity=line.quantity, unit=line.unit,
        )
        for line in asked.lines
    )  # fmt: skip
    return [step, detail, *lines]


def _end_clock(opened: Opened) -> None:
    clock = newest_clocks([opened.asking.pk]).get(opened.asking.pk)
    if clock is not None and clock.state != ClockState.STOPPED:
        stop_clock(by=entrusted(opened.by), clock=clock)
