"""The acts of the floor: reading it, and reading the chain."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import register


class Act(StrEnum):
    """What can be done on the floor; it writes nothing."""

    READ_FLOOR = "floor.floor.read"
    READ_CHAIN = "floor.chain.read"


register({"chain_days_out_of_order": _("The last day lies before the first one.")})
