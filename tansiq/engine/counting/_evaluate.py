"""One definition evaluated: the total, its groups, and the rows it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tansiq.engine.counting._conversion import Conversion
from tansiq.engine.counting._days import day_date, day_numbers
from tansiq.engine.counting._definition import Definition
from tansiq.engine.counting._measures import CODED, Integers, Mask, Measures
from tansiq.engine.counting._selection import Period, counted_rows, row_amounts

GROUPS: Final = ("day", *CODED)
_HALF_RANGE: Final = 1 << 62
_LARGEST_TABLE: Final = 1 << 20


@dataclass(frozen=True, eq=False)
class Group:
    """One group of a count."""

    key: tuple[str, ...]  # one word per grouping asked for; a day as YYYY-MM-DD; '' = not stated
    total_micro: int  # millionths of the definition's unit
    row_count: int


@dataclass(frozen=True, eq=False)
class Count:
    """What a definition counts, with the rows that prove it."""

    total_micro: int  # millionths of the definition's unit, exact
    rows: Integers  # (k,) counted rows, ascending
    amounts: Integers  # (k,) what each is worth, millionths; they sum to the total
    not_stated: Mask  # (k,) counted, but the side asked for stated no quantity, so it is worth 0
    groups: tuple[Group, ...]  # in the order of their keys; they partition the rows


def evaluate(
    definition: Definition,
    measures: Measures,
    period: Period,
    as_of: int,
    *,
    group_by: Sequence[str] | None = None,
    conversions: Sequence[Conversion] = (),
) -> Count:
    """Count what a definition takes from the measures, as they were known at a time.

    period : Period           half-open, s since 1970 UTC; judged by the definition's time rule
    as_of : int               s since 1970 UTC; an event corrected or withdrawn by then is left out
    group_by : names          of GROUPS; the day is the definition's counting day
    conversions : stated      units that convert into the definition's unit; without them none does
    Returns : Count           in 'units' each unit counts once in the period, at its earliest row
    Raises : ValueError       an unknown grouping, or a conversion stated twice
    """
    unknown = [name for name in group_by or () if name not in GROUPS]
    if unknown:
        raise ValueError(f"unknown grouping {unknown[0]!r}, expected some of {', '.join(GROUPS)}")
    rows = counted_rows(definition, measures, period, as_of, conversions)
    amounts, not_stated = row_amounts(definition, measures, rows, conversions)
    groups = _groups(definition, measures, rows, amounts, group_by) if group_by else ()
    return Count(exact_sum(amounts), rows, amounts, not_stated, groups)


def exact_sum(amounts: Integers) -> int:
    """Add up whole numbers without overflow."""
    if not amounts.size:
        return 0
    largest = max(abs(int(amounts.min())), abs(int(amounts.max())))
    if largest * amounts.size < _HALF_RANGE:
        return int(amounts.sum())
    return sum(amounts.tolist())


def _groups(
    definition: Definition,
    measures: Measures,
    rows: Integers,
    amounts: Integers,
    group_by: Sequence[str],
) -> tuple[Group, ...]:
    number = np.zeros(rows.size, dtype=np.int64)
    labels: list[list[str]] = []
    size = 1
    for name in group_by:
        codes, words = _labels(definition, measures, rows, name)
        labels.append(words)
        number = number * len(words) + codes
        size *= len(words)
    keys, place = _dense(number, size)
    row_counts = np.bincount(place, minlength=keys.size).tolist()
    totals = _group_totals(place, amounts, keys.size)
    groups = [
        Group(_key(key, labels), total, row_count)
        for key, total, row_count in zip(keys.tolist(), totals, row_counts, strict=True)
    ]
    return tuple(sorted(groups, key=lambda group: group.key))


def _dense(number: Integers, size: int) -> tuple[Integers, Integers]:
    """Give the numbers that occur, ascending, and each one's place among them; by a table if that is small."""
    if size > _LARGEST_TABLE:
        keys, place = np.unique(number, return_inverse=True)
        return keys, place.reshape(-1)
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[number] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[number]


def _labels(definition: Definition, measures: Measures, rows: Integers, name: str) -> tuple[Integers, list[str]]:
    """Give a code from 0 for each row and the words the codes stand for."""
    if name != "day":
        words = [*measures.tables[name], ""]
        codes = getattr(measures, name)[rows].astype(np.int64)
        return np.where(codes < 0, len(words) - 1, codes), words
    times = measures.recorded_at if definition.time_rule == "recorded" else measures.occurred_at
    days = day_numbers(times[rows], definition.timezone, definition.day_starts_s)
    first, last = (int(days.min()), int(days.max())) if days.size else (0, 0)
    return days - first, [day_date(day).isoformat() for day in range(first, last + 1)]


def _group_totals(place: Integers, amounts: Integers, size: int) -> list[int]:
    largest = max(abs(int(amounts.min())), abs(int(amounts.max()))) if amounts.size else 0
    if largest * amounts.size < _HALF_RANGE:
        totals = np.zeros(size, dtype=np.int64)
        np.add.at(totals, place, amounts)
        return [int(total) for total in totals]
    return [exact_sum(amounts[place == group]) for group in range(size)]


def _key(number: int, labels: list[list[str]]) -> tuple[str, ...]:
    words: list[str] = []
    for table in reversed(labels):
        number, code = divmod(number, len(table))
        words.append(table[code])
    return tuple(reversed(words))
