"""The one table of a discrepancy's states, why a sum is refused, and which line a quantity is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.refusals import Refused, register
from tansiq.desks.aid.models import LIVE_DISCREPANCIES, DiscrepancyState
from tansiq.desks.aid.rules.acts import Act
from tansiq.desks.aid.rules.statements import Quantity

RECORD_TYPE = "aid_discrepancy"  # in the operation's release rules
TOPIC = "aid.discrepancy"

REFUSALS = {
    "breaks_over_line": _(
        "Line %(line)s, %(goods)s: with this, %(stated)s %(measure)s go on from “%(stage)s” (%(parts)s), but only "
        "%(limit)s came to it, by what is stated at “%(limit_stage)s”. Before this it was %(before)s; this adds "
        "%(added)s, which is %(over)s too much. Events: %(events)s."
    ),
    "breaks_over_unit": _(
        "Line %(line)s, %(goods)s, on %(unit)s: with this, %(stated)s %(measure)s go on from “%(stage)s” (%(parts)s), "
        "but only %(limit)s came to it, by what is stated at “%(limit_stage)s”. Before this it was %(before)s; this "
        "adds %(added)s, which is %(over)s too much. Events: %(events)s."
    ),
    "breaks_over_parts": _(
        "Line %(line)s, %(goods)s: with this, the parts of %(unit)s carry %(stated)s %(measure)s on from “%(stage)s” "
        "(%(parts)s), but the whole had only %(limit)s, by what is stated at “%(limit_stage)s”. Before this it was "
        "%(before)s; this adds %(added)s, which is %(over)s too much. Events: %(events)s."
    ),
    "breaks_unequal_change": _(
        "Line %(line)s, %(goods)s, at “%(stage)s”: %(limit)s %(measure)s are taken, but %(stated)s are made of it. "
        "Expected: as much made as taken."
    ),
    "breaks_negative": _("Line %(line)s, %(goods)s, at “%(stage)s”: found %(stated)s %(measure)s, expected 0 or more."),
    "breaks_unit_mismatch": _(
        "Line %(line)s, %(goods)s, at “%(stage)s”: the line is counted in %(measure)s, and the operation states no "
        "conversion of the unit found, %(found)s, into it."
    ),
    "breaks_key_reused": _(
        "Line %(line)s, %(goods)s, at “%(stage)s”: this source told the same passage of %(unit)s before, with another "
        "quantity: %(limit)s and %(stated)s %(measure)s. A further part is recorded as such; a wrong figure is "
        "corrected. Events: %(events)s."
    ),
    "breaks_rival_readings": _(
        "Line %(line)s, %(goods)s, at “%(stage)s”: another source tells the same passage of %(unit)s with another "
        "quantity: %(limit)s against %(stated)s %(measure)s. Events: %(events)s."
    ),
    "breaks_two_places": _(
        "%(unit)s is stated at two crossings in one attempt: “%(place)s” and “%(other)s”. A unit that comes back and "
        "tries again bears the next attempt number. Events: %(events)s."
    ),
    "insistence_reason_missing": _("Whoever insists on an event that does not add up says why, in their own words."),
    "insistence_unknown": _("The operation does not say who follows up what is insisted on, so nothing can be."),
    "unknown_line": _("The consignment has no line %(found)s. Its lines: %(expected)s."),
    "line_without_consignment": _("Line %(found)s is named, but no consignment to which it belongs."),
    "discrepancy_state": _("A discrepancy that is “%(state)s” does not allow this (%(act)s)."),
    "discrepancy_reason_missing": _("Say why, in your own words."),
    "discrepancy_role_unknown": _("The operation has no role “%(found)s”."),
    "discrepancy_not_due": _("The deadline of this discrepancy has not passed, or somebody took it on."),
}
register(REFUSALS)

_OPEN, _OWNED, _EXPLAINED = LIVE_DISCREPANCIES
TRANSITIONS: dict[tuple[str | None, Act], DiscrepancyState] = {
    (None, Act.OPEN_DISCREPANCY): _OPEN,
    (_OPEN, Act.OPEN_DISCREPANCY): _OPEN,
    (_OWNED, Act.OPEN_DISCREPANCY): _OWNED,
    (_EXPLAINED, Act.OPEN_DISCREPANCY): _OWNED,
    (_OPEN, Act.TAKE_ON_DISCREPANCY): _OWNED,
    (_OWNED, Act.TAKE_ON_DISCREPANCY): _OWNED,
    (_OWNED, Act.EXPLAIN_DISCREPANCY): _EXPLAINED,
    (_EXPLAINED, Act.EXPLAIN_DISCREPANCY): _EXPLAINED,
    (_OWNED, Act.LEAVE_DISCREPANCY): DiscrepancyState.LEFT,
    (_EXPLAINED, Act.LEAVE_DISCREPANCY): DiscrepancyState.LEFT,
    (_OPEN, Act.REPORT_UNOWNED_DISCREPANCY): _OPEN,
    **{(state, Act.DISSOLVE_DISCREPANCY): DiscrepancyState.DISSOLVED for state in LIVE_DISCREPANCIES},
    **{(state, Act.SETTLE_DISCREPANCY): DiscrepancyState.SETTLED for state in LIVE_DISCREPANCIES},
}
"""Insisted on anew, what was explained is a question again; its owner stays. An unowned deadline changes no state."""


@dataclass(frozen=True)
class HeldLine:
    """A line item as the balance needs it."""

    number: int
    unit: str
    requested: Decimal
    commodity: str
    cargo: str


def next_discrepancy_state(state: str | None, act: Act) -> DiscrepancyState:
    """The state after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        label = DiscrepancyState(state).label if state else "-"
        raise Refused("discrepancy_state", state=label, act=act.value) from None


def can_move(state: str, act: Act) -> bool:
    """Whether a discrepancy in this state allows the act."""
    return (state, act) in TRANSITIONS


def line_of(quantity: Quantity, lines: Sequence[HeldLine]) -> int | None:
    """The number of the line that a quantity is of: as it says, else the only line of its unit and goods."""
    if quantity.line is not None:
        return quantity.line
    if quantity.giver is None and quantity.receiver is None:
        return None
    fitting = [line.number for line in lines if line.unit == quantity.unit and _same_goods(quantity, line)]
    return fitting[0] if len(fitting) == 1 else None


def _same_goods(quantity: Quantity, line: HeldLine) -> bool:
    """Whether the goods may be the same: of which neither says anything else."""
    if quantity.commodity and line.commodity:
        return quantity.commodity == line.commodity
    if quantity.cargo and line.cargo:
        return quantity.cargo.strip().casefold() == line.cargo.strip().casefold()
    return not (quantity.commodity or quantity.cargo)
