"""Follows the clocks of impediments: what lapsed becomes a recorded silence, what was ended elsewhere begins anew."""

import logging

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from tansiq.building.clocks.models import ClockState
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tansiq.desks.impediments.actions.steps import record_silence, renew_clock
from tansiq.desks.impediments.models import LIVE_STATES, Impediment, ImpedimentStep
from tansiq.desks.impediments.rules import Act

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(name="impediments.follow_clocks", queueing_lock="impediments.follow_clocks")
def follow_clocks(timestamp: int) -> int:
    """Record every silence that stands nowhere yet, of all rooms; give how many steps were taken."""
    return sum(_follow(room) for room in Room.objects.order_by("slug"))


def _follow(room: Room) -> int:
    """One room's impediments, each in a transaction of its own, so that one that fails holds up no other."""
    taken = 0
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        waiting = _waiting(room)
    for impediment, act in waiting:
        try:
            step = record_silence if act is Act.RECORD_SILENCE else renew_clock
            step(by=system_actor(room, act), impediment=impediment)
            taken += 1
        except Refused:
            continue  # another worker, or a person, was quicker
        except Exception:
            log.exception("the clock of impediment %s could not be followed", impediment.pk)
    return taken


def _waiting(room: Room) -> list[tuple[Impediment, Act]]:
    """Live impediments whose clock lapsed in a silence not yet recorded, or was ended without an answer here."""
    live = Impediment.objects.filter(room=room, state__in=LIVE_STATES).filter(
        Q(clock__lapsed_at__isnull=False) | Q(clock__state=ClockState.STOPPED)
    )
    found = list(live.select_related("clock").order_by("raised_at", "pk"))
    clocks = [one.clock_id for one in found]
    recorded = ImpedimentStep.objects.filter(room=room, clock__in=clocks, act=Act.RECORD_SILENCE)
    known = set(recorded.values_list("clock", flat=True))
    answered = ImpedimentStep.objects.filter(room=room, clock__in=clocks).exclude(act=Act.RECORD_SILENCE)
    settled = set(answered.values_list("clock", flat=True))
    return [
        (one, Act.RECORD_SILENCE if one.clock.lapsed_at and one.clock_id not in known else Act.RENEW_CLOCK)
        for one in found
        if (one.clock.lapsed_at and one.clock_id not in known and one.clock_id not in settled)
        or (one.clock.state == ClockState.STOPPED and one.clock_id not in settled and one.clock_id not in known)
    ]
