"""The acts of coordination, the one table of states, the worst of several, and what may be shown of an asking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import Refused, register
from tansiq.desks.coordination.models import Move, State
from tansiq.engine.names import normal_form

ASKING, DECISION, ROUTE = "coordination_asking", "coordination_decision", "coordination_route"  # in the release rules
TOPIC = "coordination.coordination"
ROUTES = "coordination.route"
ORIGIN = "no_response"  # in the operation's origins of impediments
QUANTITY_AT_MOST = Decimal("999999999999")
AUTHORITIES_AT_MOST = 20
HELD_AT_MOST = 527_040  # minutes of a year
EXPIRED = "expired"


class Act(StrEnum):
    """What can be done with coordination and with routes."""

    READ_COORDINATION = "coordination.coordination.read"
    ASK_COORDINATION = "coordination.coordination.ask"
    CHANGE_COORDINATION = "coordination.coordination.change"
    INFORM_COORDINATION = "coordination.coordination.inform"
    WITHDRAW_COORDINATION = "coordination.coordination.withdraw"
    EXECUTE_COORDINATION = "coordination.coordination.execute"
    CONCLUDE_COORDINATION = "coordination.coordination.conclude"
    RECORD_NO_RESPONSE = "coordination.coordination.record_no_response"
    RENEW_CLOCK = "coordination.coordination.renew_clock"
    TAKE_UP_COORDINATION = "coordination.coordination.take_up"
    ANSWER_COORDINATION = "coordination.coordination.answer"
    GIVE_GREEN_LIGHT = "coordination.green_light.give"
    WITHHOLD_GREEN_LIGHT = "coordination.green_light.withhold"
    READ_ROUTE = "coordination.route.read"
    STATE_ROUTE = "coordination.route.state"


register(
    {
        "coordination_not_own": _("Only a consignment of this room can be brought before an authority."),
        "coordination_authority_unknown": _(
            "“%(found)s” is not an authority that coordinates in this operation. Known: %(expected)s."
        ),
        "coordination_no_authority": _("Name at least one authority, at most %(expected)s; found %(found)s."),
        "coordination_window": _("The window must end after it begins; found %(begins)s to %(ends)s."),
        "coordination_window_past": _("The window ended at %(ends)s, which has passed."),
        "coordination_live": _("%(authority)s is asked already about this consignment. Change that request instead."),
        "coordination_term_unknown": _("%(list)s: the operation has no “%(found)s”. Known: %(expected)s."),
        "coordination_crossing_unknown": _("The operation has no crossing “%(found)s”. Known: %(expected)s."),
        "coordination_unit_unknown": _("Line %(line)s: the operation has no unit “%(found)s”. Known: %(expected)s."),
        "coordination_route_twice": _("Name the route by its code or by a name of its own, not both."),
        "coordination_route_missing": _("Name the route: one of the operation's, or by a name of its own."),
        "coordination_quantity": _("Line %(line)s: %(found)s cannot be taken; expected from 0 to %(expected)s."),
        "coordination_line_unknown": _("The request has no line %(found)s. Lines: %(expected)s."),
        "coordination_state": _("A request that stands as “%(state)s” does not allow this (%(move)s)."),
        "coordination_not_authority": _("Only the authority that was asked, %(authority)s, can do this."),
        "coordination_not_asker": _("Only the room that asked, %(asker)s, can do this."),
        "coordination_reason_missing": _("A denial, and a green light that is not given, need a reason."),
        "coordination_words_missing": _("Say it in your own words."),
        "coordination_changes_missing": _(
            "An approval with changes must say what is changed: the window, the route, the crossing or a quantity."
        ),
        "coordination_changes_plain": _(
            "An approval as asked changes nothing. Choose “approved with changes”, or leave the changes out."
        ),
        "coordination_part_missing": _("A partial approval must say which lines are agreed to, and how much of each."),
        "coordination_expired": _("The approval ended at %(ends)s; it has to be asked for anew."),
        "coordination_beyond_approval": _("A green light cannot last longer than the approval, until %(ends)s."),
        "coordination_outcome_state": _("The outcome “%(outcome)s” does not follow from “%(state)s”."),
        "coordination_held": _("Minutes held, %(found)s, cannot be taken; expected from 0 to %(expected)s."),
        "coordination_no_response_not_due": _("No deadline of this request has passed without an answer."),
        "coordination_clock_runs": _("The clock of this request has not ended."),
        "coordination_late_counts_not": _(
            "The answer came after the deadline. In this operation such an answer moves nothing; ask anew."
        ),
        "coordination_time_is_now": _("The moment of a step is now; only a sample operation tells of the past."),
        "coordination_order": _("A step cannot stand before the one before it (%(before)s)."),
        "route_cause_missing": _("A route that is closed needs its cause."),
        "route_since_future": _("A state cannot have begun in the future (%(found)s)."),
        "route_expiry": _("It must stand until after it was stated; found %(found)s."),
        "route_expiry_missing": _("A state that depends on an ordnance assessment needs an hour at which it expires."),
        "route_assessment": _("An ordnance assessment needs by whom, how and when; missing: %(found)s."),
        "route_assessment_future": _("An assessment cannot lie in the future (%(found)s)."),
        "route_source_missing": _("Say who says so: a statement on a route needs a source."),
    }
)  # fmt: skip
register_words(
    {
        Act.ASK_COORDINATION: _("Coordination asked for"),
        Act.CHANGE_COORDINATION: _("Changed request for coordination"),
        Act.INFORM_COORDINATION: _("Information given to an authority"),
        Act.WITHDRAW_COORDINATION: _("Request for coordination withdrawn"),
        Act.EXECUTE_COORDINATION: _("Coordinated movement carried out"),
        Act.CONCLUDE_COORDINATION: _("Outcome of a coordinated movement stated"),
        Act.RECORD_NO_RESPONSE: _("No response of an authority recorded"),
        Act.RENEW_CLOCK: _("Clock of a request for coordination started anew"),
        Act.TAKE_UP_COORDINATION: _("Request for coordination taken under review"),
        Act.ANSWER_COORDINATION: _("Request for coordination answered"),
        Act.GIVE_GREEN_LIGHT: _("Green light given"),
        Act.WITHHOLD_GREEN_LIGHT: _("Green light not given"),
        Act.STATE_ROUTE: _("State of a route stated"),
    }
)

WAITING = (State.SUBMITTED, State.UNDER_REVIEW, State.INFORMATION_ASKED)
"""Not answered, and the deadline has not passed."""
AGREED_IN_TIME = (State.APPROVED, State.APPROVED_WITH_CHANGES, State.PARTLY_APPROVED)
AGREED = (*AGREED_IN_TIME, State.ANSWERED_LATE)
UNANSWERED = (*WAITING, State.NO_RESPONSE)
LIT = (State.GREEN_LIGHT, State.NOT_GREEN_LIT)
STANDING = (*UNANSWERED, *AGREED, *LIT)
"""States in which the request still stands before the authority."""
LIVE = (*STANDING, State.DENIED, State.DENIED_LATE)
CLOSED = (State.WITHDRAWN, State.SUPERSEDED, State.CONCLUDED)
ANSWERS = (Move.APPROVE, Move.APPROVE_WITH_CHANGES, Move.APPROVE_PARTLY, Move.DENY, Move.ASK_INFORMATION)
APPROVALS = (Move.APPROVE, Move.APPROVE_WITH_CHANGES, Move.APPROVE_PARTLY)
OF_AUTHORITY = (Move.TAKE_UP, *ANSWERS, Move.GIVE_GREEN_LIGHT, Move.WITHHOLD_GREEN_LIGHT)

_APPROVED = dict(zip(APPROVALS, AGREED_IN_TIME, strict=True))
TRANSITIONS: dict[tuple[str | None, Move], State] = {
    (None, Move.ASK): State.SUBMITTED,
    (State.SUBMITTED, Move.TAKE_UP): State.UNDER_REVIEW,
    (State.SUBMITTED, Move.ASK_INFORMATION): State.INFORMATION_ASKED,
    (State.UNDER_REVIEW, Move.ASK_INFORMATION): State.INFORMATION_ASKED,
    (State.INFORMATION_ASKED, Move.INFORM): State.UNDER_REVIEW,
    **{(state, move): after for state in WAITING for move, after in _APPROVED.items()},
    **{(state, Move.DENY): State.DENIED for state in (*WAITING, *AGREED_IN_TIME, *LIT)},
    **{(state, Move.LAPSE): State.NO_RESPONSE for state in UNANSWERED},
    **{(state, Move.RENEW): state for state in UNANSWERED},
    **{(State.NO_RESPONSE, move): State.ANSWERED_LATE for move in APPROVALS},
    (State.NO_RESPONSE, Move.DENY): State.DENIED_LATE,
    (State.ANSWERED_LATE, Move.DENY): State.DENIED_LATE,
    **{(state, Move.GIVE_GREEN_LIGHT): State.GREEN_LIGHT for state in (*AGREED, State.NOT_GREEN_LIT)},
    **{(state, Move.WITHHOLD_GREEN_LIGHT): State.NOT_GREEN_LIT for state in (*AGREED, State.GREEN_LIGHT)},
    **{(state, Move.EXECUTE): State.EXECUTED for state in (*AGREED, State.GREEN_LIGHT)},
    **{(state, Move.CONCLUDE): State.CONCLUDED for state in (*LIVE, State.EXECUTED)},
    **{(state, Move.WITHDRAW): State.WITHDRAWN for state in STANDING},
    **{(state, Move.SUPERSEDE): State.SUPERSEDED for state in LIVE},
}
"""The one table. A denied request never becomes an approved one, nor silence: they are asked for anew."""

STATE_NAMES = {**{state.value: state.label for state in State}, EXPIRED: _("approval ended, not used")}
"""Every state that may be shown, in words."""

WORST_FIRST = (
    State.DENIED, State.DENIED_LATE, State.NO_RESPONSE, State.NOT_GREEN_LIT, EXPIRED, State.INFORMATION_ASKED,
    State.SUBMITTED, State.UNDER_REVIEW, State.WITHDRAWN, State.ANSWERED_LATE, State.PARTLY_APPROVED,
    State.APPROVED_WITH_CHANGES, State.APPROVED, State.GREEN_LIGHT, State.EXECUTED, State.CONCLUDED, State.SUPERSEDED,
)  # fmt: skip
"""Over several authorities the first of these that one of them gives is the state of the whole."""

MOVES_OF_ACT: dict[Act, tuple[Move, ...]] = {
    Act.CHANGE_COORDINATION: (Move.SUPERSEDE,),
    Act.INFORM_COORDINATION: (Move.INFORM,),
    Act.WITHDRAW_COORDINATION: (Move.WITHDRAW,),
    Act.EXECUTE_COORDINATION: (Move.EXECUTE,),
    Act.CONCLUDE_COORDINATION: (Move.CONCLUDE,),
    Act.TAKE_UP_COORDINATION: (Move.TAKE_UP,),
    Act.ANSWER_COORDINATION: ANSWERS,
    Act.GIVE_GREEN_LIGHT: (Move.GIVE_GREEN_LIGHT,),
    Act.WITHHOLD_GREEN_LIGHT: (Move.WITHHOLD_GREEN_LIGHT,),
}
"""Each step that a person takes with a request, and the moves that it can be."""


@dataclass(frozen=True)
class LineAsked:
    """One line item that is to move, or how much of one is agreed to."""

    number: int
    quantity: Decimal
    unit: str
    commodity: str = ""
    cargo: str = ""


@dataclass(frozen=True)
class RouteNamed:
    """A route by the operation's code, or by a name of its own."""

    code: str = ""
    name: str = ""


@dataclass(frozen=True)
class CoordinationAsked:
    """What an authority is asked to agree to."""

    window_from: datetime
    window_until: datetime
    crossing_code: str = ""
    route: RouteNamed = field(default_factory=RouteNamed)
    lines: tuple[LineAsked, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What an authority answers; what it leaves out of an approval is agreed to as it was asked."""

    move: Move
    reason: str = ""  # code, of a denial
    text: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    crossing_code: str = ""
    route: RouteNamed = field(default_factory=RouteNamed)
    lines: tuple[LineAsked, ...] = ()  # number, quantity and unit

    @property
    def changes_something(self) -> bool:
        """Whether it says what is otherwise than asked."""
        return bool(self.valid_from or self.valid_until or self.crossing_code or self.route.code or self.route.name
                    or self.lines)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of a request: class, why, and how long the movement was held, where."""

    code: str
    text: str = ""
    holdings: tuple[tuple[str, int], ...] = ()  # (place, minutes)


@dataclass(frozen=True)
class RouteStated:
    """What is stated of a route."""

    route: RouteNamed
    state: str
    source: str
    cause: str = ""
    since_at: datetime | None = None  # None: now
    expires_at: datetime | None = None
    restrictions: str = ""
    assessed_by: str = ""
    method: str = ""
    assessed_date: date | None = None
    note: str = ""


def next_state(state: str | None, move: Move) -> State:
    """The state after the move. Raises Refused when it is not allowed in this state."""
    try:
        return TRANSITIONS[state, move]
    except KeyError:
        raise Refused("coordination_state", state=State(state).label if state else "-", move=Move(move).label) from None


def may_move(state: str, move: Move, *, needs_green_light: bool = True) -> bool:
    """Whether the state allows the move; an approval alone moves nothing where a green light is asked for."""
    if move is Move.EXECUTE and needs_green_light and state != State.GREEN_LIGHT:
        return False
    return (state, move) in TRANSITIONS


def check_side(move: Move, by_room: UUID, sides: Mapping[str, UUID], names: Mapping[str, str]) -> None:
    """Refuse what is the other room's to do. sides, names : of "asker" and "authority" """
    if move in OF_AUTHORITY and by_room != sides["authority"]:
        raise Refused("coordination_not_authority", authority=names["authority"])
    if move not in OF_AUTHORITY and by_room != sides["asker"]:
        raise Refused("coordination_not_asker", asker=names["asker"])


def shown_state(state: str, now: datetime, *, lapse_at: datetime | None = None, ends_at: datetime | None = None) -> str:
    """The state as it may be shown at a moment: silence is silence before it is recorded, what ended is expired.

    lapse_at : the deadline of a clock that runs; None while it is paused, or where it ended
    ends_at : end of the approval, or of the green light
    """
    if state in WAITING and lapse_at is not None and lapse_at <= now:
        return str(State.NO_RESPONSE)
    if state in (*AGREED, *LIT) and ends_at is not None and ends_at <= now:
        return EXPIRED
    return str(state)


def worst(states: Iterable[str]) -> str | None:
    """The worst of the states over several authorities; None where there is none."""
    found = set(states)
    return next((str(state) for state in WORST_FIRST if state in found), None)


def is_cleared(state: str, *, needs_green_light: bool, late_counts: bool) -> bool:
    """Whether the movement may go on by this authority: agreed, and lit where a green light is asked for."""
    if state in (State.GREEN_LIGHT, State.EXECUTED):
        return True
    agreed = AGREED if late_counts else AGREED_IN_TIME
    return state in agreed and not needs_green_light


def check_late(state: str, setting: Mapping[str, object]) -> None:
    """Refuse to move on an agreement that came after the deadline, where the operation lets none count."""
    if state == State.ANSWERED_LATE and not setting.get("late_answer_counts"):
        raise Refused("coordination_late_counts_not")


def route_key(code: str, name: str) -> str:
    """Under what statements on one route stand together: its code, or its name without what is written variously."""
    return code or f":{normal_form(name)}"


ASSESSMENT_WORDS = {
    "assessed_by": _("Assessed by"), "method": _("Method of assessment"), "assessed_date": _("Day of assessment"),
}  # fmt: skip
