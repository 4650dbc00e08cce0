"""The acts of the requests desk, the one table of states, who clears what, and what an answer must say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import Refused, register
from tansiq.desks.requests.models import APPROVALS, LIVE_STATES, Outcome, RequestState

RECORD_TYPE = "aid_request"  # in the operation's release rules
DECISION_TYPE = "item_decision"
TOPIC = "requests.request"
DECISIONS = "requests.clearance"
INCONSISTENCIES = "requests.inconsistency"
QUANTITY_AT_MOST = Decimal("999999999999")
TITLE_LENGTH = 200
LINES_AT_MOST = 200
PLACES_AT_MOST = 100
PEOPLE_AT_MOST = 2_000_000_000
LINK = "items_cleared"  # the link of the chain of which this desk knows


class Act(StrEnum):
    """What can be done with requests, questions, decisions and tokens."""

    READ_REQUEST = "requests.request.read"
    DRAFT_REQUEST = "requests.request.draft"
    AMEND_REQUEST = "requests.request.amend"
    SEND_REQUEST = "requests.request.send"
    WITHDRAW_REQUEST = "requests.request.withdraw"
    CONSIGN_REQUEST = "requests.request.consign"
    READ_CLEARANCE = "requests.clearance.read"
    DECIDE_CLEARANCE = "requests.clearance.decide"
    RECORD_ANSWER = "requests.clearance.record_answer"
    GIVE_INFORMATION = "requests.clearance.give_information"
    APPEAL_CLEARANCE = "requests.clearance.appeal"
    RECORD_SILENCE = "requests.clearance.record_silence"
    READ_INCONSISTENCY = "requests.inconsistency.read"
    RECORD_INCONSISTENCY = "requests.inconsistency.record"
    ANSWER_INCONSISTENCY = "requests.inconsistency.answer"
    READ_TOKEN = "requests.token.read"  # noqa: S105 - the name of an act
    ISSUE_TOKEN = "requests.token.issue"  # noqa: S105 - the name of an act


register(
    {
        "request_title_missing": _("A request needs a title: what for whom, in a few words."),
        "request_title_too_long": _("A title has at most %(expected)s characters; this one has %(found)s."),
        "request_title_unseen": _(
            "Every character of a title must be seen; %(found)s is invisible or turns the writing round."
        ),
        "request_no_lines": _("A request needs at least one line: what, how much, in which unit."),
        "request_too_many_lines": _("A request has at most %(expected)s lines; found %(found)s."),
        "request_place_unknown": _("Places: “%(found)s” is no area of the operation; expected p-codes of its areas."),
        "request_too_many_places": _("A request names at most %(expected)s places; found %(found)s."),
        "request_crossing_unknown": _("Crossing: the operation has no crossing “%(found)s”."),
        "request_class_unknown": _("Consignor class: the operation has no class “%(found)s”."),
        "request_line_commodity": _(
            "Line %(row)s, commodity: found “%(found)s”, expected a commodity of the catalogue."
        ),
        "request_line_quantity": _(
            "Line %(row)s, quantity: found %(found)s, expected a number above 0, at most %(expected)s, "
            "with at most six decimals."
        ),
        "request_line_unit": _("Line %(row)s, unit: found “%(found)s”, expected a unit of the operation."),
        "request_line_mass": _("Line %(row)s, weight: found %(found)s kg, expected a number from 0 to %(expected)s."),
        "request_people": _("%(field)s: found %(found)s, expected a whole number from 0 to %(expected)s."),
        "request_state": _("A request that is “%(state)s” does not allow this (%(act)s)."),
        "request_not_own": _("Only the room that wrote the request can do this."),
        "request_day_missing": _("Say from which day the goods are ready before the request is sent."),
        "request_places_missing": _("Say for which places it is before the request is sent."),
        "request_resembles": _(
            "This resembles requests that are live already: %(found)s. Follow those, or say why this one is sent too."
        ),
        "request_authority_ceiling": _(
            "%(room)s must clear an item of this request, but may receive at most TLP:%(expected)s."
        ),
        "request_reason_missing": _("Say why, in your own words."),
        "request_time_is_now": _("Only the sample operation may state when a request was sent or answered."),
        "clearance_not_asked": _("This is not asked of your room."),
        "clearance_closed": _("This is asked no more: the request was withdrawn."),
        "clearance_outcome": _("Decision: found “%(found)s”, expected one of %(expected)s."),
        "clearance_reason": _("Reason: found “%(found)s”, expected one of the reasons for items: %(expected)s."),
        "clearance_quantity": _(
            "Approved quantity: found %(found)s %(unit)s, expected more than 0 and less than %(expected)s, "
            "which is what was asked for."
        ),
        "clearance_conditions": _("Say under which conditions: found nothing."),
        "clearance_question": _("Say which information is missing: found nothing."),
        "clearance_valid_until": _("Valid until: found %(found)s, expected a moment after now."),
        "clearance_role": _("The operation has no role “%(found)s”."),
        "clearance_nothing_asked": _("No information was asked for, or it was given already."),
        "clearance_no_appeal": _("Only a refusal or an approval in part can be appealed against."),
        "clearance_silence_not_due": _("No deadline of this question has passed in silence."),
        "consign_nothing": _("Nothing is chosen: give a quantity for at least one line."),
        "consign_line_unknown": _("This request has no line “%(found)s”."),
        "consign_not_cleared": _("Line %(row)s is not cleared: %(room)s has it at “%(found)s”."),
        "consign_too_much": _(
            "Line %(row)s: found %(found)s %(unit)s, expected at most %(expected)s: "
            "%(allowed)s may move, %(made)s of it is in consignments already."
        ),
        "consign_reference_missing": _("Reference: found nothing, expected what the consignment is called."),
        "token_unreadable": _(
            "This is no token. %(part)s: found “%(found)s”, expected what the format says: "
            "ten parts with | between them."
        ),
        "inconsistency_answered": _("This was answered already."),
        "inconsistency_not_owner": _("Only the room that owns it can answer."),
    }
)  # fmt: skip
register_words(
    {
        Act.DRAFT_REQUEST: _("Request drafted"),
        Act.AMEND_REQUEST: _("Draft of a request amended"),
        Act.SEND_REQUEST: _("Request sent"),
        Act.WITHDRAW_REQUEST: _("Request withdrawn"),
        Act.CONSIGN_REQUEST: _("Consignment made of a request"),
        Act.DECIDE_CLEARANCE: _("Item decided"),
        Act.RECORD_ANSWER: _("Answer of an authority recorded"),
        Act.GIVE_INFORMATION: _("Information on an item given"),
        Act.APPEAL_CLEARANCE: _("Decision on an item appealed against"),
        Act.RECORD_SILENCE: _("Silence on an item recorded"),
        Act.RECORD_INCONSISTENCY: _("Inconsistent decisions recorded"),
        Act.ANSWER_INCONSISTENCY: _("Inconsistent decisions answered"),
        Act.ISSUE_TOKEN: _("Pre-approval token issued"),
    }
)

WAITING, APPEALED, NO_RESPONSE, EXPIRED, CLOSED = "waiting", "appealed", "no_response", "expired", "closed"
STANDING_NAMES: dict[str, Any] = {
    **{one.value: one.label for one in Outcome},
    WAITING: _("waits for an answer"),
    APPEALED: _("appealed, waits for an answer"),
    NO_RESPONSE: _("no response by the deadline"),
    EXPIRED: _("approved, but no longer valid"),
    CLOSED: _("asked no more"),
}
"""How a question stands, in words; derived from decisions and silences (queries.standing)."""

TRANSITIONS: dict[tuple[str | None, Act], RequestState] = {
    (None, Act.DRAFT_REQUEST): RequestState.DRAFT,
    (RequestState.DRAFT, Act.AMEND_REQUEST): RequestState.DRAFT,
    (RequestState.DRAFT, Act.SEND_REQUEST): RequestState.SENT,
    (RequestState.DRAFT, Act.WITHDRAW_REQUEST): RequestState.WITHDRAWN,
    (RequestState.SENT, Act.WITHDRAW_REQUEST): RequestState.WITHDRAWN,
    (RequestState.SENT, Act.CONSIGN_REQUEST): RequestState.CONSIGNED,
    (RequestState.CONSIGNED, Act.CONSIGN_REQUEST): RequestState.CONSIGNED,
    **{(state, act): state for state in LIVE_STATES
       for act in (Act.RECORD_ANSWER, Act.GIVE_INFORMATION, Act.APPEAL_CLEARANCE, Act.RECORD_SILENCE)},
}  # fmt: skip


@dataclass(frozen=True)
class LineAsked:
    """One line item of a request."""

    commodity: str
    quantity: Decimal
    unit: str
    description: str = ""
    mass_kg: Decimal | None = None


@dataclass(frozen=True)
class RequestStatement:
    """What is asked for; while it is a draft all of it takes the place of what was said before."""

    title: str
    lines: tuple[LineAsked, ...] = ()
    places: tuple[str, ...] = ()  # p-codes
    ready_date: date | None = None
    consignor_class: str = ""
    crossing_code: str = ""
    origin: str = ""
    organisations: str = ""
    group: str = ""
    households: int | None = None
    individuals: int | None = None
    needs: str = ""
    remark: str = ""
    person: str = ""
    contact: str = ""


@dataclass(frozen=True)
class DecisionStatement:
    """What an authority decides of an item."""

    outcome: str
    reason: str = ""
    quantity: Decimal | None = None  # of an approval in part
    conditions: str = ""
    words: str = ""
    decided_role: str = ""
    valid_until: datetime | None = None  # None: as long as the operation says


@dataclass(frozen=True)
class Part:
    """What of a request becomes one consignment."""

    quantities: Mapping[UUID, Decimal]  # line → how much of it
    reference: str = ""  # "": made of the request's
    crossing_code: str = ""  # "": the one that the request wishes for
    destination: str = ""
    consignee: str = ""


@dataclass(frozen=True)
class Authority:
    """A room that clears items, which ones, and within which kinds of clock."""

    room: str
    role: str
    clock: str
    appeal_clock: str
    everything: bool = False
    restricted: bool = False
    classes: frozenset[str] = frozenset()
    commodities: frozenset[str] = frozenset()

    def clears(self, commodity: str, entry: Mapping[str, Any]) -> bool:
        """Whether a commodity must be cleared by it. entry : what the catalogue says of the commodity"""
        return (
            self.everything
            or (self.restricted and bool(entry.get("restricted")))
            or entry.get("class") in self.classes
            or commodity in self.commodities
        )


@dataclass(frozen=True)
class ClearanceRules:
    """What the operation's files say of the clearance of items."""

    authorities: tuple[Authority, ...] = ()
    reason_group: str = ""
    information_pause: str = ""
    valid_for: timedelta = timedelta(days=60)
    differs_within: timedelta = timedelta(days=30)
    compared_within: timedelta = timedelta(days=14)
    inconsistency_role: str = ""


def clearance_rules(stated: Mapping[str, Any] | None) -> ClearanceRules:
    """The rules as the operation keeps them; without a file nothing has to be cleared."""
    if not stated:
        return ClearanceRules()
    spans = {name: timedelta(seconds=stated[name]) for name in ("valid_for", "differs_within", "compared_within")}
    return ClearanceRules(
        tuple(
            Authority(
                one["room"], one.get("role") or "", one["clock"], one["appeal_clock"], one["everything"],
                one["restricted"], frozenset(one["classes"]), frozenset(one["commodities"]),
            )
            for one in stated["authorities"]
        ),
        stated["reason_group"], stated["information_pause"], inconsistency_role=stated["inconsistency_role"], **spans,
    )  # fmt: skip


TOKEN_PARTS = {
    "token": _("The text"), "format": _("Format"), "issue": _("Number of the approval"),
    "line": _("Number of the line"), "item": _("Item"), "quantity": _("Quantity"), "unit": _("Unit"),
    "authority": _("Authority"), "issued_at": _("Issued at"), "valid_until": _("Valid until"),
    "signature": _("Signature"),
}  # fmt: skip


def token_fault(part: str, found: str) -> Refused:
    """Why a text is no token, in a sentence."""
    return Refused("token_unreadable", part=TOKEN_PARTS[part], found=found)


def next_state(state: str | None, act: Act) -> RequestState:
    """The state after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refused("request_state", state=RequestState(state).label if state else "-", act=act.value) from None


def can(state: str, act: Act) -> bool:
    """Whether the state allows the act."""
    return (state, act) in TRANSITIONS


def is_approval(outcome: str) -> bool:
    """Whether an item may move by this decision, in whole or in part."""
    return outcome in APPROVALS


def differ(one: str, other: str) -> bool:
    """Whether two decisions say the opposite: one lets the item move, the other refuses it."""
    return {is_approval(one), is_approval(other)} == {True, False} and Outcome.REFUSED in (one, other)


def may_be_appealed(outcome: str) -> bool:
    """Whether an appeal against the decision is possible."""
    return outcome in (Outcome.REFUSED, Outcome.PARTLY)


def decision_fault(
    said: DecisionStatement, asked: tuple[Decimal, str], reasons: Iterable[str], now: datetime
) -> tuple[str, dict[str, Any]] | None:
    """What is wrong with a decision, as refusal code and parameters. asked : quantity and unit of the line"""
    quantity, unit = asked
    if said.outcome not in Outcome.values:
        return "clearance_outcome", {"found": said.outcome, "expected": ", ".join(Outcome.values)}
    known = list(reasons)
    if (may_be_appealed(said.outcome) or said.reason) and said.reason not in known:
        return "clearance_reason", {"found": said.reason, "expected": ", ".join(known)}
    if said.outcome == Outcome.PARTLY and not (said.quantity and 0 < said.quantity < quantity):
        found = "-" if said.quantity is None else f"{said.quantity:f}"
        return "clearance_quantity", {"found": found, "expected": plain(quantity), "unit": unit}
    if said.valid_until is not None and said.valid_until <= now:
        return "clearance_valid_until", {"found": said.valid_until.strftime("%Y-%m-%d %H:%M")}
    return _words_fault(said)


def _words_fault(said: DecisionStatement) -> tuple[str, dict[str, Any]] | None:
    if said.outcome == Outcome.WITH_CONDITIONS and not said.conditions.strip():
        return "clearance_conditions", {}
    if said.outcome == Outcome.INFORMATION and not said.words.strip():
        return "clearance_question", {}
    return None


def plain(amount: Decimal) -> str:
    """A quantity without decimals that say nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def line_fault(number: int, line: LineAsked, commodities: Iterable[str], units: Iterable[str]) -> Refused | None:
    """What is wrong with a line of a request."""
    if line.commodity not in commodities:
        return Refused("request_line_commodity", row=number, found=line.commodity)
    if not _fits(line.quantity) or line.quantity <= 0:
        found = f"{line.quantity:f}" if line.quantity.is_finite() else str(line.quantity)
        return Refused("request_line_quantity", row=number, found=found, expected=str(QUANTITY_AT_MOST))
    if line.unit not in units:
        return Refused("request_line_unit", row=number, found=line.unit)
    if line.mass_kg is not None and not _fits(line.mass_kg):
        return Refused("request_line_mass", row=number, found=str(line.mass_kg), expected=str(QUANTITY_AT_MOST))
    return None


def _fits(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount <= QUANTITY_AT_MOST and amount == round(amount, 6)
