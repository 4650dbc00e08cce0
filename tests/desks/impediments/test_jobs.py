"""Silences: one for each deadline, whoever sweeps, how often, and however late."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from tansiq.building.clocks import actions as clocks
from tansiq.building.clocks.jobs import strike_due_clocks
from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import database_now
from tansiq.building.ledger.models import Entry
from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.jobs import follow_clocks
from tansiq.desks.impediments.models import Impediment, ImpedimentState, ImpedimentStep, Term
from tansiq.desks.impediments.rules import Act
from tests import factories
from tests.desks.impediments.conftest import DAY, HOUR, load_words, seen, stated, story

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def un(own_database: str) -> Actor:
    load_words()
    return factories.actor("un")


def sweep() -> int:
    """What the scheduler does: strike what is due, then follow."""
    strike_due_clocks.func(0)
    return follow_clocks.func(0)


def overdue(by: Actor, days: float = 3.1) -> Impediment:
    return actions.open_impediment(by=by, statement=stated(), at=database_now() - days * DAY)


def silences(by: Actor, impediment: Impediment) -> list[ImpedimentStep]:
    with eyes_of(by):
        return list(ImpedimentStep.objects.filter(impediment=impediment, act=Act.RECORD_SILENCE).order_by("number"))


def expire(by: Actor, impediment: Impediment) -> None:
    """Put the running clock of an impediment into the past, as time would."""
    with eyes_of(by):
        clock = Clock.objects.get(pk=Impediment.objects.get(pk=impediment.pk).clock_id)
        clock.started_at -= clock.duration + HOUR
        clock.due_at -= clock.duration + HOUR
        clock.save()
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("select clocks_set_tick(%s, %s)", [clock.pk, clock.due_at])


def test_silence_is_written_by_the_system_with_its_entry_and_the_next_clock_starts(un):
    first = overdue(un)
    lapsing = seen(un, first).clock
    assert sweep() == 1
    found = seen(un, first)
    assert (found.state, found.silence_count, found.answer) == (ImpedimentState.UNANSWERED, 1, "")
    (silence,) = silences(un, first)
    assert (silence.answer, silence.by_system, silence.number, silence.clock_id, silence.at, silence.due_at) == (
        "silent", True, 1, lapsing.pk, lapsing.due_at, lapsing.due_at,
    )  # fmt: skip
    assert silence.by_room_id == factories.room_id("alpha")  # whose silence it is
    assert (found.clock_id == lapsing.pk, found.clock.state) == (False, ClockState.RUNNING)
    with eyes_of(un):
        assert Clock.objects.get(pk=lapsing.pk).state == ClockState.STOPPED
        assert Entry.objects.filter(room_id=un.room_id, act=Act.RECORD_SILENCE, object_id=first.pk).count() == 1


def test_scheduler_that_stopped_and_began_again_records_one_silence_for_each_deadline(un):
    first = overdue(un)
    assert [sweep() for _ in range(3)] == [1, 0, 0]
    expire(un, first)
    assert [sweep() for _ in range(3)] == [1, 0, 0]
    assert [step.number for step in silences(un, first)] == [1, 2]
    assert len({step.clock_id for step in silences(un, first)}) == 2


@pytest.mark.slow
def test_two_schedulers_at_once_record_each_silence_once(un, own_database):
    opened = [overdue(un) for _ in range(12)]
    processes = [
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("scheduler_process.py")), own_database],
            cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(REPOSITORY)},
        )
        for _ in range(2)
    ]  # fmt: skip
    taken = sum(int(process.communicate(timeout=90)[0] or 0) for process in processes)
    taken += sweep()  # what one of them struck after the other had looked
    assert taken == len(opened)
    assert [len(silences(un, one)) for one in opened] == [1] * len(opened)


def test_database_itself_refuses_a_second_silence_of_one_deadline(un):
    first = overdue(un)
    sweep()
    (silence,) = silences(un, first)
    with eyes_of(un):
        silence.pk, silence._state.adding = factories.operation().pk, True
        with pytest.raises(IntegrityError), transaction.atomic():
            silence.save(force_insert=True)


def test_silence_is_not_recorded_before_its_deadline(un):
    first = overdue(un, days=1)
    assert sweep() == 0
    with pytest.raises(Refused, match="No deadline"):
        actions.record_silence(by=system_actor(factories.room("un")), impediment=first)
    assert silences(un, first) == []


def test_late_answer_finds_its_silence_recorded_first(un):
    first = overdue(un)
    alpha = factories.actor("alpha")
    actions.answer_impediment(by=alpha, impediment=first, answer="refused", reason="late")  # no scheduler ran
    assert story(un, first) == ["impediment.open", "silence.record", "impediment.answer"]
    with eyes_of(un):
        assert ImpedimentStep.objects.get(impediment=first, act=Act.ANSWER_IMPEDIMENT).is_late
    assert sweep() == 0
    assert seen(un, first).state == ImpedimentState.ANSWERED


def test_raised_three_times_and_silent_twice_keeps_one_id(un):
    first = overdue(un)
    sweep()
    actions.raise_impediment(by=un, impediment=first, reason="again")
    expire(un, first)
    sweep()
    actions.raise_impediment(by=un, impediment=first, reason="and again")
    found = seen(un, first)
    assert (found.pk, found.raised_count, found.silence_count, found.state) == (
        first.pk, 3, 2, ImpedimentState.UNANSWERED,
    )  # fmt: skip
    assert found.clock.state == ClockState.RUNNING  # raising again moves no deadline


def test_clock_that_was_answered_on_its_own_page_begins_anew(un):
    first = overdue(un, days=1)
    former = seen(un, first).clock
    clocks.answer_clock(by=factories.actor("alpha"), clock=former, note="we look into it")
    assert [sweep(), sweep()] == [1, 0]
    found = seen(un, first)
    assert (found.state, found.clock_id == former.pk, found.clock.state) == (
        ImpedimentState.OPEN, False, ClockState.RUNNING,
    )  # fmt: skip
    assert story(un, first) == ["impediment.open", "clock.renew"]


def test_clocks_ended_without_an_answer_put_off_no_silence(un):
    first, alpha = overdue(un, days=2.9), factories.actor("alpha")
    deadline = seen(un, first).clock.due_at
    for _ in range(3):
        clocks.answer_clock(by=alpha, clock=seen(un, first).clock)
        assert sweep() == 1
        assert seen(un, first).clock.due_at == deadline
    expire(un, first)
    clocks.answer_clock(by=alpha, clock=seen(un, first).clock)  # late: the clock lapses before it is ended
    assert sweep() == 1
    assert [step.number for step in silences(un, first)] == [1]


def test_answer_that_ends_the_question_starts_no_clock(un):
    first = overdue(un, days=1)
    actions.answer_impediment(by=factories.actor("alpha"), impediment=first, answer="refused", reason="no")
    assert sweep() == 0
    assert seen(un, first).clock.state == ClockState.STOPPED


def test_closed_impediment_is_left_in_peace(un):
    first = overdue(un, days=1)
    actions.resolve_impediment(by=un, impediment=first, reason="it came")
    assert sweep() == 0
    assert silences(un, first) == []


def test_silence_without_a_next_clock_leaves_the_lapsed_one_to_its_ladder(un):
    Term.objects.using("owner").filter(kind="answer", code="silent").update(body={"silence": True, "next_clock": None})
    first = overdue(un)
    assert [sweep(), sweep()] == [1, 0]
    found = seen(un, first)
    assert (found.state, found.clock.state, len(silences(un, first))) == (
        ImpedimentState.UNANSWERED, ClockState.LAPSED, 1,
    )  # fmt: skip


def test_one_that_fails_holds_up_no_other(un, caplog):
    spoiled, whole = overdue(un), overdue(un)
    Term.objects.using("owner").filter(kind="answer", code="silent").update(
        body={"silence": True, "next_clock": "impediment_reminder"}
    )
    with eyes_of(un):
        Impediment.objects.filter(pk=spoiled.pk).update(silence_count=2**31 - 1)
    assert sweep() == 1
    assert [len(silences(un, one)) for one in (spoiled, whole)] == [0, 1]
    assert "could not be followed" in caplog.text
