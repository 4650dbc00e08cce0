"""Follows the questions of requests: silences, opposite decisions, refusals in spite of an approval."""

import logging
from collections.abc import Callable

from django.db import transaction
from procrastinate.contrib.django import app

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tansiq.desks.requests.actions import record_inconsistency, record_silence
from tansiq.desks.requests.actions.refusals import open_refused_in_spite
from tansiq.desks.requests.queries.inconsistencies import unrecorded_pairs
from tansiq.desks.requests.queries.operation import rules_of
from tansiq.desks.requests.queries.refusals import refused_in_spite
from tansiq.desks.requests.queries.standing import lapsed_in_silence
from tansiq.desks.requests.rules import Act

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(name="requests.follow_clocks", queueing_lock="requests.follow_clocks")
def follow_clocks(timestamp: int) -> int:
    """Record every silence that stands nowhere yet, of all rooms; give how many."""
    return _in_each_room(_silences)


@app.periodic(cron="* * * * * */20")
@app.task(name="requests.compare_decisions", queueing_lock="requests.compare_decisions")
def compare_decisions(timestamp: int) -> int:
    """Record what was decided differently, in every room that may know of both decisions; give how many."""
    return _in_each_room(_inconsistencies)


@app.periodic(cron="* * * * * */10")
@app.task(name="requests.watch_crossings", queueing_lock="requests.watch_crossings")
def watch_crossings(timestamp: int) -> int:
    """Open an impediment for each refusal at a crossing in spite of a valid token; give how many."""
    return _in_each_room(_refusals)


def _in_each_room(work: Callable[[Room], int]) -> int:
    return sum(work(room) for room in Room.objects.select_related("operation").order_by("slug"))


def _silences(room: Room) -> int:
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        waiting = lapsed_in_silence(room.pk)
    by = system_actor(room, Act.RECORD_SILENCE, "impediments.*", "clocks.clock.*")
    return sum(_done(record_silence, by=by, clearance=one) for one in waiting)


def _inconsistencies(room: Room) -> int:
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        pairs = unrecorded_pairs(room, database_now(), rules_of(room.operation_id).differs_within)
    by = system_actor(room, Act.RECORD_INCONSISTENCY)
    return sum(_done(record_inconsistency, by=by, earlier=one, later=other) for one, other in pairs)


def _refusals(room: Room) -> int:
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        found = refused_in_spite(room)
    by = system_actor(room, "impediments.*", "clocks.clock.*")
    return sum(_done(open_refused_in_spite, by=by, refusal=one) for one in found)


def _done(action: Callable[..., object], **asked: object) -> bool:
    """Do one in a transaction of its own, so that one that fails holds up no other."""
    try:
        action(**asked)
    except Refused:
        return False  # another worker, or a person, was quicker
    except Exception:
        log.exception("%s could not be done", action.__name__)
        return False
    return True
