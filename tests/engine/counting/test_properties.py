"""What holds for every count and every difference, whatever the rows."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.engine.counting import (
    CAUSES,
    MICRO,
    NO_ROW,
    TIME_RULES,
    Conversion,
    Definition,
    Period,
    evaluate,
    explain_difference,
)

PERIOD = Period(100, 200)
CONVERSIONS = (Conversion("truck", "MT", Fraction(55, 3), "hub survey"),)

ROW = st.fixed_dictionaries(
    {
        "event": st.integers(0, 12),
        "unit_key": st.integers(0, 5),
        "reference": st.sampled_from(["", "a", "b", "c"]),
        "stage": st.sampled_from(["ENTERED", "COLLECTED", None]),
        "unit": st.sampled_from(["truck", "MT", None]),
        "crossing": st.sampled_from(["north", "south"]),
        "consignor": st.sampled_from(["humanitarian", "commercial", None]),
        "source": st.sampled_from(["party", "monitor"]),
        "given": st.sampled_from([0, 1, 2, 9, None]),
        "received": st.sampled_from([0, 1, 2, None]),
        "occurred_at": st.sampled_from([90, 110, 120, 210]),
        "recorded_at": st.sampled_from([90, 115, 130, 220]),
        "replaced_at": st.sampled_from([140, 2**63 - 1, 2**63 - 1]),
    }
)


def classes(words):
    return st.none() | st.frozensets(st.sampled_from(words), min_size=1)


DEFINITION = st.builds(
    Definition,
    code=st.just("any"),
    version=st.just(1),
    stages=st.frozensets(st.sampled_from(["ENTERED", "COLLECTED"]), min_size=1),
    unit=st.sampled_from(["truck", "MT"]),
    measure=st.sampled_from(["units", "quantity"]),
    consignors=classes(["humanitarian", "commercial"]),
    crossings=classes(["north", "south"]),
    sources=classes(["party", "monitor"]),
    time_rule=st.sampled_from(TIME_RULES),
    side=st.sampled_from(["giver", "receiver", "lower"]),
)


@given(
    both_rows=st.tuples(st.lists(ROW, max_size=14), st.none() | st.lists(ROW, max_size=14)),
    definitions=st.tuples(DEFINITION, DEFINITION),
    as_of=st.sampled_from([100, 135, 150, 900]),
    conversions=st.sampled_from([(), CONVERSIONS]),
)
@settings(max_examples=400, deadline=None)
def test_difference_is_explained_wholly_and_once(measures_of, both_rows, definitions, as_of, conversions):
    rows, other_rows = both_rows
    measures_a = measures_of(rows)
    measures_b = measures_a if other_rows is None else measures_of(other_rows)
    definition_a, definition_b = definitions
    difference = explain_difference(
        definition_a, measures_a, definition_b, measures_b, PERIOD, as_of=as_of, conversions=conversions
    )
    count_a = evaluate(definition_a, measures_a, PERIOD, as_of, conversions=conversions)
    count_b = evaluate(definition_b, measures_b, PERIOD, as_of, conversions=conversions)
    assert (difference.total_a_micro, difference.total_b_micro) == (count_a.total_micro, count_b.total_micro)
    contributions = sum(share.contribution_micro for share in difference.shares)
    assert contributions == count_a.total_micro - count_b.total_micro
    for count, agreed, column in (
        (count_a, difference.agreed_a, "rows_a"),
        (count_b, difference.agreed_b, "rows_b"),
    ):
        stood = [getattr(share, column) for share in difference.shares]
        stood = np.concatenate([*stood, agreed]) if stood else agreed
        assert sorted(stood[stood != NO_ROW].tolist()) == count.rows.tolist()
    assert [share.cause for share in difference.shares] == sorted(
        {share.cause for share in difference.shares}, key=CAUSES.index
    )


@given(rows=st.lists(ROW, max_size=14), definitions=st.tuples(DEFINITION, DEFINITION))
@settings(max_examples=150, deadline=None)
def test_difference_read_the_other_way_has_the_opposite_sign(measures_of, rows, definitions):
    measures = measures_of(rows)
    one = explain_difference(definitions[0], measures, definitions[1], measures, PERIOD, as_of=900)
    two = explain_difference(definitions[1], measures, definitions[0], measures, PERIOD, as_of=900)
    assert sum(share.contribution_micro for share in one.shares) == -sum(
        share.contribution_micro for share in two.shares
    )
    assert sorted(one.agreed_a.tolist()) == sorted(two.agreed_b.tolist())


def known_rows(definition, rows, as_of):
    """Pick, one at a time, the rows in a definition's book and scope."""
    asked = {
        "stage": definition.stages,
        "unit": {definition.unit},
        "consignor": definition.consignors,
        "crossing": definition.crossings,
        "source": definition.sources,
    }
    for number, row in enumerate(rows):
        in_scope = all(words is None or row[name] in words for name, words in asked.items())
        if in_scope and row["recorded_at"] <= as_of < row["replaced_at"]:
            yield number, row


def earliest(numbered, time):
    """Keep the earliest row of each unit."""
    best = {}
    for number, row in numbered:
        rank = (row[time], row["recorded_at"], row["event"], number)
        best[row["unit_key"]] = min(best.get(row["unit_key"], rank), rank)
    return [(rank[-1], {time: rank[0]}) for rank in best.values()]


def plainly_counted(definition, rows, as_of):
    """Count the slow and obvious way."""
    time = "recorded_at" if definition.time_rule == "recorded" else "occurred_at"
    numbered = list(known_rows(definition, rows, as_of))
    if definition.time_rule == "first_occurrence":
        numbered = earliest(numbered, time)
    inside = [(number, row) for number, row in numbered if PERIOD.start <= row[time] < PERIOD.end]
    if definition.measure == "units" and definition.time_rule != "first_occurrence":
        inside = earliest(inside, time)
    return sorted(number for number, _ in inside)


def plainly_worth(definition, row):
    stated = {"giver": [row["given"]], "receiver": [row["received"]], "lower": [row["given"], row["received"]]}
    sides = [quantity for quantity in stated[definition.side] if quantity is not None]
    return 1 if definition.measure == "units" else min(sides, default=0)


@given(rows=st.lists(ROW, max_size=16), definition=DEFINITION, as_of=st.sampled_from([100, 135, 150, 900]))
@settings(max_examples=300, deadline=None)
def test_count_equals_the_count_made_one_row_at_a_time(measures_of, rows, definition, as_of):
    count = evaluate(definition, measures_of(rows), PERIOD, as_of, group_by=("day", "crossing", "stage"))
    expected = plainly_counted(definition, rows, as_of)
    assert count.rows.tolist() == expected
    assert count.amounts.tolist() == [plainly_worth(definition, rows[number]) * MICRO for number in expected]
    assert count.total_micro == sum(count.amounts.tolist()) == sum(group.total_micro for group in count.groups)
    assert len(expected) == sum(group.row_count for group in count.groups)
