"""Which statements count as of a moment: replaced, repeated and rival ones set aside."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tansiq.engine.conservation._book import SOUND, Book, changes
from tansiq.engine.conservation._statements import Integers, Mask

ALWAYS: Final = int(np.iinfo(np.int64).max)
_REACHED: Final = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """What is asked of a book."""

    as_of: int = ALWAYS  # s since 1970 UTC; nothing recorded later is known
    until: int = ALWAYS  # s since 1970 UTC; nothing that is said to have happened later
    again_s: int = 900  # the same unit, stage, attempt and quantities within so many s are one passage scanned again


@dataclass(frozen=True, eq=False)
class Known:
    """The statements that stand, and what each passage amounts to."""

    rows: Integers  # (r,) standing rows, ascending
    repeated: Mask  # (n,) rows that only scan a passage again
    reused: Integers  # (d,) rows whose event is told otherwise under the same key and edition: the ones set aside
    passage_node: Integers  # (p,) node of each passage
    passage_stage: Integers  # (p,)
    passage_amount: Integers  # (p,) millionths, by the source that counts
    rival_rows: Integers  # (q,) first row of a source that states another quantity for a passage
    rival_amounts: Integers  # (q,) its quantity
    rival_passages: Integers  # (q,) the passage
    passage_row: Integers  # (p,) first row of the source that counts
    moved: Integers  # (m,) standing sound rows that say 'taken' or 'made'


def known_statements(book: Book, moment: Moment) -> Known:
    """Find what counts as of a moment; a function of the set of statements, not of their arrival."""
    held = book.statements
    heard = np.flatnonzero(held.recorded_at <= moment.as_of)
    new_event = changes(book.event[heard])
    rows = heard[new_event]
    same_edition = ~new_event & ~changes(held.edition[heard])
    reused = heard[same_edition & changes(book.content[heard])]
    rows = rows[held.occurred_at[rows] <= moment.until]
    stands = np.zeros(len(held), dtype=np.bool_)
    stands[rows] = True
    stands &= book.fault == SOUND
    counted = book.by_cell[stands[book.by_cell]]
    split = int(np.searchsorted(held.move[counted], _REACHED, side="right"))
    return _passages(book, moment.again_s, (rows, reused), (counted[:split], counted[split:]))


def _passages(book: Book, again_s: int, heard: tuple[Integers, Integers], counted: tuple[Integers, Integers]) -> Known:
    """Add up each passage by the source that counts, leaving out what was only scanned again.

    heard : standing rows; rows set aside
    counted : sound standing rows that say 'reached', by cell; and those that say 'taken' or 'made'
    """
    rows, reused = heard
    reached, moved = counted
    held = book.statements
    node, stage, source = book.node[reached], held.stage[reached], held.source[reached]
    new_cell = changes(node, stage)
    new_reading = new_cell | changes(source)
    again = ~(new_reading | changes(held.given[reached], held.received[reached]))
    occurred = held.occurred_at[reached]
    again[1:] &= occurred[1:] - occurred[:-1] <= again_s
    repeated = np.zeros(len(held), dtype=np.bool_)
    repeated[reached[again]] = True
    starts = np.flatnonzero(new_reading)
    worth = np.where(again, 0, book.amount[reached])
    amounts = np.add.reduceat(worth, starts) if starts.size else worth
    counts = new_cell[starts]
    passage = np.cumsum(counts) - 1
    heads = starts[counts]
    rival = ~counts & (amounts != amounts[counts][passage]) if starts.size else counts
    return Known(
        rows=rows,
        repeated=repeated,
        reused=reused,
        passage_node=node[heads],
        passage_stage=stage[heads],
        passage_amount=amounts[counts],
        rival_rows=reached[starts[rival]],
        rival_amounts=amounts[rival],
        rival_passages=passage[rival],
        passage_row=reached[heads],
        moved=moved,
    )


def rows_at_two_places(book: Book, known: Known) -> tuple[Integers, Integers]:
    """Find units whose statements name two places where only one can be, as two rows side by side.

    Returns : (t,), (t,) int      the last row at one place, and the first at the next
    """
    held = book.statements
    stands = np.zeros(len(held), dtype=np.bool_)
    stands[known.rows] = True
    stands &= (book.site >= 0) & (held.place >= 0) & (held.unit >= 0)
    order = book.by_site[stands[book.by_site]]
    same = ~changes(held.unit[order], held.attempt[order], book.site[order])
    second = np.flatnonzero(same & changes(held.place[order]))
    return order[second - 1], order[second]
