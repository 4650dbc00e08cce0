"""The one act of the floor: reading it."""

from enum import StrEnum


class Act(StrEnum):
    """What can be done on the floor; it writes nothing."""

    READ_FLOOR = "floor.floor.read"
