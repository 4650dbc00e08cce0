"""The acts of the impediments desk, the one table of states, what a statement must say, and who may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tansiq.building.clocks.rules import Holder
from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.refusals import Refused, register
from tansiq.desks.impediments.models import LIVE_STATES, Impediment, ImpedimentState

RECORD_TYPE = "impediment"  # in the operation's release rules
TOPIC = "impediments.impediment"
QUANTITY_AT_MOST = Decimal("999999999999")
RECORDS_AT_MOST = 200  # that one impediment holds
TITLE_LENGTH = 200


class Act(StrEnum):
    """What can be done with impediments."""

    READ_IMPEDIMENT = "impediments.impediment.read"
    OPEN_IMPEDIMENT = "impediments.impediment.open"
    RAISE_IMPEDIMENT = "impediments.impediment.raise"
    AMEND_IMPEDIMENT = "impediments.impediment.amend"
    ANSWER_IMPEDIMENT = "impediments.impediment.answer"
    HAND_OVER_IMPEDIMENT = "impediments.impediment.hand_over"
    RESOLVE_IMPEDIMENT = "impediments.impediment.resolve"
    WITHDRAW_IMPEDIMENT = "impediments.impediment.withdraw"
    RECORD_SILENCE = "impediments.silence.record"
    RENEW_CLOCK = "impediments.clock.renew"
    RECORD_STEP = "impediments.step.record"


REFUSALS = {
    "impediment_title_missing": _("An impediment needs a title: what stands in the way, in a few words."),
    "impediment_title_too_long": _("A title has at most %(expected)s characters; this one has %(found)s."),
    "impediment_title_unseen": _(
        "Every character of a title must be seen; %(found)s is invisible or turns the writing round."
    ),
    "impediment_term_unknown": _("%(list)s: the operation has no “%(found)s”. Known: %(expected)s."),
    "impediment_obligation_unknown": _("The operation has no obligation “%(found)s”. Known: %(expected)s."),
    "impediment_place_unknown": _("“%(found)s” is neither a crossing nor an area of the operation."),
    "impediment_owner_unknown": _("The owner must be a room of this operation."),
    "impediment_owner_role_unknown": _("The operation has no role “%(found)s”."),
    "impediment_cost_without_unit": _(
        "What a day of delay costs needs a number, a unit and a source; missing: %(found)s."
    ),
    "impediment_cost_out_of_range": _(
        "The cost of a day, %(found)s, cannot be taken; expected more than 0, at most %(expected)s."
    ),
    "impediment_too_many_records": _("One impediment holds at most %(expected)s records; found %(found)s."),
    "impediment_reason_missing": _("Say why, in your own words."),
    "impediment_state": _("An impediment that is “%(state)s” does not allow this (%(act)s)."),
    "impediment_not_owner": _("Only the room that owns the impediment, %(owner)s, can answer it."),
    "impediment_not_holder": _("Only the room that raised the impediment or the room that owns it can do this."),
    "impediment_not_raiser": _("Only the room that raised the impediment, %(raiser)s, can do this."),
    "impediment_same_owner": _("%(owner)s owns the impediment already, in this role."),
    "impediment_owner_cannot_read": _(
        "%(owner)s does not read this impediment. Hand it back to the room that raised it, or ask that room to do it."
    ),
    "impediment_silence_not_due": _("No deadline of this impediment has passed in silence."),
    "impediment_clock_runs": _("The clock of this impediment has not ended."),
    "impediment_time_is_now": _("Only the sample operation may state when an impediment was raised or answered."),
}  # fmt: skip
register(REFUSALS)
register_words(
    {
        Act.OPEN_IMPEDIMENT: _("Impediment opened"),
        Act.RAISE_IMPEDIMENT: _("Impediment raised again"),
        Act.AMEND_IMPEDIMENT: _("Statement on an impediment amended"),
        Act.ANSWER_IMPEDIMENT: _("Impediment answered"),
        Act.HAND_OVER_IMPEDIMENT: _("Impediment handed over"),
        Act.RESOLVE_IMPEDIMENT: _("Impediment resolved"),
        Act.WITHDRAW_IMPEDIMENT: _("Impediment withdrawn"),
        Act.RECORD_SILENCE: _("Silence recorded as an answer"),
        Act.RENEW_CLOCK: _("Clock of an impediment started anew"),
        Act.RECORD_STEP: _("Step of another room in an impediment recorded"),
    }
)

_OPEN, _UNANSWERED, _ANSWERED = LIVE_STATES
TRANSITIONS: dict[tuple[str | None, Act], ImpedimentState] = {
    (None, Act.OPEN_IMPEDIMENT): _OPEN,
    (_OPEN, Act.RAISE_IMPEDIMENT): _OPEN,
    (_UNANSWERED, Act.RAISE_IMPEDIMENT): _UNANSWERED,
    (_ANSWERED, Act.RAISE_IMPEDIMENT): _OPEN,
    (ImpedimentState.RESOLVED, Act.RAISE_IMPEDIMENT): _OPEN,
    (ImpedimentState.WITHDRAWN, Act.RAISE_IMPEDIMENT): _OPEN,
    **{(state, Act.AMEND_IMPEDIMENT): state for state in LIVE_STATES},
    **{(state, Act.ANSWER_IMPEDIMENT): _ANSWERED for state in LIVE_STATES},
    **{(state, Act.HAND_OVER_IMPEDIMENT): _OPEN for state in LIVE_STATES},
    **{(state, Act.RESOLVE_IMPEDIMENT): ImpedimentState.RESOLVED for state in LIVE_STATES},
    **{(state, Act.WITHDRAW_IMPEDIMENT): ImpedimentState.WITHDRAWN for state in LIVE_STATES},
    **{(state, Act.RECORD_SILENCE): _UNANSWERED for state in LIVE_STATES},
    **{(state, Act.RENEW_CLOCK): state for state in LIVE_STATES},
}


@dataclass(frozen=True)
class RecordReference:
    """A record of any desk, by the label of its model and its id."""

    label: str
    id: UUID
    names: Mapping[str, str]


@dataclass(frozen=True)
class ImpedimentStatement:
    """What is said of an impediment when it is opened."""

    title: str
    kind: str
    owner: Holder  # the room that must answer; the role there
    chain_links: tuple[str, ...] = ()
    place: str = ""
    obligation: str = ""
    description: str = ""
    clause: str = ""
    cost_quantity: Decimal | None = None  # units a day
    cost_unit: str = ""
    cost_source: str = ""
    owner_person: str = ""
    contact: str = ""
    next_forum: str = ""
    next_forum_date: date | None = None
    records: tuple[RecordReference, ...] = ()  # that it holds up
    precedents: tuple[RecordReference, ...] = ()


@dataclass(frozen=True)
class Amendment:
    """What is said anew of an impediment; all of it takes the place of what was said before."""

    chain_links: tuple[str, ...] = ()
    obligation: str = ""
    description: str = ""
    clause: str = ""
    cost_quantity: Decimal | None = None  # units a day
    cost_unit: str = ""
    cost_source: str = ""
    owner_person: str = ""
    contact: str = ""
    next_forum: str = ""
    next_forum_date: date | None = None
    precedents: tuple[RecordReference, ...] = ()  # further ones; those named before stay


@dataclass(frozen=True)
class Change:
    """A step that is to be taken, by whichever room, in the book of the room that raised the impediment."""

    act: Act
    step_id: UUID
    by_room: UUID
    at: datetime
    by_system: bool = False
    in_past: bool = False  # of a sample's story; its clocks ran in the past too
    answer: str = ""  # code of the kind of answer
    owner: Holder | None = None  # to whom it is handed over
    records: tuple[RecordReference, ...] = ()  # further ones that it holds up


def next_state(state: str | None, act: Act) -> ImpedimentState:
    """The state after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refused("impediment_state", state=ImpedimentState(state).label if state else "-", act=act.value) from None


def can(impediment: Impediment, act: Act, room_id: UUID) -> bool:
    """Whether the state allows the act, and it is this room's to do."""
    if (impediment.state, act) not in TRANSITIONS:
        return False
    raised, owned = impediment.room_id == room_id, impediment.owner_room_id == room_id
    if act is Act.ANSWER_IMPEDIMENT:
        return owned
    if act is Act.HAND_OVER_IMPEDIMENT:
        return raised or owned
    return act is Act.RAISE_IMPEDIMENT or raised


def check_right(impediment: Impediment, act: Act, room_id: UUID, names: tuple[str, str]) -> None:
    """Refuse what is another room's to do. names : of the room that raised it, and of the room that owns it"""
    if (impediment.state, act) not in TRANSITIONS:
        next_state(impediment.state, act)
    if can(impediment, act, room_id):
        return
    if act is Act.ANSWER_IMPEDIMENT:
        raise Refused("impediment_not_owner", owner=names[1])
    if act is Act.HAND_OVER_IMPEDIMENT:
        raise Refused("impediment_not_holder")
    raise Refused("impediment_not_raiser", raiser=names[0])


def starts_first_clock(before: str | None, after: str, act: Act) -> bool:
    """Whether the question is put anew: a new clock of the impediment's type begins."""
    if act in (Act.HAND_OVER_IMPEDIMENT, Act.RENEW_CLOCK):
        return True
    return after == ImpedimentState.OPEN and before != ImpedimentState.OPEN


def cost_fault(statement: ImpedimentStatement | Amendment) -> tuple[str, dict[str, Any]] | None:
    """What is wrong with the cost of a day: all three parts or none, and more than nothing."""
    parts = {"cost_quantity": statement.cost_quantity, "cost_unit": statement.cost_unit,
             "cost_source": statement.cost_source.strip()}  # fmt: skip
    missing = [str(COST_WORDS[name]) for name, value in parts.items() if value in (None, "")]
    if len(missing) == len(parts):
        return None
    if missing:
        return "impediment_cost_without_unit", {"found": ", ".join(missing)}
    amount = statement.cost_quantity
    if amount is not None and not 0 < amount <= QUANTITY_AT_MOST:
        return "impediment_cost_out_of_range", {"found": f"{amount:f}", "expected": f"{QUANTITY_AT_MOST:f}"}
    return None


COST_WORDS = {"cost_quantity": _("Units lost a day"), "cost_unit": _("Unit"), "cost_source": _("Source of the figure")}
