"""What the distribution desk keeps: warehouses and the movements of their stock."""

from tansiq.desks.distribution.models.stock import MovementKind, StockMovement, Warehouse, owned

__all__ = [
    "MovementKind",
    "StockMovement",
    "Warehouse",
    "owned",
]
