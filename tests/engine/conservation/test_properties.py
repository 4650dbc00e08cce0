"""What holds for every set of statements, whatever it says and in whatever order it arrives."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.engine.conservation import (
    Line,
    Moment,
    Statement,
    book_of,
    discrepancies,
    from_micro,
    judge,
    settle,
)
from tools.plain_conservation import plainly_settled

LINES = (Line("flour", "pallet", Decimal(20)), Line("tents", "pallet", Decimal(8)))
OF_LINES = ("approved", "rejected")
OF_UNITS = ("loaded", "screened", "returned", "offloaded", "collected", "arrived", "intercepted", "lost", "distributed")
PARENTS = {"A1": "A", "A2": "A", "B1": "B"}


@st.composite
def statement(draw, sources=("monitor",), keys=12):
    """Draw a statement that may say anything."""
    unit = draw(st.sampled_from(["A", "B", "A1", "A2", "B1", "C"]))
    move = draw(st.sampled_from(["reached"] * 6 + ["taken", "made"]))
    stage = draw(st.sampled_from((*OF_LINES, *OF_UNITS, *OF_UNITS)))
    names_parent = draw(st.booleans())
    at = draw(st.integers(0, 5)) * 400
    return Statement(
        source=draw(st.sampled_from(sources)),
        key=f"k{draw(st.integers(0, keys))}",
        line=draw(st.sampled_from([line.code for line in LINES])),
        stage=stage,
        quantity=draw(st.sampled_from([Decimal(number) for number in ("0", "1", "4", "4", "7.5", "20")])),
        measure="pallet",
        occurred_at=at,
        recorded_at=at + draw(st.integers(0, 3)) * 500,
        received=draw(st.sampled_from([None, None, Decimal(3)])),
        handling_unit="" if stage in OF_LINES else unit,
        parent=PARENTS.get(unit, "") if stage in OF_UNITS and names_parent else "",
        attempt=draw(st.sampled_from([1, 1, 1, 2])),
        edition=draw(st.sampled_from([0, 0, 0, 1])),
        place=draw(st.sampled_from(["", "north", "south"])),
        move=move,
        group=draw(st.sampled_from(["g", "h"])) if move != "reached" else "",
    )


@given(rows=st.lists(statement(), max_size=14), data=st.data(), as_of=st.sampled_from([700, 1600, 9999]))
@settings(max_examples=120, deadline=None)
def test_settle_does_not_depend_on_the_order_of_arrival(stages, rows, data, as_of):
    other = data.draw(st.permutations(rows))
    one, two = (settle(book_of(LINES, held, stages), Moment(as_of)) for held in (rows, other))
    assert one.passed.tolist() == two.passed.tolist()
    assert one.left.tolist() == two.left.tolist()
    assert discrepancies(one) == discrepancies(two)


@given(rows=st.lists(statement(sources=("monitor", "depot")), max_size=14), data=st.data())
@settings(max_examples=80, deadline=None)
def test_settle_does_not_depend_on_the_times_of_record_once_all_is_known(stages, rows, data):
    later = [replace(row, recorded_at=data.draw(st.integers(0, 5000))) for row in rows]
    one, two = (settle(book_of(LINES, held, stages)) for held in (rows, later))
    assert one.passed.tolist() == two.passed.tolist()
    assert discrepancies(one) == discrepancies(two)


@given(rows=st.lists(statement(), max_size=14))
@settings(max_examples=80, deadline=None)
def test_settle_takes_what_arrives_twice_once(stages, rows):
    one, two = (settle(book_of(LINES, held, stages)) for held in (rows, rows + rows[::-1]))
    assert one.passed.tolist() == two.passed.tolist()
    assert discrepancies(one) == discrepancies(two)


def crowded_rows(random):
    """Rows that say much of few units, far more of it contradictory than any operation would bear."""
    rows = []
    for number in range(random.randint(1, 22)):
        unit, stage = random.choice(["A", "B", "A1", "A2", "B1", "C"]), random.choice(OF_LINES + OF_UNITS * 2)
        move = random.choice(["reached"] * 6 + ["taken", "made"])
        is_of_unit, at = stage in OF_UNITS, random.randint(0, 5) * 400
        row = Statement(
            source="monitor",
            key=f"k{number}",
            line=random.choice(LINES).code,
            stage=stage,
            quantity=Decimal(random.choice(["0", "1", "4", "4", "7.5", "20"])),
            measure="pallet",
            occurred_at=at,
            recorded_at=at + random.randint(0, 3) * 500,
            received=random.choice([None, None, Decimal(3)]),
            handling_unit=unit if is_of_unit else "",
            parent=PARENTS.get(unit, "") if is_of_unit and random.random() < 0.6 else "",
            attempt=random.choice([1, 1, 1, 2]),
            move=move,
            group=random.choice("gh") if move != "reached" else "",
        )
        rows.append(row)
    return rows


def test_settle_equals_the_balance_made_one_line_at_a_time(stages):
    random, kinds = Random(20), Counter()
    for _ in range(400):
        rows = crowded_rows(random)
        as_of = random.choice([700, 1600, 9999])
        settled = settle(book_of(LINES, rows, stages), Moment(as_of))
        plain = plainly_settled(LINES, rows, stages, as_of=as_of)
        passed = {
            (line.code, stage.code): from_micro(int(settled.passed[place, column]))
            for column, line in enumerate(LINES)
            for place, stage in enumerate(stages.stages)
        }
        over = {in_words(one) for one in discrepancies(settled) if one.kind.startswith("over")}
        assert (passed, over) == (plain.passed, plain.over), rows
        kinds.update(one[0] for one in over)
    assert min(kinds[kind] for kind in ("over_line", "over_unit", "over_parts")) > 20


def in_words(one):
    stated, limit = from_micro(one.stated_micro), from_micro(one.limit_micro)
    return one.kind, one.line, one.unit, one.attempt, one.stage, stated, limit


@given(rows=st.lists(statement(), max_size=12), proposed=statement(keys=10**6))
@settings(max_examples=80, deadline=None)
def test_judge_refuses_exactly_what_would_make_things_worse(stages, rows, proposed):
    verdict = judge(book_of(LINES, rows, stages), [proposed])
    before, after = (
        {one.identity: one.over_micro for one in discrepancies(settle(book_of(LINES, held, stages)))}
        for held in (rows, [*rows, proposed])
    )
    summed = ("over_line", "over_unit", "over_parts", "unequal_change")
    worse = {name for name, size in after.items() if name not in before or (name[0] in summed and size > before[name])}
    assert {refusal.discrepancy.identity for refusal in verdict.refusals} == worse
    assert verdict.accepted == (not worse)
    assert {one.identity for one in verdict.resolved} == set(before) - set(after)
    for refusal in verdict.refusals:
        assert refusal.before_micro + refusal.added_micro == refusal.discrepancy.stated_micro
