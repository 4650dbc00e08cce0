"""No order of acts and clocks ever shows silence, a denial or a waiting request as approved, nor approval as green light."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement
from random import Random

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.models import Move, State
from tansiq.desks.coordination.rules import (
    AGREED_IN_TIME,
    ANSWERS,
    APPROVALS,
    EXPIRED,
    STATE_NAMES,
    TRANSITIONS,
    WAITING,
    WORST_FIRST,
    LineAsked,
    is_cleared,
    may_move,
    shown_state,
    worst,
)
from tests import factories
from tests.desks.coordination.conftest import HOUR, answer, stands

START = datetime(2026, 3, 1, tzinfo=UTC)
SAYS_APPROVED = (*AGREED_IN_TIME,)
"""The states that are shown as an approval and as nothing else."""


@dataclass
class Told:
    """What happened, as somebody would tell it who knows no table of states."""

    moves: list[Move] = field(default_factory=list)

    @property
    def was_silent(self) -> bool:
        return Move.LAPSE in self.moves

    @property
    def stands_approved(self) -> bool:
        """Whether the last answer is an approval."""
        answers = [move for move in self.moves if move in (*APPROVALS, Move.DENY)]
        return bool(answers) and answers[-1] in APPROVALS

    @property
    def stands_lit(self) -> bool:
        """Whether a green light was given after an approval, and neither taken back nor followed by a denial."""
        turning = [move for move in self.moves if move in (*APPROVALS, Move.DENY, Move.GIVE_GREEN_LIGHT,
                                                           Move.WITHHOLD_GREEN_LIGHT)]  # fmt: skip
        return self.stands_approved and bool(turning) and turning[-1] is Move.GIVE_GREEN_LIGHT


def check(told: Told, shown: str) -> None:
    if shown in SAYS_APPROVED:
        assert told.stands_approved
        assert not told.was_silent
        assert not told.stands_lit
    if shown == State.GREEN_LIGHT:
        assert told.stands_lit
    if told.was_silent:
        assert shown not in SAYS_APPROVED
    if not told.stands_approved:
        assert shown not in (*SAYS_APPROVED, State.ANSWERED_LATE, State.GREEN_LIGHT)


@given(st.lists(st.tuples(st.sampled_from(list(Move)), st.integers(0, 60), st.booleans()), max_size=40), st.booleans())
def test_no_order_of_moves_and_clocks_shows_more_than_was_agreed(tries, needs_green_light):
    state, told, now = TRANSITIONS[None, Move.ASK], Told([Move.ASK]), START
    due_at, ends_at = START + 48 * HOUR, START + 90 * HOUR
    for move, hours, lapses in tries:
        now += timedelta(hours=hours)
        deadline = due_at if state in WAITING and not lapses else None
        shown = shown_state(state, now, lapse_at=deadline, ends_at=ends_at)
        check(told, shown)
        if state in WAITING and deadline is not None and deadline <= now:
            assert shown == State.NO_RESPONSE
            state, told = TRANSITIONS[state, Move.LAPSE], Told([*told.moves, Move.LAPSE])
        if may_move(state, move, needs_green_light=needs_green_light):
            state, told = TRANSITIONS[state, move], Told([*told.moves, move])
            check(told, shown_state(state, now, ends_at=ends_at))
            if move is Move.EXECUTE and needs_green_light:
                assert told.stands_lit


def test_table_leads_from_no_silence_and_no_denial_to_an_approval():
    for (before, _move), after in TRANSITIONS.items():
        if after in AGREED_IN_TIME:
            assert before in WAITING
        if before in (State.DENIED, State.DENIED_LATE):
            assert after in (State.CONCLUDED, State.SUPERSEDED)
        if after == State.GREEN_LIGHT:
            assert before in (*AGREED_IN_TIME, State.ANSWERED_LATE, State.NOT_GREEN_LIT)


def test_overall_state_is_the_worst_of_the_authorities():
    shown = list(STATE_NAMES)
    assert sorted(WORST_FIRST) == sorted(shown)
    good = (*AGREED_IN_TIME, State.ANSWERED_LATE, State.GREEN_LIGHT, State.EXECUTED, State.CONCLUDED, State.SUPERSEDED)
    for several in combinations_with_replacement(shown, 3):
        found = worst(several)
        assert found in several
        if any(state not in good for state in several):
            assert found not in good
    assert worst([]) is None


@pytest.mark.parametrize("late_counts", [True, False])
def test_nothing_is_cleared_without_agreement_or_light(late_counts):
    cleared = {
        (state, needs)
        for state in STATE_NAMES for needs in (True, False)
        if is_cleared(state, needs_green_light=needs, late_counts=late_counts)
    }  # fmt: skip
    agreed = {*AGREED_IN_TIME, *([State.ANSWERED_LATE] if late_counts else [])}
    lit = {(state, needs) for state in (State.GREEN_LIGHT, State.EXECUTED) for needs in (True, False)}
    assert cleared == {(str(state), needs) for state, needs in lit} | {(str(state), False) for state in agreed}


def tries(un, alpha, asking, at):
    """Every act that somebody may try, by the move that it makes."""
    system = system_actor(factories.room("un"))
    said = {Move.DENY: {"reason": "security_alert"}, Move.ASK_INFORMATION: {"text": "how many?"},
            Move.APPROVE_WITH_CHANGES: {"crossing_code": "kerem_shalom"},
            Move.APPROVE_PARTLY: {"lines": (LineAsked(1, 1, "pallet"),)}}  # fmt: skip
    both = {"asking": asking, "at": at}
    found = {move: (lambda move=move: answer(alpha, asking, move, at=at, **said.get(move, {}))) for move in ANSWERS}
    return found | {
        Move.TAKE_UP: lambda: actions.take_up_coordination(by=alpha, **both),
        Move.INFORM: lambda: actions.inform_coordination(by=un, text="two", **both),
        Move.GIVE_GREEN_LIGHT: lambda: actions.give_green_light(by=alpha, **both),
        Move.WITHHOLD_GREEN_LIGHT: lambda: actions.withhold_green_light(by=alpha, reason="capacity", **both),
        Move.EXECUTE: lambda: actions.execute_coordination(by=un, **both),
        Move.LAPSE: lambda: actions.record_no_response(by=system, **both),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_acts_of_both_rooms_in_any_order_show_no_more_than_was_agreed(un, alpha, asked, seed):
    chance, now = Random(seed), database_now()
    at = now - 75 * HOUR
    (first,) = asked(at=at, window_until=now + 90 * HOUR)
    for _try in range(14):
        at = min(at + timedelta(hours=chance.choice((1, 2, 9))), database_now())
        _move, act = chance.choice(list(tries(un, alpha, first, at).items()))
        try:
            with transaction.atomic():
                act()
        except Refused:
            pass
        found = stands(un, first)
        told = Told([Move(step.move) for step in found.steps])
        check(told, found.state)
        assert found.recorded == replayed(told.moves)
        assert stands(alpha, first).state == found.state
        assert (found.silences > 0) == (told.was_silent or found.state == State.NO_RESPONSE)


def replayed(moves: list[Move]) -> str:
    state = None
    for move in moves:
        state = TRANSITIONS[state, move]
    return str(state)


def test_every_state_has_words_and_expired_is_none_of_the_recorded_ones():
    assert EXPIRED not in State.values
    assert all(str(words) for words in STATE_NAMES.values())
