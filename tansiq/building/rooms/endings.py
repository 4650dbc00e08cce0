"""What ends together with a place in a room: areas above say how their own things end with it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tansiq.building.rooms.models import Membership

Ending = Callable[[Membership, datetime], Sequence[UUID]]

_endings: dict[str, tuple[type[Any], Ending]] = {}


def ends_with_place(name: str, model: type[Any]) -> Callable[[Ending], Ending]:
    """Make a function end an account's things in a room for good, in the transaction of the act that ends the place.

    It answers the ids of the rows that it wrote; the act's entry commits to them, and names them in a fact ``name``.
    """

    def keep(ending: Ending) -> Ending:
        _endings[name] = (model, ending)
        return ending

    return keep


def end_with(place: Membership, now: datetime) -> tuple[list[Any], dict[str, list[str]]]:
    """End everything that hangs on a place that has just ended; the rows written, and the facts of the entry."""
    ended = {name: (model, list(ending(place, now))) for name, (model, ending) in _endings.items()}
    wrote = [(model, ids) for model, ids in ended.values() if ids]
    return wrote, {name: [str(one) for one in ids] for name, (_model, ids) in ended.items()}
