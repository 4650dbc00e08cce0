"""Worked examples: what is understood, what is refused, and with which arithmetic."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tansiq.engine.conservation import (
    Line,
    Moment,
    Stage,
    discrepancies,
    handover_differences,
    judge,
    settle,
    stages_of,
)
from tansiq.engine.counting import Conversion

MILLION = 1_000_000


def passed(book, stage, moment=None, line=0):
    settled = settle(book, moment)
    return settled.passed[book.stages.number(stage), line] / MILLION


def found(book, moment=None):
    return [
        (one.kind, one.unit, one.stage, one.stated_micro / MILLION, one.limit_micro / MILLION)
        for one in discrepancies(settle(book, moment))
    ]


def test_published_month_of_interceptions_adds_up(book, say):
    """UN2720 reporting for July 2025: 1,161 trucks collected, 1,093 of them intercepted; so 68 can have arrived."""
    rows = [say("approved", 1161), say("collected", 1161), say("intercepted", 1093)]
    month = book(rows, requested=1161)
    settled = settle(month)
    assert settled.left[month.stages.number("collected"), 0] == 68 * MILLION
    assert judge(month, [say("arrived", 68)]).accepted
    verdict = judge(month, [say("arrived", 69)])
    refusal, consequence = verdict.refusals
    assert not verdict.accepted
    assert (consequence.discrepancy.kind, consequence.discrepancy.follows) == ("over_line", True)
    assert (refusal.before_micro, refusal.added_micro) == (1093 * MILLION, 69 * MILLION)
    assert (refusal.discrepancy.limit_stage, refusal.discrepancy.limit_micro) == ("collected", 1161 * MILLION)
    assert refusal.discrepancy.over_micro == MILLION


def test_arithmetic_names_every_addend_and_both_readings(book, say):
    rows = [say("approved", 20), say("collected", 10, "A"), say("arrived", 6, "A"), say("intercepted", 3, "A")]
    (one,) = discrepancies(settle(book([*rows, say("lost", 2, "A")])))
    assert [(part.stage, part.amount_micro // MILLION) for part in one.parts] == [
        ("arrived", 6),
        ("intercepted", 3),
        ("lost", 2),
    ]
    assert (one.kind, one.unit, one.attempt, one.stage, one.over_micro) == ("over_unit", "A", 1, "collected", MILLION)
    assert [key for _, key in one.keys] == ["arrived:A::::flour", "intercepted:A::::flour", "lost:A::::flour"]
    assert [key for _, key in one.against] == ["collected:A::::flour"]


def test_more_offloaded_than_loaded_is_found_past_a_stage_nobody_stated(book, say):
    (one,) = discrepancies(settle(book([say("approved", 20), say("loaded", 10, "A"), say("offloaded", 12, "A")])))
    assert (one.kind, one.stage, one.limit_stage) == ("over_unit", "screened", "loaded")
    assert (one.stated_micro, one.limit_micro) == (12 * MILLION, 10 * MILLION)


def test_loaded_over_approved_counts_every_truck_even_unscanned_ones(book, say):
    rows = [say("approved", 15), say("loaded", 10, "A"), say("collected", 8, "B")]
    assert found(book(rows)) == [("over_line", "", "approved", 18, 15)]


def test_nothing_approved_means_nothing_may_be_loaded(book, say):
    assert found(book([say("loaded", 1, "A")])) == [("over_line", "", "approved", 1, 0)]


def test_approved_and_rejected_stay_within_requested(book, say):
    assert found(book([say("approved", 12), say("rejected", 9)])) == [("over_line", "", "requested", 21, 20)]


def test_late_scan_is_waited_for_and_agrees_when_it_comes(book, say):
    late = say("loaded", 10, "A", recorded_at=900)
    rows = [say("approved", 10), say("offloaded", 10, "A"), say("collected", 10, "A"), late]
    assert passed(book(rows), "loaded", Moment(as_of=500)) == 10
    assert found(book(rows), Moment(as_of=500)) == found(book(rows)) == []


def test_late_scan_that_contradicts_is_found_when_it_comes(book, say):
    rows = [say("approved", 10), say("offloaded", 10, "A"), say("loaded", 9, "A", recorded_at=900)]
    assert found(book(rows), Moment(as_of=500)) == []
    assert found(book(rows)) == [("over_unit", "A", "screened", 10, 9)]


def test_second_partial_scan_dissolves_what_the_first_left_open(book, say):
    second = say("loaded", 5, "A", key="second", occurred_at=5000, recorded_at=9000)
    rows = [say("approved", 10), say("loaded", 5, "A"), say("offloaded", 10, "A")]
    assert found(book(rows)) == [("over_unit", "A", "screened", 10, 5)]
    verdict = judge(book(rows), [second])
    assert verdict.accepted
    assert [one.kind for one in verdict.resolved] == ["over_unit"]


def test_same_scan_again_within_a_quarter_of_an_hour_counts_once(book, say):
    again = say("collected", 10, "A", key="again", occurred_at=100 + 900)
    rows = [say("approved", 10), say("offloaded", 10, "A"), say("collected", 10, "A")]
    assert found(book([*rows, again])) == []
    later = replace(again, occurred_at=100 + 901)
    assert found(book([*rows, later])) == [
        ("over_unit", "A", "offloaded", 20, 10),
        ("over_line", "", "approved", 20, 10),
    ]


def test_event_delivered_twice_counts_once(book, say):
    row = say("loaded", 10, "A")
    twice = [say("approved", 10), row, replace(row, recorded_at=9000)]
    assert passed(book(twice), "loaded") == 10
    assert found(book(twice)) == []


def test_key_used_for_another_quantity_is_found_and_the_first_in_order_stands(book, say):
    row = say("loaded", 4, "A")
    rows = [say("approved", 10), row, replace(row, quantity=Decimal(6))]
    assert found(book(rows)) == [("key_reused", "A", "loaded", 6, 4)]
    assert passed(book(rows), "loaded") == 4


def test_correction_replaces_whichever_comes_first(book, say):
    wrong = say("loaded", 12, "A")
    right = replace(wrong, quantity=Decimal(10), edition=1, recorded_at=50)
    rows = [say("approved", 10), wrong, right]
    assert found(book(rows)) == []
    assert found(book(rows), Moment(as_of=99)) == [("over_line", "", "approved", 10, 0)]
    assert found(book([say("approved", 10), wrong])) == [("over_line", "", "approved", 12, 10)]


def test_withdrawn_statement_counts_for_nothing(book, say):
    row = say("loaded", 12, "A")
    assert found(book([say("approved", 10), row, replace(row, quantity=None, edition=1)])) == []


def test_return_frees_the_quantity_for_another_truck(book, say):
    rows = [say("approved", 10), say("loaded", 10, "A"), say("screened", 10, "A"), say("returned", 10, "A")]
    assert passed(book(rows), "loaded") == 0
    assert judge(book(rows), [say("loaded", 10, "B")]).accepted
    assert not judge(book(rows[:-1]), [say("loaded", 10, "B")]).accepted


def test_next_attempt_tells_that_the_former_came_back(book, say):
    rows = [say("approved", 10), say("loaded", 10, "A"), say("loaded", 10, "A", attempt=2)]
    loop = book([*rows, say("offloaded", 10, "A", attempt=2)])
    assert found(loop) == []
    assert (passed(loop, "loaded"), passed(loop, "offloaded")) == (10, 10)
    assert settle(loop).attempts.tolist() == [2]


def test_what_passed_before_the_unit_turned_back_stays_passed(book, say):
    rows = [say("approved", 10), say("loaded", 10, "A"), say("offloaded", 4, "A"), say("returned", 6, "A")]
    assert passed(book(rows), "loaded") == 4
    assert judge(book(rows), [say("loaded", 6, "A", attempt=2)]).accepted
    assert not judge(book(rows), [say("loaded", 7, "A", attempt=2)]).accepted
    assert not judge(book(rows[:-1]), [say("returned", 7, "A")]).accepted


def test_parts_may_not_carry_more_than_the_whole(book, say):
    whole = [say("approved", 20), say("offloaded", 10, "A"), say("offloaded", 10, "B")]
    parts = [say("collected", 4, "A1", parent="A"), say("collected", 6, "A2", parent="A")]
    assert found(book(whole + parts)) == []
    assert found(book([*whole, *parts, say("collected", 1, "A3", parent="A")])) == [
        ("over_parts", "A", "offloaded", 11, 10),
        ("over_line", "", "approved", 21, 20),
    ]


def test_part_may_not_carry_more_than_its_share(book, say):
    whole = [say("approved", 20), say("offloaded", 10, "A")]
    split = [
        say("offloaded", 10, "A", move="taken", group="g"),
        say("offloaded", 4, "A1", parent="A", move="made", group="g"),
        say("offloaded", 6, "A2", parent="A", move="made", group="g"),
    ]
    assert judge(book(whole), split).accepted
    after = book(whole + split)
    assert judge(after, [say("collected", 4, "A1"), say("collected", 6, "A2")]).accepted
    assert [one.discrepancy.unit for one in judge(after, [say("collected", 5, "A1")]).refusals] == ["A1"]
    assert [one.discrepancy.unit for one in judge(after, [say("collected", 1, "A")]).refusals] == ["A"]


def test_repack_makes_as_much_as_it_takes_line_by_line(book, say):
    rows = [say("approved", 20), say("offloaded", 9, "A"), say("offloaded", 3, "B")]
    repack = [
        say("offloaded", 9, "A", move="taken", group="g"),
        say("offloaded", 3, "B", move="taken", group="g"),
        say("offloaded", 7, "P", move="made", group="g"),
        say("offloaded", 5, "Q", move="made", group="g"),
    ]
    assert judge(book(rows), repack).accepted
    more = [*repack[:3], replace(repack[3], quantity=Decimal(6))]
    (refusal,) = judge(book(rows), more).refusals
    assert (refusal.discrepancy.kind, refusal.discrepancy.over_micro) == ("unequal_change", MILLION)


def test_substitution_moves_what_was_approved_to_the_other_line(book, say):
    lines = [Line("flour", "pallet", Decimal(20)), Line("rice", "pallet", Decimal(5))]
    rows = [
        say("approved", 20),
        say("approved", 8, move="taken", group="s"),
        say("approved", 8, line="rice", move="made", group="s"),
    ]
    changed = book([*rows, say("loaded", 12, "A"), say("loaded", 8, "A", line="rice")], lines=lines)
    assert found(changed) == []
    assert not judge(changed, [say("loaded", 1, "B")]).accepted
    assert not judge(changed, [say("loaded", 1, "B", line="rice")]).accepted


def test_substitution_between_units_needs_a_stated_conversion(book, say):
    lines = [Line("flour", "pallet", Decimal(20)), Line("oil", "tonne", Decimal(5))]
    rows = [
        say("approved", 20),
        say("approved", 10, move="taken", group="s"),
        say("approved", 8, line="oil", measure="tonne", move="made", group="s"),
    ]
    assert found(book(rows, lines=lines)) == [("unit_mismatch", "", "approved", 8, 10)]
    stated = (Conversion("tonne", "pallet", Fraction(5, 4), "hub survey"),)
    assert found(book(rows, lines=lines, conversions=stated)) == []


def test_quantity_in_another_unit_counts_by_a_stated_conversion_alone(book, say):
    rows = [say("approved", 10), say("loaded", 4, "A", measure="tonne")]
    assert found(book(rows)) == [("unit_mismatch", "A", "loaded", 4, 0)]
    stated = (Conversion("tonne", "pallet", Fraction(5, 4), "hub survey"),)
    assert passed(book(rows, conversions=stated), "loaded") == 5
    assert found(book(rows, conversions=stated)) == []


def test_negative_quantity_is_found_and_not_counted(book, say):
    rows = [say("approved", 10), say("loaded", 10, "A"), say("loaded", -10, "B")]
    assert found(book(rows)) == [("negative", "B", "loaded", -10, 0)]
    assert passed(book(rows), "loaded") == 10


def test_two_sources_of_one_passage_are_two_readings_not_twice_the_goods(book, say):
    rows = [say("approved", 10), say("collected", 10, "A"), say("collected", 9, "A", source="depot")]
    assert found(book(rows, sources=("monitor",))) == [("rival_readings", "A", "collected", 9, 10)]
    assert found(book(rows, sources=("depot",))) == [("rival_readings", "A", "collected", 10, 9)]
    assert passed(book(rows, sources=("depot",)), "collected") == 9


def test_unit_at_two_crossings_in_one_attempt_is_found(book, say):
    rows = [say("approved", 10), say("screened", 10, "A", place="north"), say("offloaded", 10, "A", place="south")]
    assert [(kind, unit) for kind, unit, *_ in found(book(rows))] == [("two_places", "A")]
    rows[2] = replace(rows[2], attempt=2)
    assert found(book(rows)) == []


def test_receivers_quantity_counts_and_the_difference_is_told(book, say):
    rows = [say("approved", 10), say("offloaded", 10, "A", received=Decimal(9)), say("collected", 9, "A")]
    settled = settle(book(rows))
    differences = handover_differences(settled)
    assert differences.short.tolist() == [MILLION]
    assert differences.given.tolist() == [10 * MILLION]
    assert found(book(rows)) == []
    assert found(book([*rows[:2], say("collected", 10, "A")])) == [("over_unit", "A", "offloaded", 10, 9)]


def test_what_is_stated_without_a_unit_is_held_against_the_units(book, say):
    rows = [say("approved", 20), say("offloaded", 10, "A"), say("collected", 10)]
    assert found(book(rows)) == []
    assert ("over_parts", "", "offloaded", 11, 10) in found(book([*rows[:2], say("collected", 11)]))


def test_moment_of_occurrence_is_asked_apart_from_moment_of_record(book, say):
    rows = [say("approved", 10), say("loaded", 10, "A", occurred_at=500, recorded_at=9000)]
    assert passed(book(rows), "loaded", Moment(as_of=8999)) == 0
    assert passed(book(rows), "loaded", Moment(until=499)) == 0
    assert passed(book(rows), "loaded", Moment(as_of=9000, until=500)) == 10


def test_insisted_statement_stays_as_a_discrepancy_until_its_cause_is_corrected(book, say):
    rows = [say("approved", 10), say("loaded", 10, "A"), say("offloaded", 12, "A")]
    assert len(discrepancies(settle(book(rows)))) == 2
    corrected = replace(rows[2], quantity=Decimal(10), edition=1)
    assert found(book([*rows, corrected])) == []


def test_rows_of_a_book_are_the_rows_it_was_made_of(book, say):
    rows = [say("approved", 10), say("offloaded", 10, "A", received=Decimal("9.5"), place="north", attempt=2)]
    assert sorted(book(rows).rows(), key=lambda row: row.key) == rows


def test_empty_book_has_passed_nothing(book):
    assert settle(book([])).passed[:, 0].tolist()[1:] == [0] * 11
    assert found(book([])) == []


@pytest.mark.parametrize(
    "stages",
    [
        [Stage("requested", scope="line"), Stage("loaded", "nowhere")],
        [Stage("requested", scope="line")],
        [Stage("requested", scope="line"), Stage("loaded", "requested"), Stage("loaded", "requested")],
        [Stage("requested", scope="line"), Stage("loaded", "requested", kind="gone")],
        [Stage("requested", scope="line"), Stage("loaded", "arrived"), Stage("arrived", "loaded")],
        [Stage("requested")],
        [Stage("requested", scope="line"), Stage("a", "requested"), Stage("b", "a", scope="line")],
    ],
)
def test_stages_that_do_not_hang_together_are_refused(stages):
    with pytest.raises(ValueError):
        stages_of(stages)


def test_book_refuses_unknown_words_and_finer_quantities(book, say):
    for row in (
        say("nowhere", 1),
        say("loaded", 1, line="salt"),
        say("loaded", "0.0000001"),
        say("loaded", 1, move="x"),
    ):
        with pytest.raises(ValueError):
            book([row])
