"""Who reads what a room records of a manifest: the default readers, and the room whose manifest it is."""

from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import audience, audience_for, line_rule, rooms_named
from tansiq.desks.transport.actions.writing import label_of
from tansiq.desks.transport.models import Manifest
from tansiq.desks.transport.rules import RECORD_TYPE


def label_of_reading(by: Actor, manifest: Manifest | None) -> int:
    """The label of a seal's reading, a scan or a difference of the acting room."""
    if manifest is None:
        return audience_for(RECORD_TYPE, TearLine.DETAIL, by)
    if manifest.room_id == by.room_id:
        return label_of(by, manifest.pk, TearLine.DETAIL)
    usual = rooms_named(by.operation_id, line_rule(by.operation_id, RECORD_TYPE, TearLine.DETAIL))
    told: list[UUID] = [*usual, manifest.room_id]
    return audience(by.room_id, [(room_id, None) for room_id in dict.fromkeys(told)])
