"""Lots and their arithmetic: what lies at a moment, what may leave, and which lot leaves first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from tansiq.desks.aid.rules import Codes, amount_fault, quantity_fault
from tansiq.desks.aid.rules import Quantity as Amount
from tansiq.desks.distribution.models import MovementKind

MOVED_BY_HAND = (MovementKind.DAMAGED, MovementKind.EXPIRED, MovementKind.LOST, MovementKind.DISTRIBUTED,
                 MovementKind.FOUND)  # fmt: skip
FOUND_BY_HAND = MovementKind.FOUND
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Lot:
    """Goods that are told apart: of a commodity, in a unit, that expire on a day, of a consignment."""

    commodity: str
    unit: str
    expiry_date: date | None = None
    consignment_id: UUID | None = None
    consignment_reference: str = ""

    @property
    def order(self) -> tuple[Any, ...]:
        """First expired, first out; what does not expire leaves last."""
        return (self.expiry_date or date.max, self.consignment_reference, str(self.consignment_id or ""))

    @property
    def key(self) -> str:
        """The lot as one word, for the choices of a form."""
        return "|".join((self.commodity, self.unit, str(self.expiry_date or ""), str(self.consignment_id or ""),
                         self.consignment_reference))  # fmt: skip


@dataclass(frozen=True)
class Goods:
    """How much of what, before it is known of which lot."""

    commodity: str
    unit: str
    quantity: Decimal
    expiry_date: date | None = None


@dataclass(frozen=True)
class Taken:
    """A part of a lot."""

    lot: Lot
    quantity: Decimal


@dataclass(frozen=True)
class WarehouseStatement:
    """What is stated of a warehouse."""

    name: str
    place: str
    floor_m2: Decimal | None = None
    pallets: int | None = None
    is_open: bool = True


@dataclass(frozen=True)
class ReceiptStatement:
    """Goods that came in, from a consignment or from elsewhere."""

    goods: tuple[Goods, ...]
    occurred_at: datetime
    consignment_id: UUID | None = None
    event_id: UUID | None = None  # the aid event that states their reception
    explanation: str = ""


@dataclass(frozen=True)
class MovementStatement:
    """A movement of one lot that a person enters."""

    kind: str
    lot: Lot
    quantity: Decimal
    occurred_at: datetime
    reason: str = ""
    explanation: str = ""


def amount_refusal(goods: Goods, codes: Codes, *, none: bool = False) -> tuple[str, dict[str, Any]] | None:
    """The first reason not to take a quantity of goods: an unknown code, no number, nothing at all (unless allowed)."""
    fault = quantity_fault(Amount(goods.unit, commodity=goods.commodity), codes) or amount_fault(goods.quantity)
    if fault:
        return fault
    return ("goods_nothing", {"found": f"{goods.quantity:f}"}) if not (goods.quantity or none) else None


def lowest(changes: Iterable[tuple[datetime, Decimal]], since: datetime) -> tuple[Decimal, datetime]:
    """The lowest stock from a moment on, and when it is reached; changes of one moment count together.

    changes : when, and what is added (below zero: what leaves)
    """
    held, found = NOTHING, None
    for at, group in groupby(sorted(changes, key=lambda one: one[0]), key=lambda one: one[0]):
        if at > since and found is None:
            found = (held, since)
        held += sum((change for _, change in group), NOTHING)
        if at >= since and (found is None or held < found[0]):
            found = (held, at)
    return found or (held, since)


def spread(wanted: Decimal, lots: Mapping[Lot, Decimal]) -> list[Taken]:
    """Take a quantity from lots, those that expire first before the others; less where there is not so much."""
    taken, missing = [], wanted
    for lot in sorted(lots, key=lambda one: one.order):
        part = min(missing, lots[lot])
        if part > 0:
            taken.append(Taken(lot, part))
            missing -= part
    return taken
