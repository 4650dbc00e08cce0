"""Purges driver and phone when the operation's days have passed; that it was done stands in the ledger."""

from datetime import date

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport.actions.writing import locked, write_step
from tansiq.desks.transport.models import Manifest, ManifestIdentities
from tansiq.desks.transport.rules import TOPIC, Act, next_state


@act(Act.PURGE_MANIFEST)
def purge_manifest(*, by: Actor, manifest: Manifest, today: date | None = None) -> Done:
    """Empty every version of driver and phone whose day has come; the rows stay and say when. Raises Refused.

    today : the day by the operation's calendar; None: by UTC
    """
    at, held = database_now(), locked(by, manifest)
    next_state(held.state, Act.PURGE_MANIFEST)
    own = ManifestIdentities.objects.filter(room=by.room_id, manifest=held, purged_at=None)
    due = list(own.filter(purge_date__lte=today or at.date()).select_for_update())
    if not due:
        waiting = own.order_by("purge_date").values_list("purge_date", flat=True).first()
        raise Refused("manifest_nothing_to_purge", found=waiting.isoformat() if waiting else "-")
    for row in due:
        row.driver, row.phone, row.purged_at = "", "", at
        row.save(update_fields=["driver", "phone", "purged_at"])
    held.changed_at = at
    held.save(update_fields=["changed_at"])
    facts = {"number": held.number, "purged": len(due), "due": max(row.purge_date for row in due).isoformat()}
    step = write_step(by, held, Act.PURGE_MANIFEST, at)
    return Done(held, wrote=[held, *due, step], facts=facts, topics=[TOPIC])
