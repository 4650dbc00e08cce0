"""Kinds of clock from the sample operation's files: all of them, as written, and retired when they go."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tansiq.building.clocks import actions
from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.clocks.models import ClockKind
from tansiq.building.clocks.rules import step_from_json
from tansiq.building.rooms.configuration import OperationConfiguration, read_operation
from tansiq.building.rooms.refusals import Refused
from tests import factories

SAMPLE = Path(__file__).resolve().parents[3] / "demo" / "operation"


@pytest.fixture(scope="module")
def configuration() -> OperationConfiguration:
    return read_operation(SAMPLE)


def test_every_kind_is_loaded_with_its_ladder(own_database, configuration):
    assert load_clock_kinds(factories.operation(), configuration) == len(configuration.clock_kinds)
    kind = ClockKind.objects.get(code="item_approval")
    assert kind.duration == timedelta(hours=72)
    assert sorted(kind.pause_reasons) == ["agreed_by_both", "holiday", "information_awaited"]
    steps = [step_from_json(kept) for kept in kind.ladder]
    assert [(step.code, step.offset(kind.duration), step.lapses) for step in steps] == [
        ("50%", timedelta(hours=36), False), ("100%", timedelta(hours=72), True),
        ("+P1D", timedelta(hours=96), False), ("+P3D", timedelta(hours=144), False),
    ]  # fmt: skip
    assert [(told.room, told.role) for told in steps[1].tell] == [
        ("asked", "cell_lead"), ("asking", "logistics_officer"), ("shared_floor", "logistics_officer"),
    ]  # fmt: skip


def test_loading_twice_changes_nothing_and_a_dropped_kind_is_retired(own_database, configuration):
    load_clock_kinds(factories.operation(), configuration)
    before = list(ClockKind.objects.order_by("code").values())
    load_clock_kinds(factories.operation(), configuration)
    assert list(ClockKind.objects.order_by("code").values()) == before
    rest = replace(configuration, clock_kinds=configuration.clock_kinds[1:])
    load_clock_kinds(factories.operation(), rest)
    gone = configuration.clock_kinds[0].code
    assert [kind.code for kind in ClockKind.objects.filter(retired=True)] == [gone]
    with pytest.raises(Refused) as refused, transaction.atomic():
        actions.start_clock(by=factories.actor("alpha"), kind=gone, subject=factories.room("un"))
    assert refused.value.code == "clock_kind_unknown"


def test_changed_kind_does_not_move_a_running_clock(own_database, configuration):
    load_clock_kinds(factories.operation(), configuration)
    by = factories.actor("alpha")
    clock = actions.start_clock(by=by, kind="collection", subject=factories.room("un"))
    ClockKind.objects.using("owner").filter(code="collection").update(duration=timedelta(minutes=1), ladder=[])
    stopped = actions.stop_clock(by=by, clock=clock)
    assert (stopped.duration, len(stopped.ladder), stopped.lapsed_at) == (timedelta(hours=48), 3, None)


def test_silence_that_is_not_recorded_has_no_lapse(own_database, configuration):
    quiet = configuration.clock_kinds[0].model_copy(update={"on_silence": "nothing"})
    load_clock_kinds(factories.operation(), replace(configuration, clock_kinds=(quiet,)))
    assert [step["lapses"] for step in ClockKind.objects.get(code=quiet.code).ladder] == [False, False, False]
