"""The bytes of a workbook or a CSV file as one table of cells."""

import csv
import io
from dataclasses import dataclass
from typing import Final
from zipfile import BadZipFile, ZipFile

import python_calamine

from ._columns import ColumnMatch, match_columns
from ._mapping import ImportMapping
from ._tables import NoHeadings, TableStart, find_headings, spread_merged

_ZIP_MARK: Final = b"PK\x03\x04"
_OLD_MARK: Final = b"\xd0\xcf\x11\xe0"
_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_UNPACKED_BYTES: Final = 512 * 1024 * 1024
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 2_000


@dataclass(frozen=True)
class Table:
    """One sheet of a file, with its headings found and its columns matched."""

    sheet: str
    encoding: str  # empty for workbooks
    start: TableStart
    rows: list[list[object]]  # below the headings
    first_number: int  # row of the sheet of rows[0], 1 = first
    match: ColumnMatch


class UnreadableFile(ValueError):
    """A file that cannot be opened as a table; the code is translated where it is shown."""

    def __init__(self, code: str, **facts: str) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code} {facts}" if facts else code)


def read_table(mapping: ImportMapping, content: bytes) -> Table:
    """Open a file as its mapping says and match its columns.

    Raises : UnreadableFile   codes empty_file, too_large, not_a_table, no_such_sheet, unknown_encoding,
                              broken_workbook, broken_csv, no_tag_row, no_heading_row, no_rows
    """
    if not content:
        raise UnreadableFile("empty_file")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_large", found=str(len(content)), expected=str(MOST_BYTES))
    is_workbook = content.startswith((_ZIP_MARK, _OLD_MARK))
    sheet, encoding, rows = _workbook(mapping, content) if is_workbook else _csv(mapping, content)
    try:
        start = find_headings(mapping, rows)
    except NoHeadings as error:
        raise UnreadableFile(error.code) from None
    tags = rows[start.tag_row] if start.tag_row is not None else []
    headings = rows[start.heading_row] if start.heading_row != start.tag_row else []
    match = match_columns(mapping, headings, tags)
    return Table(sheet, encoding, start, rows[start.first_row :], start.first_row + 1, match)


def _workbook(mapping: ImportMapping, content: bytes) -> tuple[str, str, list[list[object]]]:
    if content.startswith(_ZIP_MARK):
        _refuse_zip_bomb(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        wanted = mapping.file.sheet
        names = book.sheet_names
        name = wanted if wanted in names else next((n for n in names if n.strip() == (wanted or "").strip()), None)
        if wanted is None and names:
            name = names[0]
        if name is None:
            raise UnreadableFile("no_such_sheet", found=", ".join(names), expected=str(wanted))
        sheet = book.get_sheet_by_name(name)
        rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        ranges = sheet.merged_cell_ranges or []
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("broken_workbook", found=str(error)[:200]) from None
    _check_size(rows)
    if ranges:
        rows = spread_merged(rows, ranges, fill=mapping.file.merged_cells == "fill")
    return name, "", rows


def _refuse_zip_bomb(content: bytes) -> None:
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
    except (BadZipFile, OSError, NotImplementedError) as error:
        raise UnreadableFile("broken_workbook", found=str(error)[:200]) from None
    if size > MOST_UNPACKED_BYTES:
        raise UnreadableFile("too_large", found=str(size), expected=str(MOST_UNPACKED_BYTES))


def _check_size(rows: list[list[object]]) -> None:
    if len(rows) > MOST_ROWS:
        raise UnreadableFile("too_large", found=str(len(rows)), expected=str(MOST_ROWS))
    if rows and max(map(len, rows)) > MOST_COLUMNS:
        raise UnreadableFile("too_large", found=str(max(map(len, rows))), expected=str(MOST_COLUMNS))


def _csv(mapping: ImportMapping, content: bytes) -> tuple[str, str, list[list[object]]]:
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile("not_a_table")
    encoding, text = _decoded(mapping, content)
    mark = _DELIMITERS.get(mapping.file.delimiter) or _likely_delimiter(text)
    try:
        rows: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    except csv.Error as error:
        raise UnreadableFile("broken_csv", found=str(error)[:200]) from None
    _check_size(rows)
    return "", encoding, rows


def _decoded(mapping: ImportMapping, content: bytes) -> tuple[str, str]:
    for encoding in mapping.file.encodings:
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return encoding, content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableFile("unknown_encoding", expected=", ".join(mapping.file.encodings))


def _likely_delimiter(text: str) -> str:
    """Take the mark that parts the first lines most often; a comma when none does."""
    head = text[:20_000]
    return max(",;\t|", key=lambda mark: (head.count(mark), mark == ","))
