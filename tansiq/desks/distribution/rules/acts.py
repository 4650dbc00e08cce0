"""The acts of the distribution desk, and the sentences in which one is refused."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import register

TOPIC = "distribution"


class Act(StrEnum):
    """What can be done at the distribution desk."""

    READ_WAREHOUSE = "distribution.warehouse.read"
    OPEN_WAREHOUSE = "distribution.warehouse.open"
    AMEND_WAREHOUSE = "distribution.warehouse.amend"
    READ_STOCK = "distribution.stock.read"
    RECEIVE_STOCK = "distribution.stock.receive"
    MOVE_STOCK = "distribution.stock.move"
    COUNT_STOCK = "distribution.stock.count"


register(
    {
        "distribution_not_set_up": _("The operation has no distribution desk: its files have no distribution.yaml."),
        "warehouse_name_missing": _("A warehouse needs a name."),
        "warehouse_name_taken": _("This room has a warehouse called “%(found)s” already."),
        "warehouse_place_unknown": _("“%(found)s” is neither a site nor an area of the operation."),
        "warehouse_closed": _("The warehouse “%(found)s” is closed."),
        "warehouse_not_empty": _("Goods still lie in the warehouse: %(found)s. Move them first."),
        "capacity_out_of_range": _(
            "The capacity %(found)s cannot be taken; expected more than 0, at most %(expected)s."
        ),
        "goods_missing": _("State at least one line: what, how much, in which unit."),
        "goods_nothing": _("The quantity of a movement must be more than 0; found %(found)s."),
        "stock_short": _(
            "Not so much lies there: %(goods)s, at %(at)s: %(held)s − %(asked)s = %(left)s %(unit)s. "
            "A stock is never below zero."
        ),
        "stock_reserved": _(
            "%(goods)s: %(held)s lie there and %(reserved)s are reserved for distributions; "
            "%(held)s − %(reserved)s − %(asked)s = %(left)s %(unit)s."
        ),
        "event_not_receivable": _("This event is no reception of goods in this room."),
        "event_short": _(
            "%(goods)s: the event states %(stated)s and %(taken)s are in stock from it already; "
            "%(stated)s − %(taken)s − %(asked)s = %(left)s %(unit)s."
        ),
        "consignment_not_read": _("There is no such consignment, or it was not released to this room."),
        "explanation_missing": _("Explain the movement in your own words."),
        "difference_unexplained": _(
            "Counted %(counted)s, in the books %(held)s: the difference is %(difference)s %(unit)s. Explain it."
        ),
        "movement_reason_unknown": _("“%(found)s” is not a reason for this. Known: %(expected)s."),
        "movement_not_by_hand": _("“%(found)s” is not a movement that is entered by hand."),
        "not_yet": _("The time %(found)s lies ahead. Movements are entered when they have happened."),
    }
)  # fmt: skip
register_words(
    {
        Act.OPEN_WAREHOUSE: _("Warehouse opened"),
        Act.AMEND_WAREHOUSE: _("Statement on a warehouse amended"),
        Act.RECEIVE_STOCK: _("Goods received into stock"),
        Act.MOVE_STOCK: _("Movement of stock entered"),
        Act.COUNT_STOCK: _("Stock counted"),
    }
)
