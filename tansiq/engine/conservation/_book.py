"""Everything stated of some lines, in an order that does not depend on how it arrived."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from tansiq.engine.conservation._stages import Stages
from tansiq.engine.conservation._statements import (
    COLUMNS,
    MOVES,
    TABLES,
    Integers,
    Line,
    Mask,
    Statement,
    Statements,
    from_micro,
    statements_of,
)
from tansiq.engine.counting import NOT_STATED, Conversion, to_micro

SOUND: Final = 0
NEGATIVE: Final = 1
UNIT_MISMATCH: Final = 2
SILENT: Final = 3
_MOST: Final = float(2**62)
_CONTENT: Final = tuple(name for name in COLUMNS if name not in ("source", "key", "edition", "recorded_at"))


@dataclass(frozen=True, eq=False)
class Nodes:
    """What is balanced: a line on a handling unit in one attempt; columns (k,), sorted."""

    line: Integers
    unit: Integers  # -1: stated of the line without a unit
    attempt: Integers
    pair: Integers  # dense number of (line, unit)


@dataclass(frozen=True, eq=False)
class Book:
    """Lines, and statements in their one order, with all that does not change from moment to moment."""

    stages: Stages
    lines: tuple[Line, ...]
    requested: Integers  # (l,) millionths of the line's unit
    conversions: tuple[Conversion, ...]
    trusted: tuple[str, ...]  # sources, most trusted first
    statements: Statements  # (n,) sorted by source, key, edition (highest first), content, time of record
    event: Integers  # (n,) dense number of (source, key)
    content: Integers  # (n,) rows of one number say the same of one edition of one event
    amount: Integers  # (n,) millionths of the line's unit; 0 where not sound
    fault: Integers  # (n,) SOUND, NEGATIVE, UNIT_MISMATCH, SILENT
    nodes: Nodes
    node: Integers  # (n,) index into nodes
    by_cell: Integers  # (n,) rows by move, node, stage, source, quantities, time of occurrence
    by_site: Integers  # (n,) rows by unit, attempt, site, place
    site: Integers  # (n,) number of the stage's site; -1 = none

    def rows(self) -> list[Statement]:
        """Give the statements as rows again, in the book's order."""
        held = self.statements
        words = {name: (*getattr(held, table), "") for name, table in TABLES.items()}
        return [
            Statement(
                source=words["source"][held.source[row]],
                key=words["key"][held.key[row]],
                line=self.lines[held.line[row]].code,
                stage=self.stages.stages[held.stage[row]].code,
                quantity=from_micro(int(held.given[row])),
                measure=words["measure"][held.measure[row]],
                occurred_at=int(held.occurred_at[row]),
                recorded_at=int(held.recorded_at[row]),
                received=from_micro(int(held.received[row])),
                handling_unit=words["unit"][held.unit[row]],
                parent=words["parent"][held.parent[row]],
                attempt=int(held.attempt[row]),
                edition=int(held.edition[row]),
                place=words["place"][held.place[row]],
                move=MOVES[held.move[row]],
                group=words["group"][held.group[row]],
            )
            for row in range(len(held))
        ]


def book_of(
    lines: Sequence[Line],
    rows: Iterable[Statement],
    stages: Stages,
    *,
    conversions: Sequence[Conversion] = (),
    sources: Sequence[str] = (),
) -> Book:
    """Make a book of rows in any order.

    conversions : what is stated of units; a quantity in a unit without one is never counted, but found
    sources : codes, most trusted first     where several state the same passage, the first of these counts
    Raises : ValueError       a row names an unknown line, stage or move, or quantities are too large to add
    """
    return book_of_columns(
        lines, statements_of(rows, lines, stages.number), stages, conversions=conversions, sources=sources
    )


def book_of_columns(
    lines: Sequence[Line],
    statements: Statements,
    stages: Stages,
    *,
    conversions: Sequence[Conversion] = (),
    sources: Sequence[str] = (),
) -> Book:
    """Make a book of columns; see book_of."""
    _check(lines, statements)
    order = np.lexsort(
        (
            statements.recorded_at,
            *(getattr(statements, name) for name in reversed(_CONTENT)),
            -statements.edition,
            statements.key,
            statements.source,
        )
    )
    held = replace(statements, **{name: getattr(statements, name)[order] for name in COLUMNS})
    event = _dense(held.source, held.key)
    content = _dense(event, held.edition, *(getattr(held, name) for name in _CONTENT))
    amount, fault = _amounts(lines, held, conversions)
    nodes, node = _nodes(held, stages)
    site = _sites(held, stages)
    rank = _ranks(held.sources, sources)[held.source]
    by_cell = np.lexsort((held.occurred_at, held.received, held.given, rank, held.stage, node, held.move))
    return Book(
        stages=stages,
        lines=tuple(lines),
        requested=np.array([to_micro(line.requested) for line in lines], dtype=np.int64),
        conversions=tuple(conversions),
        trusted=tuple(sources),
        statements=held,
        event=event,
        content=content,
        amount=amount,
        fault=fault,
        nodes=nodes,
        node=node,
        by_cell=by_cell,
        by_site=np.lexsort((held.place, site, held.attempt, held.unit)),
        site=site,
    )


def changes(*columns: Integers) -> Mask:
    """Say for each row whether any column differs from the row before; the first row always does."""
    size = columns[0].shape[0]
    found = np.zeros(size, dtype=np.bool_)
    found[:1] = True
    for column in columns:
        found[1:] |= column[1:] != column[:-1]
    return found


def conversion_factor(conversions: Iterable[Conversion], measure: str, unit: str) -> Fraction | None:
    """Give what one of a measure makes in a unit; None where nobody has stated it."""
    if measure == unit:
        return Fraction(1)
    stated = [one.factor for one in conversions if (one.from_unit, one.to_unit) == (measure, unit)]
    return stated[0] if stated else None


def _check(lines: Sequence[Line], statements: Statements) -> None:
    if len({line.code for line in lines}) != len(lines):
        raise ValueError("two lines have one code")
    if any(line.requested < 0 for line in lines):
        raise ValueError("a line asks for less than nothing")
    if statements.attempt.size and int(statements.attempt.min()) < 1:
        raise ValueError("attempts are counted from 1")
    for name, size in (("line", len(lines)), ("source", len(statements.sources)), ("key", len(statements.keys))):
        column = getattr(statements, name)
        if column.size and (int(column.min()) < 0 or int(column.max()) >= size):
            raise ValueError(f"column {name} must be stated in every row")


def _dense(*columns: Integers) -> Integers:
    """Number the runs of equal rows of sorted columns, from 0."""
    return np.cumsum(changes(*columns)).astype(np.int64) - 1


def _amounts(lines: Sequence[Line], held: Statements, conversions: Sequence[Conversion]) -> tuple[Integers, Integers]:
    """Convert each quantity into its line's unit, exactly, and say which cannot be counted."""
    amount = held.amount()
    fault = np.full(len(held), SOUND, dtype=np.int64)
    units = sorted({line.unit for line in lines})
    unit_of_line = np.array([units.index(line.unit) for line in lines], dtype=np.int64)
    wanted = unit_of_line[held.line] if len(held) else held.line
    pairs = held.measure * (len(units) + 1) + wanted
    for pair in np.unique(pairs).tolist():
        rows = np.flatnonzero(pairs == pair)
        measure, unit = divmod(pair, len(units) + 1)
        word = held.measures[measure] if measure >= 0 else ""
        factor = conversion_factor(conversions, word, units[unit])
        if factor is None:
            fault[rows] = UNIT_MISMATCH
        elif factor != 1:
            amount[rows] = [NOT_STATED if one == NOT_STATED else round(one * factor) for one in amount[rows].tolist()]
    stated = [column != NOT_STATED for column in (held.given, held.received)]
    below = (stated[0] & (held.given < 0)) | (stated[1] & (held.received < 0))
    fault[below] = NEGATIVE
    fault[~(stated[0] | stated[1])] = SILENT
    amount[fault != SOUND] = 0
    if float(np.abs(amount.astype(np.float64)).sum()) + sum(float(line.requested) * 1e6 for line in lines) > _MOST:
        raise ValueError("the quantities are too large to be added exactly")
    return amount, fault


def _nodes(held: Statements, stages: Stages) -> tuple[Nodes, Integers]:
    """Number the places of balance; what is stated of whole lines stands at the line's own."""
    is_line = np.zeros(len(stages), dtype=np.bool_)
    is_line[list(stages.of_lines)] = True
    whole = is_line[held.stage]
    unit = np.where(whole, -1, held.unit)
    attempt = np.where(whole, 1, held.attempt)
    order = np.lexsort((attempt, unit, held.line))
    first = changes(held.line[order], unit[order], attempt[order])
    node = np.empty(len(held), dtype=np.int64)
    node[order] = np.cumsum(first) - 1
    heads = order[first]
    line, units = held.line[heads], unit[heads]
    return Nodes(line, units, attempt[heads], _dense(line, units)), node


def _sites(held: Statements, stages: Stages) -> Integers:
    words = sorted({stage.site for stage in stages.stages} - {""})
    sites = np.array([words.index(stage.site) if stage.site else -1 for stage in stages.stages], dtype=np.int64)
    return sites[held.stage]


def _ranks(table: Sequence[str], trusted: Sequence[str]) -> Integers:
    """Rank sources: those named in their order, then the others by their code."""
    order = {word: number for number, word in enumerate((*trusted, *sorted(set(table) - set(trusted))))}
    return np.array([order[word] for word in table], dtype=np.int64)
