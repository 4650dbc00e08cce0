"""Simulated consignments pushed through the desk: the same balances and findings as the engine, in any order."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby
from random import Random
from uuid import NAMESPACE_OID, uuid5

import pytest
from django.db import transaction

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.configuration import read_operation, simulated_world
from tansiq.building.rooms.models import Operation
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, Consignment, Discrepancy
from tansiq.desks.aid.queries.balance import settled
from tansiq.desks.aid.queries.told import conservation_rules, line_named
from tansiq.desks.aid.rules import ConsignmentStatement, EventStatement, LineStatement, Quantity
from tansiq.engine.conservation import Moment, Settled, Statement, book_of, discrepancies, settle
from tansiq.engine.simulation import VIOLATIONS, SimulatedChain, inject, simulate_chain
from tests import factories
from tests.desks.aid.conftest import OPERATION

pytestmark = pytest.mark.django_db

SOURCE = "un"
STAGES = {"approved": "item_approved"}  # the simulation's word → the operation's
REASONS = {"item_rejected": "item_dual_use", "intercepted": "intercepted_peacefully", "lost": "lost_unexplained",
           "received_damaged": "damaged_in_transit"}  # fmt: skip
BECAUSE = "as it was scanned"


@pytest.fixture(scope="module")
def strict_approvals(reference_data, django_db_blocker, tmp_path_factory):
    """The sample operation's stages, but nothing stated means nothing approved, as the simulation has it."""
    directory = tmp_path_factory.mktemp("operation") / "operation"
    shutil.copytree(OPERATION, directory)
    stages = directory / "stages.yaml"
    text = stages.read_text(encoding="utf-8")
    changed = text.replace("draws_on: items_submitted, scope: line, names: {en: Item approved", "draws_on: items_submitted, scope: line, presumed: false, names: {en: Item approved")  # fmt: skip
    assert changed != text
    stages.write_text(changed, encoding="utf-8")
    for place in (directory, OPERATION):
        with django_db_blocker.unblock():
            actions.load_reference(Operation.objects.using("owner").get(slug="test"), place)
            factories.close_connections()
        if place == directory:
            yield


def simulated(consignments: int, *, seed: int, days: int = 20) -> SimulatedChain:
    world = simulated_world(read_operation(OPERATION))
    chain = simulate_chain(seed=seed, consignments=consignments, days=days, start=date(2026, 3, 1), world=world)
    rows = tuple(replace(row, source=SOURCE, stage=STAGES.get(row.stage, row.stage)) for row in chain.statements)
    return replace(chain, statements=rows)


def reference_of(line: str) -> tuple[str, int]:
    reference, _dash, number = line.rpartition("-")
    return reference, int(number)


def register(by, chain: SimulatedChain) -> None:
    statements = [
        ConsignmentStatement(reference, tuple(LineStatement(line.requested, line.unit, "rice") for line in lines))
        for reference, lines in groupby(chain.lines, key=lambda line: reference_of(line.code)[0])
    ]
    actions.register_consignments(by=by, statements=statements)


def stated(row: Statement, *, insists: bool = False) -> EventStatement:
    reference, number = reference_of(row.line)
    is_own = row.source == SOURCE
    return EventStatement(
        stage=row.stage, occurred_at=datetime.fromtimestamp(row.occurred_at, UTC), source=row.source,
        quantities=(Quantity(row.measure, giver=row.quantity, receiver=row.received, line=number),), source_key=row.key,
        consignment=reference if is_own else "", unit_code=row.handling_unit, parent_code=row.parent,
        crossing_code=row.place, reason=REASONS.get(row.stage, ""), attempt=row.attempt, is_further=True,
        recorded_at=datetime.fromtimestamp(row.recorded_at, UTC), move="" if row.move == "reached" else row.move,
        group=uuid5(NAMESPACE_OID, row.group) if row.group else None, insists=insists,
        insists_because=BECAUSE if insists else "",
    )  # fmt: skip


def push(by, rows: Iterable[Statement], *, insists: bool = False) -> list[dict]:
    """Record a batch, then its corrections; answers what was refused."""
    rows = list(rows)
    first = [stated(row, insists=insists) for row in rows if row.edition == 0]
    refused = list(actions.record_scans(by=by, statements=first).report["refused"]) if first else []
    for row in sorted((row for row in rows if row.edition), key=lambda row: row.edition):
        correct(by, row, insists=insists)
    return refused


def correct(by, row: Statement, *, insists: bool = False) -> AidEvent:
    with eyes_of(by):
        former = AidEvent.objects.filter(room=by.room_id, source_key=row.key).latest("edition")
    return actions.correct_event(
        by=by, event_id=former.pk, reason="counted again", statement=replace(stated(row), recorded_at=None),
        recorded_at=datetime.fromtimestamp(row.recorded_at, UTC), insists=insists,
    )  # fmt: skip


def by_day(rows: Iterable[Statement]) -> Iterator[list[Statement]]:
    for _day, found in groupby(rows, key=lambda row: row.recorded_at // 86_400):
        yield list(found)


def told_by_desk(by, as_of: datetime | None = None) -> tuple[dict, list]:
    """What each line has passed at each stage, and the findings, as the desk reads them from the database."""
    with eyes_of(by):
        consignments = dict(Consignment.objects.filter(room=by.room_id, source=SOURCE).values_list("pk", "reference"))
        found, _held, _told = settled(by.operation_id, dict.fromkeys(consignments, by.room_id), as_of=as_of)
        units = dict(AidEvent.objects.exclude(handling_unit=None).values_list("handling_unit", "handling_unit__code"))
    names = {str(pk): code for pk, code in units.items()}

    def line(code: str) -> tuple[str, int]:
        consignment, number = line_named(code)
        return consignments[consignment], number

    return figures(found, line), sorted(
        (one.kind, line(one.line), names.get(one.unit, ""), one.attempt, one.stage, one.stated_micro, one.limit_micro)
        for one in discrepancies(found)
    )


def told_by_engine(rules, chain: SimulatedChain, rows: Iterable[Statement], as_of: datetime | None = None):
    moment = Moment(as_of=int(as_of.timestamp())) if as_of else Moment()
    found = settle(
        book_of(chain.lines, rows, rules.stages, conversions=rules.conversions, sources=rules.trusted), moment
    )
    return figures(found, reference_of), sorted(
        (one.kind, reference_of(one.line), one.unit, one.attempt, one.stage, one.stated_micro, one.limit_micro)
        for one in discrepancies(found)
    )


def figures(found: Settled, name) -> dict:
    lines = [name(line.code) for line in found.book.lines]
    return {
        (line, stage.code): (int(found.passed[s, n]), int(found.left[s, n]))
        for s, stage in enumerate(found.book.stages.stages) for n, line in enumerate(lines)
    }  # fmt: skip


@pytest.fixture
def rules(by, strict_approvals, eyes):
    with eyes(by):
        return conservation_rules(by.operation_id)


@contextmanager
def undone():
    """Undo what happens inside."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


def judged_at_every_hour(by, rules, chain: SimulatedChain, hours: int) -> None:
    register(by, chain)
    refused = [one for batch in by_day(chain.statements) for one in push(by, batch)]
    assert refused == []
    first, last = chain.statements[0].recorded_at, chain.statements[-1].recorded_at
    step = (last - first) // hours
    for moment in (*range(first, last, step), last):
        hour = datetime.fromtimestamp(moment, UTC)
        assert told_by_desk(by, hour) == told_by_engine(rules, chain, chain.statements, hour), hour
    desk_passed, findings = told_by_desk(by)
    assert findings == []
    truth = {
        (reference_of(line), STAGES.get(stage, stage)): int(amount * 10**6)
        for (line, stage), amount in chain.passed.items()
    }
    assert {key: desk_passed[key][0] for key in truth} == truth


def test_conservation_holds_at_every_hour_as_the_engine_has_it(by, rules):
    judged_at_every_hour(by, rules, simulated(60, seed=11), hours=40)


@pytest.mark.slow
def test_conservation_of_a_thousand_consignments_holds(by, rules):
    judged_at_every_hour(by, rules, simulated(1000, seed=7, days=60), hours=24)


def broken(chain: SimulatedChain):
    """One violation of every kind, each in a consignment of its own."""
    found, spare = [], set()
    for name in VIOLATIONS:
        sim = replace(chain, statements=tuple(replace(row, stage=back(row.stage)) for row in chain.statements))
        one = next(inject(sim, name, seed=3, count=1, spare=frozenset(spare)), None)
        assert one is not None, f"no place for: {name}"
        rows = [replace(row, stage=STAGES.get(row.stage, row.stage), measure={"crate": "carton"}.get(row.measure, row.measure),
                        source="visiting monitor" if name == "two sources that differ" else SOURCE) for row in one.statements]  # fmt: skip
        found.append((name, one, rows))
    return found


def back(stage: str) -> str:
    return next((word for word, code in STAGES.items() if code == stage), stage)


UNINSISTABLE = {"negative quantity": "quantity_out_of_range", "key used for two quantities": "same_key_other_content"}


def state(by, row: Statement, *, insists: bool) -> None:
    if row.edition:
        correct(by, row, insists=insists)
    else:
        actions.record_event(by=by, statement=stated(row, insists=insists))


def test_every_violation_is_refused_or_insisted_on_and_found(by, rules, eyes):
    chain = simulated(60, seed=11)
    register(by, chain)
    for batch in by_day(chain.statements):
        push(by, batch)
    seen = {}
    for name, one, rows in broken(chain):
        expected = UNINSISTABLE.get(name, f"breaks_{one.kind}")
        for row in rows:
            with undone(), pytest.raises(Refused) as refusal:
                state(by, row, insists=False)
            seen[name] = refusal.value.code
        if name not in UNINSISTABLE:
            with undone():
                for row in rows:
                    state(by, row, insists=True)
                with eyes(by):
                    kinds = set(Discrepancy.objects.filter(room=by.room_id).values_list("kind", flat=True))
                assert one.kind in kinds, name
        assert seen[name] == expected, (name, seen[name])
    assert set(seen) == set(VIOLATIONS)


def test_same_scans_in_ten_orders_give_the_same_ledger(by, rules, eyes):
    chain = with_violation(simulated(5, seed=5))
    first = [row for row in chain.statements if row.edition == 0]
    later = [row for row in chain.statements if row.edition]
    expected = told_by_engine(rules, chain, chain.statements)
    broken_at = contradictions(rules, chain)
    assert broken_at
    for seed in range(10):
        random = Random(seed)
        with undone():
            register(by, chain)
            order = random.sample(first, len(first))
            for start in range(0, len(order), 80):
                assert push(by, order[start : start + 80], insists=True) == []
            push(by, random.sample(later, len(later)), insists=True)
            assert told_by_desk(by) == expected, seed
            with eyes(by):
                live = Discrepancy.objects.filter(room=by.room_id, closed_at=None)
                told = live.values_list("kind", "consignment__reference", "line_number", "stage")
                assert sorted(told) == broken_at, seed


def contradictions(rules, chain: SimulatedChain) -> list[tuple]:
    found = settle(book_of(chain.lines, chain.statements, rules.stages, conversions=rules.conversions))
    own = [one for one in discrepancies(found) if not one.follows]
    return sorted((one.kind, *reference_of(one.line), one.stage) for one in own)


def with_violation(chain: SimulatedChain) -> SimulatedChain:
    """The same with one more passage of a unit that carries nothing more."""
    row = next(row for row in chain.statements if row.stage == "collected" and not row.parent and row.move == "reached")
    more = replace(
        row, key=f"{row.key}:twice", occurred_at=row.occurred_at + 36_000, recorded_at=row.recorded_at + 36_060
    )
    return replace(chain, statements=(*chain.statements, more))
