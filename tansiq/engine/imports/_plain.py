"""The bytes of a workbook or a text table as rows of text, for files whose headings are known beforehand."""

import csv
import io
from typing import Final

import python_calamine

from ._cells import as_text
from ._unreadable import UnreadableFile
from ._workbook import ZIP_MARK, is_workbook, refuse_zip_bomb

MOST_PLAIN_BYTES: Final = 4 * 1024 * 1024


def plain_rows(content: bytes) -> list[list[str]]:
    """The rows of the first sheet, or of a CSV in UTF-8 or UTF-16; cells as a person reads them, without blanks around.

    Raises : UnreadableFile     codes empty_file, too_large, not_a_table, unknown_encoding, broken_workbook,
                                locked_workbook, broken_csv
    """
    if not content.strip():
        raise UnreadableFile("empty_file")
    if len(content) > MOST_PLAIN_BYTES:
        raise UnreadableFile("too_large", found=str(len(content)), expected=str(MOST_PLAIN_BYTES))
    rows = _of_workbook(content) if is_workbook(content) else _of_text(content)
    return [[as_text(cell).strip() for cell in row] for row in rows]


def _of_workbook(content: bytes) -> list[list[object]]:
    if content.startswith(ZIP_MARK):
        refuse_zip_bomb(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]
    except python_calamine.PasswordError:
        raise UnreadableFile("locked_workbook") from None
    except (python_calamine.CalamineError, IndexError):
        raise UnreadableFile("broken_workbook") from None


def _of_text(content: bytes) -> list[list[object]]:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in content and not wide:
        raise UnreadableFile("not_a_table")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile("unknown_encoding", expected="utf-8, utf-16") from None
    head = text[:20_000]
    mark = max(",;\t", key=lambda one: (head.count(one), one == ","))
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)]
    except csv.Error as error:
        raise UnreadableFile("broken_csv", found=str(error)[:200]) from None
