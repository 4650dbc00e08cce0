"""Coordination with a database: each authority apart, answers of its own room, silence that stays, the green light."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from tansiq.building.clocks.jobs import strike_due_clocks
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import database_now
from tansiq.building.ledger.models import Entry
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.jobs import follow_clocks
from tansiq.desks.coordination.models import (
    Asking,
    AskingLine,
    AskingStep,
    Decision,
    DecisionDetail,
    DecisionLine,
    DecisionStep,
    Move,
    State,
)
from tansiq.desks.coordination.rules import LineAsked, Outcome, RouteNamed
from tansiq.desks.impediments.models import Impediment
from tests import factories
from tests.desks.coordination.conftest import DAY, HOUR, answer, request, stands

pytestmark = pytest.mark.django_db


def refusal(call) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        call()
    assert str(refused.value)
    return refused.value.code


def read(by: Actor, model, **of) -> int:
    with eyes_of(by):
        return model.objects.filter(**of).count()


def pass_time(asking: Asking) -> None:
    """Let the scheduler and this desk's job run."""
    strike_due_clocks.func(0)
    follow_clocks.func(0)


def acts_of(by: Actor) -> list[str]:
    with eyes_of(by):
        found = Entry.objects.filter(room_id=by.room_id, act__startswith="coordination.").order_by("seq")
        return list(found.values_list("act", flat=True))


def test_each_authority_has_an_asking_of_its_own_and_sees_no_other(un, alpha, beta, asked):
    first, second = asked("alpha", "beta")
    assert (first.authority.slug, second.authority.slug) == ("alpha", "beta")
    assert [read(by, Asking) for by in (un, alpha, beta)] == [2, 1, 1]
    assert (stands(alpha, first).state, stands(alpha, second)) == (State.SUBMITTED, None)
    assert (stands(beta, second).state, stands(beta, first)) == (State.SUBMITTED, None)
    assert [read(by, AskingLine) for by in (un, alpha, beta)] == [4, 2, 2]
    assert acts_of(un) == ["coordination.coordination.ask"] * 2


def test_clock_runs_at_the_authority_from_the_asking(un, alpha, asked):
    (first,) = asked()
    for by in (un, alpha):
        clock = stands(by, first).clock
        assert (clock.state, clock.holder_room.slug, clock.holder_role) == (ClockState.RUNNING, "alpha", "officer")
        assert clock.due_at - clock.started_at == timedelta(hours=48)


def test_answer_is_a_record_of_the_authority_that_the_asker_reads(un, alpha, beta, asked):
    (first,) = asked()
    decision = answer(alpha, first)
    assert (decision.room.slug, decision.asked_by.slug) == ("alpha", "un")
    assert stands(un, first).state == stands(alpha, first).state == State.APPROVED
    assert [read(by, DecisionStep) for by in (un, alpha, beta)] == [1, 1, 0]
    with eyes_of(un):
        step = DecisionStep.objects.get(decision=decision)
    assert (step.valid_from, step.valid_until) == (first.window_from, first.window_until)
    assert stands(un, first).clock.state == ClockState.STOPPED
    assert acts_of(alpha) == ["coordination.coordination.answer"]


def test_only_the_authority_answers_and_only_the_asker_withdraws(un, alpha, beta, asked):
    (first,) = asked()
    assert refusal(lambda: answer(un, first)) == "coordination_not_authority"
    assert refusal(lambda: answer(beta, first)) == "not_found"
    withdrawing = {"asking": first, "reason": "not needed"}
    assert refusal(lambda: actions.withdraw_coordination(by=alpha, **withdrawing)) == "coordination_not_asker"
    actions.withdraw_coordination(by=un, **withdrawing)
    assert stands(alpha, first).state == State.WITHDRAWN
    assert refusal(lambda: answer(alpha, first)) == "coordination_state"


def test_changes_stand_as_fields(un, alpha, asked):
    (first,) = asked()
    until = first.window_until - 3 * HOUR
    changes = {"valid_until": until, "route": RouteNamed(name="by the sea"), "text": "by night only",
               "lines": (LineAsked(1, Decimal(20), "pallet"),)}  # fmt: skip
    decision = answer(alpha, first, Move.APPROVE_WITH_CHANGES, **changes)
    assert stands(un, first).valid_until == until
    with eyes_of(un):
        detail = DecisionDetail.objects.get(decision=decision)
        lines = list(DecisionLine.objects.filter(decision=decision).values_list("number", "quantity"))
    assert (detail.route_name, detail.text, lines) == ("by the sea", "by night only", [(1, Decimal(20))])


def test_changes_are_said_or_refused(un, alpha, asked):
    (first,) = asked()
    assert refusal(lambda: answer(alpha, first, Move.APPROVE_WITH_CHANGES)) == "coordination_changes_missing"
    plain = {"crossing_code": "kerem_shalom"}
    assert refusal(lambda: answer(alpha, first, Move.APPROVE, **plain)) == "coordination_changes_plain"


def test_partly_says_of_every_line_how_much(un, alpha, asked):
    (first,) = asked()
    parts = (LineAsked(1, Decimal("12.5"), "pallet"),)
    decision = answer(alpha, first, Move.APPROVE_PARTLY, lines=parts)
    with eyes_of(un):
        lines = list(
            DecisionLine.objects.filter(decision=decision).order_by("number").values_list("number", "quantity")
        )
    assert lines == [(1, Decimal("12.5")), (2, Decimal(0))]
    assert stands(un, first).state == State.PARTLY_APPROVED


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((), "coordination_part_missing"),
        ((LineAsked(1, Decimal(31), "pallet"),), "coordination_quantity"),
        ((LineAsked(3, Decimal(1), "pallet"),), "coordination_line_unknown"),
    ],
)  # fmt: skip
def test_partly_never_agrees_to_more_than_was_asked(alpha, asked, parts, code):
    (first,) = asked()
    assert refusal(lambda: answer(alpha, first, Move.APPROVE_PARTLY, lines=parts)) == code


def test_denial_needs_a_reason_of_the_operation(un, alpha, asked):
    (first,) = asked()
    assert refusal(lambda: answer(alpha, first, Move.DENY)) == "coordination_reason_missing"
    assert refusal(lambda: answer(alpha, first, Move.DENY, reason="because")) == "coordination_term_unknown"
    answer(alpha, first, Move.DENY, reason="security_alert")
    assert stands(un, first).state == State.DENIED
    assert refusal(lambda: answer(alpha, first)) == "coordination_state"


def test_information_asked_pauses_the_clock_until_it_is_given(un, alpha, asked):
    (first,) = asked()
    assert refusal(lambda: answer(alpha, first, Move.ASK_INFORMATION)) == "coordination_words_missing"
    answer(alpha, first, Move.ASK_INFORMATION, text="How many drivers?")
    waiting = stands(un, first)
    assert (waiting.state, waiting.clock.state, waiting.clock.pause_reason) == (
        State.INFORMATION_ASKED, ClockState.PAUSED, "information_awaited",
    )  # fmt: skip
    actions.inform_coordination(by=un, asking=first, text="Two")
    assert (stands(alpha, first).state, stands(alpha, first).clock.state) == (State.UNDER_REVIEW, ClockState.RUNNING)


def test_taking_up_is_no_answer_and_the_deadline_runs_on(un, alpha, asked):
    (first,) = asked()
    actions.take_up_coordination(by=alpha, asking=first)
    assert (stands(un, first).state, stands(un, first).clock.state) == (State.UNDER_REVIEW, ClockState.RUNNING)


def test_approval_alone_moves_nothing_where_a_green_light_is_needed(un, alpha, asked):
    (first,) = asked()
    answer(alpha, first)
    assert refusal(lambda: actions.execute_coordination(by=un, asking=first)) == "coordination_state"
    actions.give_green_light(by=alpha, asking=first)
    assert stands(un, first).state == State.GREEN_LIGHT
    actions.execute_coordination(by=un, asking=first)
    assert stands(alpha, first).state == State.EXECUTED


def test_approval_is_enough_where_the_operation_asks_for_no_green_light(un, beta, asked):
    (first,) = asked("beta")
    answer(beta, first)
    actions.execute_coordination(by=un, asking=first)
    assert stands(un, first).state == State.EXECUTED


def test_green_light_comes_only_after_an_approval_and_within_it(un, alpha, asked):
    (first,) = asked()
    assert refusal(lambda: actions.give_green_light(by=alpha, asking=first)) == "coordination_state"
    answer(alpha, first)
    late = {"asking": first, "until": first.window_until + HOUR}
    assert refusal(lambda: actions.give_green_light(by=alpha, **late)) == "coordination_beyond_approval"
    actions.give_green_light(by=alpha, asking=first, until=first.window_until - HOUR)
    assert stands(un, first).valid_until == first.window_until - HOUR


def test_green_light_not_given_and_taken_back(un, alpha, asked):
    (first,) = asked()
    answer(alpha, first)
    holding = {"asking": first, "reason": "security_alert"}
    assert (
        refusal(lambda: actions.withhold_green_light(by=alpha, asking=first, reason=""))
        == "coordination_reason_missing"
    )
    actions.withhold_green_light(by=alpha, **holding)
    assert stands(un, first).state == State.NOT_GREEN_LIT
    actions.give_green_light(by=alpha, asking=first)
    actions.withhold_green_light(by=alpha, **holding)
    assert stands(un, first).state == State.NOT_GREEN_LIT
    assert refusal(lambda: actions.execute_coordination(by=un, asking=first)) == "coordination_state"


def test_approval_that_has_ended_lights_nothing(un, alpha, asked):
    now = database_now()
    (first,) = asked(at=now - 30 * HOUR, window_from=now - 20 * HOUR, window_until=now - HOUR)
    answer(alpha, first, at=now - 25 * HOUR)
    assert stands(un, first).state == "expired"
    assert refusal(lambda: actions.give_green_light(by=alpha, asking=first)) == "coordination_expired"


def test_deadline_that_passes_is_no_response_with_an_impediment(un, alpha, goods, asked):
    (first,) = asked(at=database_now() - 50 * HOUR)
    assert stands(un, first).state == State.NO_RESPONSE  # before anybody recorded it
    pass_time(first)
    found = stands(un, first)
    assert (found.recorded, found.silences) == (State.NO_RESPONSE, 1)
    assert found.last.at == found.last.due_at
    with eyes_of(un):
        impediment = Impediment.objects.get(origin="no_response", origin_id=first.pk)
    assert (impediment.owner_room.slug, impediment.raised_count) == ("alpha", 1)
    assert goods.reference in impediment.title
    pass_time(first)
    assert stands(un, first).silences == 1


def test_further_silence_raises_the_same_impediment_again(un, alpha, asked):
    now = database_now()
    (first,) = asked(at=now - 80 * HOUR)
    system = system_actor(factories.room("un"))
    actions.record_no_response(by=system, asking=first, at=now - 30 * HOUR)
    pass_time(first)
    assert stands(un, first).silences == 2
    with eyes_of(un):
        assert [one.raised_count for one in Impediment.objects.filter(origin_id=first.pk)] == [2]


def test_late_answer_stands_beside_the_silence_for_ever(un, alpha, asked):
    (first,) = asked(at=database_now() - 50 * HOUR)
    answer(alpha, first)  # no scheduler ran: the silence is entered before it all the same
    found = stands(un, first)
    assert [step.move for step in found.steps] == [Move.ASK, Move.LAPSE, Move.APPROVE]
    assert (found.state, found.silences, found.answer.is_late) == (State.ANSWERED_LATE, 1, True)
    actions.give_green_light(by=alpha, asking=first)
    assert (stands(un, first).state, stands(un, first).silences) == (State.GREEN_LIGHT, 1)


def test_clock_ended_elsewhere_begins_anew_with_its_deadline(un, alpha, asked):
    (first,) = asked()
    before = stands(un, first).clock
    from tansiq.building.clocks.actions import answer_clock

    answer_clock(by=alpha, clock=before)
    pass_time(first)
    after = stands(un, first).clock
    assert (after.pk != before.pk, after.due_at, after.state) == (True, before.due_at, ClockState.RUNNING)
    assert stands(un, first).state == State.SUBMITTED


def test_changed_request_needs_a_new_answer(un, alpha, goods, asked):
    (first,) = asked()
    answer(alpha, first)
    second = actions.change_coordination(by=un, asking=first, asked=request(note="by night"), reason="the road")
    assert (second.version, second.supersedes_id) == (2, first.pk)
    assert (stands(un, first).state, stands(un, second).state) == (State.SUPERSEDED, State.SUBMITTED)
    assert stands(alpha, second).clock.state == ClockState.RUNNING
    assert refusal(lambda: answer(alpha, first)) == "coordination_state"


def test_live_request_is_not_asked_twice(un, goods, asked):
    asked()
    assert refusal(asked) == "coordination_live"
    asked("beta")


def test_same_key_asks_once(un, alpha, goods):
    key, what = uuid4(), request()
    rooms = [factories.room("alpha"), factories.room("beta")]
    twice = [
        actions.ask_coordination(by=un, consignment=goods, authorities=rooms, asked=what, key=key) for _time in range(2)
    ]
    assert [one.pk for one in twice[0]] == [one.pk for one in twice[1]]
    assert read(un, Asking) == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"window_until": 1}, "coordination_window"),
        ({"crossing_code": "nowhere"}, "coordination_crossing_unknown"),
        ({"route": RouteNamed("nowhere")}, "coordination_term_unknown"),
        ({"route": RouteNamed("al_rashid", "the coast")}, "coordination_route_twice"),
        ({"lines": (LineAsked(1, Decimal(1), "barrel"),)}, "coordination_unit_unknown"),
        ({"lines": (LineAsked(1, Decimal(-1), "pallet"),)}, "coordination_quantity"),
    ],
)  # fmt: skip
def test_request_that_cannot_be_put_is_refused(asked, fields, code):
    now = database_now()
    said = {**fields, "window_until": now + HOUR} if fields.get("window_until") else fields
    assert refusal(lambda: asked(**said)) == code


def test_only_own_consignment_and_known_authority(un, alpha, goods):
    rooms, what = [factories.room("beta")], request()
    asking = {"consignment": goods, "asked": what}
    assert refusal(lambda: actions.ask_coordination(by=alpha, authorities=rooms, **asking)) == "coordination_not_own"
    other = [factories.room("press")]
    assert (
        refusal(lambda: actions.ask_coordination(by=un, authorities=other, **asking))
        == "coordination_authority_unknown"
    )
    assert refusal(lambda: actions.ask_coordination(by=un, authorities=[], **asking)) == "coordination_no_authority"


def test_outcome_follows_from_the_state_and_counts_minutes(un, alpha, asked):
    (first,) = asked()
    answer(alpha, first)
    actions.give_green_light(by=alpha, asking=first)
    actions.execute_coordination(by=un, asking=first)
    wrong = Outcome("approved_not_cleared", "never lit")
    assert (
        refusal(lambda: actions.conclude_coordination(by=un, asking=first, outcome=wrong))
        == "coordination_outcome_state"
    )
    silent = Outcome("impeded")
    assert (
        refusal(lambda: actions.conclude_coordination(by=un, asking=first, outcome=silent))
        == "coordination_words_missing"
    )
    held = Outcome("impeded", "waited for hours", (("junction", 200), ("gate", 95)))
    actions.conclude_coordination(by=un, asking=first, outcome=held)
    last = stands(alpha, first).last
    assert (last.state, last.code, last.held_minutes) == (State.CONCLUDED, "impeded", 295)


def test_approved_and_never_lit_is_an_outcome_of_its_own(un, alpha, asked):
    (first,) = asked()
    answer(alpha, first)
    actions.conclude_coordination(by=un, asking=first, outcome=Outcome("approved_not_cleared", "no light came"))
    assert stands(un, first).last.code == "approved_not_cleared"


def test_what_was_asked_and_answered_cannot_be_changed(un, alpha, asked):
    (first,) = asked()
    decision = answer(alpha, first)
    for by, model, pk in ((un, Asking, first.pk), (alpha, Decision, decision.pk)):
        with eyes_of(by), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"update {model._meta.db_table} set id = id where id = %s", [pk])
        with eyes_of(by), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"delete from {model._meta.db_table} where id = %s", [pk])


def test_silence_is_not_recorded_before_it_is_due(un, asked):
    (first,) = asked()
    system = system_actor(factories.room("un"))
    assert refusal(lambda: actions.record_no_response(by=system, asking=first)) == "coordination_no_response_not_due"
    assert refusal(lambda: actions.renew_clock(by=system, asking=first)) == "coordination_clock_runs"
    assert read(un, AskingStep, asking=first, move=Move.LAPSE) == 0
    with eyes_of(un):
        assert Clock.objects.filter(subject_id=first.pk).count() == 1


def test_window_may_begin_now_but_not_be_over(asked):
    now = database_now()
    assert refusal(lambda: asked(window_from=now - 2 * DAY, window_until=now - DAY)) == "coordination_window_past"
