"""The bytes of a workbook or a CSV file as one table of cells."""

import codecs
import csv
import io
from dataclasses import dataclass
from typing import Final

from ._cells import as_text
from ._columns import ColumnMatch, match_columns
from ._mapping import ImportMapping
from ._tables import NoHeadings, TableStart, find_headings
from ._text import clean
from ._unreadable import UnreadableFile
from ._workbook import ZIP_MARK, is_workbook, read_workbook, refuse_zip_bomb

_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
MOST_BYTES: Final = 64 * 1024 * 1024
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 2_000
MOST_QUOTED: Final = 60  # cells that are quoted where no row of headings was found
_NO_TABLES: Final = (b"<", b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")  # pages, documents, pictures
# A byte-order mark leaves no choice; UTF-32 is in nobody's list.
_MARKS: Final = (
    (codecs.BOM_UTF8, ("utf-8", "utf-8-sig")),
    (codecs.BOM_UTF32_LE, ("utf-32",)),
    (codecs.BOM_UTF16_LE, ("utf-16",)),
    (codecs.BOM_UTF16_BE, ("utf-16",)),
)
csv.field_size_limit(MOST_BYTES)  # a long cell is refused with its row and heading, not with the file


@dataclass(frozen=True)
class Table:
    """One sheet of a file, with its headings found and its columns matched."""

    sheet: str
    encoding: str  # empty for workbooks
    start: TableStart
    rows: list[list[object]]  # below the headings
    first_number: int  # row of the sheet of rows[0], 1 = first
    match: ColumnMatch
    headings: tuple[str, ...] = ()  # cell by cell, those of columns without a heading too
    delimiter: str = ""  # what parts two cells of a text table; empty for workbooks


def read_table(mapping: ImportMapping, content: bytes) -> Table:
    """Open a file as its mapping says and match its columns.

    Raises : UnreadableFile   codes empty_file, too_large, not_a_table, no_such_sheet, unknown_encoding,
                              mixed_encoding, broken_workbook, locked_workbook, broken_csv, no_tag_row,
                              no_heading_row, no_rows
    """
    if not content[:4096].strip() and not content.strip():
        raise UnreadableFile("empty_file")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_large", found=str(len(content)), expected=str(MOST_BYTES))
    is_packed = is_workbook(content)
    sheet, encoding, mark, rows = _workbook(mapping, content) if is_packed else _csv(mapping, content)
    _check_size(rows)
    try:
        start = find_headings(mapping, rows)
    except NoHeadings as error:
        raise UnreadableFile(error.code, sheet=sheet, **_both_lists(mapping, rows)) from None
    tags = rows[start.tag_row] if start.tag_row is not None else []
    headings = rows[start.heading_row] if start.heading_row != start.tag_row else []
    match = match_columns(mapping, headings, tags)
    table = Table(sheet, encoding, start, rows[start.first_row :], start.first_row + 1, match,
                  tuple(map(as_text, headings or tags)), mark)  # fmt: skip
    if not match.stops and not any(map(_states_something, table.rows)):
        raise UnreadableFile("no_rows")
    return table


def _workbook(mapping: ImportMapping, content: bytes) -> tuple[str, str, str, list[list[object]]]:
    if content.startswith(ZIP_MARK):
        refuse_zip_bomb(content)
    sheet = read_workbook(mapping, content)
    return sheet.name, "", "", sheet.rows


def _both_lists(mapping: ImportMapping, rows: list[list[object]]) -> dict[str, str]:
    """What stands in the fullest of the first rows, and the headings that were looked for."""
    fullest = max(rows[: mapping.file.header.search_rows], key=lambda row: sum(map(bool, row)), default=[])
    found = ", ".join(filter(None, (clean(as_text(cell)) for cell in fullest[:MOST_QUOTED])))
    return {"found": found[:1000], "expected": ", ".join(rule.label for rule in mapping.columns)}


def _states_something(cells: list[object]) -> bool:
    return any(clean(as_text(cell)) for cell in cells)


def _check_size(rows: list[list[object]]) -> None:
    if len(rows) > MOST_ROWS:
        raise UnreadableFile("too_large", found=str(len(rows)), expected=str(MOST_ROWS))
    if rows and max(map(len, rows)) > MOST_COLUMNS:
        raise UnreadableFile("too_large", found=str(max(map(len, rows))), expected=str(MOST_COLUMNS))


def _csv(mapping: ImportMapping, content: bytes) -> tuple[str, str, str, list[list[object]]]:
    begins = content[:4096]
    has_mark = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if (b"\x00" in begins and not has_mark) or begins.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_NO_TABLES):
        raise UnreadableFile("not_a_table")
    encoding, text = _decoded(mapping, content)
    mark = _DELIMITERS.get(mapping.file.delimiter) or _likely_delimiter(text)
    rows: list[list[object]] = []
    try:
        rows.extend(list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise UnreadableFile("broken_csv", found=f"{len(rows) + 1}: {error}"[:200]) from None
    return "", encoding, mark, rows


def _decoded(mapping: ImportMapping, content: bytes) -> tuple[str, str]:
    marked = next((names for mark, names in _MARKS if content.startswith(mark)), None)
    for encoding in mapping.file.encodings:
        name = codecs.lookup(encoding).name
        if name not in marked if marked else name == "utf-16":
            continue
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            if name in ("utf-8", "utf-8-sig"):
                _refuse_mixed(content)
    raise UnreadableFile("unknown_encoding", expected=", ".join(mapping.file.encodings))


def _refuse_mixed(content: bytes) -> None:
    """Refuse a file in UTF-8 with some broken letters: in another encoding all its other letters would be wrong.

    Raises : UnreadableFile   code mixed_encoding
    """
    text = content.decode("utf-8", "surrogateescape")
    broken = [place for place, letter in enumerate(text) if 0xDC80 <= ord(letter) <= 0xDCFF]
    sound = sum(ord(letter) > 0x7F for letter in text) - len(broken)
    if sound >= len(broken):
        row = text.count("\n", 0, broken[0]) + 1
        letters = text[broken[0] : broken[0] + 4].encode("utf-8", "surrogateescape")
        raise UnreadableFile("mixed_encoding", found=f"{row}: {letters.hex(' ')}")


def _likely_delimiter(text: str) -> str:
    """Take the mark that parts the first lines most often; a comma when none does."""
    head = text[:20_000]
    return max(",;\t|", key=lambda mark: (head.count(mark), mark == ","))
