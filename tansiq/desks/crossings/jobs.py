"""Follows the bookings of slots: what an event has used is used, what is over without one is missed."""

import logging

from django.db import transaction
from procrastinate.contrib.django import app

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tansiq.desks.crossings.actions import record_miss, record_use
from tansiq.desks.crossings.queries.following import to_follow
from tansiq.desks.crossings.queries.setting import setting
from tansiq.desks.crossings.rules import Act

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="crossings.follow_slots", queueing_lock="crossings.follow_slots")
def follow_slots(timestamp: int) -> int:
    """Take every step that is due, of all rooms; give how many were taken."""
    return sum(_follow(room) for room in Room.objects.order_by("slug"))


def _follow(room: Room) -> int:
    """One room's bookings, each in a transaction of its own, so that one that fails holds up no other."""
    taken = 0
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        waiting = to_follow(room.pk, setting(room.operation_id), database_now())
    for booking, is_used in waiting:
        step, name = (record_use, Act.RECORD_USE) if is_used else (record_miss, Act.RECORD_MISS)
        try:
            step(by=system_actor(room, name), booking=booking)
            taken += 1
        except Refused:
            continue  # another worker, or a person, was quicker
        except Exception:
            log.exception("booking %s could not be followed", booking.pk)
    return taken
