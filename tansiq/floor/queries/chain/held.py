"""What is held at each link, for the floor's first screen."""

from tansiq.building.rooms.actors import Actor
from tansiq.desks.impediments.queries.words import words
from tansiq.floor.queries.chain.board import Board, View, Wanted, board
from tansiq.floor.queries.chain.facts import live_chain

SHOWN = 1  # of each link: the one held longest


def held_by_link(by: Actor) -> Board | None:
    """The lanes by link with their totals and the one held longest; None where the operation states no chain."""
    found = live_chain(by)
    return board(View(found, words(by.operation_id)), Wanted(), SHOWN) if found else None
