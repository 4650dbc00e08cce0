"""The acts of rooms and who may take a place in them."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.models import Invitation, Membership
from tansiq.building.rooms.refusals import register

INVITED_FOR = timedelta(days=14)


class Act(StrEnum):
    """What can be done with rooms."""

    READ_ROOM = "rooms.room.read"
    GRANT_MEMBERSHIP = "rooms.membership.grant"
    END_MEMBERSHIP = "rooms.membership.end"
    SEND_INVITATION = "rooms.invitation.send"
    WITHDRAW_INVITATION = "rooms.invitation.withdraw"
    ACCEPT_INVITATION = "rooms.invitation.accept"
    DECLINE_INVITATION = "rooms.invitation.decline"
    LOAD_OPERATION = "rooms.operation.load"


register(
    {
        "membership_ended": _("This membership has already ended."),
        "invitation_ended": _("This invitation does not stand any more."),
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
        Act.SEND_INVITATION: _("Invited into the room"),
        Act.WITHDRAW_INVITATION: _("Invitation withdrawn"),
        Act.ACCEPT_INVITATION: _("Invitation accepted"),
        Act.DECLINE_INVITATION: _("Invitation declined"),
        Act.LOAD_OPERATION: _("Operation's files loaded"),
    }
)


def can_end(membership: Membership) -> bool:
    """A membership ends once."""
    return membership.ended_at is None


def is_open(invitation: Invitation, now: datetime) -> bool:
    """An invitation stands until it is answered or withdrawn, and no longer than its time."""
    return invitation.ended_at is None and now < invitation.until
