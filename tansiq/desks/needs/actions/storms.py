"""Opens and closes storm mode."""

from datetime import datetime

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import audience_for
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.needs.actions.checks import check_area, check_hazard
from tansiq.desks.needs.models import Storm
from tansiq.desks.needs.queries.setting import setting
from tansiq.desks.needs.rules import STORM_RECORD, STORM_TOPIC, Act, StormStated, next_state


@act(Act.OPEN_STORM)
def open_storm(*, by: Actor, stated: StormStated) -> Done:
    """Open storm mode over a warning. Raises Refused."""
    known = setting(by.operation_id)
    if not stated.warning.strip() or not stated.source.strip():
        raise Refused("needs_storm_warning")
    if not stated.areas:
        raise Refused("needs_storm_areas")
    for p_code in stated.areas:
        check_area(p_code, known)
    check_hazard(stated.hazard, known)
    if stated.ends_at <= stated.begins_at:
        raise Refused("needs_storm_span", found=_span(stated.begins_at, stated.ends_at))
    storm = Storm.objects.create(
        room_id=by.room_id, audience_id=audience_for(STORM_RECORD, TearLine.HEADLINE, by),
        warning=stated.warning.strip()[:200], hazard=stated.hazard, areas=list(dict.fromkeys(stated.areas)),
        begins_at=stated.begins_at, ends_at=stated.ends_at, source=stated.source.strip()[:200],
        state=next_state(None, Act.OPEN_STORM), opened_at=database_now(),
    )  # fmt: skip
    facts = {"hazard": storm.hazard, "areas": storm.areas, "begins_at": stated.begins_at.isoformat()}
    return Done(storm, wrote=[storm], facts=facts, topics=[STORM_TOPIC])


@act(Act.CLOSE_STORM)
def close_storm(*, by: Actor, storm: Storm, reason: str) -> Done:
    """Close storm mode, as the room that opened it. Raises Refused."""
    own = Storm.objects.filter(pk=storm.pk, room_id=by.room_id)
    list(own.select_for_update().values_list("pk"))
    held = own.first()
    if held is None:
        raise Refused("not_found")
    if not reason.strip():
        raise Refused("needs_reason_missing")
    held.state, held.closed_at = next_state(held.state, Act.CLOSE_STORM), database_now()
    held.closing = reason.strip()
    held.save(update_fields=["state", "closed_at", "closing"])
    return Done(held, wrote=[held], facts={"state": held.state}, topics=[STORM_TOPIC])


def _span(begins_at: datetime, ends_at: datetime) -> str:
    return f"{date_time_group(begins_at)} – {date_time_group(ends_at)}"
