"""Pages of accounts: one's own, the recoveries of a room, and the way in by a one-time code."""

from .entry import enter
from .own import (
    account_disable,
    choose_language,
    closed,
    me,
    own,
    recovery,
    recovery_object,
    sessions_end,
    token_create,
    token_revoke,
)
from .recoveries import recoveries, recovery_agree, recovery_issue, recovery_propose, recovery_withdraw

__all__ = [
    "account_disable",
    "choose_language",
    "closed",
    "enter",
    "me",
    "own",
    "recoveries",
    "recovery",
    "recovery_agree",
    "recovery_issue",
    "recovery_object",
    "recovery_propose",
    "recovery_withdraw",
    "sessions_end",
    "token_create",
    "token_revoke",
]
