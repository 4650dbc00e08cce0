"""Counts in the database equal the counting engine's; differences are explained to the last row."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from tansiq.building.rooms.queries import audience
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, AidMeasure
from tansiq.desks.aid.queries import counts, events, measures, reference, stages
from tansiq.desks.aid.queries.latest import latest
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.engine.counting import MICRO, NEVER, Period, evaluate
from tests import factories
from tests.desks.aid.conftest import NOON
from tests.desks.aid.test_simulated import record, simulated

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SPAN = Period(1772409600, 1772755200)  # 2 to 6 March 2026, UTC
GROUPS = ("day", "stage", "unit", "crossing", "consignor", "commodity", "source")


@pytest.fixture
def recorded(by):
    aid = simulated(trucks_per_day=40, days=4)
    record(aid, by)
    return aid


def engine_count(by, rule, as_of=None, group_by=None):
    loaded = measures.load_measures(by, sorted(rule.definition.stages), SPAN, as_of)
    until = int(as_of.timestamp()) if as_of else NEVER - 1
    return evaluate(rule.definition, measures.prepared(loaded, rule), SPAN, until, group_by=group_by)


def test_every_definition_counts_as_the_engine_does(by, eyes, recorded):
    middle = recorded.events[len(recorded.events) // 2].recorded_at
    with eyes(by):
        for rule in reference.definitions(by):
            for as_of in (None, middle):
                expected = engine_count(by, rule, as_of)
                found = counts.count(by, rule, SPAN, as_of=as_of)
                assert (found.total, found.row_count, found.not_stated) == (
                    Decimal(expected.total_micro) / MICRO, expected.rows.size, int(expected.not_stated.sum()),
                ), rule.definition.code  # fmt: skip


def test_groups_count_as_the_engine_does(by, eyes, recorded):
    with eyes(by):
        for code in ("trucks_entered", "trucks_first_entry", "pallets_offloaded", "tonnes_received"):
            rule = reference.definition(by, code)
            for group_by in [(name,) for name in GROUPS] + [("day", "crossing", "commodity")]:
                expected = engine_count(by, rule, group_by=group_by).groups
                found = counts.count(by, rule, SPAN, group_by=group_by).groups
                assert [(g.key, g.total * MICRO, g.row_count) for g in found] == [
                    (g.key, g.total_micro, g.row_count) for g in expected
                ], (code, group_by)


def test_difference_is_explained_whole(by, eyes, recorded):
    with eyes(by):
        for a, b in (("trucks_screened", "trucks_entered"), ("trucks_entered", "trucks_entered_un"),
                     ("trucks_entered", "trucks_first_entry"), ("pallets_offloaded", "consignments_offloaded")):  # fmt: skip
            rule_a, rule_b = reference.definition(by, a), reference.definition(by, b)
            why = measures.explain(by, rule_a, rule_b, SPAN)
            assert why.total_a == counts.count(by, rule_a, SPAN).total
            assert why.total_b == counts.count(by, rule_b, SPAN).total
            assert sum(cause.contribution for cause in why.causes) == why.total_a - why.total_b
            for cause in why.causes:
                assert sum(line.contribution for line in cause.lines) == cause.contribution
                ids = [one for line in cause.lines for one in (line.row_a, line.row_b) if one]
                assert set(events.measures_by_id(ids)) == set(ids)


def test_released_rows_count_for_the_other_room_from_the_hour_of_release(by, eyes, scan):
    stranger = factories.actor("alpha")
    event = actions.record_event(by=by, statement=scan())
    with eyes(by):
        label = audience(by.room_id, [(stranger.room_id, None)])
        rule = reference.definition(by, "trucks_entered")
        released = event.recorded_at + timedelta(hours=2)
        for model, narrowed in ((AidEvent, {"pk": event.pk}), (AidMeasure, {"event": event})):
            model.objects.filter(**narrowed).update(audience=label, audience_since=released)
    period = Period(0, 4_000_000_000)
    before, after = released - timedelta(minutes=1), released + timedelta(minutes=1)
    with eyes(stranger):
        assert [counts.count(stranger, rule, period, as_of=at).total for at in (before, after, None)] == [0, 1, 1]
        assert [events.events(stranger, as_of=at).count() for at in (before, after)] == [0, 1]
        assert stages.stage_table(stranger, after, as_of=before) == []
    with eyes(by):
        assert counts.count(by, rule, period, as_of=before).total == 1


def test_lists_cost_the_same_queries_for_one_and_for_three_rows(by, eyes, scan, django_assert_num_queries):
    for n in (1, 3):
        actions.record_scans(by=by, statements=[scan(f"T{i}") for i in range(n)])
        with eyes(by), django_assert_num_queries(1):
            assert len([(e.room.slug, e.handling_unit.code) for e in events.events(by)]) == n


def test_pages_of_events_follow_each_other_without_gap(by, eyes, scan):
    actions.record_scans(by=by, statements=[scan(f"T{n}", hours=n // 2) for n in range(7)])
    with eyes(by):
        whole, found, after = [event.pk for event in events.events(by)], [], None
        for _ in range(4):
            page = events.event_page(by, after=after, size=2)
            found += [event.pk for event in page.rows]
            after = page.after
        assert (found, after) == (whole, None)
        assert events.sources(by) == ["un"]


@pytest.mark.parametrize("many", [0, 1000], ids=["room by room", "label by label"])
def test_both_ways_to_a_page_show_what_is_open_and_no_more(by, eyes, scan, many):
    stranger, later = factories.actor("beta"), {"hours": 9}
    for n in range(5):
        actions.record_event(by=by, statement=scan(f"T{n}", hours=n))
    actions.record_event(by=by, statement=scan("T9", **later))
    with eyes(by), connection.cursor() as cursor:
        shared = audience(by.room_id, [(stranger.room_id, None)])
        cursor.execute(
            "update aid_aidevent set audience_id = %s where occurred_at < %s", [shared, NOON + timedelta(hours=3)]
        )
    for reader, expected in ((by, [9, 4, 3, 2, 1, 0]), (stranger, [2, 1, 0])):
        with eyes(reader):
            found, after = [], None
            while len(found) < 6:
                rows, rooms = (
                    events.wanted_events(reader, events.EventFilter(), None),
                    reference.rooms_of(reader.operation_id),
                )
                page = latest(rows, rooms, events.BY_OCCURRENCE, after=after, size=2, many=many)
                found, after = found + [row.occurred_at for row in page.rows], page.after
                if after is None:
                    break
            assert found == [NOON + timedelta(hours=n) for n in expected]


def test_pages_of_consignments_follow_each_other_without_gap(by, eyes):
    lines = (LineStatement(Decimal(10), "pallet", "rice"),)
    for name in ("B 2", "A 1", "غزة", "A 10", "C"):
        actions.register_consignment(by=by, statement=ConsignmentStatement(name, lines, "un", "kerem_shalom"))
    with eyes(by):
        whole, found, after = [one.reference for one in events.consignments(by)], [], None
        for _ in range(3):
            page = events.consignment_page(by, after=after, size=2)
            found, after = found + [one.reference for one in page.rows], page.after
        assert (found, after, len(whole)) == (whole, None, 5)


@pytest.mark.parametrize("mark", ["x", "AAAA", "MjAyNi0wMS0wMSBh"])
def test_wrong_mark_is_no_page(by, eyes, mark):
    with eyes(by), pytest.raises(ValueError):
        events.event_page(by, after=mark)
