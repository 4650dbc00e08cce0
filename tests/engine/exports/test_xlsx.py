"""XLSX with typed cells and no formula, from the right where the language is."""

import io
import json
from datetime import UTC, datetime

import openpyxl
import pytest

from tansiq.engine.exports import Column, xlsx_bytes

MADE = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


def book(listing):
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(listing, MADE)))


def test_cells_are_typed(listing):
    sheet = book(listing()).worksheets[0]
    found = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert [value for value, _kind in found[1]] == ["#meta+id", "#date+entered", "#date", "#item+name", "#value+kg"]
    assert found[2] == [
        ("CN-1", "s"),
        (MADE.replace(tzinfo=None), "d"),
        (MADE.replace(hour=0, minute=0, tzinfo=None), "d"),
        ('=HYPERLINK("x")', "s"),
        (-12.3, "n"),
    ]
    assert (sheet.freeze_panes, len(found)) == ("A3", 4)


@pytest.mark.parametrize(("language", "turned"), [("en", None), ("ar", True), ("he", True)])
def test_sheet_is_turned_for_languages_from_the_right(listing, language, turned):
    assert book(listing(language)).worksheets[0].sheet_view.rightToLeft == turned


def test_second_sheet_says_what_the_first_is(listing):
    about = book(listing()).worksheets[1]
    found = [[cell.value or "" for cell in row] for row in about.iter_rows()]
    assert found == [["Consignments", ""], ["", "TLP:AMBER"], ["Room", "Alpha"]]


def test_figures_that_a_sheet_would_round_stay_text(listing):
    rows = ((2**53 + 1, 2**53, float("inf")),)
    sheet = book(listing(columns=tuple(Column(name, "", "number") for name in "abc"), rows=rows)).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [str(2**53 + 1), 2**53, "inf"]


def test_text_too_long_for_a_cell_ends_with_a_sign(listing):
    sheet = book(listing(columns=(Column("a"),), rows=(("x" * 40_000,),))).worksheets[0]
    assert sheet["A2"].value == "x" * 32_766 + "…"


@pytest.mark.real
def test_no_naughty_string_is_a_formula(listing, real_data):
    strings = json.loads((real_data / "6-text" / "blns.json").read_text(encoding="utf-8"))
    sheet = book(listing(columns=(Column("Text"),), rows=[(text,) for text in strings])).worksheets[0]
    kinds = {cell.data_type for (cell,) in sheet.iter_rows(min_row=2) if cell.value is not None}
    assert kinds == {"s"}
