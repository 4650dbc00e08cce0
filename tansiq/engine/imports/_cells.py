"""What one cell says, by the type its column should have."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from ._mapping import ColumnRule
from ._text import clean, folded, western_digits

Value = str | int | Decimal | date | datetime | time | None
CellReader = Callable[[object], Value]

_ERROR_CELL: Final = re.compile(r"^#(REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|GETTING_DATA|SPILL!|CALC!)$")
_DASHES: Final = frozenset("-‐‑‒–—−ـ")
_GROUPED: Final = re.compile(r"^[+-]?\d{1,3}(?:[,٬\'’ ]\d{3})+(?:[.٫]\d+)?$")
_PLAIN: Final = re.compile(r"^[+-]?\d+(?:[.٫]\d+)?(?:[eE][+-]?\d{1,3})?$")
_GROUPED_COMMA: Final = re.compile(r"^[+-]?\d{1,3}(?:[.\'’ ]\d{3})+(?:,\d+)?$")
_PLAIN_COMMA: Final = re.compile(r"^[+-]?\d+(?:,\d+)?$")
_DATE_FORMATS: Final = ("%Y-%m-%d",)
_DATETIME_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d",
)
_TIME_FORMATS: Final = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")
# Without a zone, as the file has none; the mapping's own zone is added where a row is read.
_EPOCHS: Final = {"1900": datetime(1899, 12, 30), "1904": datetime(1904, 1, 1)}  # noqa: DTZ001
# A bare number in a date column is a serial only between these years; outside it is a slip.
_SERIAL_YEARS: Final = (1990, 2100)
_YEARS: Final = (1900, 2100)  # of a date that is written out


class MergedCell:
    """Stands where a merged range hides a cell."""


MERGED: Final = MergedCell()


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):
    """A cell that cannot be taken; the code is translated where it is shown."""

    code: str
    expected: str = ""


def as_text(cell: object) -> str:
    """Write any cell the way a person would read it aloud."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return "" if isinstance(cell, MergedCell) else str(cell)


def stated(cell: object) -> str:
    """Clean the text of a cell, or refuse what is no text: errors, formulas, hidden cells."""
    if isinstance(cell, MergedCell):
        raise Unreadable("merged_cell")
    text = clean(as_text(cell))
    if text.startswith("=") and len(text) > 1:
        raise Unreadable("formula_without_value")
    if text.startswith("#") and _ERROR_CELL.match(text):
        raise Unreadable("error_value")
    return text


def read_number(text: str, decimal: str = ".") -> Decimal:
    """Read a number written by a person; groups of three may be set apart."""
    text = western_digits(text)
    grouped, plain = (_GROUPED, _PLAIN) if decimal == "." else (_GROUPED_COMMA, _PLAIN_COMMA)
    if grouped.match(text):
        marks = ",٬'’ " if decimal == "." else ".'’ "
        text = text.translate(dict.fromkeys(map(ord, marks)))
    elif not plain.match(text):
        raise Unreadable("not_a_number", "1234.5" if decimal == "." else "1234,5")
    try:
        return Decimal(text.replace("٫", ".").replace(",", "."))
    except InvalidOperation:
        raise Unreadable("not_a_number") from None


def _number_reader(rule: ColumnRule) -> CellReader:
    def read(cell: object) -> Value:
        if isinstance(cell, bool | datetime | date | time):
            raise Unreadable("not_a_number", "1234.5")
        if isinstance(cell, float | int):
            value = Decimal(int(cell)) if float(cell).is_integer() else Decimal(f"{cell:.15g}")  # as spreadsheets
        else:
            value = read_number(stated(cell), rule.decimal)
        return _in_range(value, rule)

    return read


def _in_range(value: Decimal, rule: ColumnRule) -> Decimal:
    if not value.is_finite():
        raise Unreadable("not_a_number")
    if rule.minimum is not None and value < rule.minimum:
        raise Unreadable("too_small", str(rule.minimum))
    if rule.maximum is not None and value > rule.maximum:
        raise Unreadable("too_large", str(rule.maximum))
    return value


def _integer_reader(rule: ColumnRule) -> CellReader:
    number = _number_reader(rule)

    def read(cell: object) -> Value:
        value = number(cell)
        if not isinstance(value, Decimal) or value != value.to_integral_value():
            raise Unreadable("not_a_whole_number")
        return int(value)

    return read


def _text_reader(rule: ColumnRule) -> CellReader:
    def read(cell: object) -> Value:
        text = western_digits(stated(cell)) if rule.type == "identifier" else stated(cell)
        if len(text) > rule.longest:
            raise Unreadable("too_long", str(rule.longest))
        return text

    return read


def _serial(cell: float, rule: ColumnRule) -> datetime:
    if rule.serial == "refuse":
        raise Unreadable("number_for_date")
    try:
        moment = _EPOCHS[rule.serial] + timedelta(days=cell)
    except (OverflowError, ValueError):
        raise Unreadable("number_for_date") from None
    if not _SERIAL_YEARS[0] <= moment.year <= _SERIAL_YEARS[1]:
        raise Unreadable("number_for_date", "1990-2100")
    return moment.replace(microsecond=0)


def _parsed(text: str, formats: tuple[str, ...]) -> datetime:
    found: list[datetime] = []
    for pattern in formats:
        try:
            found.append(datetime.strptime(text, pattern))  # noqa: DTZ007
        except ValueError:
            continue
    if not found:
        raise Unreadable("not_a_date", " | ".join(formats))
    if any(other != found[0] for other in found):
        raise Unreadable("ambiguous_date", " | ".join(sorted({str(one) for one in found})))
    return found[0]


def _moment(cell: object, rule: ColumnRule, formats: tuple[str, ...]) -> datetime:
    moment = _any_moment(cell, rule, formats)
    if not _YEARS[0] <= moment.year <= _YEARS[1]:
        raise Unreadable("date_out_of_range", "-".join(map(str, _YEARS)))
    return moment


def _any_moment(cell: object, rule: ColumnRule, formats: tuple[str, ...]) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _serial(float(cell), rule)
    return _parsed(western_digits(stated(cell)), formats)


def _date_reader(rule: ColumnRule) -> CellReader:
    formats = rule.formats or _DATE_FORMATS

    def read(cell: object) -> Value:
        return _moment(cell, rule, formats).date()

    return read


def _datetime_reader(rule: ColumnRule) -> CellReader:
    formats = rule.formats or _DATETIME_FORMATS

    def read(cell: object) -> Value:
        return _moment(cell, rule, formats)

    return read


def _time_reader(rule: ColumnRule) -> CellReader:
    formats = rule.formats or _TIME_FORMATS

    def read(cell: object) -> Value:
        if isinstance(cell, time):
            return cell.replace(microsecond=0)
        if isinstance(cell, datetime):
            return cell.time().replace(microsecond=0)
        if isinstance(cell, float | int) and not isinstance(cell, bool) and 0 <= cell < 1:
            return (_EPOCHS["1900"] + timedelta(seconds=round(cell * 86400))).time()
        try:
            return _parsed(western_digits(stated(cell)).upper(), formats).time()
        except Unreadable as unreadable:
            if unreadable.code != "not_a_date":
                raise
            raise Unreadable("not_a_time", " | ".join(formats)) from None

    return read


def _code_reader(rule: ColumnRule, tables: dict[str, dict[str, str]]) -> CellReader:
    table = {folded(source): code for source, code in tables[rule.table or ""].items()}

    def read(cell: object) -> Value:
        text = stated(cell)
        code = table.get(folded(text))
        if code is not None:
            return code
        if rule.unknown == "keep":
            return text
        raise Unreadable("unknown_value", " | ".join(tables[rule.table or ""]))

    return read


def cell_reader(rule: ColumnRule, tables: dict[str, dict[str, str]]) -> CellReader:
    """Prepare the function that reads one column's cells once emptiness is dealt with."""
    if rule.type == "code":
        return _code_reader(rule, tables)
    readers = {
        "text": _text_reader,
        "identifier": _text_reader,
        "number": _number_reader,
        "integer": _integer_reader,
        "date": _date_reader,
        "datetime": _datetime_reader,
        "time": _time_reader,
    }
    return readers[rule.type](rule)


def is_dash(text: str) -> bool:
    """Whether a text is a lone dash, of whichever kind."""
    return text in _DASHES
