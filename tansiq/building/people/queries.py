"""Tokens and sessions of an account as its own page shows them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from tansiq.building.people.models import Account, ApiToken


@dataclass(frozen=True)
class Factors:
    """The ways in which an account proves itself besides its password."""

    passkeys: int
    totp: bool
    recovery_codes: bool


def tokens_of(account: Account) -> QuerySet[ApiToken]:
    """The account's tokens, newest first, also those that ended."""
    return ApiToken.objects.filter(account=account).order_by("-created_at")


def live_tokens_in(account: Account, room_id: UUID, now: datetime) -> QuerySet[ApiToken]:
    """The account's tokens for a room that still work."""
    return ApiToken.objects.filter(account=account, room_id=room_id, revoked_at=None, expires_at__gt=now)


def sessions_of(account: Account) -> list[UserSession]:
    """Where the account is signed in, latest first."""
    found = UserSession.objects.purge_and_list(account)
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def factors_of(account: Account) -> Factors:
    """Which second factors the account has."""
    kinds = list(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    return Factors(
        kinds.count(Authenticator.Type.WEBAUTHN), Authenticator.Type.TOTP in kinds,
        Authenticator.Type.RECOVERY_CODES in kinds,
    )  # fmt: skip
