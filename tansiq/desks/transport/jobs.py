"""Purges the drivers of manifests when their days have passed, room by room."""

import logging
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from procrastinate.contrib.django import app

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import system_actor
from tansiq.building.rooms.models import Room
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tansiq.desks.transport.actions import purge_manifest
from tansiq.desks.transport.models import Manifest, ManifestIdentities
from tansiq.desks.transport.rules import Act

log = logging.getLogger(__name__)


@app.periodic(cron="17 * * * *")
@app.task(name="transport.purge_identities", queueing_lock="transport.purge_identities")
def purge_identities(timestamp: int) -> int:
    """Purge whatever is due in any room; give how many manifests were."""
    return sum(_purge(room) for room in Room.objects.select_related("operation").order_by("slug"))


def _purge(room: Room) -> int:
    """One room's manifests, each in a transaction of its own, so that one that fails holds up no other."""
    done = 0
    with room_context(room_ids=(room.pk,)), transaction.atomic():
        today: date = database_now().astimezone(ZoneInfo(room.operation.time_zone)).date()
        due = ManifestIdentities.objects.filter(room=room, purged_at=None, purge_date__lte=today)
        manifests = list(Manifest.objects.filter(pk__in=due.values("manifest")).order_by("day", "pk"))
    for manifest in manifests:
        try:
            purge_manifest(by=system_actor(room, Act.PURGE_MANIFEST), manifest=manifest, today=today)
            done += 1
        except Refused:
            continue  # another worker, or a person, was quicker
        except Exception:
            log.exception("the identities of manifest %s could not be purged", manifest.pk)
    return done
