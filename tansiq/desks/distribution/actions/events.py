"""Tells the aid ledger what happened at this desk: one event for each consignment that the goods are of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.actions import record_event
from tansiq.desks.aid.models import AidEvent, Consignment
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.desks.distribution.rules import Lot

CODE_LENGTH = 120


@dataclass(frozen=True)
class Told:
    """How much of a lot, as each side states it."""

    lot: Lot
    giver: Decimal | None = None
    receiver: Decimal | None = None
    damaged: Decimal | None = None


@dataclass(frozen=True)
class Happening:
    """What happened: the stage, when, where, why, and under which unit code goods of others' consignments go."""

    stage: str
    at: datetime
    code: str  # of the release, plan or warehouse; names the unit where the consignment is not this room's
    place: str = ""
    reason: str = ""
    key: str = ""  # names the happening, so that it is told once


def aided(by: Actor) -> Actor:
    """The same person, allowed to state aid events and to move clocks as a consequence of an act of this desk."""
    return replace(by, acts=by.acts | {"aid.event.record", "aid.event.correct", "clocks.clock.*"})


def tell_aid(by: Actor, what: Happening, told: Iterable[Told]) -> dict[UUID | None, AidEvent]:
    """Record the events; goods of no known consignment become none. Consignment → its event. Raises Refused."""
    grouped: dict[UUID, list[Told]] = defaultdict(list)
    for one in told:
        if one.lot.consignment_id is not None:
            grouped[one.lot.consignment_id].append(one)
    own = Consignment.objects.filter(pk__in=grouped, room=by.room_id).in_bulk()
    return {
        pk: record_event(by=aided(by), statement=_statement(what, pk, own.get(pk), goods))
        for pk, goods in sorted(grouped.items())
    }  # fmt: skip


def _statement(what: Happening, consignment_id: UUID, own: Consignment | None, goods: list[Told]) -> EventStatement:
    reference = goods[0].lot.consignment_reference
    quantities = tuple(
        Quantity(one.lot.unit, one.giver, one.receiver, one.damaged, commodity=one.lot.commodity) for one in goods
    )
    subject = (
        {"source": own.source, "consignment": own.reference}
        if own
        else {"unit_code": f"{what.code} {reference}"[:CODE_LENGTH], "unit_kind": "pallet", "reference": reference}
    )
    key = f"{what.key}:{consignment_id}" if what.key else ""
    return EventStatement(
        what.stage,
        what.at,
        quantities,
        source_key=key,
        place=what.place,
        reason=what.reason,
        is_further=True,
        **subject,
    )
