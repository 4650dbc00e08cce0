"""Puts one record of every kind of the distribution desk into a room, with the mark in every text."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.models import Consignment
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import Warehouse
from tansiq.desks.distribution.queries.stock import stock
from tansiq.desks.distribution.rules import Goods, Lot, MovementStatement, ReceiptStatement, WarehouseStatement

HOUR = timedelta(hours=1)


def furnish_distribution(operation: Operation, configuration: Any) -> None:
    """Give the test operation the sample's settings of this desk."""
    stated = configuration.distribution.model_dump(mode="json")
    for category in stated["complaint_categories"]:
        category["handler"] = None
    operation.rules = {**operation.rules, "distribution": stated}
    operation.save(using="owner")


def plant_distribution(by: Actor, mark: str) -> None:
    """Do every act of this desk that a room can do for itself."""
    stocked(by, mark)


def stocked(by: Actor, mark: str) -> Warehouse:
    """A warehouse with every kind of movement."""
    stated = WarehouseStatement(f"{mark} warehouse", "store_middle", Decimal(800), 5)
    warehouse: Warehouse = actions.open_warehouse(by=by, statement=stated)
    now = datetime.now(UTC)
    with eyes_of(by):
        consignment = Consignment.objects.get(room=by.room_id, reference=f"{mark} reference")
    goods = (Goods("rice", "pallet", Decimal(40), now.date() + timedelta(days=5)),)
    receipt = ReceiptStatement(goods, now - HOUR, consignment.pk, explanation=f"{mark} receipt")
    actions.receive_stock(by=by, warehouse=warehouse, statement=receipt)
    lot = only_lot(by, warehouse)
    lost = MovementStatement("lost", lot, Decimal(2), now, "lost_unexplained", f"{mark} loss")
    actions.move_stock(by=by, warehouse=warehouse, statement=lost)
    counted = {lot: Decimal(37)}
    actions.count_stock(by=by, warehouse=warehouse, counted=counted, at=datetime.now(UTC), explanation=f"{mark} count")
    return warehouse


def only_lot(by: Actor, warehouse: Warehouse) -> Lot:
    """The lot that lies in a warehouse of one lot."""
    with eyes_of(by):
        (lot,) = stock([warehouse.pk])[warehouse.pk]
    return lot
