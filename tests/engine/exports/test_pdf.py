"""PDF with fonts of our own, in three languages."""

import json
import re
import shutil
import subprocess
from decimal import Decimal

import pytest

from tansiq.engine.exports import PDF_MOST_ROWS, Column, Listing, TooLong, pdf_bytes
from tansiq.engine.exports._pdf import BETWEEN, ROOM_LANDSCAPE, SIZE_PT, SMALLEST_PT, _widths, base_direction

needs_reader = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


def text_of(body: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=body, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_list_is_set_in_each_language_with_our_fonts_alone(listing, language):
    body = pdf_bytes(listing(language))
    assert body.startswith(b"%PDF-")
    names = {name.split(b"+")[-1] for name in re.findall(rb"/BaseFont /([A-Z]{6}\+[\w-]+)", body)}
    assert {name.startswith(b"TansiqDocument") for name in names} <= {True}


@needs_reader
def test_page_says_title_room_marking_and_page(listing):
    text = text_of(pdf_bytes(listing()))
    assert [
        word for word in ("Consignments", "Alpha", "TLP:AMBER", "Page 1 of 1", "CN-1", "−12.3") if word not in text
    ] == []


@needs_reader
def test_markup_in_text_is_text(listing):
    rows = (('#eval("1+1") *b* $x$ [c] \\ // @r <l>',),)
    assert '#eval("1+1") *b* $x$ [c] \\ // @r <l>'.replace(" ", "") in text_of(
        pdf_bytes(listing(columns=(Column("a"),), rows=rows))
    ).replace(" ", "").replace("\n", "").replace("\u200b", "")


def test_too_many_rows_are_refused(listing):
    with pytest.raises(TooLong) as refused:
        pdf_bytes(listing(columns=(Column("a"),), rows=(("x",) for _ in range(PDF_MOST_ROWS + 5))))
    assert (refused.value.limit, refused.value.found) == (PDF_MOST_ROWS, PDF_MOST_ROWS + 1)


@pytest.mark.parametrize(
    ("text", "direction"), [("دقيق A", "rtl"), ("A دقيق", "ltr"), ("12 - 3", ""), ("1 קמח", "rtl")]
)
def test_direction_is_that_of_the_first_letter(text, direction):
    assert base_direction(text) == direction


@pytest.mark.real
def test_naughty_strings_can_be_printed(listing, real_data):
    strings = json.loads((real_data / "6-text" / "blns.json").read_text(encoding="utf-8"))
    assert pdf_bytes(listing("ar", columns=(Column("a"),), rows=[(text,) for text in strings])).startswith(b"%PDF-")


def test_no_word_of_a_wide_list_runs_into_the_next_column():
    words = ["C026-004-T3-P1", "21", "weighbridge", "12.6", "C026-004", "x", "3", "inspection"] * 2
    columns = [Column(f"Column{n}", "", "number" if word[0].isdigit() else "text") for n, word in enumerate(words)]
    shown = Listing("Wide", "en", columns, [])
    cells = [[{"text": word, "direction": "ltr"} for word in words]] * 2
    shares, size_pt = _widths(shown, cells)
    letter = size_pt / SIZE_PT  # a character's share of the line, against one of the usual size
    needed = sum(max(len(word), len(column.heading)) for word, column in zip(words, columns, strict=True))
    assert needed * letter <= ROOM_LANDSCAPE - BETWEEN * len(words)
    assert [share >= len(word) for share, word in zip(shares, words, strict=True)] == [True] * len(words)
    assert SMALLEST_PT <= size_pt < SIZE_PT


def test_narrow_list_keeps_the_usual_size():
    shown = Listing("Narrow", "en", [Column("Name"), Column("Count", "", "number")], [])
    assert _widths(shown, [[{"text": "rice"}, {"text": "3"}]]) == ([6.0, 7.0], SIZE_PT)


@needs_reader
def test_figure_stands_without_zeros_that_say_nothing():
    rows = ((Decimal("21.000000"),), (Decimal("12.600000"),), (Decimal("1200.000000"),))
    text = text_of(pdf_bytes(Listing("Figures", "en", [Column("Tonnes", "", "number")], rows)))
    assert [word for word in text.split() if word[0].isdigit()][:3] == ["21", "12.6", "1,200"]
