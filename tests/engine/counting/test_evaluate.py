"""Totals, groups, corrections and time rules of one definition."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from tansiq.engine.counting import (
    MICRO,
    NEVER,
    NOT_STATED,
    Conversion,
    Definition,
    Period,
    evaluate,
    replacement_times,
    to_micro,
)

TRUCKS = Definition("trucks", 1, frozenset({"ENTERED"}), "truck")
TONNES = replace(TRUCKS, unit="MT", measure="quantity")
PERIOD = Period(100, 200)
LATE = 10_000


def test_unit_scanned_twice_counts_once(measures_of):
    measures = measures_of([{"unit_key": 0, "occurred_at": 150}, {"unit_key": 0, "occurred_at": 120}, {"unit_key": 1}])
    count = evaluate(TRUCKS, measures, PERIOD, LATE)
    assert (count.total_micro, count.rows.tolist()) == (2 * MICRO, [1, 2])


def test_ties_do_not_depend_on_the_order_of_rows(measures_of):
    rows = [{"event": 7, "crossing": "a"}, {"event": 3, "crossing": "b"}, {"event": 3, "crossing": "b"}]
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        count = evaluate(TRUCKS, measures_of([rows[place] for place in order]), PERIOD, LATE, group_by=("crossing",))
        assert [(group.key, group.total_micro) for group in count.groups] == [(("b",), MICRO)]


def test_period_is_half_open(measures_of):
    rows = [{"unit_key": key, "occurred_at": at} for key, at in enumerate((99, 100, 199, 200))]
    assert evaluate(TRUCKS, measures_of(rows), PERIOD, LATE).rows.tolist() == [1, 2]


def test_every_class_narrows_the_count(measures_of):
    other = {"stage": "LOADED", "unit": "pallet", "crossing": "south", "consignor": "commercial"}
    other |= {"commodity": "fuel", "source": "party"}
    measures = measures_of([{"unit_key": 0}, *({"unit_key": 1, name: word} for name, word in other.items())])
    narrow = replace(
        TRUCKS,
        crossings=frozenset({"north"}),
        consignors=frozenset({"humanitarian"}),
        commodities=frozenset({"food"}),
        sources=frozenset({"monitor"}),
    )
    assert evaluate(narrow, measures, PERIOD, LATE).rows.tolist() == [0]


def test_class_not_stated_is_in_no_named_class(measures_of):
    measures = measures_of([{"consignor": None}])
    assert evaluate(replace(TRUCKS, consignors=frozenset({"", "x"})), measures, PERIOD, LATE).total_micro == 0
    assert evaluate(TRUCKS, measures, PERIOD, LATE).total_micro == MICRO


def test_as_of_sees_what_was_known_then(measures_of):
    measures = measures_of(
        [
            {"event": 1, "unit_key": 0, "unit": "MT", "received": 20, "recorded_at": 110, "replaced_at": 150},
            {"event": 2, "unit_key": 0, "unit": "MT", "received": 18, "recorded_at": 150, "replaced_at": 180},
        ]
    )
    totals = [evaluate(TONNES, measures, PERIOD, as_of).total_micro for as_of in (109, 110, 149, 150, 180)]
    assert totals == [0, 20 * MICRO, 20 * MICRO, 18 * MICRO, 0]


def test_replacement_times_take_the_earliest_correction():
    event = np.array([1, 2, 2, 3, 9])
    times = replacement_times(event, np.array([2, 3, 2, 5]), np.array([70, 60, 50, 40]))
    assert times.tolist() == [NEVER, 50, 50, 60, NEVER]
    assert replacement_times(event, np.array([], dtype=np.int64), np.array([], dtype=np.int64)).tolist() == [NEVER] * 5


def test_recorded_rule_uses_the_record_time(measures_of):
    measures = measures_of([{"occurred_at": 150, "recorded_at": 250}])
    recorded = replace(TRUCKS, time_rule="recorded")
    assert evaluate(recorded, measures, PERIOD, LATE).total_micro == 0
    assert evaluate(recorded, measures, Period(200, 300), LATE).total_micro == MICRO


def test_first_occurrence_counts_a_returned_unit_once_ever(measures_of):
    measures = measures_of([{"occurred_at": 50}, {"occurred_at": 150}])
    first = replace(TRUCKS, time_rule="first_occurrence")
    assert evaluate(first, measures, PERIOD, LATE).total_micro == 0
    assert evaluate(first, measures, Period(0, 100), LATE).total_micro == MICRO
    assert evaluate(TRUCKS, measures, PERIOD, LATE).total_micro == MICRO


def test_side_decides_the_quantity_at_a_hand_over(measures_of):
    rows = [(5, 4), (2, 3), (None, 7), (6, None), (None, None)]
    measures = measures_of(
        [{"unit_key": key, "unit": "MT", "given": one, "received": two} for key, (one, two) in enumerate(rows)]
    )
    counts = {
        side: evaluate(replace(TONNES, side=side), measures, PERIOD, LATE) for side in ("giver", "receiver", "lower")
    }
    assert {side: (count.amounts // MICRO).tolist() for side, count in counts.items()} == {
        "giver": [5, 2, 0, 6, 0],
        "receiver": [4, 3, 7, 0, 0],
        "lower": [4, 2, 7, 6, 0],
    }
    assert counts["giver"].not_stated.tolist() == [False, False, True, False, True]
    assert counts["lower"].not_stated.tolist() == [False, False, False, False, True]


def test_other_units_are_never_converted_unasked(measures_of):
    measures = measures_of([{"unit": "MT", "received": 2}, {"unit_key": 1, "unit": "pallet", "received": 3}])
    stated = Conversion("pallet", "MT", Fraction(1, 3), "manifest annex")
    assert evaluate(TONNES, measures, PERIOD, LATE).total_micro == 2 * MICRO
    assert evaluate(TONNES, measures, PERIOD, LATE, conversions=(stated,)).total_micro == 3 * MICRO
    assert evaluate(replace(TRUCKS, unit="MT"), measures, PERIOD, LATE, conversions=(stated,)).rows.tolist() == [0]


def test_conversion_needs_a_source_and_a_positive_factor():
    with pytest.raises(ValueError, match="source is required"):
        Conversion("pallet", "MT", Fraction(1), " ")
    with pytest.raises(ValueError, match="must be positive"):
        Conversion("pallet", "MT", Fraction(0), "annex")


def test_groups_partition_the_count(measures_of):
    day = 86_400
    measures = measures_of(
        [
            {"unit_key": 0, "occurred_at": 10 * day, "crossing": "north"},
            {"unit_key": 1, "occurred_at": 10 * day + 1, "crossing": None},
            {"unit_key": 2, "occurred_at": 11 * day, "crossing": "north"},
            {"unit_key": 0, "occurred_at": 11 * day, "crossing": "south"},
        ]
    )
    count = evaluate(TRUCKS, measures, Period(0, 20 * day), 20 * day, group_by=("day", "crossing"))
    assert [(group.key, group.total_micro // MICRO, group.row_count) for group in count.groups] == [
        (("1970-01-11", ""), 1, 1),
        (("1970-01-11", "north"), 1, 1),
        (("1970-01-12", "north"), 1, 1),
    ]


def test_unknown_grouping_is_refused(measures_of):
    with pytest.raises(ValueError, match="unknown grouping 'colour'"):
        evaluate(TRUCKS, measures_of([{}]), PERIOD, LATE, group_by=("colour",))


def test_empty_measures_count_nothing(measures_of):
    count = evaluate(TRUCKS, measures_of([]), PERIOD, LATE, group_by=("day", "crossing"))
    assert (count.total_micro, count.rows.tolist(), count.groups) == (0, [], ())


def test_huge_quantities_do_not_overflow(measures_of):
    quantity = 2**62 // MICRO
    rows = [{"unit_key": key, "unit": "MT", "received": quantity} for key in range(8)]
    count = evaluate(TONNES, measures_of(rows), PERIOD, LATE, group_by=("crossing",))
    assert count.total_micro == 8 * quantity * MICRO == count.groups[0].total_micro


def test_to_micro_is_exact_or_refuses():
    assert [to_micro(value) for value in (3, "0.000001", Decimal("-2.5"), None)] == [
        3_000_000,
        1,
        -2_500_000,
        NOT_STATED,
    ]
    for bad in ("0.0000001", "NaN", "many", "Infinity"):
        with pytest.raises(ValueError, match="not a"):
            to_micro(bad)


def test_columns_of_other_shapes_or_codes_are_refused(measures_of):
    measures = measures_of([{}, {}])
    with pytest.raises(ValueError, match="column stage must hold"):
        replace(measures, stage=measures.stage[:1])
    with pytest.raises(ValueError, match="column crossing holds a code outside"):
        replace(measures, crossing=measures.crossing + 5)
    with pytest.raises(ValueError, match="unit_key must not be negative"):
        replace(measures, unit_key=measures.unit_key - 1)
