"""Tokens and sessions of an account as its own page shows them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F, QuerySet

from tansiq.building.people.models import Account, ApiToken, EntryCode, Recovery
from tansiq.building.people.sign_in import may_sign_in
from tansiq.building.people.tokens import code_digest
from tansiq.building.rooms.models import Room
from tansiq.building.wall.context import room_context


@dataclass(frozen=True)
class Factors:
    """The ways in which an account proves itself besides its password."""

    passkeys: int
    totp: bool
    recovery_codes: bool


def tokens_of(account: Account) -> QuerySet[ApiToken]:
    """The account's tokens, newest first, also those that ended."""
    return ApiToken.objects.filter(account=account).order_by("-created_at")


def live_tokens_in(account_id: UUID, room_id: UUID, now: datetime) -> QuerySet[ApiToken]:
    """The account's tokens for a room that still work."""
    return ApiToken.objects.filter(account_id=account_id, room_id=room_id, revoked_at=None, expires_at__gt=now)


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


def usable_code(email: str, code: str, now: datetime) -> EntryCode | None:
    """The one-time code if it was made for this address and can be used now; locked until the transaction ends."""
    codes = EntryCode.objects.select_for_update(of=("self",)).select_related("account")
    found = codes.filter(code_sha256=code_digest(code), used_at=None, expires_at__gt=now).first()
    return found if found and found.account.email == email.lower() and may_sign_in(found.account) else None


def recovery_of_code(code: EntryCode) -> Recovery | None:
    """The recovery whose officers handed the code over; None for a code of the operator."""
    with room_context(account_id=code.account_id), transaction.atomic():
        return Recovery.objects.filter(pk=code.recovery_id).first() if code.recovery_id else None


def recoveries_in(room_id: UUID) -> QuerySet[Recovery]:
    """Recoveries of a room, those under way first, then the latest."""
    found = Recovery.objects.filter(room_id=room_id).select_related("account", "proposed_by", "agreed_by")
    return found.order_by(F("ended_at").desc(nulls_first=True), "-proposed_at")


def recoveries_for(account_id: UUID | None) -> list[tuple[Recovery, Room]]:
    """Recoveries of this account that are under way, in whichever room, each with its room; for its holder."""
    if account_id is None:
        return []
    with room_context(account_id=account_id), transaction.atomic():
        found = list(Recovery.objects.filter(account_id=account_id, ended_at=None).order_by("proposed_at"))
        rooms = Room.objects.select_related("operation").in_bulk([one.room_id for one in found])
    return [(one, rooms[one.room_id]) for one in found]
