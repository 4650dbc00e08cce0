"""A list as XLSX: typed cells, an HXL row, a frozen head, and the sheet turned round for languages from the right."""

import io
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from tansiq.engine.exports._listing import Cell, Listing, TooLong, in_utc, is_figure, plain_text

MOST_ROWS = 1_048_000
MOST_TEXT = 32_767  # characters a cell holds
EXACT_INTEGER = 2**53  # beyond it a spreadsheet would round
WIDTHS = {"text": 24, "number": 14, "date": 12, "moment": 18}


def xlsx_bytes(listing: Listing, made_at: datetime) -> bytes:
    """The list as a workbook: a sheet of rows, and a sheet that says what they are.

    Raises : TooLong     more rows than a sheet holds
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": listing.title, "created": in_utc(made_at)})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "tag": book.add_format({"italic": True, "font_color": "#555555"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": 'yyyy-mm-dd hh:mm"Z"'}),
            "text": book.add_format({"num_format": "@"}),
        }
        _rows(book.add_worksheet("1"), listing, formats)
        _about(book.add_worksheet("i"), listing, formats)
    return out.getvalue()


def _rows(sheet: Any, listing: Listing, formats: Mapping[str, Any]) -> None:
    tagged = any(column.tag for column in listing.columns)
    if listing.right_to_left:
        sheet.right_to_left()
    for place, column in enumerate(listing.columns):
        sheet.write_string(0, place, column.heading, formats["head"])
        sheet.set_column(place, place, max(WIDTHS[column.kind], min(len(column.heading) + 2, 40)))
        if tagged:
            sheet.write_string(1, place, column.tag, formats["tag"])
    first = 2 if tagged else 1
    sheet.freeze_panes(first, 0)
    _mark(sheet, listing)
    for number, row in enumerate(listing.rows):
        if number >= MOST_ROWS:
            raise TooLong(number + 1, MOST_ROWS)
        for place, cell in enumerate(row):
            _write(sheet, first + number, place, cell, formats)


def _about(sheet: Any, listing: Listing, formats: Mapping[str, Any]) -> None:
    if listing.right_to_left:
        sheet.right_to_left()
    sheet.set_column(0, 1, 40)
    facts = [(listing.title, ""), ("", listing.marking), *listing.facts]
    for number, (name, value) in enumerate(facts):
        sheet.write_string(number, 0, name, formats["head" if number == 0 else "text"])
        sheet.write_string(number, 1, value, formats["text"])
    _mark(sheet, listing)


def _mark(sheet: Any, listing: Listing) -> None:
    """Print the marking, the title and the page's number on each page."""
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    title = listing.title.replace("&", "&&")[:100]
    sheet.set_header(f"&L{title}&R{listing.marking}")
    sheet.set_footer(f"&L{listing.marking}&R&P / &N")


def _write(sheet: Any, row: int, place: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, place, in_utc(cell), formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, formats["date"])
    elif is_figure(cell) and math.isfinite(cell) and abs(cell) <= EXACT_INTEGER:  # type: ignore[arg-type, operator]
        sheet.write_number(row, place, cell)
    else:
        text = plain_text(cell)
        shown = text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"
        sheet.write_string(row, place, shown, formats["text"])
