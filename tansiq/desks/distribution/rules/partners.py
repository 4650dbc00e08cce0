"""What is stated of a release to a partner, and how a release stands by the answers that it got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from tansiq.desks.distribution.models import PartnerRelease, Step
from tansiq.desks.distribution.rules.acts import Act
from tansiq.desks.distribution.rules.stock import Goods

WAITING, ACCEPTED, SHORT, WITHDRAWN = "waiting", "accepted", "short", "withdrawn"


@dataclass(frozen=True)
class ReleaseStatement:
    """Goods that are given to a partner's room."""

    partner_room: UUID
    goods: tuple[Goods, ...]
    released_at: datetime
    expected_at: datetime | None = None
    remark: str = ""


@dataclass(frozen=True)
class Received:
    """What a partner counts of one line of a release."""

    number: int
    received: Decimal  # in good condition
    damaged: Decimal = Decimal(0)


@dataclass(frozen=True)
class AcceptanceStatement:
    """A partner's answer to a release."""

    lines: tuple[Received, ...]
    received_at: datetime
    warehouse_id: UUID | None = None  # where it is stored
    store: tuple[str, str] = ("", "")  # name and place of a warehouse to be opened for it
    remark: str = ""


def standing_of(release: PartnerRelease, steps: Iterable[Step]) -> str:
    """How a release stands: waiting, accepted, accepted short, or withdrawn."""
    if release.withdrawn_at is not None:
        return WITHDRAWN
    answers = [step for step in steps if step.act == Act.ACCEPT_RELEASE and step.room_id == release.partner_room_id]
    if not answers:
        return WAITING
    return ACCEPTED if answers[-1].is_so else SHORT


def missing(sent: Decimal, received: Decimal, damaged: Decimal) -> Decimal:
    """What is short of a line: sent less what came, whole or damaged; below zero: more came than was sent."""
    return sent - received - damaged
