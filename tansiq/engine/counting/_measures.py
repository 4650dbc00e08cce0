"""What happened, as columns: one row per event and handling unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Codes = NDArray[np.integer]
Mask = NDArray[np.bool_]

MICRO: Final = 1_000_000  # quantities are whole millionths of their unit, so that sums are exact
NOT_STATED: Final = int(np.iinfo(np.int64).min)  # a quantity that this side did not state
NEVER: Final = int(np.iinfo(np.int64).max)  # an event that nobody has corrected or withdrawn

CODED: Final = ("stage", "unit", "crossing", "consignor", "commodity", "source")
_TIMES: Final = (
    "event",
    "occurred_at",
    "recorded_at",
    "replaced_at",
    "given",
    "received",
)


@dataclass(frozen=True, eq=False)
class Measures:
    """Columns of equal length (n,); coded columns index into `tables`, -1 means not stated."""

    event: Integers  # event number; the rows of one event share it
    unit_key: Codes  # consignment or handling unit, dense 0..k-1
    reference: Codes  # code of the outside reference (waybill, manifest line); -1 = none
    references: Sequence[str]  # table of `reference`; equal text in two ledgers means the same thing
    stage: Codes
    unit: Codes
    crossing: Codes
    consignor: Codes
    commodity: Codes
    source: Codes
    given: Integers  # quantity stated by the giver, millionths of the unit; NOT_STATED allowed
    received: Integers  # quantity stated by the receiver, likewise
    occurred_at: Integers  # event time, s since 1970 UTC
    recorded_at: Integers  # record time, s since 1970 UTC
    replaced_at: Integers  # record time of the correction or withdrawal of this event; NEVER if none
    tables: Mapping[str, Sequence[str]]  # for each name in CODED: code -> word

    def __post_init__(self) -> None:
        for name in ("unit_key", "reference", *CODED, *_TIMES):
            column = getattr(self, name)
            if column.shape != self.event.shape or column.dtype.kind != "i":
                raise ValueError(f"column {name} must hold {self.event.shape} signed integers")
        for name in CODED:
            _check_codes(name, getattr(self, name), len(self.tables[name]))
        _check_codes("reference", self.reference, len(self.references))
        if len(self) and int(self.unit_key.min()) < 0:
            raise ValueError("column unit_key must not be negative")

    def __len__(self) -> int:
        return int(self.event.shape[0])

    @cached_property
    def unit_key_count(self) -> int:
        """One more than the largest unit key."""
        return int(self.unit_key.max()) + 1 if len(self) else 0

    def words(self, column: str, rows: Integers) -> list[str]:
        """Give the words of a coded column at some rows; '' where nothing was stated."""
        table = (*self.tables[column], "")
        return [table[code] for code in getattr(self, column)[rows].tolist()]


def _check_codes(name: str, codes: Codes, size: int) -> None:
    if codes.size and (int(codes.min()) < -1 or int(codes.max()) >= size):
        raise ValueError(f"column {name} holds a code outside its table of {size}")


def to_micro(quantity: int | str | Decimal | None) -> int:
    """Turn a quantity into whole millionths of its unit, exactly.

    quantity : int, decimal text, Decimal or None   None gives NOT_STATED
    Returns : int
    Raises : ValueError                             not finite, or finer than a millionth
    """
    if quantity is None:
        return NOT_STATED
    try:
        scaled = Decimal(quantity).scaleb(6)
    except ArithmeticError as error:
        raise ValueError(f"not a quantity: {quantity!r}") from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"not a whole number of millionths: {quantity!r}")
    return int(scaled)


def replacement_times(event: Integers, replaced: Integers, replaced_at: Integers) -> Integers:
    """Say for each row when its event was first corrected or withdrawn.

    event : (n,) int          event number of each row
    replaced : (m,) int       event numbers that a correction or a withdrawal names
    replaced_at : (m,) int    record time of that correction or withdrawal, s
    Returns : (n,) int        earliest such time, NEVER where there is none
    """
    times = np.full(event.shape, NEVER, dtype=np.int64)
    if not replaced.size:
        return times
    order = np.lexsort((replaced_at, replaced))
    named, first = np.unique(replaced[order], return_index=True)
    place = np.minimum(np.searchsorted(named, event), named.size - 1)
    hit = named[place] == event
    times[hit] = replaced_at[order][first[place[hit]]]
    return times


def coded(words: Iterable[str | None]) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Turn words into codes and their table, in order of first appearance; None and '' give -1."""
    table: dict[str, int] = {}
    codes = [table.setdefault(word, len(table)) if word else -1 for word in words]
    return np.array(codes, dtype=np.int32), tuple(table)
