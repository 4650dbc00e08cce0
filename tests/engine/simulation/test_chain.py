"""A thousand consignments in sixty days: their quantities add up at every hour, and what was broken on purpose is found."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tansiq.engine.conservation import Moment, book_of, discrepancies, from_micro, settle
from tansiq.engine.simulation import (
    CHAIN_STAGES,
    VIOLATIONS,
    AidWorld,
    Rates,
    SimulatedCargo,
    SimulatedConsignor,
    SimulatedCrossing,
    consignment_of,
    inject,
    simulate_chain,
)

HOUR = 3600
WEEK = frozenset({0, 1, 2, 3, 6})
WORLD = AidWorld(
    crossings=(
        SimulatedCrossing("south", 250, 480, 1020, WEEK | {4}),
        SimulatedCrossing("north", 100, 480, 960, WEEK),
        SimulatedCrossing("middle", 60, 540, 960, WEEK),
    ),
    consignors=(SimulatedConsignor("desk", "un", 1.0),),
    cargo=(SimulatedCargo("wheat_flour", 1, 800),),
    areas=(("PS0255", 1.0),),
    item_reasons=("documents",),
    crossing_reasons=("packaging",),
    zone=ZoneInfo("Asia/Gaza"),
    rates=Rates(),
)


def simulated(seed=7, consignments=1000, days=60):
    return simulate_chain(seed=seed, consignments=consignments, days=days, start=date(2026, 1, 4), world=WORLD)


@pytest.fixture(scope="module")
def chain():
    return simulated()


@pytest.fixture(scope="module")
def book(chain):
    return book_of(chain.lines, chain.statements, CHAIN_STAGES)


def ledger(lines, rows):
    """What a book says in the end, in words."""
    settled = settle(book_of(lines, rows, CHAIN_STAGES))
    return settled.passed.tolist(), settled.left.tolist(), settled.attempts.tolist(), discrepancies(settled)


def test_simulate_chain_repeats_itself_for_the_same_seed():
    assert simulated(consignments=30) == simulated(consignments=30)
    assert simulated(consignments=30) != simulated(seed=8, consignments=30)
    with pytest.raises(ValueError):
        simulated(consignments=0)


def test_simulate_chain_holds_everything_that_makes_counting_hard(chain):
    rows = chain.statements
    assert len({consignment_of(line.code) for line in chain.lines}) == 1000
    assert {row.place for row in rows} == {"", "south", "north", "middle"}
    keys = Counter((row.source, row.key, row.edition) for row in rows)
    found = {
        "delivered twice": sum(times > 1 for times in keys.values()),
        "scanned again": sum(row.key.endswith(":again") for row in rows),
        "late": sum(row.recorded_at - row.occurred_at > 6 * HOUR for row in rows),
        "returned": sum(row.stage == "returned_to_hub" for row in rows),
        "sent again": sum(row.attempt > 1 for row in rows),
        "split with shares": sum(row.move == "made" and bool(row.parent) for row in rows),
        "parts without shares": len({row.parent for row in rows if row.parent}),
        "repacked": len({row.group for row in rows if row.group.endswith("-R")}),
        "substituted": len({row.group for row in rows if row.group.endswith("-S")}),
        "corrected": sum(row.edition > 0 for row in rows),
        "counted less": sum(row.stage == "lost" for row in rows),
    }
    assert {name: count for name, count in found.items() if count < 5} == {}
    order = {}
    for row in rows:
        order.setdefault((row.line, row.handling_unit), []).append(row.occurred_at)
    assert sum(times != sorted(times) for times in order.values()) > 100


def test_balance_in_the_end_is_what_truly_passed(chain, book):
    settled = settle(book)
    found = {
        (line.code, stage.code): from_micro(int(settled.passed[place, column]))
        for column, line in enumerate(chain.lines)
        for place, stage in enumerate(CHAIN_STAGES.stages)
    }
    assert {cell: amount for cell, amount in found.items() if amount != chain.passed.get(cell, Decimal(0))} == {}
    assert discrepancies(settled) == ()


def is_found(injected, found):
    """A unit at two places is found at the unit, anything else at the line."""
    if injected.kind == "two_places":
        return (injected.unit, injected.kind) in {(one.unit, one.kind) for one in found}
    return (injected.line, injected.kind) in {(one.line, one.kind) for one in found}


@pytest.mark.slow
def test_every_line_adds_up_at_every_hour(book):
    recorded = book.statements.recorded_at
    at = CHAIN_STAGES.number
    hours = range(int(recorded.min()), int(recorded.max()) + HOUR, HOUR)
    for number, hour in enumerate(hours):
        settled = settle(book, Moment(as_of=hour))
        for one in (settled.lines, settled.units, settled.parts):
            assert not (one.is_known & (one.drawn > one.limit)).any(), hour
        passed = settled.passed
        gained = settled.line_amounts.inward[at("approved")] - settled.line_amounts.outward[at("approved")]
        assert (passed[at("requested")] >= passed[at("approved")] + passed[at("item_rejected")]).all()
        assert (passed[at("approved")] + gained >= passed[at("loaded")]).all(), hour
        assert (passed[at("loaded")] >= passed[at("offloaded")]).all(), hour
        assert (passed[at("offloaded")] >= passed[at("collected")]).all(), hour
        outcome = passed[at("arrived")] + passed[at("intercepted")] + passed[at("lost")]
        assert (passed[at("collected")] >= outcome).all(), hour
        if number % 48 == 0:
            assert discrepancies(settled) == (), hour
    assert len(hours) > 60 * 24


def test_ten_random_orders_of_arrival_give_the_same_ledger(chain):
    random, first = Random(3), ledger(chain.lines, chain.statements)
    for _ in range(10):
        rows = random.sample(chain.statements, len(chain.statements))
        arrived = [replace(row, recorded_at=number) for number, row in enumerate(rows)]
        assert ledger(chain.lines, arrived) == first


def test_every_injected_violation_is_found_and_nothing_else(chain):
    injected, spare = [], frozenset()
    for name in VIOLATIONS:
        some = list(inject(chain, name, seed=1, count=12, spare=spare))
        assert len(some) >= 5, name
        spare |= {consignment_of(one.line) for one in some}
        injected += some
    rows = [*chain.statements, *(row for one in injected for row in one.statements)]
    found = discrepancies(settle(book_of(chain.lines, rows, CHAIN_STAGES)))
    assert [(one.name, one.line) for one in injected if not is_found(one, found)] == []
    broken = {consignment_of(one.line) for one in injected}
    assert [one for one in found if consignment_of(one.line) not in broken] == []
    arithmetic = [one for one in found if one.kind.startswith("over")]
    assert all(sum(part.amount_micro for part in one.parts) == one.stated_micro for one in arithmetic)


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_injected_violation_is_found_in_any_order_of_arrival(chain, name):
    (one,) = inject(chain, name, seed=2, count=1, spare=frozenset())
    code = consignment_of(one.line)
    lines = [line for line in chain.lines if consignment_of(line.code) == code]
    rows = [row for row in chain.statements if consignment_of(row.line) == code]
    assert discrepancies(settle(book_of(lines, rows, CHAIN_STAGES))) == ()
    broken = [*rows, *one.statements]
    first = discrepancies(settle(book_of(lines, broken, CHAIN_STAGES)))
    assert is_found(one, first)
    for seed in range(10):
        shuffled = Random(seed).sample(broken, len(broken))
        assert discrepancies(settle(book_of(lines, shuffled, CHAIN_STAGES))) == first
