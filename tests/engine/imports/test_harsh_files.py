"""Files as other people's programs write them: each row is taken or refused by name, none is lost."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH

from tansiq.engine.imports import (
    MappingError,
    RefusedRow,
    SkippedRow,
    TakenRow,
    UnreadableFile,
    mapping_from,
    read_rows,
    read_table,
    row_reader,
)

NAMES = {"en": "Gate", "ar": "بوابة", "he": "שער"}
HEAD = ["No", "Day", "Hour", "Goods", "Pallets", "Damaged"]
DAY = date(2024, 3, 5)
LINE = ["1", DAY, time(8, 30), "Flour", 4, 1]
CSV_HEAD = ",".join(HEAD) + "\n"


def mapping(**changed):
    columns = [
        {"heading": "No", "field": "source_row", "type": "identifier", "required": True},
        {"heading": "Day", "field": "occurred_date", "type": "date", "required": True},
        {"heading": "Hour", "field": "occurred_time", "type": "time"},
        {"heading": "Goods", "field": "cargo"},
        {"heading": "Pallets", "field": "quantity", "type": "number", "required": True, "minimum": 0},
        {"heading": "Damaged", "field": "quantity_damaged", "type": "number"},
    ]
    return mapping_from({
        "format": 1, "code": "gate", "names": NAMES, "ledger": {"code": "gate", "names": NAMES},
        "record": "consignment_event", "time_zone": "Asia/Gaza", "columns": columns, "key": ["source_row"],
        "occurred": {"date": "occurred_date", "time": "occurred_time"},
        "constants": {"stage": "offloaded", "unit": "pallet"}, **changed,
    })  # fmt: skip


def workbook(*rows, change=lambda book, sheet: None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book, book.active)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def account(content, rule=None):
    """Each row as the number of the sheet's row and what became of it; every row is there."""
    rule = rule or mapping()
    table = read_table(rule, content)
    count = len(table.rows)
    rows = list(read_rows(row_reader(rule, table.match), table.rows, table.first_number))
    assert len(rows) == count
    return [(row.number, said(row)) for row in rows]


def said(row):
    if isinstance(row, TakenRow):
        return "taken"
    if isinstance(row, SkippedRow):
        return row.reason
    return [(fault.heading, fault.code, fault.found) for fault in row.faults]


def refusal(content, rule=None):
    with pytest.raises(UnreadableFile) as refused:
        read_table(rule or mapping(), content)
    return refused.value.code, refused.value.facts


def test_error_cells_refuse_their_row_in_optional_columns_too():
    def spoil(book, sheet):
        for place, error in (("D2", "#REF!"), ("F2", "#N/A")):
            sheet[place] = error
            sheet[place].data_type = "e"

    found = account(workbook(HEAD, LINE, ["2", *LINE[1:]], change=spoil))
    assert found == [(2, [("Goods", "error_value", "#REF!"), ("Damaged", "error_value", "#N/A")]), (3, "taken")]


def test_formulas_that_nobody_computed_refuse_their_row():
    def formulas(book, sheet):
        sheet["F2"] = "=1+2"

    assert account(workbook(HEAD, LINE, change=formulas)) == [(2, [("Damaged", "formula_without_value", "=1+2")])]


def test_formula_with_a_stored_value_is_taken():
    plain = workbook(HEAD, LINE, change=lambda book, sheet: sheet.__setitem__("F2", "=1+2"))
    assert account(rewritten(plain, b"<f>1+2</f><v />", b"<f>1+2</f><v>3</v>")) == [(2, "taken")]


def test_formula_with_an_empty_text_as_value_is_empty():
    plain = workbook(HEAD, LINE, change=lambda book, sheet: sheet.__setitem__("D2", '=""'))
    empty = rewritten(plain, b'<c r="D2"><f>""</f><v />', b'<c r="D2" t="str"><f>""</f><v></v>')
    assert account(empty) == [(2, "taken")]


def rewritten(content, former, present):
    """The workbook with some of its sheet's text exchanged, as another program would have written it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w") as written:
        for name in packed.namelist():
            part = packed.read(name)
            if name.endswith("sheet1.xml"):
                assert former in part
                part = part.replace(former, present)
            written.writestr(name, part)
    return out.getvalue()


def test_values_without_a_heading_are_refused_kept_or_left_out_as_the_mapping_says():
    content = workbook([*HEAD, None], [*LINE, "see e-mail"], ["2", *LINE[1:], None, "far"])
    assert account(content) == [
        (2, [("(G)", "no_heading", "see e-mail")]),
        (3, [("(H)", "no_heading", "far")]),
    ]
    assert account(content, mapping(changes={"new": "ignore"})) == [(2, "taken"), (3, "taken")]
    assert account(content, mapping(unused=["(G)", "(H)"])) == [(2, "taken"), (3, "taken")]
    rule = mapping(changes={"new": "keep"})
    table = read_table(rule, content)
    kept = [row.notes for row in read_rows(row_reader(rule, table.match), table.rows, 2)]
    assert kept == [{"(G)": "see e-mail"}, {"(H)": "far"}]


def test_csv_row_with_a_surplus_field_is_refused():
    text = CSV_HEAD + "1,2024-03-05,,Flour, white,4,1\n"
    rule = mapping()
    table = read_table(rule, text.encode())
    row = next(read_rows(row_reader(rule, table.match), table.rows, 2))
    assert isinstance(row, RefusedRow)
    assert ("(G)", "no_heading") in [(fault.heading, fault.code) for fault in row.faults]


def test_headings_below_a_title_and_rows_between_gaps_keep_their_numbers():
    total = ["Total", None, None, None, 8, None]
    content = workbook(["Gate book"], [], HEAD, [], LINE, [None] * 6, ["2", *LINE[1:]], total)
    assert account(content) == [
        (4, "blank"), (5, "taken"), (6, "blank"), (7, "taken"), (8, [("Day", "empty", "")]),
    ]  # fmt: skip
    skip = [{"heading": "No", "starts_with": ["total"]}]
    assert account(content, mapping(skip=skip))[-1] == (8, "No")


def test_first_visible_table_is_read_where_no_sheet_is_named():
    def cover(book, sheet):
        sheet.title = "Data"
        book.create_chartsheet("Chart", 0)
        book.create_sheet("Lists", 0).sheet_state = "hidden"

    assert account(workbook(HEAD, LINE, change=cover)) == [(2, "taken")]


def test_dates_of_the_1904_system_are_the_same_days():
    content = workbook(HEAD, LINE, change=lambda book, sheet: setattr(book, "epoch", MAC_EPOCH))
    rule = mapping()
    table = read_table(rule, content)
    row = next(read_rows(row_reader(rule, table.match), table.rows, 2))
    assert isinstance(row, TakenRow)
    assert (row.values["occurred_date"], row.values["occurred_time"]) == (DAY, time(8, 30))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1899-12-31"])
def test_days_outside_the_years_that_can_be_kept_are_refused(day):
    assert account(f"{CSV_HEAD}1,{day},,x,1,\n".encode()) == [(2, [("Day", "date_out_of_range", day)])]
    spelt = workbook(HEAD, ["1", datetime(9999, 12, 31), None, "x", 1, None])  # noqa: DTZ001
    assert account(spelt) == [(2, [("Day", "date_out_of_range", "9999-12-31")])]


def test_text_that_two_formats_read_differently_is_refused():
    columns = [one.model_dump(exclude_unset=True) for one in mapping().columns]
    columns[1]["formats"] = ["%d/%m/%Y", "%m/%d/%Y"]
    text = CSV_HEAD + "1,03/05/2024,,x,1,\n2,25/03/2024,,x,1,\n3,03/03/2024,,x,1,\n"
    assert account(text.encode(), mapping(columns=columns)) == [
        (2, [("Day", "ambiguous_date", "03/05/2024")]), (3, "taken"), (4, "taken"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ["%d/%m", "%Q", "%H:%M", "day"])
def test_format_that_makes_no_date_is_refused_with_the_mapping(wrong):
    columns = [one.model_dump(exclude_unset=True) for one in mapping().columns]
    columns[1]["formats"] = [wrong]
    with pytest.raises(MappingError, match="formats: found"):
        mapping(columns=columns)


@pytest.mark.parametrize("wrong", ["klingon", "base64", "rot13"])
def test_encoding_that_is_none_is_refused_with_the_mapping(wrong):
    with pytest.raises(MappingError, match="encodings: found"):
        mapping(file={"encodings": [wrong]})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
def test_arabic_is_read_in_each_encoding_of_the_mapping(encoding):
    rule = mapping()
    table = read_table(rule, (CSV_HEAD + "1,2024-03-05,,دقيق,1,\n").encode(encoding))
    row = next(read_rows(row_reader(rule, table.match), table.rows, 2))
    assert isinstance(row, TakenRow)
    assert row.values["cargo"] == "دقيق"


def test_broken_letter_in_utf_8_is_named_and_not_read_as_another_encoding():
    text = (CSV_HEAD + "1,2024-03-05,,دقيق,1,\n").encode()
    assert refusal(text + b"2,2024-03-05,,\xd9,1,\n") == ("mixed_encoding", {"found": "3: d9 2c 31 2c"})
    assert refusal(b"\xef\xbb\xbf" + text + b"\xff\n")[0] == "mixed_encoding"
    expected = {"expected": "utf-8-sig, utf-16, windows-1256"}
    assert refusal(text.decode().encode("utf-16") + b"x") == ("unknown_encoding", expected)
    assert refusal(text.decode().encode("utf-32")) == ("unknown_encoding", expected)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('1,2024-03-05,,"Flour,1,1\n2,2024-03-05,,x,1,1\n', "2: unexpected end of data"),
        ('1,2024-03-05,,x,1,1\n2,2024-03-05,,"Flour"s,1,1\n', "3: ',' expected after '\"'"),
    ],
)
def test_open_quotation_marks_swallow_no_rows(text, found):
    assert refusal((CSV_HEAD + text).encode()) == ("broken_csv", {"found": found})


def test_quoted_line_breaks_and_long_cells_do_not_shift_rows():
    long = "x" * 140_000
    text = CSV_HEAD + f'1,2024-03-05,,"a ""b""\n c, d",1,1\n2,2024-03-05,,"{long}",1,1\n3,2024-03-05,,x,1,1\n'
    assert account(text.encode()) == [
        (2, "taken"), (3, [("Goods", "too_long", long[:119] + "…")]), (4, "taken"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"<html><table><tr><td>No</td></tr></table></html>", b"%PDF-1.7\n", b"{\\rtf1", b"\x89PNG\r\n\x1a\n", b"a\0b"],
)
def test_pages_documents_and_pictures_are_no_tables(content):
    assert refusal(content) == ("not_a_table", {})


def test_file_without_the_headings_or_without_rows_says_so():
    assert refusal(b"Nr;Datum\n1;2\n") == (
        "no_heading_row", {"sheet": "", "found": "Nr, Datum", "expected": ", ".join(HEAD)},
    )  # fmt: skip
    assert refusal(CSV_HEAD.encode()) == ("no_rows", {})
    assert refusal((CSV_HEAD + ",,,,,\n \n").encode()) == ("no_rows", {})


def test_damaged_workbooks_are_refused_whatever_is_damaged():
    sound = workbook(HEAD, LINE)
    cut = [sound[: len(sound) * part // 10] for part in range(1, 10)]
    turned = [sound[:place] + bytes([sound[place] ^ 0x55]) + sound[place + 1 :] for place in range(40, 900, 20)]
    codes = set()
    for content in (*cut, *turned):
        try:
            read_table(mapping(), content)
        except UnreadableFile as refused:
            codes.add(refused.code)
    assert "broken_workbook" in codes
    assert codes <= {"broken_workbook", "no_such_sheet", "no_rows", "no_heading_row", "not_a_table"}


def test_lone_cell_far_away_does_not_fill_the_memory():
    content = workbook(HEAD, LINE, change=lambda book, sheet: sheet.cell(1_048_576, 16_384, "x"))
    code, facts = refusal(content)
    assert (code, facts["found"]) == ("too_large", "1048576 × 16384")


def test_numbers_that_spreadsheets_compute_are_read_as_they_show_them():
    rule = mapping()
    table = read_table(rule, workbook(HEAD, ["1", DAY, None, "x", 0.1 + 0.2, None]))
    row = next(read_rows(row_reader(rule, table.match), table.rows, 2))
    assert isinstance(row, TakenRow)
    assert str(row.values["quantity"]) == "0.3"


def test_identifiers_in_arabic_digits_are_the_same_identifiers():
    text = CSV_HEAD + "12,2024-03-05,,x,1,1\n١٢,2024-03-05,,y,1,1\n"
    assert account(text.encode()) == [(2, "taken"), (3, [("No", "repeated_key", "12")])]
