"""CSV as spreadsheets and HXL readers take it."""

import csv
import io
import json

import hxl
import pytest

from tansiq.engine.exports import Column, csv_bytes


def test_file_is_exactly_this(listing):
    assert csv_bytes(listing()).decode("utf-8") == (
        "\ufeffReference,Entered at,Day,Cargo,Mass (kg)\r\n"
        "#meta+id,#date+entered,#date,#item+name,#value+kg\r\n"
        'CN-1,2026-11-21T10:30:00Z,2026-11-21,"\'=HYPERLINK(""x"")",-12.3\r\n'
        "CN-2,,,دقيق قمح,7\r\n"
    )


def test_mark_and_hashtags_can_be_left_out(listing):
    written = csv_bytes(listing(columns=(Column("Name"),), rows=(("a",),)), byte_order_mark=False)
    assert written == b"Name\r\na\r\n"


def test_hxl_library_reads_rows_and_tags(listing):
    with hxl.data(io.BytesIO(csv_bytes(listing(), byte_order_mark=False))) as read:
        assert read.display_tags == ["#meta+id", "#date+entered", "#date", "#item+name", "#value+kg"]
        assert [row.values[0] for row in read] == ["CN-1", "CN-2"]


def test_hxl_library_finds_no_fault(listing):
    source = hxl.data(io.BytesIO(csv_bytes(listing(), byte_order_mark=False)))
    assert source.validate(hxl.schema([["#valid_tag"], ["#meta+id"], ["#date"]])) is True


@pytest.mark.real
def test_naughty_strings_come_back_as_text(listing, real_data):
    strings = json.loads((real_data / "6-text" / "blns.json").read_text(encoding="utf-8"))
    body = csv_bytes(
        listing(
            columns=(Column("Text", "#description"), Column("Figure", "#value")),
            rows=[(text, -12.3) for text in strings],
        )
    )
    read = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))[2:]
    assert [row[1] for row in read] == ["-12.3"] * len(strings)
    assert [row[0] for row in read if row[0][:1] in set("=+-@\t\r")] == []
    assert [row[0].removeprefix("'") for row in read] == [text.removeprefix("'") for text in strings]
