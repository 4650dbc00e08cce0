"""Follows the clocks of askings: what lapsed becomes a recorded no-response, what was ended elsewhere begins anew."""

import logging

from django.db import transaction
from procrastinate.contrib.django import app

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tansiq.desks.coordination.actions.books import record_no_response, renew_clock
from tansiq.desks.coordination.models import Asking, AskingStep, Move
from tansiq.desks.coordination.queries.standings import newest_clocks, standings
from tansiq.desks.coordination.rules import UNANSWERED, Act

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(name="coordination.follow_clocks", queueing_lock="coordination.follow_clocks")
def follow_clocks(timestamp: int) -> int:
    """Record every silence that stands nowhere yet, of all rooms; give how many steps were taken."""
    return sum(_follow(room) for room in Room.objects.order_by("slug"))


def _follow(room: Room) -> int:
    """One room's askings, each in a transaction of its own, so that one that fails holds up no other."""
    taken = 0
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        waiting = _waiting(room)
    for asking, act in waiting:
        try:
            step = record_no_response if act is Act.RECORD_NO_RESPONSE else renew_clock
            step(by=system_actor(room, act, "clocks.clock.*", "impediments.impediment.*"), asking=asking)
            taken += 1
        except Refused:
            continue  # another worker, or a person, was quicker
        except Exception:
            log.exception("the clock of asking %s could not be followed", asking.pk)
    return taken


def _waiting(room: Room) -> list[tuple[Asking, Act]]:
    """Unanswered askings whose newest clock lapsed in a silence not yet recorded, or was ended without an answer."""
    ticked = Clock.objects.filter(room=room, subject_label=Asking._meta.label_lower).exclude(
        state__in=(ClockState.RUNNING, ClockState.PAUSED)
    )
    found = list(Asking.objects.filter(room=room, pk__in=ticked.values("subject_id")).order_by("asked_at", "pk"))
    open_ones = {pk for pk, one in standings(found, database_now()).items() if one.recorded in UNANSWERED}
    clocks = newest_clocks(list(open_ones))
    told = AskingStep.objects.filter(room=room, asking__in=open_ones, move=Move.LAPSE, clock__isnull=False)
    recorded = set(told.values_list("clock", flat=True))
    wanted = []
    for asking in found:
        clock = clocks.get(asking.pk)
        if clock is None or clock.pk in recorded:
            continue
        if clock.lapsed_at is not None:
            wanted.append((asking, Act.RECORD_NO_RESPONSE))
        elif clock.state == ClockState.STOPPED:
            wanted.append((asking, Act.RENEW_CLOCK))
    return wanted
