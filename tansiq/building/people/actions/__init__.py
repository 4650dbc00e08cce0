"""The verbs of people: tokens, accounts and sessions, and a new way in for who lost theirs."""

from .accounts import (
    TokenAsked,
    choose_language,
    create_token,
    disable_account,
    disable_everywhere,
    end_sessions,
    note_use,
    revoke_own_token,
    revoke_token,
)
from .entry import create_account, enter_by_code, reset_factors
from .recovery import agree_recovery, issue_recovery, object_recovery, propose_recovery, withdraw_recovery

__all__ = [
    "TokenAsked",
    "agree_recovery",
    "choose_language",
    "create_account",
    "create_token",
    "disable_account",
    "disable_everywhere",
    "end_sessions",
    "enter_by_code",
    "issue_recovery",
    "note_use",
    "object_recovery",
    "propose_recovery",
    "reset_factors",
    "revoke_own_token",
    "revoke_token",
    "withdraw_recovery",
]
