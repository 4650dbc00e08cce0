"""The states of a clock and the arithmetic of its pauses and steps."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.rules import (
    TRANSITIONS,
    Act,
    Step,
    Told,
    band,
    can,
    due_after,
    elapsed,
    entrusted,
    next_state,
    next_step,
    share_elapsed,
    step_at,
    step_from_json,
    time_left,
)
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
HALF, DUE, LATE = Step("half", 0.5, None), Step("100%", 1.0, None, lapses=True), Step("late", None, 2 * HOUR)

durations = st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=60))
pauses = st.lists(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9)), max_size=6)


def make_clock(duration: timedelta = HOUR, paused_for: timedelta = timedelta(), **fields: object) -> Clock:
    steps = [step.as_json() for step in (LATE, DUE, HALF)]
    given = {"state": ClockState.RUNNING, "started_at": START, "ladder": steps, **fields}
    clock = Clock(duration=duration, paused_for=paused_for, **given)
    clock.due_at = due_after(clock)
    return clock


def test_transition_table_holds_exactly_these_ways():
    assert {(state, act.rsplit(".")[-1], after) for (state, act), after in TRANSITIONS.items()} == {
        (None, "start", "running"),
        ("running", "pause", "paused"),
        ("paused", "resume", "running"),
        ("running", "lapse", "lapsed"),
        ("running", "strike", "running"),
        ("lapsed", "strike", "lapsed"),
        ("running", "stop", "stopped"),
        ("paused", "stop", "stopped"),
        ("lapsed", "stop", "stopped"),
    }


@pytest.mark.parametrize("state", [None, *ClockState])
@pytest.mark.parametrize("act", list(Act))
def test_every_other_way_is_refused(state, act):
    if (state, act) in TRANSITIONS:
        assert next_state(state, act) == TRANSITIONS[state, act]
    else:
        with pytest.raises(Refused) as refused:
            next_state(state, act)
        assert refused.value.code == "clock_state"


def test_can_asks_the_same_table():
    assert [act for act in Act if can(make_clock(), act)] == [
        Act.PAUSE_CLOCK, Act.STOP_CLOCK, Act.STRIKE_CLOCK, Act.LAPSE_CLOCK,
    ]  # fmt: skip


def test_steps_are_due_at_half_at_the_end_and_after():
    clock = make_clock()
    assert [step_at(clock, step) for step in (HALF, DUE, LATE)] == [START + HOUR / 2, START + HOUR, START + 3 * HOUR]


def test_next_step_follows_the_ladder_and_ends():
    clock = make_clock()
    fired: list[str] = []
    while step := next_step(clock, fired):
        fired.append(step.code)
    assert fired == ["half", "100%", "late"]


def test_lapse_comes_before_other_steps_of_the_same_moment():
    clock = make_clock(ladder=[Step("alarm", 1.0, None).as_json(), DUE.as_json()])
    assert [next_step(clock, []).code, next_step(clock, ["100%"]).code] == ["100%", "alarm"]


@pytest.mark.parametrize("state", [ClockState.PAUSED, ClockState.STOPPED])
def test_clock_that_stands_has_no_next_step(state):
    assert next_step(make_clock(state=state), []) is None


@given(durations, pauses)
def test_pauses_move_due_time_and_every_step_by_their_sum(duration, lengths):
    without, total = make_clock(duration), sum(lengths, timedelta())
    paused = make_clock(duration, total)
    assert paused.due_at == without.due_at + total
    assert [step_at(paused, step) - step_at(without, step) for step in (HALF, DUE, LATE)] == [total] * 3


@given(durations, pauses, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=90)))
def test_used_and_left_time_make_the_allowed_time(duration, lengths, later):
    clock = make_clock(duration, sum(lengths, timedelta()))
    now = START + clock.paused_for + later
    assert elapsed(clock, now) + time_left(clock, now) == duration
    assert elapsed(clock, now) == later


@given(durations, st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30)))
def test_time_stands_still_in_a_pause(duration, later):
    at = START + duration / 2
    clock = make_clock(duration, state=ClockState.PAUSED, paused_at=at)
    assert elapsed(clock, at + later) == elapsed(clock, at)


def test_share_is_exact_at_the_steps():
    clock = make_clock()
    assert [share_elapsed(clock, START + HOUR * n / 4) for n in range(6)] == [0, 0.25, 0.5, 0.75, 1, 1.25]


@pytest.mark.parametrize(
    ("fields", "quarters", "expected"),
    [
        ({}, 2, "on_time"),
        ({}, 3, "at_risk"),
        ({}, 4, "lapsed"),
        ({"state": ClockState.LAPSED}, 5, "lapsed"),
        ({"state": ClockState.PAUSED, "paused_at": START}, 9, "paused"),
        ({"state": ClockState.STOPPED, "stopped_at": START}, 9, "stopped"),
    ],
)
def test_band_tells_how_the_clock_stands(fields, quarters, expected):
    assert band(make_clock(**fields), START + HOUR * quarters / 4) == expected


@pytest.mark.parametrize(
    "step", [HALF, DUE, LATE, Step("x", None, timedelta(0), (Told("floor", "officer"), Told("un")))]
)
def test_step_comes_back_as_it_was_kept(step):
    assert step_from_json(step.as_json()) == step


def test_entrusted_person_moves_clocks_and_gains_nothing_else():
    by = Actor(uuid4(), uuid4(), uuid4(), frozenset({"aid.event.record"}), "someone", "page")
    assert not by.may(Act.START_CLOCK)
    trusted = entrusted(by)
    assert [trusted.may(act) for act in (Act.START_CLOCK, "aid.event.record", "doors.release.make")] == [
        True,
        True,
        False,
    ]
    assert trusted.account_id == by.account_id
