"""The verbs of rooms: take someone in, let someone go, note that an operation was loaded."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tansiq.building.ledger.rows import configured_rows
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Membership, Operation
from tansiq.building.rooms.refusals import Refused
from tansiq.building.rooms.rules import Act, can_end


@act(Act.GRANT_MEMBERSHIP)
def grant_membership(*, by: Actor, account: Any, roles: Sequence[str]) -> Done:
    """Give an account a place in the acting room, or change its roles there. Raises Refused."""
    if account.is_sample and not Operation.objects.get(pk=by.operation_id).is_sample:
        raise Refused("sample_account_elsewhere")
    membership, _made = Membership.objects.update_or_create(
        room_id=by.room_id, account=account, defaults={"roles": list(roles), "ended_at": None}
    )
    return Done(membership, wrote=[membership], facts={"roles": list(roles)}, topics=["rooms.membership"])


@act(Act.END_MEMBERSHIP)
def end_membership(*, by: Actor, membership: Membership) -> Done:
    """Take an account's place in the acting room away at once. Raises Refused when it has already ended."""
    if not can_end(membership):
        raise Refused("membership_ended")
    membership.ended_at = datetime.now(UTC)
    membership.save(update_fields=["ended_at"])
    return Done(membership, wrote=[membership], topics=["rooms.membership"])


@act(Act.LOAD_OPERATION)
def note_operation_loaded(*, by: Actor, operation: Operation) -> Done:
    """Write in the ledger that the operation's configuration was loaded: the digest of its files, and every row."""
    facts = {"operation": operation.slug, "digest": operation.digest, "whole": True}
    return Done(operation, wrote=configured_rows(operation.pk), facts=facts)
