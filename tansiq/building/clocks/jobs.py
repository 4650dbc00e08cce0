"""The scheduler: takes due steps and fires each in a transaction of its own; takes up jobs whose worker died."""

import logging
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from tansiq.building.clocks.actions import fire_due_step
from tansiq.building.clocks.models import Clock
from tansiq.building.rooms.models import Room
from tansiq.building.wall.context import room_context

log = logging.getLogger(__name__)

STALLED_AFTER_S = 30


@app.periodic(cron="* * * * * */5")
@app.task(name="clocks.strike_due_clocks", queueing_lock="clocks.strike_due_clocks")
def strike_due_clocks(timestamp: int) -> int:
    """Fire everything that is due now, of all rooms; give how many steps fired."""
    fired = 0
    while strike_one():
        fired += 1
    return fired


@app.periodic(cron="* * * * *")
@app.task(name="clocks.take_up_stalled_jobs", queueing_lock="clocks.take_up_stalled_jobs")
async def take_up_stalled_jobs(timestamp: int) -> int:
    """Queue again every job whose worker has given no sign of life; give how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S))
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)


def strike_one() -> bool:
    """Take one due clock and fire its step, together or not at all; False when none is due.

    Another scheduler passes over the clock that this one has taken. Killed half-way, the transaction is undone
    and the step is due again; done twice, the step's unique key refuses the second.
    """
    clock_id: UUID | None = None
    try:
        with room_context(), transaction.atomic():
            due = _take_due()
            if due is None:
                return False
            clock_id, room_id = due
            with room_context(room_ids=(room_id,)):
                clock = Clock.objects.select_related("kind", "room").get(pk=clock_id)
                fire_due_step(clock, Room.objects.get(pk=room_id))
    except Exception:
        if clock_id is None:
            raise
        log.exception("clock %s could not strike; it is put off", clock_id)
        _put_off(clock_id)
    return True


def _take_due() -> tuple[UUID, UUID] | None:
    with connection.cursor() as cursor:
        cursor.execute("select clock_id, room_id from clocks_take_due()")
        return cursor.fetchone()


def _put_off(clock_id: UUID) -> None:
    """Look at the clock again later, so that one that fails holds up no other."""
    with room_context(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select clocks_put_off(%s)", [clock_id])
