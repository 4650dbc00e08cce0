"""What stands in the way: how many impediments are open, how many are overdue, and the oldest of them."""

from dataclasses import dataclass

from tansiq.building.rooms.actors import Actor
from tansiq.desks.impediments.queries.lists import ImpedimentRow, Wanted, impediments, overdue, rows_of
from tansiq.desks.impediments.queries.words import words

SHOWN = 3


@dataclass(frozen=True)
class OpenImpediments:
    """The impediments that stand in the way, as far as this room may see them."""

    total: int
    overdue: int
    oldest: list[ImpedimentRow]


def open_impediments(by: Actor) -> OpenImpediments:
    """How many there are, how many of them were left without an answer, and the oldest."""
    found, wanted = impediments(by, Wanted()), Wanted()
    oldest = rows_of(found[:SHOWN], by, words(by.operation_id))
    return OpenImpediments(found.count(), overdue(by, wanted).count(), oldest)
