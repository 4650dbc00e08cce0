"""Opens warehouses and amends what is stated of them."""

from decimal import Decimal
from uuid import uuid4

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.actions.labels import label_of
from tansiq.desks.distribution.models import Warehouse
from tansiq.desks.distribution.queries.settings import Words, settings_of, words
from tansiq.desks.distribution.queries.stock import stock
from tansiq.desks.distribution.rules import TOPIC, Act, WarehouseStatement

CODE = "distribution_warehouse"
AREA_AT_MOST, PALLETS_AT_MOST = Decimal(1_000_000), 1_000_000


@act(Act.OPEN_WAREHOUSE)
def open_warehouse(*, by: Actor, statement: WarehouseStatement) -> Done:
    """Open a warehouse of the acting room. Raises Refused."""
    settings_of(by.operation_id)
    _check(by, statement, None, words(by))
    pk = uuid4()
    warehouse = Warehouse.objects.create(
        id=pk, room_id=by.room_id, audience_id=label_of(by, CODE, pk, TearLine.HEADLINE), **_said(statement)
    )
    return Done(warehouse, wrote=[warehouse], facts={"place": statement.place}, topics=[TOPIC])


@act(Act.AMEND_WAREHOUSE)
def amend_warehouse(*, by: Actor, warehouse: Warehouse, statement: WarehouseStatement) -> Done:
    """State anew what a warehouse holds, or close it when nothing lies in it any more. Raises Refused."""
    held = Warehouse.objects.select_for_update().filter(pk=warehouse.pk, room=by.room_id).first()
    if held is None:
        raise Refused("not_found")
    known = words(by)
    _check(by, statement, held, known)
    left = stock([held.pk])[held.pk] if not statement.is_open else {}
    if left:
        goods = [f"{local_name(named(known.aid.commodities, lot.commodity))} {amount.normalize():f}"
                 for lot, amount in left.items()]  # fmt: skip
        raise Refused("warehouse_not_empty", found="; ".join(goods))
    for name, value in _said(statement).items():
        setattr(held, name, value)
    held.save()
    return Done(held, wrote=[held], facts={"place": statement.place, "open": statement.is_open}, topics=[TOPIC])


def _said(statement: WarehouseStatement) -> dict[str, object]:
    return {
        "name": statement.name.strip(), "place": statement.place, "floor_m2": statement.floor_m2,
        "pallets": statement.pallets, "is_open": statement.is_open,
    }  # fmt: skip


def _check(by: Actor, statement: WarehouseStatement, held: Warehouse | None, known: Words) -> None:
    name = statement.name.strip()
    if not name:
        raise Refused("warehouse_name_missing")
    others = Warehouse.objects.filter(room=by.room_id, name=name)
    if others.exclude(pk=held.pk if held else None).exists():
        raise Refused("warehouse_name_taken", found=name)
    if statement.place not in known.aid.areas:
        raise Refused("warehouse_place_unknown", found=statement.place)
    for value, most in ((statement.floor_m2, AREA_AT_MOST), (statement.pallets, PALLETS_AT_MOST)):
        if value is not None and not 0 < value <= most:
            raise Refused("capacity_out_of_range", found=str(value), expected=str(most))
