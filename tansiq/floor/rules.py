"""The acts of the floor: reading it, and reading the chain."""

from enum import StrEnum


class Act(StrEnum):
    """What can be done on the floor; it writes nothing."""

    READ_FLOOR = "floor.floor.read"
    READ_CHAIN = "floor.chain.read"
