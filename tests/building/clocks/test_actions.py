"""Clocks with a database: start, pause, resume, stop, answer, the ladder, and what is told to whom."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F

from tansiq.building.clocks import actions
from tansiq.building.clocks.models import (
    Acknowledgement,
    Clock,
    ClockNote,
    ClockPause,
    ClockPerson,
    ClockResumption,
    ClockState,
    ClockStep,
    Notice,
)
from tansiq.building.clocks.queries import database_now, rows_on_line
from tansiq.building.clocks.rules import Act, Holder
from tansiq.building.ledger.models import Entry, Manifest
from tansiq.building.ledger.rows import read_manifest
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.queries import audience
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def start(by: Actor, kind: str, **asked: object) -> Clock:
    return actions.start_clock(by=by, kind=kind, subject=factories.room("un"), **asked)


def inside(by: Actor):
    return room_context(account_id=by.account_id, room_ids=(by.room_id,))


def acts_written(by: Actor) -> list[str]:
    with inside(by):
        return list(Entry.objects.filter(room_id=by.room_id).order_by("seq").values_list("act", flat=True))


def refusal(call) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        call()
    return refused.value.code


@pytest.fixture
def alpha(kind) -> Actor:
    return factories.actor("alpha")


def test_clock_starts_with_the_time_and_the_ladder_of_its_kind(alpha, kind):
    clock = start(alpha, kind)
    assert (clock.state, clock.due_at - clock.started_at, clock.holder_room_id) == ("running", HOUR, alpha.room_id)
    assert [step["code"] for step in clock.ladder] == ["half", "100%", "escalate"]
    assert acts_written(alpha)[-1] == Act.START_CLOCK


def test_due_time_can_be_agreed_for_one_clock(alpha, kind, now):
    clock = start(alpha, kind, started_at=now, due_at=now + 3 * HOUR)
    assert (clock.duration, clock.due_at) == (3 * HOUR, now + 3 * HOUR)


def test_clock_is_refused_with_a_reason(alpha, kind, now):
    assert refusal(lambda: start(alpha, "no_such_kind")) == "clock_kind_unknown"
    assert refusal(lambda: start(alpha, kind, started_at=now + HOUR)) == "clock_starts_in_future"
    assert refusal(lambda: start(alpha, kind, started_at=now, due_at=now)) == "clock_without_time"
    named = Holder(factories.room_id("beta"), account_id=factories.account("beta").pk)
    assert refusal(lambda: start(alpha, kind, holder=named)) == "clock_person_elsewhere"
    start(alpha, kind)
    assert refusal(lambda: start(alpha, kind)) == "clock_already_open"


def test_observer_cannot_move_clocks(kind):
    assert refusal(lambda: start(factories.actor("alpha", "observer"), kind)) == "not_permitted"


def test_pause_keeps_the_former_due_time_and_resume_moves_it(alpha, kind, now):
    clock = start(alpha, kind, started_at=now - HOUR / 4)
    former_due_at = clock.due_at
    paused = actions.pause_clock(by=alpha, clock=clock, reason="waiting_for_owner", note="no answer by phone")
    assert (paused.state, paused.due_at, paused.pause_reason) == ("paused", former_due_at, "waiting_for_owner")
    resumed = actions.resume_clock(by=alpha, clock=clock)
    with inside(alpha):
        pause, resumption = ClockPause.objects.get(clock=clock), ClockResumption.objects.get()
        notes = list(ClockNote.objects.filter(clock=clock).values_list("act", "text"))
    length = resumption.resumed_at - pause.paused_at
    assert pause.former_due_at == former_due_at
    assert (resumed.state, resumed.paused_for, resumed.due_at) == ("running", length, former_due_at + length)
    assert resumption.due_at == resumed.due_at
    assert notes == [("clocks.clock.pause", "no answer by phone")]


def test_every_pause_counts(alpha, kind):
    clock = start(alpha, kind)
    for _ in range(3):
        actions.pause_clock(by=alpha, clock=clock, reason="waiting_for_owner")
        clock = actions.resume_clock(by=alpha, clock=clock)
    with inside(alpha):
        lengths = [r.resumed_at - r.pause.paused_at for r in ClockResumption.objects.select_related("pause")]
    assert len(lengths) == 3
    assert clock.paused_for == sum(lengths, timedelta())


def test_pause_needs_a_reason_of_the_kind(alpha, kind):
    clock = start(alpha, kind)
    assert refusal(lambda: actions.pause_clock(by=alpha, clock=clock, reason="tired")) == "clock_reason_unknown"


def test_states_refuse_what_the_table_does_not_allow(alpha, kind):
    clock = start(alpha, kind)
    assert refusal(lambda: actions.resume_clock(by=alpha, clock=clock)) == "clock_state"
    actions.stop_clock(by=alpha, clock=clock)
    assert refusal(lambda: actions.stop_clock(by=alpha, clock=clock)) == "clock_state"
    assert refusal(lambda: actions.pause_clock(by=alpha, clock=clock, reason="waiting_for_owner")) == "clock_state"


def test_clock_stopped_in_a_pause_closes_the_pause(alpha, kind):
    clock = start(alpha, kind)
    actions.pause_clock(by=alpha, clock=clock, reason="waiting_for_owner")
    stopped = actions.stop_clock(by=alpha, clock=clock)
    assert (stopped.state, stopped.paused_at, stopped.due_at) == (
        "stopped", None, stopped.started_at + HOUR + stopped.paused_for,
    )  # fmt: skip


def test_nothing_fires_before_its_time(alpha, kind, now):
    clock = start(alpha, kind, started_at=now - HOUR / 2 + timedelta(minutes=1))
    assert refusal(lambda: actions.strike_clock(by=alpha, clock=clock)) == "clock_step_not_due"
    assert refusal(lambda: actions.lapse_clock(by=alpha, clock=clock)) == "clock_step_not_due"


def test_half_time_tells_the_holder(alpha, kind, now):
    beta = factories.actor("beta")
    clock = start(alpha, kind, started_at=now - HOUR / 2, holder=Holder(beta.room_id, "officer"))
    actions.strike_clock(by=alpha, clock=clock)
    with inside(alpha):
        step = ClockStep.objects.get(clock=clock)
    assert (step.step, step.due_at) == ("half", now)
    with inside(beta):
        assert list(Notice.objects.filter(clock=clock).values_list("step", "told_room", "told_role", "lapsed")) == [
            ("half", beta.room_id, "officer", False)
        ]


def test_ladder_fires_in_order_each_with_the_time_that_it_was_due(alpha, kind, now):
    started_at = now - 2 * HOUR
    clock = start(alpha, kind, started_at=started_at)
    actions.strike_clock(by=alpha, clock=clock)
    assert refusal(lambda: actions.strike_clock(by=alpha, clock=clock)) == "clock_step_not_due"
    lapsed = actions.lapse_clock(by=alpha, clock=clock)
    actions.strike_clock(by=alpha, clock=clock)
    with inside(alpha):
        fired = list(ClockStep.objects.filter(clock=clock).order_by("due_at").values_list("step", "due_at"))
    assert fired == [
        ("half", started_at + HOUR / 2), ("100%", started_at + HOUR), ("escalate", started_at + HOUR * 3 / 2),
    ]  # fmt: skip
    assert (lapsed.state, lapsed.lapsed_at) == ("lapsed", started_at + HOUR)
    assert acts_written(alpha)[-3:] == [Act.STRIKE_CLOCK, Act.LAPSE_CLOCK, Act.STRIKE_CLOCK]
    assert refusal(lambda: actions.strike_clock(by=alpha, clock=clock)) == "clock_step_not_due"


def test_late_answer_stops_the_clock_and_the_silence_stays(alpha, kind, now):
    clock = start(alpha, kind, started_at=now - HOUR)
    stopped = actions.stop_clock(by=alpha, clock=clock)
    assert (stopped.state, stopped.lapsed_at) == ("stopped", now)
    assert acts_written(alpha)[-4:] == [Act.START_CLOCK, Act.STRIKE_CLOCK, Act.LAPSE_CLOCK, Act.STOP_CLOCK]


def test_clock_whose_time_is_over_cannot_be_paused_though_the_scheduler_is_late(alpha, kind, now):
    clock = start(alpha, kind, started_at=now - HOUR)
    assert refusal(lambda: actions.pause_clock(by=alpha, clock=clock, reason="waiting_for_owner")) == "clock_state"


def test_step_is_never_written_twice(alpha, kind, now):
    clock = start(alpha, kind, started_at=now - HOUR / 2)
    actions.strike_clock(by=alpha, clock=clock)
    with inside(alpha), pytest.raises(IntegrityError, match="clocks_clockstep_once"), transaction.atomic():
        ClockStep.objects.create(
            room_id=alpha.room_id, audience_id=clock.audience_id, clock=clock, step="half", due_at=now, fired_at=now
        )


def test_holder_in_another_room_answers_and_the_owner_reads_it(alpha, kind):
    beta, un = factories.actor("beta"), factories.actor("un")
    clock = start(alpha, kind, holder=Holder(beta.room_id))
    assert refusal(lambda: actions.answer_clock(by=un, clock=clock)) == "not_found"
    assert refusal(lambda: actions.stop_clock(by=beta, clock=clock)) == "not_found"
    actions.answer_clock(by=beta, clock=clock, note="granted for Tuesday")
    with inside(alpha):
        assert Clock.objects.get(pk=clock.pk).state == ClockState.STOPPED
        assert list(ClockNote.objects.values_list("text", "room")) == [("granted for Tuesday", beta.room_id)]
    assert (acts_written(alpha)[-1], acts_written(beta)[-1]) == (Act.STOP_CLOCK, Act.ANSWER_CLOCK)


def test_notice_is_acknowledged_once_by_the_told_room(alpha, kind, now):
    beta, un = factories.actor("beta"), factories.actor("un")
    clock = start(alpha, kind, started_at=now - HOUR / 2, holder=Holder(beta.room_id))
    actions.strike_clock(by=alpha, clock=clock)
    with inside(beta):
        notice = Notice.objects.get(clock=clock)
    assert refusal(lambda: actions.acknowledge_notice(by=un, notice=notice)) == "not_found"
    assert refusal(lambda: actions.acknowledge_notice(by=alpha, notice=notice)) == "not_found"
    done = actions.acknowledge_notice(by=beta, notice=notice)
    assert refusal(lambda: actions.acknowledge_notice(by=beta, notice=notice)) == "notice_already_acknowledged"
    with inside(alpha):
        assert Acknowledgement.objects.get(notice=notice).pk == done.pk
    with inside(un):
        assert not Acknowledgement.objects.filter(notice=notice).exists()


def test_room_sees_nothing_of_anothers_clock_unless_it_holds_it(alpha, kind, now):
    beta, un = factories.actor("beta"), factories.actor("un")
    clock = start(alpha, kind, started_at=now - HOUR, holder=Holder(beta.room_id))
    actions.stop_clock(by=alpha, clock=clock, note="typed in alpha's room")
    seen = {}
    for by in (alpha, beta, un):
        with inside(by):
            seen[by.room_id] = [model.objects.count() for model in (Clock, ClockStep, Notice, ClockNote)]
    assert seen == {alpha.room_id: [1, 2, 3, 1], beta.room_id: [1, 2, 2, 0], un.room_id: [0, 0, 0, 0]}


def test_told_room_reads_its_notice_and_not_the_clock(alpha, kind, now):
    floor = factories.actor("floor")
    clock = start(alpha, kind, started_at=now - 2 * HOUR)
    actions.stop_clock(by=alpha, clock=clock)
    with inside(floor):
        assert Clock.objects.count() == 0
        assert list(Notice.objects.values_list("step", "told_room")) == [("escalate", floor.room_id)]


def test_clock_that_is_hidden_would_be_seen_once_released(alpha, kind, now):
    un = factories.actor("un")
    clock = start(alpha, kind, started_at=now - HOUR)
    actions.stop_clock(by=alpha, clock=clock)

    def seen() -> list[int]:
        with inside(un):
            return [len(ids) for _model, ids in rows_on_line(clock.pk, "headline")] if Clock.objects.exists() else []

    assert seen() == []
    with inside(alpha):
        label = audience(alpha.room_id, [(un.room_id, None)])
        for model, ids in rows_on_line(clock.pk, "headline"):
            model.objects.filter(pk__in=ids).update(audience_id=label)
    assert seen() == [1, 0, 0, 2]


@pytest.mark.parametrize("field", ["step", "fired_at"])
def test_step_that_fired_cannot_be_changed(alpha, kind, now, field):
    clock = start(alpha, kind, started_at=now - HOUR / 2)
    actions.strike_clock(by=alpha, clock=clock)
    with inside(alpha), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ClockStep.objects.filter(clock=clock).update(**{field: F(field)})


def test_every_row_is_named_by_the_ledger(alpha, kind, now):
    clock = start(alpha, kind, started_at=now - HOUR / 2, holder=Holder(alpha.room_id, "officer", alpha.account_id))
    actions.pause_clock(by=alpha, clock=clock, reason="waiting_for_owner", note="a word")
    actions.resume_clock(by=alpha, clock=clock)
    with inside(alpha):
        manifests = [read_manifest(bytes(m.body)) for m in Manifest.objects.filter(room_id=alpha.room_id)]
        named = {(label, row) for manifest in manifests for label, rows in manifest for row, _digest in rows}
        kept = {
            (model._meta.label_lower, pk)
            for model in (Clock, ClockPerson, ClockPause, ClockResumption, ClockStep, ClockNote, Notice)
            for pk in model.objects.filter(room_id=alpha.room_id).values_list("pk", flat=True)
        }
    assert {label for label, _pk in kept} == {
        "clocks.clock", "clocks.clockperson", "clocks.clockpause", "clocks.clockresumption", "clocks.clockstep",
        "clocks.clocknote", "clocks.notice",
    }  # fmt: skip
    assert kept <= named


def test_ticks_are_closed_to_the_runtime_role(alpha, kind):
    start(alpha, kind)
    with inside(alpha), pytest.raises(Exception, match="permission denied"), transaction.atomic():
        connection.cursor().execute("select * from clocks_tick")


def test_room_is_not_told_which_clocks_are_due(alpha, kind, now):
    start(alpha, kind, started_at=now - HOUR)
    with inside(alpha), pytest.raises(Exception, match="only the centre itself"), transaction.atomic():
        connection.cursor().execute("select * from clocks_take_due()")


def test_room_cannot_set_the_tick_of_anothers_clock(alpha, kind):
    clock = start(alpha, kind)
    with (
        inside(factories.actor("beta")),
        pytest.raises(IntegrityError, match="clocks_tick_of_clock"),
        transaction.atomic(),
    ):
        connection.cursor().execute("select clocks_set_tick(%s, %s)", [clock.pk, database_now()])
        connection.check_constraints()


def test_same_key_starts_one_clock(alpha, kind):
    key = "5a0f9d3c-3f0e-4f43-9a5b-0f4c9a1f5d11"
    subject = factories.room("un")
    first = actions.start_clock(by=alpha, key=key, kind=kind, subject=subject)
    assert actions.start_clock(by=alpha, key=key, kind=kind, subject=subject).pk == first.pk
