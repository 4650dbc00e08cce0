"""Follows the clocks of discrepancies: one that nobody took on in time becomes an impediment."""

import logging

from django.db import transaction
from procrastinate.contrib.django import app

from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tansiq.desks.aid.actions import report_unowned_discrepancy
from tansiq.desks.aid.queries.discrepancies import unreported
from tansiq.desks.aid.rules import Act

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */10")
@app.task(name="aid.follow_discrepancies", queueing_lock="aid.follow_discrepancies")
def follow_discrepancies(timestamp: int) -> int:
    """Report every discrepancy of all rooms whose deadline passed without an owner; give how many."""
    return sum(_follow(room) for room in Room.objects.order_by("slug"))


def _follow(room: Room) -> int:
    """One room's discrepancies, each in a transaction of its own, so that one that fails holds up no other."""
    reported = 0
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        waiting = unreported(room.pk)
    for discrepancy_id in waiting:
        try:
            report_unowned_discrepancy(
                by=system_actor(room, Act.REPORT_UNOWNED_DISCREPANCY), discrepancy_id=discrepancy_id
            )
            reported += 1
        except Refused:
            continue  # another worker, or a person, was quicker
        except Exception:
            log.exception("discrepancy %s could not be reported", discrepancy_id)
    return reported
