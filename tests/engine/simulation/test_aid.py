"""The aid generator: reproducible, faulty in the stated shares, and true to its own truth."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tansiq.engine.simulation import (
    AidWorld,
    Rates,
    Scope,
    SimulatedCargo,
    SimulatedConsignor,
    SimulatedCrossing,
    expected_stages,
    expected_totals,
    simulate_aid,
    simulate_many,
)

WEEK = frozenset({0, 1, 2, 3, 6})
WORLD = AidWorld(
    crossings=(
        SimulatedCrossing("south", 250, 480, 1020, WEEK | {4}),
        SimulatedCrossing("north", 100, 480, 960, WEEK),
        SimulatedCrossing("shut", 0, 480, 960, WEEK),
    ),
    consignors=(SimulatedConsignor("desk", "un", 0.6), SimulatedConsignor("market", "commercial", 0.4)),
    cargo=(SimulatedCargo("wheat_flour", 3, 800), SimulatedCargo("blankets", 1, 250)),
    areas=(("PS0255", 1.0), ("PS0270", 2.0)),
    item_reasons=("item_dual_use", "documents"),
    crossing_reasons=("packaging", "security_alert"),
    zone=ZoneInfo("Asia/Gaza"),
)
START = date(2026, 1, 4)


def simulated(seed=7, days=5, trucks=200, world=WORLD):
    return simulate_aid(seed=seed, days=days, trucks_per_day=trucks, start=START, world=world)


@pytest.fixture(scope="module")
def aid():
    return simulated()


def test_simulate_aid_repeats_itself_for_the_same_seed(aid):
    assert simulated() == aid
    assert simulated(seed=8) != aid


def test_simulate_aid_names_each_record_once(aid):
    keys = [event.key for event in aid.events]
    assert len(set(keys)) == len(keys)


def test_simulate_aid_gives_records_in_the_order_of_recording(aid):
    recorded = [event.recorded_at for event in aid.events]
    assert recorded == sorted(recorded)
    occurred = [event.occurred_at for event in aid.events]
    assert occurred != sorted(occurred)


def test_simulate_aid_records_nothing_before_it_is_stated_to_happen(aid):
    assert [event.key for event in aid.events if event.occurred_at > event.recorded_at] == []


def test_simulate_aid_conserves_quantities(aid):
    pallets = defaultdict(dict)
    for passage in aid.passages:
        pallets[passage.unit, passage.attempt][passage.stage] = passage.pallets
    onward = [found for found in pallets.values() if "collected" in found]
    assert onward
    for found in onward:
        if "offloaded" in found:
            assert found["offloaded"] <= found["loaded"]
            assert found["collected"] <= found["offloaded"]
        carried = found.get("arrived", 0) + found.get("intercepted", 0) + found.get("lost", 0)
        assert carried == found["collected"]
        if "arrived" in found:
            assert found.get("received_good", 0) + found.get("received_damaged", 0) == found["arrived"]


def test_simulate_aid_has_parts_that_together_are_the_whole(aid):
    given = {e.unit: e.amounts[1].giver for e in aid.events if e.stage == "collected" and e.parent}
    parents = {e.parent for e in aid.events if e.parent}
    offloaded = {p.unit: p.pallets for p in aid.passages if p.stage == "offloaded"}
    assert parents
    for parent in parents:
        assert given[f"{parent}-P1"] + given[f"{parent}-P2"] == offloaded[parent]


def test_simulate_aid_has_returned_trucks_that_try_again(aid):
    entered = {p.unit: p.attempt for p in aid.passages if p.stage == "entered"}
    rejected = {p.unit for p in aid.passages if p.stage == "rejected_at_crossing"}
    assert any(entered[unit] > 1 for unit in rejected & set(entered))
    assert all(event.reason for event in aid.events if event.stage == "rejected_at_crossing")


def test_simulate_aid_uses_open_crossings_only(aid):
    for event in aid.events:
        if event.stage == "at_inspection":
            assert event.crossing in {"south", "north", "shut"}
    corrected = {event.corrects for event in aid.events if event.corrects}
    assert corrected
    true = [p.statements[-1][1] for p in aid.passages if p.stage == "entered" and len(p.statements) > 1]
    assert set(true) <= {"south", "north"}


@pytest.mark.parametrize(("suffix", "least", "most"), [(":again", 0.02, 0.05), (":corrected", 0.001, 0.02)])
def test_simulate_aid_has_faults_in_the_asked_shares(aid, suffix, least, most):
    share = sum(event.key.endswith(suffix) for event in aid.events) / len(aid.events)
    assert least <= share <= most


def test_simulate_aid_has_late_scans_of_up_to_three_days(aid):
    delays = [event.recorded_at - event.occurred_at for event in aid.events if not event.corrects]
    late = [delay for delay in delays if delay > timedelta(hours=2)]
    assert 0.02 <= len(late) / len(delays) <= 0.08
    assert max(delays) <= timedelta(hours=72, minutes=30)


def test_simulate_aid_without_faults_has_one_record_per_passage():
    rates = Rates(duplicate_scan=0, wrong_crossing=0)
    world = AidWorld(**{**{name: getattr(WORLD, name) for name in AidWorld.__slots__}, "rates": rates})
    aid = simulated(days=1, trucks=50, world=world)
    assert len(aid.events) == len(aid.passages)


def test_simulate_aid_refuses_no_days():
    with pytest.raises(ValueError, match="at least one day"):
        simulated(days=0)


def independent_units(aid, stage, as_of):
    return len({e.unit for e in aid.events if e.stage == stage and e.unit and e.recorded_at <= as_of})


def test_expected_totals_count_a_unit_once_however_often_it_was_scanned(aid):
    end = datetime(2026, 3, 1, tzinfo=UTC)
    for stage in ("screened", "entered", "collected", "arrived", "intercepted"):
        totals = expected_totals(aid, Scope(stage, as_of=end))
        assert totals.units == totals.units_first == independent_units(aid, stage, end)
        assert totals.passages >= totals.units


def test_expected_totals_know_nothing_recorded_later(aid):
    hours = [datetime(2026, 1, 4, tzinfo=UTC) + timedelta(hours=hour) for hour in range(0, 240, 7)]
    found = [expected_totals(aid, Scope("entered", as_of=hour)).units for hour in hours]
    assert found == [independent_units(aid, "entered", hour) for hour in hours]
    assert found[0] == 0
    assert found == sorted(found)


def test_expected_totals_of_days_add_up(aid):
    first = datetime(2026, 1, 3, 22, tzinfo=UTC)
    days = [
        expected_totals(aid, Scope("entered", since=first + timedelta(days=n), until=first + timedelta(days=n + 1)))
        for n in range(30)
    ]
    whole = expected_totals(aid, Scope("entered"))
    assert sum(day.units_first for day in days) == whole.units
    assert sum((day.tonnes for day in days), Decimal(0)) == whole.tonnes


def test_expected_totals_narrow_to_a_crossing_as_it_was_known_then(aid):
    wrong = next(p for p in aid.passages if p.stage == "entered" and len(p.statements) == 2)
    (before, stated), (after, true) = wrong.statements
    scope = {"stage": "entered", "crossing": stated}
    early = expected_totals(aid, Scope(**scope, as_of=before))
    without = [p for p in aid.passages if p is not wrong]
    assert early.units > expected_totals(type(aid)(aid.events, tuple(without)), Scope(**scope, as_of=before)).units
    late = expected_totals(aid, Scope(**scope, as_of=after))
    assert late.units == expected_totals(type(aid)(aid.events, tuple(without)), Scope(**scope, as_of=after)).units
    assert true != stated


def test_expected_stages_place_every_known_unit_once(aid):
    as_of = datetime(2026, 1, 7, 12, tzinfo=UTC)
    known = {p.unit for p in aid.passages if p.unit and p.statements[0][0] <= as_of}
    assert sum(expected_stages(aid, as_of).values()) == len(known)


def test_simulate_many_gives_exactly_so_many_events_in_order():
    many = simulate_many(seed=1, events=60_000, days=30, start=datetime(2026, 1, 1, tzinfo=UTC), world=WORLD)
    assert len(many.unit) == len(many.recorded_s) == 60_000
    assert (many.recorded_s[1:] >= many.recorded_s[:-1]).all()
    assert (many.recorded_s > many.occurred_s).all()
    assert set(many.crossing.tolist()) == {0, 1}
    assert many.pallets.min() >= 11
    assert many.pallets.max() <= 24
