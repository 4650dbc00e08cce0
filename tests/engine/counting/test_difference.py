"""Differences between two counts, explained wholly and once."""

from dataclasses import replace

from tansiq.engine.counting import (
    MICRO,
    NO_ROW,
    Definition,
    Period,
    explain_difference,
)

ENTERED = Definition("entered", 1, frozenset({"ENTERED"}), "truck")
COLLECTED = replace(ENTERED, code="collected", stages=frozenset({"COLLECTED"}))
TONNES = replace(ENTERED, code="tonnes", unit="MT", measure="quantity")
PERIOD = Period(100, 200)
LATE = 10_000


def lines(difference):
    """Say each line as (cause, row a, row b, contribution in whole units)."""
    return [
        (share.cause, row_a, row_b, contribution / MICRO)
        for share in difference.shares
        for row_a, row_b, contribution in zip(
            share.rows_a.tolist(), share.rows_b.tolist(), share.contributions.tolist(), strict=True
        )
    ]


def explained(definition_a, definition_b, measures_a, measures_b=None):
    both = (definition_a, measures_a, definition_b, measures_a if measures_b is None else measures_b)
    return explain_difference(*both, PERIOD, as_of=LATE)


def test_equal_counts_agree_without_lines(measures_of):
    difference = explained(ENTERED, ENTERED, measures_of([{"unit_key": 0}, {"unit_key": 1}]))
    assert (difference.shares, difference.agreed_a.tolist()) == ((), [0, 1])


def test_truck_entered_but_never_collected_is_another_stage(measures_of):
    measures = measures_of([{"unit_key": 0}, {"unit_key": 1}, {"unit_key": 1, "stage": "COLLECTED"}])
    difference = explained(ENTERED, COLLECTED, measures)
    assert lines(difference) == [("other_stage", 0, NO_ROW, 1)]
    assert (difference.agreed_a.tolist(), difference.agreed_b.tolist()) == ([1], [2])


def test_truck_collected_on_a_later_day_is_another_day(measures_of):
    measures = measures_of([{}, {"stage": "COLLECTED", "occurred_at": 205}])
    assert lines(explained(ENTERED, COLLECTED, measures)) == [("other_day", 0, NO_ROW, 1)]


def test_record_time_moves_a_row_to_another_day(measures_of):
    measures = measures_of([{"recorded_at": 250}])
    assert lines(explained(replace(ENTERED, time_rule="recorded"), ENTERED, measures)) == [("other_day", NO_ROW, 0, -1)]


def test_commercial_truck_outside_the_others_scope(measures_of):
    measures = measures_of([{"unit_key": 0, "consignor": "commercial"}, {"unit_key": 1}])
    aid_only = replace(ENTERED, consignors=frozenset({"humanitarian"}))
    assert lines(explained(ENTERED, aid_only, measures)) == [("other_scope", 0, NO_ROW, 1)]


def test_scope_explains_a_row_the_other_ledger_never_held(measures_of):
    theirs = measures_of([{"reference": "w1", "consignor": "commercial"}, {"unit_key": 1, "reference": "w2"}])
    ours = measures_of([{"reference": "w3"}])
    aid_only = replace(ENTERED, consignors=frozenset({"humanitarian"}))
    assert lines(explained(ENTERED, aid_only, theirs, ours)) == [
        ("other_scope", 0, NO_ROW, 1),
        ("missing_in_one", 1, NO_ROW, 1),
        ("missing_in_one", NO_ROW, 0, -1),
    ]


def test_units_are_not_converted_but_listed(measures_of):
    measures = measures_of([{"unit_key": 0}, {"unit_key": 1, "unit": "pallet"}, {"unit_key": 2, "unit": "pallet"}])
    difference = explained(ENTERED, replace(ENTERED, unit="pallet"), measures)
    assert lines(difference) == [
        ("other_unit", 0, NO_ROW, 1),
        ("other_unit", NO_ROW, 1, -1),
        ("other_unit", NO_ROW, 2, -1),
    ]


def test_same_waybill_in_two_units_is_no_agreement(measures_of):
    measures = measures_of([{"reference": "w"}, {"unit_key": 1, "unit": "pallet", "reference": "w"}])
    difference = explained(ENTERED, replace(ENTERED, unit="pallet"), measures)
    assert lines(difference) == [("other_unit", 0, 1, 0)]


def test_two_sources_state_other_quantities(measures_of):
    rows = [
        {"unit_key": 0, "reference": "w", "unit": "MT", "received": 20, "source": "party"},
        {"unit_key": 1, "reference": "w", "unit": "MT", "received": 17, "source": "monitor"},
    ]
    party, monitor = (replace(TONNES, sources=frozenset({name})) for name in ("party", "monitor"))
    assert lines(explained(party, monitor, measures_of(rows))) == [("quantities_differ", 0, 1, 3)]


def test_hand_over_side_makes_the_quantities_differ(measures_of):
    measures = measures_of([{"unit": "MT", "given": 10, "received": 8}])
    assert lines(explained(replace(TONNES, side="giver"), TONNES, measures)) == [("quantities_differ", 0, 0, 2)]


def test_row_missing_in_one_source(measures_of):
    rows = [
        {"unit_key": 0, "source": "party"},
        {"unit_key": 0, "source": "monitor"},
        {"unit_key": 1, "source": "party"},
    ]
    party, monitor = (replace(ENTERED, sources=frozenset({name})) for name in ("party", "monitor"))
    difference = explained(party, monitor, measures_of(rows))
    assert lines(difference) == [("missing_in_one", 2, NO_ROW, 1)]
    assert (difference.agreed_a.tolist(), difference.agreed_b.tolist()) == ([0], [1])


def test_same_reference_twice_in_one_ledger_is_counted_twice(measures_of):
    twice = [{"unit": "MT", "received": 5}, {"unit": "MT", "received": 5, "occurred_at": 130}]
    once = measures_of([{"unit": "MT", "received": 5}])
    assert lines(explained(TONNES, TONNES, measures_of(twice), once)) == [("counted_twice", 1, NO_ROW, 5)]


def test_second_unit_of_a_shared_waybill_is_missing_not_doubled(measures_of):
    two = measures_of([{"unit_key": 0, "reference": "w"}, {"unit_key": 1, "reference": "w"}])
    one = measures_of([{"reference": "w"}])
    assert lines(explained(ENTERED, ENTERED, two, one)) == [("missing_in_one", 1, NO_ROW, 1)]


def test_repeated_scan_is_counted_twice_against_first_occurrence(measures_of):
    measures = measures_of([{"unit": "MT", "occurred_at": 110}, {"unit": "MT", "occurred_at": 120}])
    first = replace(TONNES, time_rule="first_occurrence")
    assert lines(explained(TONNES, first, measures)) == [("counted_twice", 1, NO_ROW, 1)]


def test_row_first_seen_before_the_period_is_another_day(measures_of):
    measures = measures_of([{"occurred_at": 50}, {"occurred_at": 120}])
    first = replace(ENTERED, time_rule="first_occurrence")
    assert lines(explained(ENTERED, first, measures)) == [("other_day", 1, NO_ROW, 1)]


def test_rows_without_reference_are_never_matched(measures_of):
    rows = [{"reference": ""}]
    assert lines(explained(ENTERED, ENTERED, measures_of(rows), measures_of(rows))) == [
        ("missing_in_one", 0, NO_ROW, 1),
        ("missing_in_one", NO_ROW, 0, -1),
    ]
