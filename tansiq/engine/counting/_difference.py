"""Why two counts differ: each row counted by one and not, or otherwise, by the other has one cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.counting import _selection as selection
from tansiq.engine.counting._conversion import Conversion
from tansiq.engine.counting._definition import Definition
from tansiq.engine.counting._evaluate import exact_sum
from tansiq.engine.counting._matching import Side, paired, two_sides
from tansiq.engine.counting._measures import Integers, Mask, Measures
from tansiq.engine.counting._selection import Period

# The first five stand in the order of the tests in _selection, so that a failed test is its cause's place.
CAUSES: Final = (
    "other_stage",
    "other_scope",
    "other_unit",
    "other_day",
    "counted_twice",
    "missing_in_one",
    "quantities_differ",
)
NO_ROW: Final = -1

_AGREED: Final = -1
_STAGE, _, _UNIT, _DAY, _TWICE, _MISSING, _QUANTITY = range(len(CAUSES))


@dataclass(frozen=True, eq=False)
class CauseShare:
    """What one cause adds to the difference, line by line."""

    cause: str  # one of CAUSES
    contribution_micro: int  # sum of the lines
    rows_a: Integers  # (k,) counted row of the first measures, or NO_ROW
    rows_b: Integers  # (k,) counted row of the second measures, or NO_ROW
    contributions: Integers  # (k,) millionths: worth in the first count less worth in the second


@dataclass(frozen=True, eq=False)
class Difference:
    """Two totals and everything that stands between them."""

    total_a_micro: int
    total_b_micro: int
    shares: tuple[CauseShare, ...]  # in the order of CAUSES; only causes that have lines
    agreed_a: Integers  # (m,) rows that both counts take at the same worth: those of the first
    agreed_b: Integers  # (m,) and those of the second, pairwise


@dataclass(frozen=True, eq=False)
class _Lines:
    """Lines of the explanation, not yet sorted by cause."""

    causes: NDArray[np.int8]  # place in CAUSES, or _AGREED
    rows_a: Integers
    rows_b: Integers
    contributions: Integers


def explain_difference(
    definition_a: Definition,
    measures_a: Measures,
    definition_b: Definition,
    measures_b: Measures,
    period: Period,
    *,
    as_of: int,
    conversions: Sequence[Conversion] = (),
) -> Difference:
    """Explain the whole difference between two counts, row by row.

    Rows that stand for the same thing are paired first: the same row (when both measures are one object),
    then equal outside references, preferring the same stage, unit and amount, in order of time. A pair of
    equal worth agrees; another pair is one line. A row without partner is one line, whose cause is the
    test at which the nearest row of the same reference fails in the other count.

    measures_a, measures_b : Measures   may be the same object
    period : Period                     half-open, s since 1970 UTC
    as_of : int                         s since 1970 UTC
    Returns : Difference                the shares' contributions sum exactly to total a less total b,
                                        because every worth is a whole number of millionths and each
                                        counted row stands in exactly one pair or line
    """
    side_a, side_b = two_sides(
        (definition_a, definition_b),
        (measures_a, measures_b),
        period,
        as_of,
        conversions,
    )
    pairs = paired(side_a, side_b)
    together = _pair_lines(side_a, side_b, pairs)
    lone_a = _lone_lines(side_a, side_b, pairs[:, 0], conversions)
    lone_b = _lone_lines(side_b, side_a, pairs[:, 1], conversions)
    turned = _Lines(lone_b.causes, lone_b.rows_b, lone_b.rows_a, -lone_b.contributions)
    agreed = together.causes == _AGREED
    return Difference(
        total_a_micro=exact_sum(side_a.amounts),
        total_b_micro=exact_sum(side_b.amounts),
        shares=_shares((together, lone_a, turned)),
        agreed_a=together.rows_a[agreed],
        agreed_b=together.rows_b[agreed],
    )


def _pair_lines(side_a: Side, side_b: Side, pairs: Integers) -> _Lines:
    rows_a, rows_b = side_a.rows[pairs[:, 0]], side_b.rows[pairs[:, 1]]
    contributions = side_a.amounts[pairs[:, 0]] - side_b.amounts[pairs[:, 1]]
    causes = np.full(contributions.size, _AGREED, dtype=np.int8)
    if side_a.definition.unit != side_b.definition.unit:
        causes[:] = _UNIT  # one truck and one pallet are no agreement
    else:
        unequal = np.flatnonzero(contributions)
        words_a = np.array(side_a.measures.words("stage", rows_a[unequal]), dtype=np.str_)
        words_b = np.array(side_b.measures.words("stage", rows_b[unequal]), dtype=np.str_)
        causes[unequal] = np.where(words_a == words_b, _QUANTITY, _STAGE)
    return _Lines(causes, rows_a, rows_b, contributions)


def _lone_lines(side: Side, other: Side, taken: Integers, conversions: Sequence[Conversion]) -> _Lines:
    """Give one line to each counted row of a side that has no partner; `side` is the first column."""
    lone = np.ones(side.rows.size, dtype=np.bool_)
    lone[taken] = False
    rows = side.rows[lone]
    best = _best_levels(other, max(_key_count(side), _key_count(other)))[side.keys[rows]]
    own = selection.admission_levels(other.definition, side.measures, conversions)[rows]
    causes = np.where(own < selection.FAILS_TIME, own, _MISSING)
    near = (best >= 0) & (best < selection.COUNTED)
    causes[near] = best[near]
    repeat = best == selection.COUNTED
    again = repeat & (own == selection.FAILS_TIME) & _is_again(side, lone)
    causes[repeat] = np.where(own < selection.FAILS_TIME, own, _MISSING)[repeat]
    causes[again] = _TWICE
    if side.measures is other.measures:
        here = other.levels[rows]
        exact = (here >= 0) & (repeat | (best < 0))
        causes[exact] = here[exact]
    nothing = np.full(rows.size, NO_ROW, dtype=np.int64)
    return _Lines(causes.astype(np.int8), rows, nothing, side.amounts[lone])


def _best_levels(other: Side, key_count: int) -> selection.Levels:
    """Say for each reference how far its nearest row comes in the other count; last entry: no reference."""
    best = np.full(key_count + 1, selection.OUTSIDE_BOOK, dtype=np.int8)
    np.maximum.at(best, other.keys, other.levels)
    best[-1] = selection.OUTSIDE_BOOK
    return best


def _key_count(side: Side) -> int:
    return int(side.keys.max()) + 1 if side.keys.size else 0


def _is_again(side: Side, lone: Mask) -> Mask:
    """Say of each lone row whether its own count has taken the same unit and reference before it."""
    order = np.lexsort((side.rows, lone))  # those with a partner come first
    rows = side.rows[order]
    numbers = side.keys[rows] * (side.measures.unit_key_count + 1) + side.measures.unit_key[rows]
    _, first = np.unique(numbers, return_index=True)
    again = np.ones(rows.size, dtype=np.bool_)
    again[first] = False
    in_order = np.empty(rows.size, dtype=np.bool_)
    in_order[order] = again
    return in_order[lone]


def _shares(lines: Sequence[_Lines]) -> tuple[CauseShare, ...]:
    causes = np.concatenate([part.causes for part in lines])
    rows_a = np.concatenate([part.rows_a for part in lines])
    rows_b = np.concatenate([part.rows_b for part in lines])
    contributions = np.concatenate([part.contributions for part in lines])
    shares = []
    for place, cause in enumerate(CAUSES):
        mine = np.flatnonzero(causes == place)
        if mine.size:
            parts = (rows_a[mine], rows_b[mine], contributions[mine])
            shares.append(CauseShare(cause, exact_sum(parts[2]), *parts))
    return tuple(shares)
