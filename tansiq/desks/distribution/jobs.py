"""Follows what time brings at this desk: reports that are due, complaints left in silence, names to be purged."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from tansiq.building.clocks.models import ClockState
from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tansiq.desks.distribution.actions import expect_feed_back, follow_plan, purge_names, record_complaint_silence
from tansiq.desks.distribution.models import Complaint, DistributionPlan, FocalPerson, PlanState, Step
from tansiq.desks.distribution.queries.settings import settings_or_none
from tansiq.desks.distribution.rules import ANSWERED, Act, complaint_state

log = logging.getLogger(__name__)
Due = tuple[Callable[..., Any], dict[str, Any], str]  # the verb, what it is done to, the act


@app.periodic(cron="* * * * * */15")
@app.task(name="distribution.follow", queueing_lock="distribution.follow")
def follow(timestamp: int) -> int:
    """Do what is due in every room; give how many acts were done."""
    return sum(_follow(room) for room in Room.objects.order_by("slug"))


def _follow(room: Room) -> int:
    """One room's records, each in a transaction of its own, so that one that fails holds up no other."""
    done = 0
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        waiting = list(_due(room)) if settings_or_none(room.operation_id) else []
    for verb, asked, name in waiting:
        try:
            verb(by=system_actor(room, name), **asked)
            done += 1
        except Refused:
            continue  # another worker, or a person, was quicker
        except Exception:
            log.exception("%s could not be done in room %s", name, room.pk)
    return done


def _due(room: Room) -> Iterator[Due]:
    over = DistributionPlan.objects.filter(
        room=room, state__in=(PlanState.PLANNED, PlanState.SET), clock=None, ends_at__lte=database_now()
    )
    yield from ((follow_plan, {"plan": one}, Act.FOLLOW_PLAN) for one in over.order_by("ends_at", "pk"))
    named = FocalPerson.objects.filter(room=room, purged_at=None, purge_on__lte=database_now().date())
    yield from ((purge_names, {"person": one}, Act.PURGE_NAMES) for one in named.order_by("purge_on", "pk"))
    yield from _complaints(room)


def _complaints(room: Room) -> Iterator[Due]:
    waiting = list(Complaint.objects.filter(room=room, clock__isnull=False).select_related("clock").order_by("pk"))
    steps: dict[Any, list[Step]] = {one.pk: [] for one in waiting}
    for step in Step.objects.filter(complaint__in=[one.pk for one in waiting]):
        steps[step.complaint_id].append(step)
    for one in waiting:
        told = any(step.clock_id == one.clock_id for step in steps[one.pk])
        if one.clock.lapsed_at and not told and one.clock.state != ClockState.STOPPED:
            yield record_complaint_silence, {"complaint": one}, Act.RECORD_COMPLAINT_SILENCE
        elif one.clock.state == ClockState.STOPPED and complaint_state(steps[one.pk]) == ANSWERED:
            yield expect_feed_back, {"complaint": one}, Act.EXPECT_FEED_BACK
