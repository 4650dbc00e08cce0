"""Plans and reports: their one table of states each, readiness derived from checks, and the sum that must come out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution.models import PlanState, ReportState, Step
from tansiq.desks.distribution.rules.acts import Act

NOTHING = Decimal(0)
GOOD, MISSING, FAILED, EXPIRED = "good", "missing", "failed", "expired"

STANDING_WORDS = {
    MISSING: _("not checked"), FAILED: _("checked, and not so"), EXPIRED: _("the check has expired"),
    GOOD: _("checked"),
}  # fmt: skip
_PLANNED, _SET, _POSTPONED, _CANCELLED, _HELD = PlanState
PLAN_TRANSITIONS: dict[tuple[str | None, Act], PlanState] = {
    (None, Act.MAKE_PLAN): _PLANNED,
    **{(state, Act.AMEND_PLAN): _PLANNED for state in (_PLANNED, _SET, _POSTPONED)},
    **{(state, Act.CHECK_PLAN): state for state in (_PLANNED, _SET, _POSTPONED)},
    (_PLANNED, Act.SET_PLAN): _SET,
    **{(state, Act.POSTPONE_PLAN): _POSTPONED for state in (_PLANNED, _SET, _POSTPONED)},
    **{(state, Act.CANCEL_PLAN): _CANCELLED for state in (_PLANNED, _SET, _POSTPONED)},
    **{(state, Act.FOLLOW_PLAN): state for state in (_PLANNED, _SET)},
    **{(state, Act.SEND_REPORT): _HELD for state in (_PLANNED, _SET, _POSTPONED)},
}
"""A plan of which a report is sent was held, whatever was entered of it before: what happened is not refused."""

_DRAFT, _SENT, _DIFFERS, _RECONCILED = ReportState
REPORT_TRANSITIONS: dict[tuple[str | None, Act], tuple[ReportState, ...]] = {
    (None, Act.DRAFT_REPORT): (_DRAFT,),
    (_DRAFT, Act.DRAFT_REPORT): (_DRAFT,),
    (None, Act.SEND_REPORT): (_SENT, _DIFFERS),
    (_DRAFT, Act.SEND_REPORT): (_SENT, _DIFFERS),
    (_SENT, Act.RECONCILE_REPORT): (_RECONCILED,),
    (_DIFFERS, Act.RECONCILE_REPORT): (_RECONCILED,),
}


@dataclass(frozen=True)
class PlannedGoods:
    """What each household is given."""

    commodity: str
    unit: str
    per_household: Decimal


@dataclass(frozen=True)
class PlanStatement:
    """What is stated of a distribution."""

    warehouse_id: UUID
    area: str
    site: str
    starts_at: datetime
    ends_at: datetime
    households: int
    goods: tuple[PlannedGoods, ...]
    criteria: str = ""
    crowd_measures: tuple[str, ...] = ()
    crowd_plan: str = ""
    staff_count: int | None = None
    focal_person: str = ""
    contact: str = ""


@dataclass(frozen=True)
class CheckStatement:
    """What a check before a distribution found, who made it, and until when it holds."""

    check: str
    is_so: bool
    by_whom: str
    source: str
    checked_at: datetime
    valid_until: datetime | None = None  # None: as long as the operation says


@dataclass(frozen=True)
class CheckStanding:
    """How one of the operation's checks stands for a plan."""

    code: str
    state: str  # good, missing, failed, expired
    step: Step | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of goods of one commodity in one unit."""

    commodity: str
    unit: str
    received: Decimal
    distributed: Decimal
    left: Decimal
    lost: Decimal
    reason: str = ""

    @property
    def difference(self) -> Decimal:
        """What the figures leave unexplained; more than zero: goods of which nothing is said."""
        return self.received - self.distributed - self.left - self.lost


@dataclass(frozen=True)
class ReportStatement:
    """What became of the goods of a distribution, and whom they reached."""

    held_at: datetime
    outcomes: tuple[Outcome, ...]
    households: int
    people: Mapping[str, int] = field(default_factory=dict)  # group → individuals
    insist: bool = False  # keep it with its difference
    remark: str = ""


def next_plan_state(state: str | None, act: Act) -> PlanState:
    """The state of a plan after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return PLAN_TRANSITIONS[state, act]
    except KeyError:
        label = PlanState(state).label if state else "-"
        raise Refused("plan_state", state=label, act=act.value) from None


def next_report_state(state: str | None, act: Act, *, differs: bool = False) -> ReportState:
    """The state of a report after the act. Raises Refused when the act is not allowed in this state."""
    after = REPORT_TRANSITIONS.get((state, act))
    if after is None:
        raise Refused("report_state", state=ReportState(state).label if state else "-", act=act.value)
    return after[-1] if differs else after[0]


def can_plan(state: str, act: Act) -> bool:
    """Whether the state of a plan allows the act."""
    return (state, act) in PLAN_TRANSITIONS


def check_standings(codes: Iterable[str], steps: Sequence[Step], at: datetime) -> list[CheckStanding]:
    """How each check stands at a moment: the latest statement counts, and one that has expired counts as none."""
    latest: dict[str, Step] = {}
    for step in sorted((one for one in steps if one.act == Act.CHECK_PLAN), key=lambda one: (one.at, one.created_at)):
        latest[step.code] = step
    return [_check_standing(code, latest.get(code), at) for code in codes]


def _check_standing(code: str, step: Step | None, at: datetime) -> CheckStanding:
    if step is None:
        return CheckStanding(code, MISSING)
    if not step.is_so:
        return CheckStanding(code, FAILED, step)
    return CheckStanding(code, EXPIRED if step.valid_until and step.valid_until <= at else GOOD, step)


def is_ready(standings: Iterable[CheckStanding]) -> bool:
    """Whether every check holds: readiness is derived from them and nothing else."""
    return all(one.state == GOOD for one in standings)


def outcome_sum(one: Outcome) -> str:
    """The arithmetic of a line, as a sentence shows it."""
    parts = [f"{amount.normalize():f}" if amount else "0" for amount in (one.distributed, one.left, one.lost)]
    total = one.distributed + one.left + one.lost
    return f"{' + '.join(parts)} = {total.normalize() if total else 0:f}"
