"""Recovery by two officers: one proposes, a second agrees, a delay runs, the code is shown once."""

from datetime import UTC, datetime, timedelta

from tansiq.building.people.models import Account, EntryCode, Recovery, RecoveryState
from tansiq.building.people.rules import (
    CODE_LIVES,
    RECOVERY_DELAY,
    Act,
    check_helper,
    check_ready,
    check_second,
    check_settled,
    check_step,
    may_be_helped,
)
from tansiq.building.people.tokens import code_digest, new_code
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Membership, Operation
from tansiq.building.rooms.refusals import Refused

TOPICS = ["people.recovery"]


@act(Act.PROPOSE_RECOVERY)
def propose_recovery(*, by: Actor, account: Account, reason: str) -> Done:
    """Ask a second officer to let a member of the acting room in anew. The member is told. Raises Refused."""
    recovery = Recovery(
        room_id=by.room_id, account=account, reason=reason, state=RecoveryState.PROPOSED,
        proposed_by_id=by.account_id, proposed_at=datetime.now(UTC),
    )  # fmt: skip
    check_helper(by.account_id, recovery)
    _check_officer(by)
    if not Membership.objects.filter(room_id=by.room_id, account=account, ended_at=None).exists():
        raise Refused("not_here")
    if not may_be_helped(account):
        raise Refused("not_here")
    if Recovery.objects.filter(room_id=by.room_id, account=account, ended_at=None).exists():
        raise Refused("recovery_open")
    recovery.save()
    return Done(recovery, wrote=[recovery], facts={"holder": str(account.pk)}, topics=TOPICS)


@act(Act.AGREE_RECOVERY)
def agree_recovery(*, by: Actor, recovery: Recovery) -> Done:
    """Agree as the second officer; the operation's delay runs from here. Raises Refused."""
    check_second(by.account_id, recovery)
    _check_officer(by)
    _step(recovery, RecoveryState.AGREED)
    recovery.agreed_by_id = by.account_id
    recovery.ready_at = datetime.now(UTC) + _delay(by)
    recovery.save(update_fields=["state", "agreed_by", "ready_at"])
    facts = {"holder": str(recovery.account_id), "ready_at": recovery.ready_at.isoformat()}
    return Done(recovery, wrote=[recovery], facts=facts, topics=TOPICS)


@act(Act.WITHDRAW_RECOVERY)
def withdraw_recovery(*, by: Actor, recovery: Recovery) -> Done:
    """End a recovery of the acting room without effect, also one whose code was not used yet. Raises Refused."""
    check_helper(by.account_id, recovery)
    return _ended(recovery)


@act(Act.OBJECT_RECOVERY)
def object_recovery(*, by: Actor, recovery: Recovery) -> Done:
    """End the recovery of one's own account: the holder still has a way in. Raises Refused."""
    if by.account_id != recovery.account_id:
        raise Refused("not_found")
    return _ended(recovery)


def issue_recovery(*, by: Actor, recovery: Recovery) -> str:
    """The one-time code, for the officer who agreed to hand over in person; nobody can read it again."""
    code = new_code()
    _issue_recovery(by=by, recovery=recovery, code_sha256=code_digest(code))
    return code


@act(Act.ISSUE_RECOVERY)
def _issue_recovery(*, by: Actor, recovery: Recovery, code_sha256: str) -> Done:
    now = datetime.now(UTC)
    check_ready(by.account_id, recovery, now)
    _step(recovery, RecoveryState.ISSUED)
    recovery.save(update_fields=["state"])
    code = EntryCode.objects.create(
        account_id=recovery.account_id, recovery_id=recovery.pk, code_sha256=code_sha256, expires_at=now + CODE_LIVES
    )
    facts = {"holder": str(recovery.account_id), "until": code.expires_at.isoformat()}
    return Done(recovery, wrote=[recovery], facts=facts, topics=TOPICS)


def finish(recovery: Recovery, to: RecoveryState) -> None:
    """The last step of a recovery, written in the transaction of the act that takes it. Raises Refused."""
    now = datetime.now(UTC)
    _step(recovery, to)
    recovery.ended_at = now
    recovery.save(update_fields=["state", "ended_at"])
    EntryCode.objects.filter(recovery_id=recovery.pk, used_at=None).update(used_at=now)


def _ended(recovery: Recovery) -> Done:
    finish(recovery, RecoveryState.ENDED)
    return Done(recovery, wrote=[recovery], facts={"holder": str(recovery.account_id)}, topics=TOPICS)


def _step(recovery: Recovery, to: RecoveryState) -> None:
    """Move on from where the recovery stands now, not from where a page once showed it."""
    standing = Recovery.objects.select_for_update().get(pk=recovery.pk)
    recovery.state, recovery.agreed_by_id, recovery.ready_at = standing.state, standing.agreed_by_id, standing.ready_at
    check_step(recovery, to)
    recovery.state = to


def _check_officer(by: Actor) -> None:
    place = Membership.objects.filter(room_id=by.room_id, account_id=by.account_id, ended_at=None).first()
    if place is None:
        raise Refused("not_permitted", act=Act.AGREE_RECOVERY)
    check_settled(place.since, _delay(by), datetime.now(UTC))


def _delay(by: Actor) -> timedelta:
    rules = Operation.objects.get(pk=by.operation_id).rules
    return timedelta(seconds=rules.get("recovery_delay_s", RECOVERY_DELAY.total_seconds()))
