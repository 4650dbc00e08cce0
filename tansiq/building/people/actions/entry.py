"""A way in: accounts made by the operator, factors reset, and the one-time code that sets a new password."""

from datetime import UTC, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from tansiq.building.people.actions.accounts import end_sessions, revoke_token
from tansiq.building.people.actions.recovery import finish
from tansiq.building.people.models import Account, ApiToken, EntryCode, Recovery, RecoveryState
from tansiq.building.people.queries import recovery_of_code, usable_code
from tansiq.building.people.rules import CODE_LIVES, Act
from tansiq.building.people.tokens import code_digest, new_code
from tansiq.building.rooms.actions import end_membership, withdraw_invitation
from tansiq.building.rooms.actors import Actor, guest, memberships_of, system_actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Membership, Room
from tansiq.building.rooms.queries import invitations_for
from tansiq.building.rooms.rules import Act as RoomAct

OWNER = "owner"


def create_account(email: str, *, name: str, language: str, organisation_id: object = None) -> tuple[Account, str]:
    """A new account as the operator makes it, and the one-time code with which its holder sets a password."""
    made = Account.objects.db_manager(OWNER).create_user(
        email, name=name, language=language, organisation_id=organisation_id
    )
    account = Account.objects.get(pk=made.pk)
    return account, _operators_code(account)


def reset_factors(account: Account) -> tuple[str, int]:
    """Shut every way in and open one, as the operator does, with an entry in each room; the code, and how many rooms.

    Nothing of the old stays: password, factors, sessions, tokens, and codes that were made before.
    """
    places = memberships_of(account)
    with transaction.atomic():
        for place in places:
            _note_reset(by=system_actor(place.room, Act.RESET_FACTORS), account=account)
        _shut(account)
        account.set_unusable_password()
        account.save(update_fields=["password"])
        return _operators_code(account), len(places)


@act(Act.RESET_FACTORS)
def _note_reset(*, by: Actor, account: Account) -> Done:
    ended = list(Recovery.objects.filter(room_id=by.room_id, account=account, ended_at=None))
    for recovery in ended:
        finish(recovery, RecoveryState.ENDED)
    return Done(account, wrote=ended, facts={"holder": str(account.pk)}, topics=["people.recovery"])


def enter_by_code(*, email: str, code: str, password: str) -> bool:
    """Set the password of whoever has this address and this code; False tells no reason.

    What the account had before is shut: factors, sessions, tokens. A code that the officers of a room handed over
    opens that room alone: places in other rooms end and their invitations are withdrawn, each with its entry there,
    and are given again by a new invitation.
    """
    with transaction.atomic():
        found = usable_code(email, code, datetime.now(UTC))
        if found is None:
            return False
        account, recovery = found.account, recovery_of_code(found)
        if found.recovery_id is not None and recovery is None:
            return False
        places = memberships_of(account)
        here = [place for place in places if recovery is None or place.room_id == recovery.room_id]
        if recovery is not None and not here:
            return False
        EntryCode.objects.filter(account=account, used_at=None).update(used_at=datetime.now(UTC))
        for place in here:
            _use_code(by=guest(place.room, account, Act.USE_CODE), recovery=recovery)
        if recovery is not None:
            _close_elsewhere(account, places, recovery.room_id)
        _shut(account)
        account.set_password(password)
        account.save(update_fields=["password"])
        return True


@act(Act.USE_CODE)
def _use_code(*, by: Actor, recovery: Recovery | None) -> Done:
    if recovery is None:
        return Done(None, facts={"holder": str(by.account_id)})
    finish(recovery, RecoveryState.USED)
    return Done(recovery, wrote=[recovery], facts={"holder": str(by.account_id)}, topics=["people.recovery"])


def _close_elsewhere(account: Account, places: list[Membership], room_id: UUID) -> None:
    """Leave no way into a room whose officers had no part in the recovery."""
    for place in places:
        if place.room_id != room_id:
            end_membership(by=system_actor(place.room, RoomAct.END_MEMBERSHIP), membership=place)
    for invitation in invitations_for(account.pk, datetime.now(UTC)):
        if invitation.room_id != room_id:
            withdraw_invitation(by=system_actor(invitation.room, RoomAct.WITHDRAW_INVITATION), invitation=invitation)


def _shut(account: Account) -> None:
    Authenticator.objects.filter(user=account).delete()
    live = list(ApiToken.objects.filter(account=account, revoked_at=None))
    rooms = Room.objects.in_bulk([token.room_id for token in live])
    for token in live:  # also those of rooms in which the account has no place now: an act and an entry for each
        revoke_token(by=system_actor(rooms[token.room_id], Act.REVOKE_TOKEN), token=token)
    EntryCode.objects.filter(account=account, used_at=None).update(used_at=datetime.now(UTC))
    end_sessions(account)


def _operators_code(account: Account) -> str:
    code = new_code()
    EntryCode.objects.create(account=account, code_sha256=code_digest(code), expires_at=datetime.now(UTC) + CODE_LIVES)
    return code
