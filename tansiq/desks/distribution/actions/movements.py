"""Writes movements of stock: the warehouse locked, no lot ever below zero, the arithmetic told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.wording import date_time_group
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.actions.labels import label_of
from tansiq.desks.distribution.actions.warehouses import CODE
from tansiq.desks.distribution.models import StockMovement, Warehouse
from tansiq.desks.distribution.queries.settings import Words
from tansiq.desks.distribution.queries.stock import LOT
from tansiq.desks.distribution.rules import Lot, lowest

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Movement:
    """One row to be written."""

    kind: str
    lot: Lot
    change: Decimal  # below zero: what leaves
    counted: Decimal | None = None
    reason: str = ""
    explanation: str = ""
    event_id: UUID | None = None
    cause_id: UUID | None = None


def locked(by: Actor, warehouse: Warehouse) -> Warehouse:
    """The open warehouse of the acting room, held until the act is done. Raises Refused."""
    held = Warehouse.objects.select_for_update().filter(pk=warehouse.pk, room=by.room_id).first()
    if held is None:
        raise Refused("not_found")
    if not held.is_open:
        raise Refused("warehouse_closed", found=held.name)
    return held


def check_time(at: datetime) -> None:
    """Refuse what has not happened yet. Raises Refused."""
    if at > database_now():
        raise Refused("not_yet", found=date_time_group(at))


def write_movements(
    by: Actor, held: Warehouse, wanted: Sequence[Movement], at: datetime, words: Words
) -> list[StockMovement]:
    """Add movements to a locked warehouse; none of its lots may lie below zero at that moment or later. Raises."""
    check_time(at)
    _check_lowest(held, wanted, at, words)
    label = label_of(by, CODE, held.pk, TearLine.DETAIL)
    return StockMovement.objects.bulk_create(
        StockMovement(
            room_id=by.room_id, audience_id=label, warehouse=held, kind=one.kind, occurred_at=at, change=one.change,
            counted=one.counted, reason=one.reason, explanation=one.explanation.strip(), event_id=one.event_id,
            cause_id=one.cause_id, **{name: getattr(one.lot, name) for name in LOT},
        )
        for one in wanted
    )  # fmt: skip


def held_at(held: Warehouse, lot: Lot, at: datetime) -> Decimal:
    """What of a lot lies in a warehouse at a moment."""
    return sum((change for when, change in _changes(held, [lot])[lot] if when <= at), NOTHING)


def goods_in_words(words: Words, lot: Lot) -> str:
    """A lot as a sentence names it."""
    parts = [local_name(named(words.aid.commodities, lot.commodity)), str(lot.expiry_date or ""),
             lot.consignment_reference]  # fmt: skip
    return ", ".join(part for part in parts if part)


def plain(amount: Decimal) -> str:
    """An amount without decimals that say nothing."""
    return f"{amount.normalize():f}" if amount else "0"


def _check_lowest(held: Warehouse, wanted: Sequence[Movement], at: datetime, words: Words) -> None:
    leaving: dict[Lot, Decimal] = defaultdict(Decimal)
    for one in wanted:
        leaving[one.lot] += one.change
    changes = _changes(held, [lot for lot, change in leaving.items() if change < 0])
    for lot, known in changes.items():
        least, when = lowest(known, at)
        if least + leaving[lot] < 0:
            raise Refused(
                "stock_short", goods=goods_in_words(words, lot), at=date_time_group(when), held=plain(least),
                asked=plain(-leaving[lot]), left=plain(least + leaving[lot]),
                unit=local_name(named(words.aid.units, lot.unit)),
            )  # fmt: skip


def _changes(held: Warehouse, lots: Sequence[Lot]) -> Mapping[Lot, list[tuple[datetime, Decimal]]]:
    found: dict[Lot, list[tuple[datetime, Decimal]]] = {lot: [] for lot in lots}
    if not lots:
        return found
    rows = StockMovement.objects.filter(
        room=held.room_id, warehouse=held, commodity__in={lot.commodity for lot in lots}
    )
    for at, change, *lot in rows.values_list("occurred_at", "change", *LOT):
        if Lot(*lot) in found:
            found[Lot(*lot)].append((at, change))
    return found
