"""The acts of the distribution desk, its tables of states, and what may be stated."""

from tansiq.desks.distribution.rules.acts import TOPIC, Act
from tansiq.desks.distribution.rules.stock import (
    FOUND_BY_HAND,
    MOVED_BY_HAND,
    Goods,
    Lot,
    MovementStatement,
    ReceiptStatement,
    Taken,
    WarehouseStatement,
    amount_refusal,
    lowest,
    spread,
)

__all__ = [
    "FOUND_BY_HAND",
    "MOVED_BY_HAND",
    "TOPIC",
    "Act",
    "Goods",
    "Lot",
    "MovementStatement",
    "ReceiptStatement",
    "Taken",
    "WarehouseStatement",
    "amount_refusal",
    "lowest",
    "spread",
]
