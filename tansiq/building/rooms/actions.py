"""The verbs of rooms: invite, take in, let go; accept or decline; note that an operation was loaded."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tansiq.building.ledger.rows import configured_rows
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.endings import end_with
from tansiq.building.rooms.models import Invitation, InvitationOutcome, Membership, Operation
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.rules import INVITED_FOR, Act, can_end, is_open


@act(Act.GRANT_MEMBERSHIP)
def grant_membership(*, by: Actor, account: Any, roles: Sequence[str]) -> Done:
    """Give an account a place in the acting room, or change its roles there. Raises Refused."""
    membership = _take_in(by, account, roles)
    return Done(membership, wrote=[membership], facts={"roles": list(roles)}, topics=["rooms.membership"])


@act(Act.END_MEMBERSHIP)
def end_membership(*, by: Actor, membership: Membership) -> Done:
    """Take an account's place in the acting room away at once. Raises Refused when it has already ended.

    What hangs on the place ends with it for good: given again later, the place brings none of it back.
    """
    if not can_end(membership):
        raise Refused("membership_ended")
    membership.ended_at = datetime.now(UTC)
    membership.save(update_fields=["ended_at"])
    wrote, facts = end_with(membership, membership.ended_at)
    return Done(membership, wrote=[membership, *wrote], facts=facts, topics=["rooms.membership"])


@act(Act.SEND_INVITATION)
def send_invitation(*, by: Actor, email: str, roles: Sequence[str]) -> Done:
    """Invite whoever has this address into the acting room; an earlier invitation of theirs is replaced.

    No account is looked for: what this answers, and how long it takes, is the same whether or not there is one.
    """
    now = datetime.now(UTC)
    former = list(Invitation.objects.filter(room_id=by.room_id, email=email, ended_at=None))
    for one in former:
        _end(one, InvitationOutcome.WITHDRAWN)
    sent = Invitation.objects.create(room_id=by.room_id, email=email, roles=list(roles), until=now + INVITED_FOR)
    facts = {"roles": list(roles), "until": sent.until.isoformat()}
    return Done(sent, wrote=[*former, sent], facts=facts, topics=["rooms.invitation"])


@act(Act.WITHDRAW_INVITATION)
def withdraw_invitation(*, by: Actor, invitation: Invitation) -> Done:
    """Take an invitation of the acting room back. Raises Refused when it does not stand any more."""
    return _answered(invitation, InvitationOutcome.WITHDRAWN)


@act(Act.ACCEPT_INVITATION)
def accept_invitation(*, by: Actor, account: Any, invitation: Invitation) -> Done:
    """Take the place in the room that was offered; done by the invited person (see actors.guest). Raises Refused."""
    done = _answered(invitation, InvitationOutcome.ACCEPTED)
    membership = _take_in(by, account, invitation.roles)
    done.wrote, done.topics = [invitation, membership], ["rooms.invitation", "rooms.membership"]
    done.facts = {"roles": list(invitation.roles), "membership": str(membership.pk)}
    return done


@act(Act.DECLINE_INVITATION)
def decline_invitation(*, by: Actor, invitation: Invitation) -> Done:
    """Refuse the place that was offered; done by the invited person (see actors.guest). Raises Refused."""
    return _answered(invitation, InvitationOutcome.DECLINED)


def _take_in(by: Actor, account: Any, roles: Sequence[str]) -> Membership:
    if account.is_sample and not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("sample_account_elsewhere")
    standing = Membership.objects.filter(room_id=by.room_id, account=account, ended_at=None).first()
    as_before = standing is not None and set(standing.roles) == set(roles)
    since = standing.since if standing is not None and as_before else datetime.now(UTC)
    membership, _made = Membership.objects.update_or_create(
        room_id=by.room_id, account=account, defaults={"roles": list(roles), "ended_at": None, "since": since}
    )
    return membership


def _answered(invitation: Invitation, outcome: InvitationOutcome) -> Done:
    if not is_open(invitation, datetime.now(UTC)):
        raise Refused("invitation_ended")
    _end(invitation, outcome)
    return Done(invitation, wrote=[invitation], topics=["rooms.invitation"])


def _end(invitation: Invitation, outcome: InvitationOutcome) -> None:
    invitation.ended_at, invitation.outcome = datetime.now(UTC), outcome
    invitation.save(update_fields=["ended_at", "outcome"])


@act(Act.LOAD_OPERATION)
def note_operation_loaded(*, by: Actor, operation: Operation) -> Done:
    """Write in the ledger that the operation's configuration was loaded: the digest of its files, and every row."""
    facts = {"operation": operation.slug, "digest": operation.digest, "whole": True}
    return Done(operation, wrote=configured_rows(operation.pk), facts=facts)
