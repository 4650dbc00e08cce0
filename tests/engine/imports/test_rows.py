"""Mappings, columns and rows: what stops a file, what refuses a row, what a row becomes."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tansiq.engine.imports import (
    Likeness,
    MappingError,
    RefusedRow,
    SkippedRow,
    TakenRow,
    UnreadableFile,
    fingerprint,
    mapping_from,
    match_columns,
    read_row,
    read_rows,
    read_table,
    row_reader,
    spread_merged,
    tag_matches,
)

NAMES = {"en": "Sample", "ar": "نموذج", "he": "דוגמה"}
HEADINGS = ["ID", "Received Date", "Quantity", "Gate time"]


def sample(**changes):
    data = {
        "format": 1,
        "code": "sample",
        "names": NAMES,
        "ledger": {"code": "sample", "names": NAMES},
        "record": "consignment_event",
        "time_zone": "Asia/Gaza",
        "columns": [
            {"heading": "ID", "field": "source_row", "type": "identifier", "required": True},
            {"heading": "Received Date", "field": "occurred_date", "type": "date", "required": True},
            {"heading": "Quantity", "field": "quantity", "type": "number", "required": True},
            {"heading": "Gate time", "field": "occurred_time", "type": "time", "unreadable": "remark"},
        ],
        "key": ["source_row"],
        "occurred": {"date": "occurred_date", "time": "occurred_time"},
        "constants": {"stage": "offloaded", "unit": "pallet"},
    }
    return mapping_from({**data, **changes})


def reader(mapping=None, headings=HEADINGS):
    mapping = mapping or sample()
    return row_reader(mapping, match_columns(mapping, headings))


def test_row_is_taken_with_its_constants_and_its_day():
    row = read_row(reader(), ["7", "2024-07-01", "12", ""], 2)
    assert isinstance(row, TakenRow)
    assert row.key == ("7",)
    assert row.values["stage"] == "offloaded"
    assert row.values["quantity"] == Decimal(12)
    assert row.values["occurred_from"] == datetime(2024, 6, 30, 21, tzinfo=UTC)
    assert row.values["occurred_to"] == datetime(2024, 7, 1, 21, tzinfo=UTC)


def test_row_with_a_time_happened_at_that_minute():
    row = read_row(reader(), ["7", "2024-07-01", "12", "08:30"], 2)
    assert row.values["occurred_from"] == row.values["occurred_to"] == datetime(2024, 7, 1, 5, 30, tzinfo=UTC)


def test_unreadable_optional_cell_is_a_remark_and_the_row_is_taken():
    row = read_row(reader(), ["7", "2024-07-01", "12", "8;00"], 2)
    assert isinstance(row, TakenRow)
    assert [(remark.code, remark.heading, remark.found) for remark in row.remarks] == [
        ("not_a_time", "Gate time", "8;00")
    ]


def test_refused_row_names_every_cell_at_fault():
    row = read_row(reader(), ["", "yesterday", "many", ""], 9)
    assert isinstance(row, RefusedRow)
    assert row.number == 9
    assert [(fault.code, fault.field, fault.found) for fault in row.faults] == [
        ("empty", "source_row", ""),
        ("not_a_date", "occurred_date", "yesterday"),
        ("not_a_number", "quantity", "many"),
    ]


def test_blank_row_is_skipped_and_a_short_row_is_read():
    assert read_row(reader(), ["", None, "\u200f"], 3) == SkippedRow(3, "blank")
    assert isinstance(read_row(reader(), ["7", "2024-07-01", "12"], 3), TakenRow)


def test_total_row_is_skipped_by_a_rule():
    mapping = sample(skip=[{"heading": "ID", "starts_with": ["Total"]}])
    assert read_row(reader(mapping), ["Total pallets", "", "400", ""], 5) == SkippedRow(5, "ID")


def test_repeated_key_is_refused_and_names_the_first_row():
    rows = list(read_rows(reader(), [["7", "2024-07-01", 1, ""], ["7", "2024-07-02", 2, ""]], 2))
    assert isinstance(rows[0], TakenRow)
    assert (rows[1].faults[0].code, rows[1].faults[0].expected) == ("repeated_key", "2")


def test_equal_whole_rows_are_numbered():
    mapping = sample(key=[])
    line = ["7", "2024-07-01", 1, ""]
    rows = list(read_rows(reader(mapping), [line, line], 2))
    assert rows[0].key[0] == rows[1].key[0]
    assert [row.key[1] for row in rows] == ["1", "2"]


def test_fingerprint_ignores_what_is_not_compared():
    mapping = sample(not_compared=["occurred_time"])
    one, two, three = (
        read_row(reader(mapping), ["7", "2024-07-01", quantity, at], 2)
        for quantity, at in ((1, "08:00"), (1, ""), (2, ""))
    )
    prints = [
        fingerprint(mapping, {**row.values, "occurred_from": None, "occurred_to": None}, {})
        for row in (one, two, three)
    ]
    assert prints[0] == prints[1] != prints[2]


def test_columns_are_found_in_any_order_case_and_spacing():
    match = match_columns(sample(), ["gate\ntime", "QUANTITY ", "id", "Received  Date"])
    assert not match.stops
    assert match.positions == ((0, 2), (1, 3), (2, 1), (3, 0))


def test_renamed_column_stops_and_is_only_suggested():
    match = match_columns(sample(), ["ID", "Date Received", "Quantity (pallets)", "Gate time"])
    assert match.stops
    assert match.missing == ("Received Date", "Quantity")
    assert match.new == ("Date Received", "Quantity (pallets)")
    assert match.alike == () or all(isinstance(pair, Likeness) for pair in match.alike)
    assert match_columns(sample(), ["ID", "Recieved Date", "Quantity", "Gate time"]).alike == (
        Likeness("Received Date", "Recieved Date", 0.92),
    )


def test_new_column_is_kept_as_a_note_where_the_mapping_says_so():
    mapping = sample(changes={"new": "keep"})
    row = read_row(reader(mapping, [*HEADINGS, "Seal"]), ["7", "2024-07-01", 1, "", "A-19"], 2)
    assert row.notes == {"Seal": "A-19"}
    assert match_columns(sample(changes={"new": "ignore"}), [*HEADINGS, "Seal"]).stops is False
    assert match_columns(sample(), [*HEADINGS, "Seal"]).stops is True


def test_repeated_heading_stops_the_import():
    match = match_columns(sample(), [*HEADINGS, "Quantity"])
    assert match.stops
    assert match.repeated == ("Quantity",)


def test_reader_of_columns_that_stop_is_refused():
    with pytest.raises(ValueError, match="stop the import"):
        reader(headings=["ID"])


@pytest.mark.parametrize(
    ("pattern", "tag", "fits"),
    [
        ("#org", "#org+impl", True),
        ("#org+impl", "#org", False),
        ("#org+impl-funder", "#org +impl +funder", False),
        ("#org-type", "#org+name", True),
        ("#organisation", "#org", False),
    ],
)
def test_tag_pattern_fits_by_attributes(pattern, tag, fits):
    assert tag_matches(pattern, tag) is fits


def test_hxl_row_decides_before_headings():
    mapping = mapping_from(
        {
            "format": 1,
            "code": "tags",
            "names": NAMES,
            "ledger": {"code": "tags", "names": NAMES},
            "record": "observation",
            "file": {"hxl": "required"},
            "columns": [{"hxl": "#affected", "field": "affected", "type": "number"}],
            "changes": {"new": "keep"},
        }
    )
    table = read_table(mapping, b'Notes,,\nWho,How many,\n#org,#affected,\nA,"1,200",\n')
    assert (table.start.heading_row, table.start.tag_row, table.first_number) == (1, 2, 4)
    row = read_row(row_reader(mapping, table.match), table.rows[0], 4)
    assert row.values == {"affected": Decimal(1200)}
    assert row.notes == {"Who": "A"}
    with pytest.raises(UnreadableFile, match="no_tag_row"):
        read_table(mapping, b"Who,How many\nA,1\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_csv_is_read_in_the_encodings_of_the_mapping(encoding):
    mapping = sample(
        columns=[{"heading": "رقم", "field": "source_row", "type": "identifier"}],
        constants={"stage": "a", "unit": "b", "quantity": 1, "occurred_date": "2024-01-01"},
        occurred=None,
    )
    table = read_table(mapping, "رقم\n12\n".encode(encoding))
    assert table.encoding == encoding
    assert not table.match.stops


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x89PNG\x00\x00", "not_a_table"),
        (b"PK\x03\x04broken", "broken_workbook"),
        (b"a,b\n1,2\n", "no_heading_row"),
    ],
)
def test_file_that_is_no_table_is_refused_by_name(content, code):
    with pytest.raises(UnreadableFile) as refused:
        read_table(sample(), content)
    assert refused.value.code == code


def test_merged_cells_are_filled_or_refuse_their_row():
    rows = [HEADINGS, ["7", "2024-07-01", 1, ""], ["8", "", 2, ""]]
    ranges = [((1, 1), (2, 1))]
    filled = read_row(reader(), spread_merged(rows, ranges, fill=True)[2], 3)
    assert isinstance(filled, TakenRow)
    refused = read_row(reader(), spread_merged(rows, ranges, fill=False)[2], 3)
    assert [fault.code for fault in refused.faults] == ["merged_cell"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"record": "consignment"}, "record"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"key": ["waybill"]}, "no column fills waybill"),
        ({"constants": {"stage": "offloaded"}}, "no column or constant fills unit"),
        ({"columns": [{"heading": "ID", "field": "colour"}]}, "has no field colour"),
        ({"columns": [{"heading": "Q", "field": "quantity", "type": "text"}]}, "expected number"),
        ({"columns": [{"heading": "Q", "field": "stage", "type": "code"}]}, "names a table"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_mapping_that_cannot_work_says_what_is_wrong(changes, words):
    with pytest.raises(MappingError, match=words):
        sample(**changes)
