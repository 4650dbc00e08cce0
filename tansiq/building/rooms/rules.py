"""The acts of rooms and who may take a place in them."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.models import Membership
from tansiq.building.rooms.refusals import register


class Act(StrEnum):
    """What can be done with rooms."""

    READ_ROOM = "rooms.room.read"
    GRANT_MEMBERSHIP = "rooms.membership.grant"
    END_MEMBERSHIP = "rooms.membership.end"
    LOAD_OPERATION = "rooms.operation.load"


register(
    {
        "membership_ended": _("This membership has already ended."),
        "room_dropped": _(
            "The files no longer name these rooms: %(rooms)s. A room that may hold records stays; name it again."
        ),
        "sample_account_elsewhere": _("Sample accounts work in a sample operation only."),
    }
)
register_words(
    {
        Act.GRANT_MEMBERSHIP: _("Place in the room given"),
        Act.END_MEMBERSHIP: _("Place in the room ended"),
        Act.LOAD_OPERATION: _("Operation's files loaded"),
    }
)


def can_end(membership: Membership) -> bool:
    """A membership ends once."""
    return membership.ended_at is None
