"""Which counted rows of two counts stand for the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tansiq.engine.counting._conversion import Conversion
from tansiq.engine.counting._definition import Definition
from tansiq.engine.counting._measures import Integers, Mask, Measures
from tansiq.engine.counting._selection import (
    COUNTED,
    Levels,
    Period,
    book_levels,
    row_amounts,
)

# What a pair must share besides its reference, from the closest likeness to the loosest.
_LIKENESSES = (("stage", "unit", "amount"), ("stage", "unit"), ("unit",), ())


@dataclass(frozen=True, eq=False)
class Side:
    """One of two counts, ready to be matched with the other."""

    definition: Definition
    measures: Measures
    levels: Levels  # (n,) how far each row comes in this count
    rows: Integers  # (k,) counted rows, ascending
    amounts: Integers  # (k,) their worth, millionths
    keys: Integers  # (n,) number of the outside reference, equal on both sides for equal text; -1 = none


def two_sides(
    definitions: tuple[Definition, Definition],
    measures: tuple[Measures, Measures],
    period: Period,
    as_of: int,
    conversions: Sequence[Conversion],
) -> tuple[Side, Side]:
    """Evaluate two definitions and number the references of both measures alike."""
    sides = []
    table: dict[str, int] = {}
    for definition, columns in zip(definitions, measures, strict=True):
        levels = book_levels(definition, columns, period, as_of, conversions)
        rows = np.flatnonzero(levels == COUNTED)
        amounts, _ = row_amounts(definition, columns, rows, conversions)
        sides.append(
            Side(
                definition,
                columns,
                levels,
                rows,
                amounts,
                columns.reference.astype(np.int64),
            )
        )
    if measures[0].references is measures[1].references:
        return sides[0], sides[1]
    for place, side in enumerate(sides):
        numbers = [table.setdefault(text, len(table)) for text in side.measures.references]
        keys = np.array([*numbers, -1], dtype=np.int64)[side.measures.reference]
        sides[place] = replace(side, keys=keys)
    return sides[0], sides[1]


def paired(side_a: Side, side_b: Side) -> Integers:
    """Pair counted rows that stand for the same thing.

    Returns : (p, 2) int      positions in side_a.rows and side_b.rows; each position at most once
    """
    free_a = np.ones(side_a.rows.size, dtype=np.bool_)
    free_b = np.ones(side_b.rows.size, dtype=np.bool_)
    found = []
    if side_a.measures is side_b.measures:
        pairs = _common(side_a.rows, side_b.rows)
        free_a[pairs[:, 0]] = free_b[pairs[:, 1]] = False
        found.append(pairs)
    for likeness in _LIKENESSES:
        pairs = _alike(side_a, side_b, free_a, free_b, likeness)
        free_a[pairs[:, 0]] = free_b[pairs[:, 1]] = False
        found.append(pairs)
    return np.concatenate(found)


def _alike(side_a: Side, side_b: Side, free_a: Mask, free_b: Mask, likeness: Sequence[str]) -> Integers:
    """Pair the k-th free row of a reference and likeness on one side with the k-th on the other."""
    places_a = np.flatnonzero(free_a & (side_a.keys[side_a.rows] >= 0))
    places_b = np.flatnonzero(free_b & (side_b.keys[side_b.rows] >= 0))
    numbers = np.concatenate((side_a.keys[side_a.rows[places_a]], side_b.keys[side_b.rows[places_b]]))
    for name in likeness:
        values = np.concatenate(_comparable(side_a, side_b, places_a, places_b, name))
        numbers = _dense(_dense(numbers) * (numbers.size + 1) + _dense(values))
    ranks = np.concatenate(
        (
            _ranks(numbers[: places_a.size], side_a, places_a),
            _ranks(numbers[places_a.size :], side_b, places_b),
        )
    )
    numbered = _dense(numbers) * (numbers.size + 1) + ranks
    pairs = _common(numbered[: places_a.size], numbered[places_a.size :])
    return np.stack((places_a[pairs[:, 0]], places_b[pairs[:, 1]]), axis=1)


def _comparable(
    side_a: Side, side_b: Side, places_a: Integers, places_b: Integers, name: str
) -> tuple[Integers, Integers]:
    if name == "amount":
        return side_a.amounts[places_a], side_b.amounts[places_b]
    table: dict[str, int] = {}
    columns = []
    for side, places in ((side_a, places_a), (side_b, places_b)):
        words = side.measures.tables[name]
        numbers = np.array(
            [*(table.setdefault(word, len(table)) for word in words), -1],
            dtype=np.int64,
        )
        columns.append(numbers[getattr(side.measures, name)[side.rows[places]]])
    return columns[0], columns[1]


def _ranks(numbers: Integers, side: Side, places: Integers) -> Integers:
    """Number the rows of equal number from 0, in order of event time, event and row."""
    rows = side.rows[places]
    order = np.lexsort((rows, side.measures.event[rows], side.measures.occurred_at[rows], numbers))
    ordered = numbers[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if ordered.size else ordered
    lengths = np.diff(np.append(starts, ordered.size))
    ranks = np.empty(rows.size, dtype=np.int64)
    ranks[order] = np.arange(rows.size) - np.repeat(starts, lengths)
    return ranks


def _dense(values: Integers) -> Integers:
    return np.unique(values, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _common(values_a: Integers, values_b: Integers) -> Integers:
    """Find equal values of two lists without repeats; (p, 2) positions."""
    _, places_a, places_b = np.intersect1d(values_a, values_b, assume_unique=True, return_indices=True)
    return np.stack((places_a, places_b), axis=1).astype(np.int64)
