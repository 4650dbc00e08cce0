"""Where a sheet's headings, HXL tags and rows begin, and what merged ranges hide."""

from collections.abc import Sequence
from dataclasses import dataclass

from ._cells import MERGED
from ._columns import is_tag_row, match_columns
from ._mapping import ImportMapping

Cells = Sequence[object]
MergedRange = tuple[tuple[int, int], tuple[int, int]]  # ((row, column), (row, column)), 0 = first, ends included


@dataclass(frozen=True, slots=True)
class TableStart:
    """The rows that describe a table, 0 = first row of the sheet."""

    heading_row: int
    tag_row: int | None
    first_row: int


class NoHeadings(ValueError):
    """No row of the file can be the row of headings."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def find_headings(mapping: ImportMapping, rows: Sequence[Cells]) -> TableStart:
    """Find the row of headings and, where the file has one, the HXL tag row.

    Raises : NoHeadings   code no_tag_row, no_heading_row or no_rows
    """
    rule = mapping.file.header
    searched = rows[: rule.search_rows]
    if not searched:
        raise NoHeadings("no_rows")
    tag_row = _tag_row(mapping, searched)
    if mapping.file.hxl == "required" and tag_row is None:
        raise NoHeadings("no_tag_row")
    if rule.row is not None:
        if rule.row > len(rows):
            raise NoHeadings("no_heading_row")
        after = rule.row if tag_row != rule.row else rule.row + 1
        return TableStart(rule.row - 1, tag_row, after)
    if tag_row is not None:
        return TableStart(max(tag_row - 1, 0), tag_row, tag_row + 1)
    best = max(range(len(searched)), key=lambda n: (_known(mapping, searched[n]), -n))
    if not _known(mapping, searched[best]):
        raise NoHeadings("no_heading_row")
    return TableStart(best, None, best + 1)


def _tag_row(mapping: ImportMapping, rows: Sequence[Cells]) -> int | None:
    if mapping.file.hxl == "none":
        return None
    return next((number for number, cells in enumerate(rows) if is_tag_row(cells)), None)


def _known(mapping: ImportMapping, cells: Cells) -> int:
    return len(match_columns(mapping, cells).positions)


def spread_merged(rows: Sequence[Cells], ranges: Sequence[MergedRange], fill: bool) -> list[list[object]]:
    """Give each cell of a merged range the range's value, or mark it as hidden.

    rows : (r, c) cells
    ranges : merged ranges, 0 = first row or column, both ends included
    fill : bool   True: repeat the value; False: mark, so that the row is refused by name
    """
    spread = [list(cells) for cells in rows]
    for (top, left), (bottom, right) in ranges:
        value = spread[top][left] if top < len(spread) and left < len(spread[top]) else ""
        for row in range(top, min(bottom + 1, len(spread))):
            for column in range(left, min(right + 1, len(spread[row]))):
                if (row, column) != (top, left):
                    spread[row][column] = value if fill else MERGED
    return spread
