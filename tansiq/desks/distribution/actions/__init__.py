"""The verbs of the distribution desk."""

from tansiq.desks.distribution.actions.stock import count_stock, move_stock, receive_stock
from tansiq.desks.distribution.actions.warehouses import amend_warehouse, open_warehouse

__all__ = [
    "amend_warehouse",
    "count_stock",
    "move_stock",
    "open_warehouse",
    "receive_stock",
]
