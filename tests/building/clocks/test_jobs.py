"""The scheduler: killed, restarted or doubled, it loses no step and fires none twice."""

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction

from tansiq.building.clocks import actions, jobs
from tansiq.building.clocks.models import Clock, ClockStep, Notice
from tansiq.building.clocks.queries import database_now
from tansiq.building.ledger.models import Entry
from tansiq.building.people.models import Organisation
from tansiq.building.wall.context import room_context
from tests import factories
from tests.building.clocks.conftest import make_kind

HOUR = timedelta(hours=1)
STEPS = ["half", "100%", "escalate"]
REPOSITORY = Path(__file__).resolve().parents[3]


def start_clocks(count: int, before: timedelta, slug: str = "alpha") -> list[Clock]:
    by, started_at = factories.actor(slug), database_now() - before
    return [
        actions.start_clock(by=by, kind="answer", subject=Organisation(id=uuid4()), started_at=started_at)
        for _ in range(count)
    ]


def fired_in(slug: str) -> Counter[tuple[object, str]]:
    room_id = factories.room_id(slug)
    with room_context(room_ids=(room_id,)), transaction.atomic():
        return Counter(ClockStep.objects.filter(room_id=room_id).values_list("clock_id", "step"))


def scheduler(database: str, mode: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("scheduler_process.py")), database, mode],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip


def wait_for(count: int, slug: str = "alpha", patience_s: float = 90) -> int:
    deadline = time.monotonic() + patience_s
    while (found := fired_in(slug).total()) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def finished_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where status = 'succeeded'")
        return int(cursor.fetchone()[0])


def expect_everything_once(clocks: list[Clock], slug: str = "alpha") -> None:
    assert fired_in(slug) == Counter({(clock.pk, step): 1 for clock in clocks for step in STEPS})
    room_id = factories.room_id(slug)
    with room_context(room_ids=(room_id,)), transaction.atomic():
        told = Counter(Notice.objects.filter(room_id=room_id).values_list("clock_id", flat=True))
        acts = Counter(Entry.objects.filter(act__startswith="clocks.").values_list("object_id", "act"))
    assert told == Counter({clock.pk: 3 for clock in clocks})
    assert acts == Counter(
        {
            key: n
            for clock in clocks
            for key, n in {
                (clock.pk, "clocks.clock.start"): 1, (clock.pk, "clocks.clock.strike"): 2, (clock.pk, "clocks.clock.lapse"): 1,
            }.items()
        }
    )  # fmt: skip


@pytest.mark.slow
def test_scheduler_killed_half_way_and_restarted_loses_none_and_fires_none_twice(own_database):
    make_kind()
    clocks = start_clocks(60, 2 * HOUR)
    with scheduler(own_database, "worker") as killed:
        assert wait_for(20) >= 20
        killed.kill()
    half_way = fired_in("alpha").total()
    assert half_way < len(clocks) * len(STEPS)
    with scheduler(own_database, "worker") as again:
        found = wait_for(len(clocks) * len(STEPS))
        assert finished_jobs() == 0, "a sweep every few seconds leaves no rows behind"
        again.kill()
    assert found == len(clocks) * len(STEPS)
    expect_everything_once(clocks)


@pytest.mark.slow
def test_two_schedulers_at_once_share_the_work(own_database):
    make_kind()
    clocks = start_clocks(40, 2 * HOUR) + start_clocks(40, 2 * HOUR, "beta")
    with scheduler(own_database, "sweep") as one, scheduler(own_database, "sweep") as other:
        fired = [int(each.communicate(timeout=90)[0]) for each in (one, other)]
    assert min(fired) > 0
    assert sum(fired) == len(clocks) * len(STEPS)
    expect_everything_once(clocks[:40])
    expect_everything_once(clocks[40:], "beta")


def test_each_step_fires_at_its_time_and_not_before(own_database):
    make_kind()
    (early,) = start_clocks(1, HOUR / 2 - timedelta(minutes=5))
    assert jobs.strike_due_clocks.func(0) == 0
    (half,) = start_clocks(1, HOUR / 2)
    assert jobs.strike_due_clocks.func(0) == 1
    assert fired_in("alpha") == Counter({(half.pk, "half"): 1})
    assert (early.pk, "half") not in fired_in("alpha")


def test_paused_clock_does_not_strike_and_resumed_one_does(own_database):
    make_kind()
    (clock,) = start_clocks(1, HOUR / 4)
    by = factories.actor("alpha")
    actions.pause_clock(by=by, clock=clock, reason="waiting_for_owner")
    assert jobs.strike_due_clocks.func(0) == 0
    stopped = actions.stop_clock(by=by, clock=clock)
    assert stopped.state == "stopped"
    assert jobs.strike_due_clocks.func(0) == 0


def test_clock_that_fails_holds_up_no_other(own_database, caplog):
    make_kind()
    broken, whole = start_clocks(1, 2 * HOUR)[0], start_clocks(1, HOUR / 2)[0]
    spoil(broken)
    assert jobs.strike_due_clocks.func(0) == 2
    assert fired_in("alpha") == Counter({(whole.pk, "half"): 1})
    assert "it is put off" in caplog.text


def spoil(clock: Clock) -> None:
    """Give a clock a ladder that no code can read, as a faulty restore might."""
    with room_context(room_ids=(clock.room_id,)), transaction.atomic():
        Clock.objects.filter(pk=clock.pk).update(ladder=[{"unreadable": True}])


@pytest.mark.django_db
def test_job_of_a_dead_worker_is_queued_again():
    job_id = jobs.strike_due_clocks.defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '2 minutes') returning id"
        )
        worker_id = cursor.fetchone()[0]
        cursor.execute(
            "update procrastinate_jobs set status = 'doing', worker_id = %s where id = %s", [worker_id, job_id]
        )
    assert async_to_sync(jobs.take_up_stalled_jobs.func)(0) == 1
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where id = %s", [job_id])
        assert cursor.fetchone() == ("todo",)


def test_jobs_carry_no_content():
    assert [sorted(task.func.__annotations__) for task in (jobs.strike_due_clocks, jobs.take_up_stalled_jobs)] == [
        ["return", "timestamp"]
    ] * 2
