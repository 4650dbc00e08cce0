"""A thousand simulated trucks with returns, splits, late and repeated scans: counted once, at every past hour."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.configuration import read_operation, simulated_world
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent
from tansiq.desks.aid.queries import counts, reference, stages
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.engine.counting import Period
from tansiq.engine.simulation import Scope, SimulatedEvent, expected_stages, expected_totals, simulate_aid
from tests import factories
from tests.desks.aid.conftest import OPERATION

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FIRST = date(2026, 3, 1)
WHOLE = (datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))


def simulated(trucks_per_day: int = 200, days: int = 5):
    world = simulated_world(read_operation(OPERATION))
    return simulate_aid(seed=7, days=days, trucks_per_day=trucks_per_day, start=FIRST, world=world)


def stated(event: SimulatedEvent) -> EventStatement:
    quantities = tuple(
        Quantity(one.unit, one.giver, one.receiver, one.damaged or None, event.commodity) for one in event.amounts
    )
    return EventStatement(
        stage=event.stage, occurred_at=event.occurred_at, quantities=quantities, source_key=event.key,
        unit_code=event.unit, parent_code=event.parent, crossing_code=event.crossing,
        consignor_class=event.consignor_class, reason=event.reason, attempt=event.attempt, recorded_at=event.recorded_at,
    )  # fmt: skip


def batches(events: list[SimulatedEvent], size: int = 1500) -> Iterator[list[EventStatement]]:
    for start in range(0, len(events), size):
        yield [stated(event) for event in events[start : start + size]]


def record(aid, by) -> None:
    """Every batch arrives twice, as from a phone whose link broke before the answer came."""
    scans = [event for event in aid.events if event.unit and not event.corrects]
    for batch in batches(scans):
        first = actions.record_scans(by=by, statements=batch)
        again = actions.record_scans(by=by, statements=batch)
        assert (first.added, first.refused, again.added, again.refused) == (len(batch), 0, 0, 0)
    for event in (event for event in aid.events if event.unit and event.corrects):
        with eyes_of(by):
            former = AidEvent.objects.get(room=by.room_id, source_key=event.corrects, edition=0)
        right = replace(stated(event), source_key="", reason=former.reason, recorded_at=None)
        actions.correct_event(
            by=by, event_id=former.pk, reason=event.reason, statement=right, recorded_at=event.recorded_at
        )


def total(by, code: str, span=WHOLE, **asked) -> Decimal:
    period = Period(int(span[0].timestamp()), int(span[1].timestamp()))
    return counts.count(by, reference.definition(by, code), period, **asked).total


def test_thousand_trucks_count_once_and_stand_right_at_every_hour(by, eyes):
    aid = simulated()
    record(aid, by)
    last = max(event.recorded_at for event in aid.events)
    hours = [
        datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=h) for h in (0, 7, 19, 31, 50, 77, 101, 150, 240)
    ] + [last]  # fmt: skip
    span = (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC))
    with eyes(by):
        for hour in hours:
            at = max(hour, *(event.occurred_at for event in aid.events if event.recorded_at <= hour), hour)
            table = Counter()
            for row in stages.stage_table(by, at, as_of=hour):
                if row.unit == "truck":
                    table[row.stage] += row.events
            assert dict(table) == expected_stages(aid, hour), hour
            for code, stage in (("trucks_entered", "entered"), ("trucks_screened", "screened")):
                truth = expected_totals(aid, Scope(stage, hour, *span))
                assert total(by, code, span, as_of=hour) == truth.passages, (code, hour)
            truth = expected_totals(aid, Scope("offloaded", hour))
            assert total(by, "pallets_offloaded", as_of=hour) == truth.pallets
        truth = expected_totals(aid, Scope("entered", None, *span))
        assert total(by, "trucks_first_entry", span) == truth.units_first
        rule = replace_crossing(reference.definition(by, "trucks_entered"), "zikim")
        period = Period(int(span[0].timestamp()), int(span[1].timestamp()))
        there = expected_totals(aid, Scope("entered", None, *span, crossing="zikim"))
        assert counts.count(by, rule, period).total == there.passages
    assert len({event.unit for event in aid.events if event.unit and not event.parent}) > 800


def replace_crossing(rule, crossing: str):
    return replace(rule, definition=replace(rule.definition, crossings=frozenset({crossing})))


def test_other_room_sees_nothing_of_it(by, eyes):
    record(simulated(trucks_per_day=10, days=1), by)
    with eyes(factories.actor("press")):
        assert total(factories.actor("press"), "trucks_entered") == 0
