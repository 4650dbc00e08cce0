"""The sheet of a workbook as rows of cells, with the cells whose value the workbook itself lacks."""

import html
import io
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

import python_calamine
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from ._mapping import ImportMapping
from ._tables import spread_merged
from ._unreadable import UnreadableFile

ZIP_MARK: Final = b"PK\x03\x04"
OLD_MARK: Final = b"\xd0\xcf\x11\xe0"
MOST_UNPACKED_BYTES: Final = 512 * 1024 * 1024
MOST_CELLS: Final = 20_000_000  # of the rectangle that holds every cell: it is laid out whole
# What the readers of packages raise over damaged ones: of theirs, of XML, of ZIP and of what is packed in it.
_BROKEN: Final = (
    python_calamine.CalamineError, BadZipFile, ParseError, zlib.error, struct.error,
    EOFError, KeyError, OSError, RuntimeError, ValueError,
)  # fmt: skip
_ERROR: Final = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_VALUE: Final = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_REFERENCE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_COLUMN: Final = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)')
_LAST_ROW: Final = re.compile(rb'row\b[^>]*?\br="([0-9]{1,7})"')
_WIDE: Final = ((rb'c r="[A-Z]{3}', 16_384), (rb'c r="[A-Z]{2}', 702), (rb"", 26))  # mark -> columns at most


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook."""

    name: str
    rows: list[list[object]]  # from A1 on


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are those of a workbook, whatever the file's name says."""
    return content.startswith((ZIP_MARK, OLD_MARK))


def read_workbook(mapping: ImportMapping, content: bytes) -> Sheet:
    """Read the sheet that the mapping names, else the first one that is a table and visible.

    Raises : UnreadableFile   codes no_such_sheet, broken_workbook, locked_workbook, too_large
    """
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        name = _sheet_name(book, mapping.file.sheet)
        lacking = dict(_without_value(content, name)) if content.startswith(ZIP_MARK) else {}
        sheet = book.get_sheet_by_name(name)
        rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        ranges = sheet.merged_cell_ranges or []
    except python_calamine.PasswordError:
        raise UnreadableFile("locked_workbook") from None
    except _BROKEN as error:
        if isinstance(error, UnreadableFile):
            raise
        if content.startswith(OLD_MARK) and "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile("locked_workbook") from None
        raise UnreadableFile("broken_workbook", found=str(error)[:200]) from None
    for (row, column), text in lacking.items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column] in ("", None):
            rows[row][column] = text
    if ranges:
        rows = spread_merged(rows, ranges, fill=mapping.file.merged_cells == "fill")
    return Sheet(name, rows)


def _sheet_name(book: python_calamine.CalamineWorkbook, wanted: str | None) -> str:
    names = book.sheet_names
    if wanted is None:
        tables = [one for one in book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet]
        seen = [one for one in tables if one.visible == python_calamine.SheetVisibleEnum.Visible]
        found = next((one.name for one in seen or tables), None)
    else:
        found = wanted if wanted in names else next((n for n in names if n.strip() == wanted.strip()), None)
    if found is None:
        raise UnreadableFile(
            "no_such_sheet" if names else "broken_workbook", found=", ".join(names), expected=str(wanted or "")
        )
    return found


def refuse_zip_bomb(content: bytes) -> None:
    """Refuse what unpacks to more than is allowed, before anything is unpacked.

    Raises : UnreadableFile   codes broken_workbook, too_large
    """
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise UnreadableFile("broken_workbook", found=str(error)[:200]) from None
    if size > MOST_UNPACKED_BYTES:
        raise UnreadableFile("too_large", found=str(size), expected=str(MOST_UNPACKED_BYTES))


def _without_value(content: bytes, name: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Find error cells and formulas that nothing has computed yet: the reader gives both as empty."""
    with ZipFile(io.BytesIO(content)) as packed:
        part = _part(packed, name)
        sheet = packed.read(part) if part else b""
    _refuse_wide(sheet)
    if b't="e"' in sheet:
        for found in _ERROR.finditer(sheet):
            value = _VALUE.search(found[2])
            yield from _placed(found[1], value[1] if value else b"#N/A")
    if b"<f" in sheet or b":f" in sheet:
        for found in _FORMULA.finditer(sheet):
            if b't="str"' not in found[1]:  # an empty text is a value
                yield from _placed(found[1], b"=" + (found[2] or b"..."))


def _placed(attributes: bytes, text: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    found = _REFERENCE.search(attributes)
    if found:
        yield (int(found[2]) - 1, _column_number(found[1])), html.unescape(text.decode("utf-8", "replace"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _part(packed: ZipFile, name: str) -> str | None:
    """Which part of the package holds the sheet; None for packages of another kind."""
    if "xl/workbook.xml" not in packed.namelist():
        return None
    sheets = fromstring(packed.read("xl/workbook.xml")).findall(".//{*}sheet")
    named = (sheet.attrib.items() for sheet in sheets if sheet.get("name") == name)
    wanted = next((value for attributes in named for key, value in attributes if key.endswith("}id")), None)
    for relation in fromstring(packed.read("xl/_rels/workbook.xml.rels")):
        if wanted and relation.get("Id") == wanted:
            target = str(relation.get("Target")).lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            return part if part in packed.namelist() else None
    return None


def _refuse_wide(sheet: bytes) -> None:
    """Refuse a sheet with a lone cell so far away that the rectangle up to it fills the memory."""
    last = max((int(found[1]) for found in _LAST_ROW.finditer(sheet, max(0, sheet.rfind(b"row ") - 8))), default=1)
    at_most = next(columns for mark, columns in _WIDE if re.search(mark, sheet))
    if last * at_most > MOST_CELLS:
        columns = max((_column_number(letters) + 1 for letters in set(_COLUMN.findall(sheet))), default=1)
        if last * columns > MOST_CELLS:
            raise UnreadableFile("too_large", found=f"{last} × {columns}", expected=f"{MOST_CELLS}")
