"""The acts of people, and what a token may be."""

import ipaddress
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.people.models import Account, ApiToken, Recovery, RecoveryState
from tansiq.building.rooms.refusals import Refused, register
from tansiq.building.rooms.wording import date_time_group

TOKEN_MOST_DAYS = 90
CODE_LIVES = timedelta(hours=24)
RECOVERY_DELAY = timedelta(hours=24)  # where the operation's files name none


class Act(StrEnum):
    """What can be done with accounts and tokens."""

    CREATE_TOKEN = "people.token.create"  # noqa: S105 (the name of an act)
    REVOKE_TOKEN = "people.token.revoke"  # noqa: S105
    DISABLE_ACCOUNT = "people.account.disable"
    READ_RECOVERY = "people.recovery.read"
    PROPOSE_RECOVERY = "people.recovery.propose"
    AGREE_RECOVERY = "people.recovery.agree"
    WITHDRAW_RECOVERY = "people.recovery.withdraw"
    OBJECT_RECOVERY = "people.recovery.object"  # the holder's own, whatever their roles
    ISSUE_RECOVERY = "people.recovery.issue"
    RESET_FACTORS = "people.factors.reset"  # the operator's, from the console
    USE_CODE = "people.entry_code.use"  # the holder's own


TRANSITIONS = {
    RecoveryState.PROPOSED: {RecoveryState.AGREED, RecoveryState.ENDED},
    RecoveryState.AGREED: {RecoveryState.ISSUED, RecoveryState.ENDED},
    RecoveryState.ISSUED: {RecoveryState.USED, RecoveryState.ENDED},
    RecoveryState.USED: set(),
    RecoveryState.ENDED: set(),
}


register(
    {
        "token_without_acts": _("Choose at least one act that the token may do."),
        "token_beyond_roles": _("A token cannot do what your own roles do not allow: %(acts)s."),
        "token_too_long": _("A token lives for one to %(days)s days."),
        "token_network": _("%(network)s is not a network address such as 192.0.2.0/24."),
        "token_ended": _("This token was already revoked."),
        "not_here": _("This person has no place in this room."),
        "recovery_own": _("Nobody helps in the recovery of their own account: two other officers of the room do."),
        "recovery_alone": _("A second officer must agree; you proposed this recovery yourself."),
        "recovery_new": _("You count in a recovery only from %(ready)s on: your roles in this room are too new."),
        "recovery_open": _("A recovery of this account is already under way in this room."),
        "recovery_moved": _("This recovery is not where you saw it; its page shows how it stands."),
        "recovery_early": _("The delay runs until %(ready)s; until then the holder can object."),
        "recovery_other": _("The code is shown only to the officer who agreed."),
        "own_account": _("Nobody can disable their own account."),
    }
)
register_words(
    {
        Act.CREATE_TOKEN: _("Access token made"),
        Act.REVOKE_TOKEN: _("Access token revoked"),
        Act.DISABLE_ACCOUNT: _("Account disabled"),
        Act.READ_RECOVERY: _("Recoveries of accounts read"),
        Act.PROPOSE_RECOVERY: _("Recovery of an account proposed"),
        Act.AGREE_RECOVERY: _("Recovery of an account agreed to"),
        Act.WITHDRAW_RECOVERY: _("Recovery of an account withdrawn"),
        Act.OBJECT_RECOVERY: _("Recovery objected to by the holder of the account"),
        Act.ISSUE_RECOVERY: _("One-time code of a recovery shown"),
        Act.RESET_FACTORS: _("Ways to sign in reset by the operator"),
        Act.USE_CODE: _("New password set by a one-time code"),
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


def check_helper(by: UUID | None, recovery: Recovery) -> None:
    """Refuse the holder of the account: two others help."""
    if by == recovery.account_id:
        raise Refused("recovery_own")


def check_settled(since: datetime, delay: timedelta, now: datetime) -> None:
    """Refuse an officer whose roles in the room are younger than the delay: nobody is taken in for a recovery."""
    if now < since + delay:
        raise Refused("recovery_new", ready=date_time_group(since + delay))


def check_second(by: UUID | None, recovery: Recovery) -> None:
    """Refuse the officer who proposed: one person alone lets nobody in."""
    check_helper(by, recovery)
    if by == recovery.proposed_by_id:
        raise Refused("recovery_alone")


def check_ready(by: UUID | None, recovery: Recovery, now: datetime) -> None:
    """Refuse before the delay is over, and everyone but the officer who agreed."""
    if by != recovery.agreed_by_id:
        raise Refused("recovery_other")
    if recovery.ready_at is None or now < recovery.ready_at:
        raise Refused("recovery_early", ready=date_time_group(recovery.ready_at) if recovery.ready_at else "")


def check_step(recovery: Recovery, to: RecoveryState) -> None:
    """Refuse a step that does not follow from where the recovery stands."""
    if to not in TRANSITIONS[RecoveryState(recovery.state)]:
        raise Refused("recovery_moved")


def may_be_helped(account: Account) -> bool:
    """Whether there is an account to let in: a disabled one stays shut."""
    return account.is_active
