"""Reads other people's ledgers: columns, cells and cargo names, by mappings that are data."""

from ._cargo import CargoMatch, CargoReader, CargoRule, CargoRules, classify_cargo
from ._cells import MERGED, MergedCell, Value, as_text
from ._columns import ColumnMatch, Likeness, is_tag_row, match_columns, tag_matches
from ._expected import expectation
from ._files import Table, read_table
from ._kinds import READABLE, kind_of
from ._mapping import ColumnRule, ImportMapping, MappingError, MappingProblem, mapping_from
from ._plain import plain_rows
from ._records import RECORD_KINDS, RecordKind
from ._rows import (
    Fault,
    RefusedRow,
    Row,
    RowReader,
    SkippedRow,
    TakenRow,
    fingerprint,
    read_row,
    read_rows,
    row_reader,
)
from ._tables import NoHeadings, TableStart, find_headings, spread_merged
from ._text import clean, folded, folded_words, western_digits
from ._unreadable import UnreadableFile

__all__ = [
    "MERGED",
    "READABLE",
    "RECORD_KINDS",
    "CargoMatch",
    "CargoReader",
    "CargoRule",
    "CargoRules",
    "ColumnMatch",
    "ColumnRule",
    "Fault",
    "ImportMapping",
    "Likeness",
    "MappingError",
    "MappingProblem",
    "MergedCell",
    "NoHeadings",
    "RecordKind",
    "RefusedRow",
    "Row",
    "RowReader",
    "SkippedRow",
    "Table",
    "TableStart",
    "TakenRow",
    "UnreadableFile",
    "Value",
    "as_text",
    "classify_cargo",
    "clean",
    "expectation",
    "find_headings",
    "fingerprint",
    "folded",
    "folded_words",
    "is_tag_row",
    "kind_of",
    "mapping_from",
    "match_columns",
    "plain_rows",
    "read_row",
    "read_rows",
    "read_table",
    "row_reader",
    "spread_merged",
    "tag_matches",
    "western_digits",
]
