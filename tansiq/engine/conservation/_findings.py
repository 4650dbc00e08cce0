"""Where statements contradict one another: each as arithmetic with both readings, never as prose."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Final

import numpy as np

from tansiq.engine.conservation._book import NEGATIVE, UNIT_MISMATCH, changes, conversion_factor
from tansiq.engine.conservation._known import rows_at_two_places
from tansiq.engine.conservation._levels import Level
from tansiq.engine.conservation._settle import Settled
from tansiq.engine.conservation._statements import MOVES, Integers

KINDS: Final = (
    "over_line",  # more drawn from a stage of a line than came to it: loaded over approved
    "over_unit",  # more goes on from a unit than came to it: offloaded over loaded
    "over_parts",  # the parts of a unit carry more than the whole
    "unequal_change",  # a split, repack or substitution makes more or less than it takes
    "negative",  # a quantity below zero; it is not counted
    "unit_mismatch",  # a unit of measure that nobody has stated a conversion for; it is not counted
    "key_reused",  # one source tells one event in two ways; the first in order is counted
    "rival_readings",  # two sources state one passage differently; the more trusted is counted
    "two_places",  # a unit at two places where only one can be
)

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One addend."""

    stage: str
    amount_micro: int


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two readings that cannot both be true."""

    kind: str  # one of KINDS
    line: str
    unit: str  # handling unit; empty: the line as a whole
    attempt: int  # 0: all of them
    stage: str  # the stage that is drawn on, or at which the readings differ
    limit_stage: str  # the stage whose statement sets the limit: the same, or the nearest before it that is stated
    parts: tuple[Part, ...]  # what makes up the first reading; its last stage '' is what was taken away there
    stated_micro: int  # first reading, millionths of the line's unit: the sum of the parts
    limit_micro: int  # second reading
    keys: tuple[Key, ...]  # (source, key) of the events of the first reading, sorted
    against: tuple[Key, ...]  # and of the second
    follows: bool = False  # an 'over_line' that is no more than what units or parts of the line have in excess

    @property
    def over_micro(self) -> int:
        """By how much the first reading goes beyond the second."""
        return self.stated_micro - self.limit_micro

    @property
    def identity(self) -> tuple[str, ...]:
        """What stays the same while the quantities change: a discrepancy's name from moment to moment."""
        at_rows = self.keys + self.against if self.kind not in SUMMED else ()
        return (
            self.kind,
            self.line,
            self.unit,
            str(self.attempt),
            self.stage,
            *(part for key in at_rows for part in key),
        )


SUMMED: Final = ("over_line", "over_unit", "over_parts", "unequal_change")


def discrepancies(settled: Settled) -> tuple[Discrepancy, ...]:
    """List everything in which the statements known at the moment contradict one another, sorted.

    Returns : the same for the same set of statements in any order of arrival
    """
    by_node = _by_node(settled)
    found = [
        *_over(settled, by_node, "over_line", settled.lines),
        *_over(settled, by_node, "over_unit", settled.units),
        *_over(settled, by_node, "over_parts", settled.parts),
        *_unequal_changes(settled),
        *_unsound(settled),
        *_reused(settled),
        *_rivals(settled),
        *_two_places(settled),
    ]
    excess: dict[str, int] = defaultdict(int)
    for one in found:
        if one.kind in ("over_unit", "over_parts"):
            excess[one.line] += one.over_micro
    told = [
        replace(one, follows=True) if one.kind == "over_line" and one.over_micro <= excess[one.line] else one
        for one in found
    ]
    order = attrgetter("line", "follows", "unit", "attempt", "kind", "stage", "keys", "stated_micro")
    return tuple(sorted(told, key=order))


def over(one: Level) -> tuple[Integers, Integers]:
    """Find where more was drawn than a known limit: stages and places, each (x,)."""
    stage, place = np.nonzero(one.is_known & (one.drawn > one.limit))
    return stage.astype(np.int64), place.astype(np.int64)


@dataclass(frozen=True, eq=False)
class _ByNode:
    """Standing rows in the order of their nodes."""

    rows: Integers
    starts: Integers  # (k + 1,) where each node's rows begin

    def of(self, nodes: Integers) -> list[int]:
        """Give the rows of some nodes."""
        spans = zip(self.starts[nodes].tolist(), self.starts[nodes + 1].tolist(), strict=True)
        return [row for start, end in spans for row in self.rows[start:end].tolist()]


def _by_node(settled: Settled) -> _ByNode:
    rows = settled.known.rows
    node = settled.book.node[rows]
    order = np.argsort(node, kind="stable")
    starts = np.searchsorted(node[order], np.arange(settled.book.nodes.line.size + 1))
    return _ByNode(rows[order], starts.astype(np.int64))


def _over(settled: Settled, by_node: _ByNode, kind: str, at: Level) -> Iterator[Discrepancy]:
    stages = settled.book.stages
    for stage, place in zip(*(column.tolist() for column in over(at)), strict=True):
        line, unit, attempt, nodes = _place(settled, kind, place)
        amounts = settled.line_amounts if kind == "over_line" else settled.amounts
        columns = [place] if kind == "over_line" else nodes.tolist()
        parts = [
            Part(stages.stages[draw].code, int(amounts.reached[draw, columns].sum())) for draw in stages.draws[stage]
        ]
        taken = int(amounts.outward[stage, columns].sum())
        parts += [Part("", taken)] * (taken > 0)
        first = tuple(part for part in parts if part.amount_micro)
        limiting = _nearest_stated(settled, stage, columns, kind)
        rows = by_node.of(nodes)
        against = _keys(settled, rows, [limiting], ("reached", "made"))
        stating = _keys(settled, rows, _below(settled, stage), ("reached",))
        stating += _keys(settled, rows, [stage], ("taken",))
        yield Discrepancy(
            kind, line, unit, attempt, stages.stages[stage].code, stages.stages[limiting].code, first,
            int(at.drawn[stage, place]), int(at.limit[stage, place]), tuple(sorted(set(stating))), against,
        )  # fmt: skip


def _place(settled: Settled, kind: str, place: int) -> tuple[str, str, int, Integers]:
    """Name a place of balance, and give the nodes that belong to it."""
    book, nodes = settled.book, settled.book.nodes
    units = (*book.statements.units, "")
    if kind == "over_line":
        first, last = np.searchsorted(nodes.line, (place, place + 1))
        return book.lines[place].code, "", 0, np.arange(first, last)
    if kind == "over_parts":
        pools = settled.pools
        return (
            book.lines[pools.line[place]].code,
            units[pools.unit[place]],
            0,
            np.flatnonzero(pools.of_node == place),
        )
    return book.lines[nodes.line[place]].code, units[nodes.unit[place]], int(nodes.attempt[place]), np.array([place])


def _nearest_stated(settled: Settled, stage: int, columns: list[int], kind: str) -> int:
    """Give the stage that sets a limit: the nearest one, upwards, of which anything was stated."""
    amounts = settled.line_amounts if kind == "over_line" else settled.amounts
    while stage > 0 and not (amounts.stated[stage, columns].any() or amounts.inward[stage, columns].any()):
        stage = settled.book.stages.source[stage]
    return stage


def _below(settled: Settled, stage: int) -> list[int]:
    """Give the stages that draw on one, and where nothing need be stated of them, those that draw on these."""
    stages = settled.book.stages
    found = list(stages.draws[stage])
    if stages.stages[stage].scope == "line":
        for number in found:
            found += [draw for draw in stages.draws[number] if draw not in found]
    return found


def _keys(settled: Settled, rows: list[int], stages: list[int], moves: tuple[str, ...]) -> tuple[Key, ...]:
    """Name the events of some rows that are at some stages and are no scan of a passage again."""
    held, repeated = settled.book.statements, settled.known.repeated
    wanted = [row for row in rows if held.stage[row] in stages and MOVES[held.move[row]] in moves and not repeated[row]]
    return tuple(sorted({_key(settled, row) for row in wanted}))


def _key(settled: Settled, row: int) -> Key:
    held = settled.book.statements
    return held.sources[held.source[row]], held.keys[held.key[row]]


def _unequal_changes(settled: Settled) -> Iterator[Discrepancy]:
    """Compare what each split, repack or substitution takes with what it makes."""
    book, held = settled.book, settled.book.statements
    moved = settled.known.moved
    named = moved[held.group[moved] >= 0]
    for row in moved[held.group[moved] < 0].tolist():
        yield _unequal(settled, [row])
    named = named[np.lexsort((held.line[named], held.group[named]))]
    signed = np.where(held.move[named] == MOVES.index("made"), book.amount[named], -book.amount[named])
    starts = np.flatnonzero(changes(held.group[named], held.line[named]))
    uneven = np.add.reduceat(signed, starts) != 0 if starts.size else starts
    suspects = np.unique(held.group[named[starts[uneven.astype(np.bool_)]]])
    ends = np.searchsorted(held.group[named], np.stack((suspects, suspects + 1)))
    for first, last in zip(*ends.tolist(), strict=True):
        rows = named[first:last]
        lines = held.line[rows]
        units = {book.lines[line].unit for line in lines.tolist()}
        is_substitution = bool((held.unit[rows] < 0).all()) or len(units) > 1 or _crosses(held.move[rows], lines)
        sets = [rows] if is_substitution else [rows[lines == line] for line in np.unique(lines)]
        for one in sets:
            taken, made = _sums(settled, one.tolist())
            if taken != made:
                yield _unequal(settled, one.tolist())


def _crosses(move: Integers, line: Integers) -> bool:
    """Say whether a group takes from one line and makes another."""
    taken, made = (set(line[move == MOVES.index(word)].tolist()) for word in ("taken", "made"))
    return taken != made and bool(taken) and bool(made)


def _sums(settled: Settled, rows: list[int]) -> tuple[int, int | None]:
    """Add up both sides in the unit of the first line taken from; None where a conversion is not stated."""
    book, held = settled.book, settled.book.statements
    order = sorted(rows, key=lambda row: (MOVES[held.move[row]] != "taken", held.line[row]))
    unit = book.lines[held.line[order[0]]].unit
    totals = {"taken": 0, "made": 0}
    for row in rows:
        factor = conversion_factor(book.conversions, book.lines[held.line[row]].unit, unit)
        if factor is None:
            return totals["taken"], None
        totals[MOVES[held.move[row]]] += round(int(book.amount[row]) * factor)
    return totals["taken"], totals["made"]


def _unequal(settled: Settled, rows: list[int]) -> Discrepancy:
    book, held = settled.book, settled.book.statements
    taken, made = _sums(settled, rows)
    sides = {
        word: tuple(sorted({_key(settled, row) for row in rows if MOVES[held.move[row]] == word}))
        for word in ("taken", "made")
    }
    head = min(rows, key=lambda row: (MOVES[held.move[row]] != "taken", held.line[row], held.unit[row], row))
    stage = book.stages.stages[held.stage[head]].code
    unit = (*held.units, "")[held.unit[head]]
    kind = "unequal_change" if made is not None else "unit_mismatch"
    if made is None:
        made = sum(int(book.amount[row]) for row in rows if MOVES[held.move[row]] == "made")
    parts = (Part(stage, made),)
    line = book.lines[held.line[head]].code
    return Discrepancy(kind, line, unit, 0, stage, stage, parts, made, taken, sides["made"], sides["taken"])


def _unsound(settled: Settled) -> Iterator[Discrepancy]:
    rows = settled.known.rows
    for kind, fault in (("negative", NEGATIVE), ("unit_mismatch", UNIT_MISMATCH)):
        for row in rows[settled.book.fault[rows] == fault].tolist():
            stated = int(settled.book.statements.amount()[row])
            yield _of_row(settled, kind, row, (stated, 0), ())


def _of_row(settled: Settled, kind: str, row: int, readings: tuple[int, int], against: tuple[Key, ...]) -> Discrepancy:
    book, held = settled.book, settled.book.statements
    node, (stated, limit) = book.node[row], readings
    unit = (*held.units, "")[book.nodes.unit[node]]
    stage = book.stages.stages[held.stage[row]].code
    attempt = int(book.nodes.attempt[node])
    line = book.lines[held.line[row]].code
    keys = (_key(settled, row),)
    return Discrepancy(kind, line, unit, attempt, stage, stage, (Part(stage, stated),), stated, limit, keys, against)


def _reused(settled: Settled) -> Iterator[Discrepancy]:
    book, rows = settled.book, settled.known.rows
    if not settled.known.reused.size:
        return
    standing = dict(zip(book.event[rows].tolist(), rows.tolist(), strict=True))
    for row in settled.known.reused.tolist():
        first = standing.get(int(book.event[row]))
        if first is not None and book.statements.edition[first] == book.statements.edition[row]:
            readings = int(book.amount[row]), int(book.amount[first])
            yield _of_row(settled, "key_reused", row, readings, (_key(settled, first),))


def _rivals(settled: Settled) -> Iterator[Discrepancy]:
    known = settled.known
    rows, passages = known.rival_rows.tolist(), known.rival_passages.tolist()
    for row, amount, passage in zip(rows, known.rival_amounts.tolist(), passages, strict=True):
        against = (_key(settled, int(known.passage_row[passage])),)
        readings = amount, int(known.passage_amount[passage])
        yield _of_row(settled, "rival_readings", row, readings, against)


def _two_places(settled: Settled) -> Iterator[Discrepancy]:
    for first, second in zip(*(rows.tolist() for rows in rows_at_two_places(settled.book, settled.known)), strict=True):
        readings = int(settled.book.amount[second]), int(settled.book.amount[first])
        yield _of_row(settled, "two_places", second, readings, (_key(settled, first),))
