"""The verbs of places: report a crossing's state, change a quota, note that places were loaded."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from tansiq.building.ledger.rows import configured_rows
from tansiq.building.places.models import (
    Crossing,
    CrossingQuota,
    CrossingReason,
    CrossingStatus,
    CrossingStatusDetail,
)
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.places.rules import Act, check_status
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Operation, TearLine
from tansiq.building.rooms.queries import audience_for
from tansiq.building.rooms.refusals import Refused

RECORD_TYPE = "crossing_status"
TOPIC = "places.crossing"


@act(Act.REPORT_CROSSING_STATUS)
def report_crossing_status(
    *,
    by: Actor,
    crossing: Crossing,
    state: str,
    reason: str = "",
    since_at: datetime | None = None,
    until_at: datetime | None = None,
    source: str = "",
    note: str = "",
) -> Done:
    """Report what state a crossing is in since when; a later report never overwrites an earlier one. Raises Refused."""
    _in_operation(crossing, by)
    now = database_now()
    since_at = since_at or now
    check_status(state, reason, since_at, until_at, now)
    if reason and not CrossingReason.objects.filter(operation=by.operation_id, code=reason).exists():
        raise Refused("status_reason_unknown", reason=reason)
    status = CrossingStatus.objects.create(
        room_id=by.room_id, audience_id=audience_for(RECORD_TYPE, TearLine.HEADLINE, by), crossing=crossing,
        state=state, reason=reason, since_at=since_at, until_at=until_at,
    )  # fmt: skip
    wrote: list[Any] = [status]
    if source or note:
        wrote.append(CrossingStatusDetail.objects.create(
            room_id=by.room_id, audience_id=audience_for(RECORD_TYPE, TearLine.DETAIL, by), status=status,
            source=source, note=note,
        ))  # fmt: skip
    facts = {"crossing": crossing.code, "state": state, "reason": reason, "since_at": since_at.isoformat()}
    return Done(status, wrote=wrote, facts=facts, topics=[TOPIC])


@act(Act.CHANGE_CROSSING_QUOTA)
def change_crossing_quota(
    *,
    by: Actor,
    crossing: Crossing,
    units_per_day: int | None,
    from_date: date,
    source: str,
    goods_class: str = "",
    unit: str = "truck",
) -> Done:
    """Record that a crossing's quota changes from a day on; None ends it. Raises Refused."""
    _in_operation(crossing, by)
    if not source.strip():
        raise Refused("quota_without_source")
    quota = CrossingQuota.objects.create(
        room_id=by.room_id, audience_id=audience_for(RECORD_TYPE, TearLine.HEADLINE, by), crossing=crossing,
        goods_class=goods_class, unit=unit, units_per_day=units_per_day, from_date=from_date, source=source,
    )  # fmt: skip
    facts = {
        "crossing": crossing.code, "class": goods_class, "unit": unit, "units_per_day": units_per_day,
        "from_date": from_date.isoformat(),
    }  # fmt: skip
    return Done(quota, wrote=[quota], facts=facts, topics=[TOPIC])


@act(Act.LOAD_PLACE)
def note_places_loaded(*, by: Actor, operation: Operation, kind: str, digest: str, written: dict[str, Any]) -> Done:
    """Write in the ledger which file changed the operation's places, and how many of each sort."""
    counts = {name: asdict(count) for name, count in written.items()}
    facts = {"kind": kind, "digest": digest, "written": counts, "whole": True}
    return Done(operation, wrote=configured_rows(operation.pk), facts=facts, topics=["places.place"])


def _in_operation(crossing: Crossing, by: Actor) -> None:
    if crossing.operation_id != by.operation_id:
        raise Refused("crossing_elsewhere")
