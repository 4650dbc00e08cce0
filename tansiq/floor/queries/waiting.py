"""What waits for the person who reads: releases, recalls, notices, refused imports, and invitations of other rooms."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef

from tansiq.building.clocks.queries import ToldNotice, notices_for
from tansiq.building.clocks.rules import Act as ClockAct
from tansiq.building.doors.models import Delivery, RecallReceipt, Release, ReleaseState
from tansiq.building.doors.queries import deliveries, releases
from tansiq.building.doors.rules import Act as DoorAct
from tansiq.building.doors.rules import may_agree
from tansiq.building.people.models import Recovery, RecoveryState
from tansiq.building.people.queries import recoveries_for, recoveries_in
from tansiq.building.people.rules import Act as PeopleAct
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Invitation, Membership
from tansiq.building.rooms.queries import invitations_for
from tansiq.desks.aid.models import ImportRun, Outcome
from tansiq.desks.aid.queries.imports import import_runs
from tansiq.desks.aid.rules import Act as AidAct

MOST = 5  # of each kind
REFUSED_SINCE = timedelta(days=7)


@dataclass(frozen=True)
class Waiting:
    """What the person can do now, newest first; of each kind the first few, and how many there are."""

    releases: list[Release]
    recalls: list[Delivery]
    notices: list[ToldNotice]
    imports: list[ImportRun]
    invitations: list[Invitation]  # of other rooms, which the person may accept
    recoveries: list[Recovery]  # to agree to, or of the reader's own account
    total: int


def waiting_for(by: Actor) -> Waiting:
    """What waits for this person in this room; what the person's roles do not allow does not wait for them."""
    found = (
        _releases(by) if by.may(DoorAct.APPROVE_RELEASE) else [],
        _recalls(by) if by.may(DoorAct.ACKNOWLEDGE_RECALL) else [],
        [told for told in notices_for(by) if told.is_mine] if by.may(ClockAct.ACKNOWLEDGE_NOTICE) else [],
        _refused_imports(by) if by.may(AidAct.IMPORT_LEDGER) else [],
        invitations_for(by.account_id, datetime.now(UTC)),
        _recoveries(by),
    )
    total = sum(len(part) for part in found)
    first = [part[:MOST] for part in found]
    return Waiting(first[0], first[1], first[2], first[3], first[4], first[5], total)


def _releases(by: Actor) -> list[Release]:
    """Proposed by somebody else, and waiting for a role that this person has."""
    member = Membership.objects.filter(room_id=by.room_id, account_id=by.account_id, ended_at=None).first()
    own = member.roles if member else []
    proposed = releases(by).filter(state=ReleaseState.PROPOSED).exclude(proposed_by_id=by.account_id)
    return [one for one in proposed if may_agree(own, one.second_roles)]


def _recalls(by: Actor) -> list[Delivery]:
    noted = RecallReceipt.objects.filter(room_id=by.room_id, delivery_id=OuterRef("pk"))
    return list(deliveries(by).filter(recalled_at__isnull=False).exclude(Exists(noted)))


def _recoveries(by: Actor) -> list[Recovery]:
    """Of the reader's own account, in whichever room; and those to which the reader may agree."""
    own = [one for one, _room in recoveries_for(by.account_id)]
    if not by.may(PeopleAct.AGREE_RECOVERY):
        return own
    proposed = recoveries_in(by.room_id).filter(state=RecoveryState.PROPOSED)
    return own + list(proposed.exclude(proposed_by_id=by.account_id).exclude(account_id=by.account_id))


def _refused_imports(by: Actor) -> list[ImportRun]:
    """Files of this room that were refused lately, and of whose ledger none was taken since."""
    own = import_runs(by).filter(room_id=by.room_id)
    taken = own.filter(outcome=Outcome.TAKEN, source=OuterRef("source"), created_at__gt=OuterRef("created_at"))
    refused = own.exclude(outcome=Outcome.TAKEN).filter(created_at__gte=datetime.now(UTC) - REFUSED_SINCE)
    return list(refused.exclude(Exists(taken.order_by())))
