"""The real ledgers through the sample operation's mappings: every row accounted for."""

from collections import Counter
from pathlib import Path

import pandas
import pytest
from ruamel.yaml import YAML

from tansiq.engine.imports import (
    CargoReader,
    CargoRules,
    RefusedRow,
    TakenRow,
    classify_cargo,
    mapping_from,
    read_rows,
    read_table,
    row_reader,
)

pytestmark = pytest.mark.real
OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"


def yaml(name):
    return YAML(typ="safe", pure=True).load(OPERATION / name)


def rows_of(mapping_name, path):
    mapping = mapping_from(yaml(f"mappings/{mapping_name}.yaml"))
    table = read_table(mapping, path.read_bytes())
    assert (table.match.missing, table.match.new, table.match.stops) == ((), (), False) or mapping.changes.new == "keep"
    return list(read_rows(row_reader(mapping, table.match), table.rows, table.first_number))


@pytest.fixture(scope="module")
def received(real_data):
    return rows_of("unrwa_commodities_received", real_data / "3-aid/unrwa/20240911_Commodities_Received.xlsx")


def test_received_ledger_is_taken_whole(received):
    assert Counter(type(row) for row in received) == {TakenRow: 35_521}
    assert Counter(remark.code for row in received for remark in row.remarks) == {"not_a_time": 11}


def test_received_ledger_has_the_totals_of_a_group_by(received, real_data):
    frame = pandas.read_excel(
        real_data / "3-aid/unrwa/20240911_Commodities_Received.xlsx", sheet_name="Suppy Page", engine="calamine"
    )
    crossings = yaml("mappings/unrwa_commodities_received.yaml")["tables"]["crossings"]
    frame["month"] = pandas.to_datetime(frame["Received Date"]).dt.strftime("%Y-%m")
    expected = {
        (crossings[crossing], month): total
        for (crossing, month), total in frame.groupby(["Crossing", "month"])["Quantity"].sum().items()
    }
    found = Counter()
    for row in received:
        found[row.values["crossing"], row.values["occurred_date"].strftime("%Y-%m")] += row.values["quantity"]
    assert dict(found) == expected


def test_cargo_rules_map_nearly_every_row(received):
    catalogue = {entry["code"]: entry["class"] for entry in yaml("commodities.yaml")["commodities"]}
    reader = CargoReader(CargoRules.model_validate(yaml("cargo_rules.yaml")), catalogue)
    names = Counter(row.values["cargo"] or "" for row in received)
    unmapped = {name: times for name, times in names.items() if classify_cargo(reader, name).commodity is None}
    assert sum(unmapped.values()) / len(received) < 0.01
    assert unmapped["Emirati Aid"] == 30
    assert unmapped[""] == 5


@pytest.mark.parametrize(
    ("mapping", "path", "taken", "refused"),
    [
        ("fts_incoming_funding", "3-aid/fts/fts_incoming_funding_pse.csv", 338, 0),
        ("fts_incoming_funding", "3-aid/fts/fts_internal_funding_pse.csv", 85, 0),
        ("three_w_presence", "3-aid/3w/3w_operational_presence_dataset_january_april_2025.xlsx", 4145, 1),
        ("hxl_any", "3-aid/hxl/tests/files/test_io/input-valid.csv", 4, 0),
        ("hxl_any", "3-aid/hxl/tests/files/test_io/input-valid.xlsx", 4, 0),
        ("hxl_any", "3-aid/hxl/tests/files/test_io/input-valid-latin1.csv", 4, 0),
        ("hxl_any", "3-aid/hxl/tests/files/test_io/input-multiline.csv", 1, 0),
        ("hxl_any", "3-aid/hxl/tests/files/test_io/input-merged.xlsx", 1, 3),
    ],
)
def test_other_ledgers_import_through_their_mappings(real_data, mapping, path, taken, refused):
    rows = rows_of(mapping, real_data / path)
    assert sum(isinstance(row, TakenRow) for row in rows) == taken
    assert sum(isinstance(row, RefusedRow) for row in rows) == refused
