"""Rounds of monitoring and complaints: who may ask, who answers, and how a complaint stands by its steps."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import pgettext_lazy

from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution.models import Frame, RoundState, Step
from tansiq.desks.distribution.rules.acts import Act

OPEN, SILENT, ANSWERED, CLOSED = "open", "silent", "answered", "closed"
STATE_WORDS = {
    OPEN: pgettext_lazy("complaint", "waits for an answer"),
    SILENT: pgettext_lazy("complaint", "left without an answer"),
    ANSWERED: pgettext_lazy("complaint", "answered, not told yet"), CLOSED: pgettext_lazy("complaint", "answer told"),
}  # fmt: skip
COMPLAINT_TRANSITIONS: dict[tuple[str | None, str], str] = {
    (None, Act.RECEIVE_COMPLAINT): OPEN,
    **{(state, Act.ANSWER_COMPLAINT): ANSWERED for state in (OPEN, SILENT, ANSWERED)},
    **{(state, Act.RECORD_COMPLAINT_SILENCE): SILENT for state in (OPEN, SILENT)},
    (ANSWERED, Act.RECORD_COMPLAINT_SILENCE): ANSWERED,  # nobody told the answer in time; it stands nevertheless
    (ANSWERED, Act.FEED_COMPLAINT_BACK): CLOSED,
    (CLOSED, Act.REOPEN_COMPLAINT): OPEN,
}
ROUND_TRANSITIONS: dict[tuple[str | None, Act], RoundState] = {
    (None, Act.DRAW_ROUND): RoundState.DRAWN,
    (RoundState.DRAWN, Act.ENTER_INTERVIEW): RoundState.DRAWN,
    (RoundState.DRAWN, Act.FINISH_ROUND): RoundState.DONE,
}


@dataclass(frozen=True)
class RoundStatement:
    """What is stated of a round of monitoring."""

    plan_id: UUID
    interviewer_room: UUID
    frame: str = Frame.HOUSEHOLDS
    population: int = 0  # households; of sites their number counts
    sites: tuple[str, ...] = ()
    size: int | None = None  # None: as many as the operation's margin asks for


@dataclass(frozen=True)
class InterviewStatement:
    """The answers of one household or site."""

    number: int
    held_at: datetime
    answers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ComplaintStatement:
    """What is complained about, and how it came; never by whom."""

    category: str
    channel: str
    text: str
    received_at: datetime
    on_behalf: bool = False
    is_anonymous: bool = True
    area: str = ""
    plan_id: UUID | None = None
    handler_room: UUID | None = None  # None: as the category says, else the room itself


def complaint_state(steps: Iterable[Step]) -> str:
    """How a complaint stands by its steps, in their order; steps that the table does not know change nothing."""
    state: str | None = None
    for step in sorted(steps, key=lambda one: (one.at, one.created_at)):
        state = COMPLAINT_TRANSITIONS.get((state, step.act), state)
    return state or OPEN


def check_complaint_act(state: str, act: Act) -> None:
    """Refuse an act that the state does not allow. Raises Refused."""
    if (state, act) not in COMPLAINT_TRANSITIONS:
        raise Refused("complaint_state", state=STATE_WORDS[state], act=act.value)


def next_round_state(state: str | None, act: Act) -> RoundState:
    """The state of a round after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return ROUND_TRANSITIONS[state, act]
    except KeyError:
        raise Refused("round_state", state=RoundState(state).label if state else "-", act=act.value) from None
