"""Cells of every kind: numbers, dates, times, codes, and what is refused."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from tansiq.engine.imports import MERGED, RefusedRow, TakenRow, mapping_from, match_columns, read_row, row_reader


def taken(cell, **rule):
    """What one cell of one column gives: its value, or the codes it is refused with."""
    column = {"heading": "Cell", "field": "cell", **rule}
    data = {
        "format": 1,
        "code": "one",
        "names": {"en": "One", "ar": "واحد", "he": "אחד"},
        "ledger": {"code": "one", "names": {"en": "One", "ar": "واحد", "he": "אחד"}},
        "record": "observation",
        "time_zone": "Asia/Gaza",
        "columns": [column, {"heading": "Other", "field": "other"}],
        "tables": {"stages": {"Received": "offloaded", "": "unstated"}, "strict": {"Yes": "yes"}},
    }
    mapping = mapping_from(data)
    reader = row_reader(mapping, match_columns(mapping, ["Cell", "Other"]))
    row = read_row(reader, [cell, "x"], 2)
    if isinstance(row, RefusedRow):
        return [fault.code for fault in row.faults]
    assert isinstance(row, TakenRow)
    return row.values.get("cell")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (14.0, Decimal(14)),
        (1160.5, Decimal("1160.5")),
        ("1,160", Decimal(1160)),
        ("1,160,000.25", Decimal("1160000.25")),
        ("١٬١٦٠", Decimal(1160)),
        ("١٢٫٥", Decimal("12.5")),
        ("\u200f24\u200e", Decimal(24)),
        ("1 160", Decimal(1160)),
        ("1\u00a0160", Decimal(1160)),
        ("-3", Decimal(-3)),
        ("", None),
        (None, None),
        ("12,5", ["not_a_number"]),
        ("14 pallets", ["not_a_number"]),
        ("NaN", ["not_a_number"]),
        (True, ["not_a_number"]),
        ("-", ["not_a_number"]),
        ("=A1*2", ["formula_without_value"]),
        ("#DIV/0!", ["error_value"]),
        ("#REF!", ["error_value"]),
        (MERGED, ["merged_cell"]),
        (datetime(2024, 1, 1), ["not_a_number"]),  # noqa: DTZ001
    ],
)
def test_number_cell_is_read_or_refused(cell, value):
    assert taken(cell, type="number") == value


def test_number_with_comma_decimals_is_read_where_the_mapping_says_so():
    assert taken("1.160,5", type="number", decimal=",") == Decimal("1160.5")
    assert taken("1.160,5", type="number") == ["not_a_number"]


@pytest.mark.parametrize("dash", ["-", "–", "—", " - ", "\u200f-"])
def test_dash_means_what_the_mapping_says(dash):
    assert taken(dash, type="number", dash="zero") == Decimal(0)
    assert taken(dash, type="number", dash="empty") is None


def test_number_outside_its_range_is_refused():
    assert taken(-1, type="number", minimum=0) == ["too_small"]
    assert taken(11, type="number", maximum=10) == ["too_large"]


def test_integer_refuses_a_fraction():
    assert taken(3.0, type="integer") == 3
    assert taken("3.5", type="integer") == ["not_a_whole_number"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (date(2024, 9, 9), date(2024, 9, 9)),
        (datetime(2024, 9, 9, 14, 30), date(2024, 9, 9)),  # noqa: DTZ001
        (45544.0, date(2024, 9, 9)),
        ("09/09/2024", date(2024, 9, 9)),
        ("٠٩/٠٩/٢٠٢٤", date(2024, 9, 9)),
        ("9 September 2024", ["not_a_date"]),
        ("31/02/2024", ["not_a_date"]),
        (7.0, ["number_for_date"]),
        (59315000.0, ["number_for_date"]),
    ],
)
def test_date_cell_is_read_or_refused(cell, value):
    assert taken(cell, type="date", formats=["%d/%m/%Y"]) == value


def test_date_serials_of_1904_are_read_where_the_mapping_says_so():
    assert taken(44082.0, type="date", serial="1904") == date(2024, 9, 9)
    assert taken(45544.0, type="date", serial="refuse") == ["number_for_date"]


def test_datetime_is_taken_in_the_zone_of_the_file():
    assert taken(datetime(2024, 9, 10, 14, 31, 37), type="datetime") == datetime(2024, 9, 10, 11, 31, 37, tzinfo=UTC)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (time(8, 30), time(8, 30)),
        (0.354166666, time(8, 30)),
        ("8:30", time(8, 30)),
        ("03:15 pm", time(15, 15)),
        ("8;00", ["not_a_time"]),
        ("423:00 AM", ["not_a_time"]),
        ("\u00a0", None),
    ],
)
def test_time_cell_is_read_or_refused(cell, value):
    assert taken(cell, type="time") == value


def test_code_is_looked_up_without_regard_to_case_and_space():
    assert taken(" RECEIVED\u00a0", type="code", table="stages") == "offloaded"
    assert taken("", type="code", table="stages") == "unstated"
    assert taken("Sent", type="code", table="stages") == ["unknown_value"]
    assert taken("Sent", type="code", table="stages", unknown="keep") == "Sent"
    assert taken("Sent", type="code", table="stages", unknown="remark") is None


def test_required_cell_must_state_something():
    assert taken("", required=True) == ["empty"]
    assert taken("0", required=True, empty=["0"]) == ["empty"]
    assert taken("", required=True, when_empty="none") == "none"


def test_text_loses_direction_marks_and_nothing_else():
    assert taken("\u202bغزة\u202c  - Gaza\u200f") == "غزة - Gaza"
    assert taken("كرم أبو سالم") == "كرم أبو سالم"


def test_identifier_of_a_number_has_no_fraction():
    assert taken(59315.0, type="identifier") == "59315"
    assert taken("007", type="identifier") == "007"


def test_text_longer_than_allowed_is_refused():
    assert taken("x" * 11, longest=10) == ["too_long"]
