"""What is asked for and what is stated of it: lines and statements, as rows and as columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tansiq.engine.counting import NOT_STATED, to_micro

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOVES: Final = ("reached", "taken", "made")


@dataclass(frozen=True, slots=True)
class Line:
    """One line item: what was asked for."""

    code: str  # names the line among all lines
    unit: str  # unit of measure of its quantities
    requested: Decimal  # in that unit; >= 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One source says that a quantity of a line reached a stage, or passed from one unit or line to another.

    A split, a repack and a substitution are statements of one group: what was 'taken' from units (or lines) at a
    stage, and what was 'made' of it there.
    """

    source: str  # who says so
    key: str  # names the event in its source: the same key is the same event, however often it comes
    line: str
    stage: str
    quantity: Decimal | None  # as the giver counted; None: not stated, or withdrawn
    measure: str  # unit of measure of both quantities
    occurred_at: int  # s since 1970 UTC
    recorded_at: int  # s since 1970 UTC
    received: Decimal | None = None  # as the receiver counted at a hand-over; it goes before the giver's
    handling_unit: str = ""  # truck or pallet; empty: the whole line
    parent: str = ""  # the unit it was split from
    attempt: int = 1  # number of the try to pass; >= 1
    edition: int = 0  # 0: first stated; a higher one replaces it
    place: str = ""  # where; empty: not stated
    move: str = "reached"  # one of MOVES
    group: str = ""  # the split, repack or substitution to which a 'taken' or 'made' belongs


@dataclass(frozen=True, eq=False)
class Statements:
    """Statements as columns (n,); coded columns index the sorted tables of words, -1 means not stated."""

    source: Integers
    key: Integers
    line: Integers  # number of the line
    stage: Integers  # number of the stage
    unit: Integers  # handling unit
    parent: Integers  # handling unit
    measure: Integers  # unit of measure
    place: Integers
    group: Integers
    move: Integers  # index into MOVES
    attempt: Integers
    edition: Integers
    given: Integers  # millionths of the measure; NOT_STATED allowed
    received: Integers  # likewise
    occurred_at: Integers  # s since 1970 UTC
    recorded_at: Integers  # s since 1970 UTC
    sources: Sequence[str]
    keys: Sequence[str]
    units: Sequence[str]
    measures: Sequence[str]
    places: Sequence[str]
    groups: Sequence[str]

    def __post_init__(self) -> None:
        for name in COLUMNS:
            column = getattr(self, name)
            if column.shape != self.line.shape or column.dtype != np.int64:
                raise ValueError(f"column {name} must hold {self.line.shape} 64-bit integers")
        for name, table in TABLES.items():
            _check_codes(name, getattr(self, name), len(getattr(self, table)))
        _check_codes("move", self.move, len(MOVES))

    def __len__(self) -> int:
        return int(self.line.shape[0])

    def amount(self) -> Integers:
        """Give what each statement counts for: the receiver's quantity, else the giver's; (n,) millionths."""
        return np.where(self.received == NOT_STATED, self.given, self.received)


TABLES: Final = {
    "source": "sources",
    "key": "keys",
    "unit": "units",
    "parent": "units",
    "measure": "measures",
    "place": "places",
    "group": "groups",
}
COLUMNS: Final = (
    *("source", "key", "line", "stage", "unit", "parent", "measure", "place", "group", "move"),
    *("attempt", "edition", "given", "received", "occurred_at", "recorded_at"),
)


def statements_of(rows: Iterable[Statement], lines: Sequence[Line], stages: Callable[[str], int]) -> Statements:
    """Turn rows into columns; the tables are sorted, so that the order of the rows leaves no trace in them.

    stages : callable         number of a stage by its code
    Raises : ValueError       a row names an unknown line, stage or move, or a quantity finer than a millionth
    """
    held = list(rows)
    numbers = {line.code: number for number, line in enumerate(lines)}
    units, unit_table = _coded([row.handling_unit for row in held] + [row.parent for row in held])
    columns: dict[str, Integers] = {"unit": units[: len(held)], "parent": units[len(held) :]}
    tables: dict[str, Sequence[str]] = {"units": unit_table}
    for name, table in TABLES.items():
        if table != "units":
            columns[name], tables[table] = _coded([getattr(row, name) for row in held])
    try:
        columns["line"] = _whole(numbers[row.line] for row in held)
        columns["stage"] = _whole(stages(row.stage) for row in held)
    except KeyError as error:
        raise ValueError(f"no line or stage is called {error}") from error
    columns["move"] = _whole(MOVES.index(row.move) for row in held)
    columns["given"] = _whole(to_micro(row.quantity) for row in held)
    columns["received"] = _whole(to_micro(row.received) for row in held)
    for name in ("attempt", "edition", "occurred_at", "recorded_at"):
        columns[name] = _whole(getattr(row, name) for row in held)
    return Statements(**columns, **tables)  # type: ignore[arg-type]


def from_micro(micro: int) -> Decimal | None:
    """Give millionths as a quantity; None where nothing was stated."""
    return None if micro == NOT_STATED else Decimal(micro).scaleb(-6)


def _coded(words: Sequence[str]) -> tuple[Integers, tuple[str, ...]]:
    table = tuple(sorted(set(words) - {""}))
    codes = {word: code for code, word in enumerate(table)} | {"": -1}
    return _whole(codes[word] for word in words), table


def _whole(values: Iterable[int]) -> Integers:
    return np.fromiter(values, dtype=np.int64)


def _check_codes(name: str, codes: Integers, size: int) -> None:
    if codes.size and (int(codes.min()) < -1 or int(codes.max()) >= size):
        raise ValueError(f"column {name} holds a code outside its table of {size}")
