"""Which rows a definition takes, by which test each other row fails, and what each row is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.counting._conversion import Conversion, converted, factors_into
from tansiq.engine.counting._definition import Definition
from tansiq.engine.counting._measures import (
    MICRO,
    NEVER,
    NOT_STATED,
    Codes,
    Integers,
    Mask,
    Measures,
)

# The tests a row must pass, in order; the last number means that it is counted.
FAILS_STAGE: Final = 0
FAILS_SCOPE: Final = 1
FAILS_UNIT: Final = 2
FAILS_TIME: Final = 3
REPEATED: Final = 4
COUNTED: Final = 5
OUTSIDE_BOOK: Final = -1

Levels = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open span of time."""

    start: int  # s since 1970 UTC, inside
    end: int  # s since 1970 UTC, outside


def counted_rows(
    definition: Definition,
    measures: Measures,
    period: Period,
    as_of: int,
    conversions: Sequence[Conversion] = (),
) -> Integers:
    """List the rows that a definition counts, in order.

    period : Period           judged by the definition's time rule
    as_of : int               s since 1970 UTC; nothing recorded later is known
    Returns : (k,) int        row numbers, ascending
    """
    mask = in_book(definition, measures, as_of)
    _keep(mask, measures, "stage", definition.stages)
    for column, words in _scope(definition):
        _keep(mask, measures, column, words)
    _keep(mask, measures, "unit", frozenset(_factors(definition, conversions)))
    if definition.time_rule == "first_occurrence":
        rows = np.flatnonzero(mask)
        rows = rows[first_of_each(measures, rows, measures.occurred_at[rows])]
        return rows[_in_period(measures.occurred_at[rows], period)]
    times = _times(definition, measures)
    mask &= _in_period(times, period)
    rows = np.flatnonzero(mask)
    if definition.measure == "units":
        rows = rows[first_of_each(measures, rows, times[rows])]
    return rows


def admission_levels(definition: Definition, measures: Measures, conversions: Sequence[Conversion] = ()) -> Levels:
    """Say for each row the first of the timeless tests that it fails, whoever's ledger it stands in.

    Returns : (n,) int8       FAILS_STAGE, FAILS_SCOPE or FAILS_UNIT; FAILS_TIME where all three are passed
    """
    levels = np.full(len(measures), FAILS_TIME, dtype=np.int8)
    unit = (("unit", frozenset(_factors(definition, conversions))),)
    stage = (("stage", definition.stages),)
    for level, columns in (
        (FAILS_UNIT, unit),
        (FAILS_SCOPE, _scope(definition)),
        (FAILS_STAGE, stage),
    ):
        passed = np.ones(len(measures), dtype=np.bool_)
        for column, words in columns:
            _keep(passed, measures, column, words)
        levels[~passed] = level
    return levels


def book_levels(
    definition: Definition,
    measures: Measures,
    period: Period,
    as_of: int,
    conversions: Sequence[Conversion] = (),
) -> Levels:
    """Say for each row how far it comes in a count: the first test it fails, or COUNTED.

    Returns : (n,) int8       FAILS_STAGE ... COUNTED; OUTSIDE_BOOK where the sources do not hold the row
    """
    levels = admission_levels(definition, measures, conversions)
    book = in_book(definition, measures, as_of)
    levels[~book] = OUTSIDE_BOOK
    rows = np.flatnonzero(levels == FAILS_TIME)
    times = _times(definition, measures)[rows]
    if definition.time_rule == "first_occurrence":
        times = _least_per_key(measures, measures.unit_key[rows], times)[measures.unit_key[rows]]
    levels[rows[_in_period(times, period)]] = REPEATED
    levels[counted_rows(definition, measures, period, as_of, conversions)] = COUNTED
    return levels


def row_amounts(
    definition: Definition,
    measures: Measures,
    rows: Integers,
    conversions: Sequence[Conversion] = (),
) -> tuple[Integers, Mask]:
    """Say what each of some rows is worth to a definition, and which of them state no quantity.

    Returns : (k,) int        millionths of the definition's unit; 0 where not stated
    Returns : (k,) bool       True where the side that the definition asks for stated nothing
    """
    if definition.measure == "units":
        return np.full(rows.size, MICRO, dtype=np.int64), np.zeros(rows.size, dtype=np.bool_)
    amounts = _stated(definition.side, measures, rows)
    silent = amounts == NOT_STATED
    amounts[silent] = 0
    factors = _factors(definition, conversions)
    for place in np.flatnonzero(measures.unit[rows] != _code_of(measures, definition.unit)).tolist():
        word = measures.tables["unit"][measures.unit[rows[place]]]
        amounts[place] = converted(int(amounts[place]), factors[word])
    return amounts, silent


def first_of_each(measures: Measures, rows: Integers, times: Integers) -> Integers:
    """Pick the earliest row of each unit, as positions in `rows`, ascending.

    rows : (k,) int           row numbers
    times : (k,) int          time of each of them, s since 1970 UTC
    Returns : (u,) int        positions; ties go to the earlier record, then the lower event number and row
    """
    keys = measures.unit_key[rows]
    keep = np.arange(rows.size, dtype=np.int64)
    for column in (times, measures.recorded_at[rows], measures.event[rows], rows):
        values = column[keep]
        least = _least_per_key(measures, keys[keep], values)
        keep = keep[values == least[keys[keep]]]
        if keep.size == np.count_nonzero(least != NEVER):
            break
    return keep


def in_book(definition: Definition, measures: Measures, as_of: int) -> Mask:
    """Say which rows the definition's sources had on record and not replaced, as of a time."""
    mask = (measures.recorded_at <= as_of) & (measures.replaced_at > as_of)
    _keep(mask, measures, "source", definition.sources)
    return mask


def _least_per_key(measures: Measures, keys: Codes, values: Integers) -> Integers:
    least = np.full(measures.unit_key_count, NEVER, dtype=np.int64)
    np.minimum.at(least, keys, values)
    return least


def _keep(mask: Mask, measures: Measures, column: str, words: frozenset[str] | None) -> None:
    """Clear the mask where a coded column holds another word than these; None lets all pass."""
    if words is None:
        return
    allowed = np.array([word in words for word in (*measures.tables[column], "")], dtype=np.bool_)
    allowed[-1] = False  # code -1, not stated, is never in a named class
    mask &= allowed[getattr(measures, column)]


def _scope(definition: Definition) -> tuple[tuple[str, frozenset[str] | None], ...]:
    return (
        ("consignor", definition.consignors),
        ("commodity", definition.commodities),
        ("crossing", definition.crossings),
    )


def _factors(definition: Definition, conversions: Sequence[Conversion]) -> dict[str, Fraction]:
    """Quantities convert, numbers of handling units never do."""
    return factors_into(definition.unit, conversions if definition.measure == "quantity" else ())


def _times(definition: Definition, measures: Measures) -> Integers:
    return measures.recorded_at if definition.time_rule == "recorded" else measures.occurred_at


def _in_period(times: Integers, period: Period) -> Mask:
    return (times >= period.start) & (times < period.end)


def _stated(side: str, measures: Measures, rows: Integers) -> Integers:
    """Give the quantity that counts at a hand-over; the lower one is the lower of those stated."""
    given, received = measures.given[rows], measures.received[rows]
    if side == "giver":
        return given
    if side == "receiver":
        return received
    lower = np.minimum(given, received)
    return np.where(lower == NOT_STATED, np.maximum(given, received), lower)


def _code_of(measures: Measures, unit: str) -> int:
    table = list(measures.tables["unit"])
    return table.index(unit) if unit in table else -2
