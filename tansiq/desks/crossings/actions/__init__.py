"""The verbs of the crossings desk."""

from tansiq.desks.crossings.actions.answers import confirm_slot, record_answer, refuse_slot
from tansiq.desks.crossings.actions.days import (
    publish_places,
    record_queue,
    state_capacity,
    state_hours,
    state_lanes,
)
from tansiq.desks.crossings.actions.following import record_miss, record_use
from tansiq.desks.crossings.actions.slots import book_slot, release_slot

__all__ = [
    "book_slot",
    "confirm_slot",
    "publish_places",
    "record_answer",
    "record_miss",
    "record_queue",
    "record_use",
    "refuse_slot",
    "release_slot",
    "state_capacity",
    "state_hours",
    "state_lanes",
]
