"""Whether a proposed statement fits what is known; if not, with which arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tansiq.engine.conservation._book import Book, book_of
from tansiq.engine.conservation._findings import SUMMED, Discrepancy, discrepancies
from tansiq.engine.conservation._known import Moment
from tansiq.engine.conservation._settle import Settled, settle
from tansiq.engine.conservation._statements import Statement


@dataclass(frozen=True, slots=True)
class Refusal:
    """One sum that a statement would break."""

    discrepancy: Discrepancy  # as it would stand: stage, line, limit, over by how much, both readings
    before_micro: int  # what stood on the first side before; of a single reading 0
    added_micro: int  # what the statement adds to it


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a proposed statement."""

    accepted: bool
    refusals: tuple[Refusal, ...]  # empty where it is accepted
    resolved: tuple[Discrepancy, ...]  # what the statement would put right


def judge(book: Book, proposed: Sequence[Statement], moment: Moment | None = None) -> Verdict:
    """Say whether statements may be added without a contradiction that was not there before.

    book : the lines that the statements concern, with all that is known of them: one consignment
    proposed : one statement, or all those of one split, repack or substitution
    Returns : Verdict         accepted where no discrepancy is new and none has grown
    """
    before = settle(book, moment)
    stages, lines = book.stages, book.lines
    joined = book_of(lines, [*book.rows(), *proposed], stages, conversions=book.conversions, sources=book.trusted)
    after = settle(joined, moment)
    known = {one.identity: one for one in discrepancies(before)}
    found = {one.identity: one for one in discrepancies(after)}
    worse = [
        one
        for name, one in found.items()
        if name not in known or (one.kind in SUMMED and one.over_micro > known[name].over_micro)
    ]
    refusals = tuple(_refusal(before, one) for one in worse)
    resolved = tuple(one for name, one in known.items() if name not in found)
    return Verdict(not refusals, refusals, resolved)


def _refusal(before: Settled, found: Discrepancy) -> Refusal:
    stood = _drawn(before, found) if found.kind in SUMMED else 0
    return Refusal(found, stood, found.stated_micro - stood)


def _drawn(settled: Settled, found: Discrepancy) -> int:
    """Say what was drawn, before, at the place at which a sum would break; 0 where nothing was."""
    book, nodes = settled.book, settled.book.nodes
    stage = book.stages.number(found.stage)
    line = next(number for number, one in enumerate(book.lines) if one.code == found.line)
    units = {word: number for number, word in enumerate(book.statements.units)} | {"": -1}
    unit = units.get(found.unit, -2)
    if found.kind == "over_line":
        return int(settled.lines.drawn[stage, line])
    if found.kind == "over_unit":
        place = np.flatnonzero((nodes.line == line) & (nodes.unit == unit) & (nodes.attempt == found.attempt))
        return int(settled.units.drawn[stage, place].sum())
    if found.kind == "over_parts":
        pool = np.flatnonzero((settled.pools.line == line) & (settled.pools.unit == unit))
        return int(settled.parts.drawn[stage, pool].sum())
    return 0
