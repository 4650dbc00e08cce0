"""docs/imports.md against the code: its example works, its codes and fields are those that exist."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from tansiq.building.rooms.configuration import read_yaml_text
from tansiq.engine.imports import RECORD_KINDS, ColumnRule, mapping_from, read_rows, read_table, row_reader

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "imports.md").read_text(encoding="utf-8")
EXAMPLES = [read_yaml_text(text, "docs/imports.md") for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def test_example_mapping_reads_a_file():
    mapping = mapping_from(EXAMPLES[0])
    table = read_table(mapping, "Line,Date,Goods,Pallets,Gate\n1,31/01/2026,Flour,–,كرم أبو سالم\n".encode())
    (row,) = read_rows(row_reader(mapping, table.match), table.rows, table.first_number)
    assert row.values == {
        "stage": "received_good",
        "unit": "pallet",
        "source_row": "1",
        "occurred_date": date(2026, 1, 31),
        "cargo": "Flour",
        "quantity": Decimal(0),
        "crossing": "kerem_shalom",
        "occurred_from": datetime(2026, 1, 30, 22, tzinfo=UTC),
        "occurred_to": datetime(2026, 1, 31, 22, tzinfo=UTC),
    }


def test_further_examples_fit_the_example_mapping():
    for example in EXAMPLES[1:]:
        tables = {**EXAMPLES[0]["tables"], **example.get("tables", {})}
        read = mapping_from({**EXAMPLES[0], **example, "tables": tables})
        assert (set(read.tables), example.keys() - read.model_fields_set) == (set(tables), set())


def test_every_field_of_a_column_is_explained():
    section = PAGE.split("## A column")[1].split("## Value tables")[0]
    assert [name for name in ColumnRule.model_fields if f"`{name}`" not in section] == []


def test_every_field_of_a_record_is_listed():
    for name, kind in RECORD_KINDS.items():
        section = PAGE.split(f"**{name}**")[1].split("\n**")[0]
        assert [field for field in kind.fields if f"`{field}`" not in section] == []


def test_every_code_of_a_refusal_is_listed():
    source = "".join(
        path.read_text(encoding="utf-8") for path in Path(mapping_from.__code__.co_filename).parent.glob("*.py")
    )
    codes = re.findall(r'(?:Unreadable|UnreadableFile|NoHeadings|Fault)\("([a-z_]+)"', source)
    assert [code for code in sorted(set(codes)) if f"`{code}`" not in PAGE] == []
