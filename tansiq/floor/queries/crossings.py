"""Crossings in groups of one state, the closed ones first."""

from dataclasses import dataclass

from tansiq.building.places.models import CrossingState
from tansiq.building.places.queries.crossings import CrossingNow, crossings_now
from tansiq.building.rooms.actors import Actor

ORDER = (
    CrossingState.CLOSED, CrossingState.OPEN_WITH_RESTRICTIONS, CrossingState.OPEN, CrossingState.NO_INFORMATION,
)  # fmt: skip


@dataclass(frozen=True)
class CrossingGroup:
    """The crossings that are in one state, as this room knows it."""

    state: str
    crossings: tuple[CrossingNow, ...]


def crossing_groups(by: Actor) -> list[CrossingGroup]:
    """The crossings of the operation by state; a state in which none is has no group."""
    seen = crossings_now(by)
    groups = [CrossingGroup(state, tuple(one for one in seen if one.state == state)) for state in ORDER]
    return [group for group in groups if group.crossings]
