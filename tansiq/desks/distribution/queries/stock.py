"""Warehouses as this room may see them, what lies in them as of any moment, and what should be looked at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Max, QuerySet, Sum

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.models import RESERVING, Line, StockMovement, Warehouse
from tansiq.desks.distribution.queries.settings import Names, Words, expiring_within
from tansiq.desks.distribution.rules import Lot

NOTHING = Decimal(0)
PALLET = "pallet"  # the unit in which the places of a warehouse are counted
LOT = ("commodity", "unit", "expiry_date", "consignment_id", "consignment_reference")


@dataclass(frozen=True)
class StockLine:
    """One lot in a warehouse."""

    lot: Lot
    quantity: Decimal
    reserved: Decimal
    commodity: Names | str
    unit: Names | str
    expires_in: int | None  # days; None: does not expire
    is_expiring: bool

    @property
    def is_expired(self) -> bool:
        """Whether its day has passed."""
        return self.expires_in is not None and self.expires_in < 0

    @property
    def free(self) -> Decimal:
        """What is reserved for nothing."""
        return self.quantity - self.reserved


@dataclass(frozen=True)
class WarehouseRow:
    """A warehouse with what lies in it."""

    warehouse: Warehouse
    place: Names | str
    room: Names
    lines: list[StockLine] = field(default_factory=list)
    moved_at: datetime | None = None  # the latest movement

    @property
    def pallets(self) -> Decimal:
        """How many pallets lie there."""
        return sum((line.quantity for line in self.lines if line.lot.unit == PALLET), NOTHING)

    @property
    def over(self) -> Decimal:
        """How many pallets lie there beyond the capacity."""
        capacity = self.warehouse.pallets
        return max(NOTHING, self.pallets - capacity) if capacity is not None else NOTHING

    @property
    def expiring(self) -> list[StockLine]:
        """What expires soon, or has expired."""
        return [line for line in self.lines if line.is_expiring]


def warehouses(by: Actor) -> QuerySet[Warehouse]:
    """The warehouses that this room sees, its own first."""
    found = Warehouse.objects.filter(room__operation=by.operation_id).select_related("room")
    return found.order_by("-is_open", "name", "pk")


def warehouse_seen(by: Actor, warehouse_id: UUID) -> Warehouse | None:
    """One of them; None where there is none for this room."""
    return warehouses(by).filter(pk=warehouse_id).first()


def stock(warehouse_ids: Iterable[UUID], as_of: datetime | None = None) -> dict[UUID, dict[Lot, Decimal]]:
    """Warehouse → lot → what lies there: the sum of the movements until a moment. One query."""
    rows = StockMovement.objects.filter(warehouse__in=list(warehouse_ids))
    if as_of is not None:
        rows = rows.filter(occurred_at__lte=as_of)
    found: dict[UUID, dict[Lot, Decimal]] = defaultdict(dict)
    for warehouse_id, *lot, held in rows.values_list("warehouse", *LOT).annotate(held=Sum("change")).order_by(*LOT):
        if held:
            found[warehouse_id][Lot(*lot)] = held
    return found


def reserved(warehouse_ids: Iterable[UUID], without: UUID | None = None) -> dict[UUID, dict[Lot, Decimal]]:
    """Warehouse → lot → what the plans that are not over yet keep of it, without one plan. One query."""
    lines = Line.objects.filter(
        plan__warehouse__in=list(warehouse_ids), plan__state__in=RESERVING, version=F("plan__version")
    )
    if without:
        lines = lines.exclude(plan=without)
    found: dict[UUID, dict[Lot, Decimal]] = defaultdict(dict)
    for warehouse_id, *lot, kept in (
        lines.values_list("plan__warehouse", *LOT).annotate(kept=Sum("quantity")).order_by()
    ):
        found[warehouse_id][Lot(*lot)] = kept
    return found


def warehouse_rows(
    found: Iterable[Warehouse], by: Actor, words: Words, *, as_of: datetime | None = None,
) -> list[WarehouseRow]:  # fmt: skip
    """Warehouses with their stock, in a fixed number of queries."""
    listed = list(found)
    ids = [one.pk for one in listed]
    lying, kept = stock(ids, as_of), reserved(ids) if as_of is None else {}
    latest = StockMovement.objects.filter(warehouse__in=ids).values_list("warehouse").annotate(Max("occurred_at"))
    moved = dict(latest.order_by("warehouse"))
    today, within = today_of(by, as_of), expiring_within(by.operation_id).days
    return [
        WarehouseRow(
            one, named(words.aid.areas, one.place), words.rooms[one.room_id].names,
            stock_lines(lying.get(one.pk, {}), kept.get(one.pk, {}), words, today, within), moved.get(one.pk),
        )
        for one in listed
    ]  # fmt: skip


def stock_lines(
    lying: Mapping[Lot, Decimal], reserved: Mapping[Lot, Decimal], words: Words, today: date, within: int
) -> list[StockLine]:
    """Lots in the order in which they should leave, commodity by commodity."""
    return [
        StockLine(
            lot, held, reserved.get(lot, NOTHING), named(words.aid.commodities, lot.commodity),
            named(words.aid.units, lot.unit), days, days is not None and days <= within,
        )
        for lot, held in sorted(lying.items(), key=lambda pair: (pair[0].commodity, pair[0].unit, *pair[0].order))
        for days in [(lot.expiry_date - today).days if lot.expiry_date else None]
    ]  # fmt: skip


def today_of(by: Actor, as_of: datetime | None = None) -> date:
    """The day of the operation's calendar at a moment; now when none is named."""
    zone = Operation.objects.values_list("time_zone", flat=True).get(pk=by.operation_id)
    return (as_of or database_now()).astimezone(ZoneInfo(zone)).date()


def movements(warehouse: Warehouse, as_of: datetime | None = None) -> QuerySet[StockMovement]:
    """The movements of a warehouse that this room may read, latest first."""
    found = StockMovement.objects.filter(warehouse=warehouse)
    if as_of is not None:
        found = found.filter(occurred_at__lte=as_of)
    return found.order_by("-occurred_at", "-created_at", "pk")


@dataclass(frozen=True)
class MovementRow:
    """One movement with its names."""

    movement: StockMovement
    commodity: Names | str
    unit: Names | str
    reason: Names | str


def movement_rows(found: Iterable[StockMovement], words: Words) -> list[MovementRow]:
    """Movements with the names of their codes."""
    return [
        MovementRow(
            one, named(words.aid.commodities, one.commodity), named(words.aid.units, one.unit),
            named(words.aid.reasons, one.reason),
        )
        for one in found
    ]  # fmt: skip
