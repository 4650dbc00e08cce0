"""The acts of people, and what a token may be."""

import ipaddress
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.people.models import ApiToken
from tansiq.building.rooms.refusals import Refused, register

TOKEN_MOST_DAYS = 90


class Act(StrEnum):
    """What can be done with accounts and tokens."""

    CREATE_TOKEN = "people.token.create"  # noqa: S105 (the name of an act)
    REVOKE_TOKEN = "people.token.revoke"  # noqa: S105
    DISABLE_ACCOUNT = "people.account.disable"


register(
    {
        "token_without_acts": _("Choose at least one act that the token may do."),
        "token_beyond_roles": _("A token cannot do what your own roles do not allow: %(acts)s."),
        "token_too_long": _("A token lives for one to %(days)s days."),
        "token_network": _("%(network)s is not a network address such as 192.0.2.0/24."),
        "token_ended": _("This token was already revoked."),
        "not_here": _("This person has no place in this room."),
        "own_account": _("Nobody can disable their own account."),
    }
)
register_words(
    {
        Act.CREATE_TOKEN: _("Access token made"),
        Act.REVOKE_TOKEN: _("Access token revoked"),
        Act.DISABLE_ACCOUNT: _("Account disabled"),
    }
)


def check_lifetime(now: datetime, expires_at: datetime) -> None:
    """Refuse a token that would have ended already, or lives too long."""
    if not now < expires_at <= now + timedelta(days=TOKEN_MOST_DAYS):
        raise Refused("token_too_long", days=TOKEN_MOST_DAYS)


def checked_networks(networks: list[str]) -> list[str]:
    """The networks in their normal spelling; Refused names the first that is none."""
    found = []
    for network in networks:
        try:
            found.append(str(ipaddress.ip_network(network, strict=False)))
        except ValueError as error:
            raise Refused("token_network", network=network) from error
    return found


def can_revoke(token: ApiToken) -> bool:
    """A token is revoked once."""
    return token.revoked_at is None
