"""Where giver and receiver of a hand-over counted differently."""

from dataclasses import dataclass

import numpy as np

from tansiq.engine.conservation._book import SOUND
from tansiq.engine.conservation._settle import Settled
from tansiq.engine.conservation._statements import Integers
from tansiq.engine.counting import NOT_STATED


@dataclass(frozen=True, eq=False)
class HandoverDifferences:
    """Hand-overs at which the two sides differ; columns (d,)."""

    rows: Integers  # row of the book's statements
    line: Integers  # number of the line
    stage: Integers  # number of the stage
    unit: Integers  # handling unit; -1 = none
    given: Integers  # millionths of the measure stated
    received: Integers
    short: Integers  # given less received; below zero where more was received


def handover_differences(settled: Settled) -> HandoverDifferences:
    """Give every standing statement, scanned again or not counted once, whose two quantities differ."""
    book, known = settled.book, settled.known
    held = book.statements
    rows = known.rows[(book.fault[known.rows] == SOUND) & ~known.repeated[known.rows]]
    given, received = held.given[rows], held.received[rows]
    rows = rows[(given != NOT_STATED) & (received != NOT_STATED) & (given != received)]
    given, received = held.given[rows], held.received[rows]
    return HandoverDifferences(
        rows=rows,
        line=held.line[rows],
        stage=held.stage[rows],
        unit=held.unit[rows],
        given=given,
        received=received,
        short=np.subtract(given, received),
    )
