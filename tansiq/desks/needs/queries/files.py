"""Reads a file of caseloads, row by row: what each says, and everything that is wrong with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.needs.queries.setting import Setting
from tansiq.desks.needs.rules import CaseloadStated
from tansiq.engine.imports import (
    ImportMapping,
    RefusedRow,
    Table,
    TakenRow,
    UnreadableFile,
    mapping_from,
    read_row,
    read_table,
    row_reader,
)
from tansiq.engine.names import normal_form

Fault = tuple[int, str, str, str, str]  # row of the sheet, heading, code, found, expected
UNREADABLE = {
    "empty_file": _("The file is empty."),
    "too_large": _("The file is too large to be read, or unpacks to more than is allowed."),
    "not_a_table": _("The file is neither a workbook nor a text table, whatever its name says."),
    "unknown_encoding": _("The letters of the file are in no encoding that is known."),
    "mixed_encoding": _(
        "The file is in UTF-8 but for some broken letters; the first row with one, and its bytes, are named."
    ),
    "broken_workbook": _("The workbook is damaged or is none."),
    "locked_workbook": _("The workbook is locked with a password."),
    "broken_csv": _("The text table is damaged: quotation marks or columns do not fit."),
    "no_heading_row": _("No row holds the headings that the mapping expects."),
    "no_rows": _("There is no row below the headings."),
}
NAMED = {"en": "Caseload", "ar": "عدد المستهدفين", "he": "היקף הנזקקים"}


@dataclass(frozen=True)
class RowRefused:
    """A row that was not taken, with everything wrong with it."""

    number: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class ReadFile:
    """A file of caseloads, read."""

    taken: tuple[tuple[int, CaseloadStated], ...]
    refused: tuple[RowRefused, ...]


def read_file(content: bytes, known: Setting, *, source: str, as_of: date | None) -> ReadFile:
    """Read a file of caseloads; rows are taken or refused, none is lost. Raises Refused where it is no such file.

    source, as_of : what counts for a row that states none
    """
    mapping = caseload_mapping(known, as_of is None)
    try:
        table = read_table(mapping, content)
    except UnreadableFile as error:
        raise Refused("needs_file_unreadable", found=str(UNREADABLE.get(error.code, error.code))) from None
    _check_columns(mapping, table)
    reader = row_reader(mapping, table.match)
    taken, refused = [], []
    for number, cells in enumerate(table.rows, table.first_number):
        row = read_row(reader, cells, number)
        if isinstance(row, RefusedRow):
            faults = tuple((number, one.heading, one.code, one.found, one.expected) for one in row.faults)
            refused.append(RowRefused(number, faults))
        elif isinstance(row, TakenRow):
            stated, faults = _stated(row, known, source, as_of)
            if stated is None:
                refused.append(RowRefused(number, faults))
            else:
                taken.append((number, stated))
    return ReadFile(tuple(taken), tuple(refused))


def caseload_mapping(known: Setting, needs_date: bool) -> ImportMapping:
    """How the columns of a file of caseloads are read, as the operation's files say."""
    columns = [dict(one) for one in known.needs.caseload_columns]
    for one in columns:
        if one.get("field") == "as_of" and not needs_date:
            one |= {"required": False, "may_be_missing": True}
    plain: dict[str, Any] = {
        "format": 1, "code": "caseload", "names": NAMED, "ledger": {"code": "caseload", "names": NAMED},
        "record": "observation", "file": {"hxl": "optional"}, "columns": columns, "key": [],
        "changes": {"new": "ignore"},
    }  # fmt: skip
    return mapping_from(plain)


def _check_columns(mapping: ImportMapping, table: Table) -> None:
    if table.match.stops:
        expected = ", ".join(one.label for one in mapping.columns)
        raise Refused("needs_file_columns", expected=expected, found=", ".join(filter(None, table.headings)) or "-")


def _stated(
    row: TakenRow, known: Setting, source: str, as_of: date | None
) -> tuple[CaseloadStated | None, tuple[Fault, ...]]:
    """What the row states, or what is wrong with it as a whole."""
    said = row.values
    p_code, fault = _area(str(said.get("p_code") or ""), str(said.get("area") or ""), known)
    indicator, faults = str(said.get("indicator") or ""), [fault] if fault else []
    if indicator and indicator not in known.indicators:
        faults.append(("indicator", "unknown_code", indicator, ", ".join(known.indicators)))
    people, households = _whole(said.get("people")), _whole(said.get("households"))
    if people is not None and households is not None and households > people:
        faults.append(("households", "too_large", str(households), f"0–{people}"))
    day = said.get("as_of") or as_of
    if not isinstance(day, date):
        faults.append(("as_of", "empty", "", "YYYY-MM-DD"))
    by_whom = str(said.get("source") or source)
    if not by_whom:
        faults.append(("source", "empty", "", ""))
    if faults or people is None or not isinstance(day, date):
        headings = {one["field"]: str(one.get("heading") or one.get("hxl")) for one in known.needs.caseload_columns}
        return None, tuple((row.number, headings.get(name, name), *rest) for name, *rest in faults)  # type: ignore[misc]
    site = str(said.get("site") or "")
    return CaseloadStated(p_code, people, day, by_whom, households, site, indicator), ()


def _area(p_code: str, name: str, known: Setting) -> tuple[str, tuple[str, str, str, str] | None]:
    """The area by its p-code, else by any of its names."""
    if p_code in known.areas:
        return p_code, None
    by_name = known.spellings.get(normal_form(name)) if name and not p_code else None
    if by_name:
        return by_name, None
    found, field = (p_code, "p_code") if p_code else (name, "area")
    return "", (field, "unknown_code" if found else "empty", found, ", ".join(known.areas))


def _whole(value: object) -> int | None:
    return None if value is None or value == "" else int(str(value))
