"""One row of somebody else's ledger, taken or refused, with the reason by cell."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ._cells import CellReader, MergedCell, Unreadable, Value, as_text, cell_reader, is_dash
from ._columns import ColumnMatch
from ._mapping import ColumnRule, ImportMapping, SkipRule
from ._text import clean, folded

_FOUND_LENGTH = 120  # a report quotes this much of a cell


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that could not be read."""

    code: str
    heading: str
    field: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that was read whole; remarks name optional cells left out of it."""

    number: int  # row of the sheet, 1 = first
    key: tuple[str, ...]
    values: dict[str, Value]
    notes: dict[str, str]
    remarks: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken, as it stood, with everything wrong with it."""

    number: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is no record: empty, or left out by a rule of the mapping."""

    number: int
    reason: str  # "blank" or the heading of the skip rule


Row = TakenRow | RefusedRow | SkippedRow


@dataclass(frozen=True, slots=True)
class _Column:
    place: int
    heading: str
    field: str
    is_note: bool
    value: CellReader  # what a cell says, emptiness and dashes included
    rule: ColumnRule


@dataclass(frozen=True, slots=True)
class RowReader:
    """A mapping made ready for the columns of one file."""

    mapping: ImportMapping
    columns: tuple[_Column, ...]
    kept: tuple[tuple[str, int], ...]
    skip: tuple[tuple[int, SkipRule], ...]
    headed: frozenset[int]  # places whose cells belong to a column of the file
    zone: ZoneInfo
    constants: dict[str, Value] = field(default_factory=dict)


def row_reader(mapping: ImportMapping, match: ColumnMatch) -> RowReader:
    """Prepare the reader of a file whose columns were matched.

    Raises : ValueError   the columns stop the import
    """
    if match.stops:
        raise ValueError("the columns of this file stop the import")
    columns = tuple(_column(mapping, mapping.columns[number], place) for number, place in match.positions)
    by_heading = {folded(column.heading): column.place for column in columns}
    skip = tuple((by_heading.get(folded(rule.heading), -1), rule) for rule in mapping.skip)
    constants: dict[str, Value] = dict(mapping.constants)
    return RowReader(mapping, columns, match.kept, skip, match.headed, mapping.zone, constants)


def _column(mapping: ImportMapping, rule: ColumnRule, place: int) -> _Column:
    read = cell_reader(rule, {name: dict(table) for name, table in mapping.tables.items()})
    if rule.type == "datetime":
        read = _in_zone(read, mapping.zone)
    reads_empty = rule.table is not None and "" in mapping.tables[rule.table]
    value = _remembering(_value_reader(rule, read, reads_empty))
    return _Column(place, rule.label, rule.field or rule.note or "", rule.note is not None, value, rule)


def _remembering(read: CellReader, most: int = 50_000) -> CellReader:
    """Read each distinct cell once: ledgers repeat the same few thousand values."""
    known: dict[tuple[type, object], Value] = {}

    def remembered(cell: object) -> Value:
        key = (type(cell), cell)
        try:
            return known[key]
        except KeyError:
            value = read(cell)
            if len(known) < most:
                known[key] = value
            return value

    return remembered


def _in_zone(read: CellReader, zone: ZoneInfo) -> CellReader:
    def moment(cell: object) -> Value:
        value = read(cell)
        if isinstance(value, datetime) and value.tzinfo is None:
            return value.replace(tzinfo=zone).astimezone(UTC)
        return value.astimezone(UTC) if isinstance(value, datetime) else value

    return moment


def read_row(reader: RowReader, cells: Sequence[object], number: int) -> Row:
    """Read one row.

    cells : (c,) cells   as the sheet gives them: text, numbers, dates, times
    number : int         row of the sheet, 1 = first
    Returns : TakenRow, RefusedRow or SkippedRow
    """
    reason = _skipped(reader, cells)
    if reason:
        return SkippedRow(number, reason)
    values: dict[str, Value] = dict(reader.constants)
    notes: dict[str, str] = {}
    faults: list[Fault] = []
    remarks: list[Fault] = []
    for column in reader.columns:
        cell = cells[column.place] if column.place < len(cells) else None
        try:
            value = column.value(cell)
        except Unreadable as unreadable:
            fault = Fault(unreadable.code, column.heading, column.field, _quoted(cell), unreadable.expected)
            lenient = column.rule.unreadable if unreadable.code != "unknown_value" else column.rule.unknown
            if column.rule.required or lenient == "refuse":
                faults.append(fault)
            else:
                remarks.append(fault)
            continue
        if column.is_note:
            if value is not None:
                notes[column.field] = str(value)
        else:
            values[column.field] = value
    new = reader.mapping.changes.new
    stray = _stray(reader, cells) if new != "ignore" else []
    if new == "stop":
        faults += [Fault("no_heading", label, "", _quoted(text), "") for label, text in stray]
    if faults:
        return RefusedRow(number, tuple(as_text(cell) for cell in cells), tuple(faults))
    for heading, place in reader.kept:
        text = clean(as_text(cells[place])) if place < len(cells) else ""
        if text:
            notes[heading] = text
    notes.update(stray)
    _add_occurrence(reader, values)
    return TakenRow(number, _key(reader.mapping, values, notes), values, notes, tuple(remarks))


def _stray(reader: RowReader, cells: Sequence[object]) -> list[tuple[str, str]]:
    """What stands in columns without a heading, or to the right of the last one."""
    if len(cells) == len(reader.headed):
        return []
    found = []
    for place, cell in enumerate(cells):
        if place not in reader.headed and cell not in ("", None) and (text := clean(as_text(cell))):
            label = f"({_letters(place)})"
            if label not in reader.mapping.unused:
                found.append((label, text))
    return found


def _letters(place: int) -> str:
    """Name a column as spreadsheets do: A to Z, AA, AB …"""
    name = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        name, place = chr(65 + letter) + name, place - 1
    return name


def _value_reader(rule: ColumnRule, read: CellReader, reads_empty: bool) -> CellReader:
    """Prepare the reading of a column's cells, with what an empty cell and a dash mean in it."""
    empty = frozenset(folded(text) for text in rule.empty)

    def nothing() -> Value:
        if rule.when_empty is not None:
            return rule.when_empty
        if reads_empty:  # the value table says what an empty cell means
            return read("")
        if rule.required:
            raise Unreadable("empty")
        return None

    def value(cell: object) -> Value:
        if cell is None or cell == "":
            return nothing()
        if (isinstance(cell, str) or empty) and not isinstance(cell, MergedCell):
            text = clean(as_text(cell))
            if not text or (empty and folded(text) in empty):
                return nothing()
            if rule.dash != "refuse" and is_dash(text):
                return Decimal(0) if rule.dash == "zero" else nothing()
        return read(cell)

    return value


def _quoted(cell: object) -> str:
    text = as_text(cell)
    return text if len(text) <= _FOUND_LENGTH else text[: _FOUND_LENGTH - 1] + "…"


def _skipped(reader: RowReader, cells: Sequence[object]) -> str:
    if all(cell is None or cell == "" or (isinstance(cell, str) and not clean(cell)) for cell in cells):
        return "blank"
    for place, rule in reader.skip:
        text = folded(as_text(cells[place])) if 0 <= place < len(cells) else ""
        if rule.is_empty and not text:
            return rule.heading
        if text and (text in map(folded, rule.equals) or any(text.startswith(folded(s)) for s in rule.starts_with)):
            return rule.heading
    return ""


def _add_occurrence(reader: RowReader, values: dict[str, Value]) -> None:
    """State when it happened as a span in UTC: a minute where a time is given, else the local day."""
    rule = reader.mapping.occurred
    day = values.get(rule.date) if rule else None
    if rule is None or not isinstance(day, date):
        return
    clock = values.get(rule.time) if rule.time else None
    if isinstance(clock, time):
        start = datetime.combine(day, clock, reader.zone).astimezone(UTC)
        values["occurred_from"], values["occurred_to"] = start, start
        return
    start = datetime.combine(day, time(), reader.zone).astimezone(UTC)
    values["occurred_from"] = start
    values["occurred_to"] = datetime.combine(day + timedelta(days=1), time(), reader.zone).astimezone(UTC)


def _key(mapping: ImportMapping, values: dict[str, Value], notes: dict[str, str]) -> tuple[str, ...]:
    if mapping.key:
        return tuple(as_text(values.get(name)) for name in mapping.key)
    return (fingerprint(mapping, values, notes),)


def fingerprint(mapping: ImportMapping, values: dict[str, Value], notes: dict[str, str]) -> str:
    """Digest what a row states, so that two editions of a ledger can be compared row by row.

    Returns : str, 32 hex digits   equal when no compared field differs
    """
    compared = [(n, v) for n, v in values.items() if n not in mapping.not_compared and v is not None]
    text = "\x1e".join(f"{name}\x1f{as_text(value)}" for name, value in sorted(compared, key=lambda p: p[0]))
    text += "\x1d" + "\x1e".join(f"{name}\x1f{value}" for name, value in sorted(notes.items()))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def read_rows(reader: RowReader, rows: Iterable[Sequence[object]], first_number: int) -> Iterator[Row]:
    """Read every row of a table; a key that comes twice is refused, equal whole rows are numbered.

    rows : (r, c) cells   the rows below the headings
    first_number : int    row of the sheet of the first of them, 1 = first
    """
    seen: dict[tuple[str, ...], int] = {}
    named = _named_key(reader.mapping)
    for number, cells in enumerate(rows, first_number):
        row = read_row(reader, cells, number)
        if not isinstance(row, TakenRow):
            yield row
            continue
        earlier = seen.get(row.key)
        seen.setdefault(row.key, number if reader.mapping.key else 0)
        if not reader.mapping.key:
            seen[row.key] += 1
            yield TakenRow(number, (*row.key, str(seen[row.key])), row.values, row.notes, row.remarks)
        elif earlier is not None:
            fault = Fault("repeated_key", named(row.key), ",".join(reader.mapping.key), ",".join(row.key), str(earlier))
            yield RefusedRow(number, tuple(as_text(cell) for cell in cells), (fault,))
        else:
            yield row


def _named_key(mapping: ImportMapping) -> Callable[[tuple[str, ...]], str]:
    labels = {column.field: column.label for column in mapping.columns}
    text = ", ".join(labels.get(name, name) for name in mapping.key)
    return lambda key: text
