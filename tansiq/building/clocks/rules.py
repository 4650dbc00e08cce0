"""The acts of clocks, the one table of their states, and the arithmetic of pauses and steps."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.ledger.words import register_words
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.refusals import Refused, register

AT_RISK_SHARE = 0.25  # share of the time left from which a clock is at risk
HOLDER = "asked"  # in a ladder: the room that must answer
OWNER = "asking"  # in a ladder: the room that started the clock


class Act(StrEnum):
    """What can be done with clocks and notices."""

    READ_CLOCK = "clocks.clock.read"
    START_CLOCK = "clocks.clock.start"
    PAUSE_CLOCK = "clocks.clock.pause"
    RESUME_CLOCK = "clocks.clock.resume"
    STOP_CLOCK = "clocks.clock.stop"
    ANSWER_CLOCK = "clocks.clock.answer"
    STRIKE_CLOCK = "clocks.clock.strike"
    LAPSE_CLOCK = "clocks.clock.lapse"
    READ_NOTICE = "clocks.notice.read"
    ACKNOWLEDGE_NOTICE = "clocks.notice.acknowledge"


REFUSALS = {
    "clock_kind_unknown": _("This operation has no kind of clock called %(kind)s."),
    "clock_already_open": _("A clock of this kind is already open for this record."),
    "clock_starts_in_future": _("A clock cannot start in the future (%(started_at)s)."),
    "clock_without_time": _("A clock's due time (%(due_at)s) must be after its start (%(started_at)s)."),
    "clock_state": _("A clock that is %(state)s does not allow this (%(act)s)."),
    "clock_reason_unknown": _("%(reason)s is not a reason for which this clock may be paused."),
    "clock_step_not_due": _("No step of this clock is due now."),
    "clock_person_elsewhere": _("A person can be named as holder only in the acting room itself."),
    "notice_already_acknowledged": _("This notice was already acknowledged."),
}
register(REFUSALS)
register_words(
    {
        Act.START_CLOCK: _("Clock started"),
        Act.PAUSE_CLOCK: _("Clock paused"),
        Act.RESUME_CLOCK: _("Clock resumed"),
        Act.STOP_CLOCK: _("Clock stopped"),
        Act.ANSWER_CLOCK: _("Clock of another room answered"),
        Act.STRIKE_CLOCK: _("Step of a clock struck"),
        Act.LAPSE_CLOCK: _("Clock ran out without an answer"),
        Act.ACKNOWLEDGE_NOTICE: _("Notice acknowledged"),
    }
)

TRANSITIONS: dict[tuple[str | None, Act], ClockState] = {
    (None, Act.START_CLOCK): ClockState.RUNNING,
    (ClockState.RUNNING, Act.PAUSE_CLOCK): ClockState.PAUSED,
    (ClockState.PAUSED, Act.RESUME_CLOCK): ClockState.RUNNING,
    (ClockState.RUNNING, Act.LAPSE_CLOCK): ClockState.LAPSED,
    (ClockState.RUNNING, Act.STRIKE_CLOCK): ClockState.RUNNING,
    (ClockState.LAPSED, Act.STRIKE_CLOCK): ClockState.LAPSED,
    (ClockState.RUNNING, Act.STOP_CLOCK): ClockState.STOPPED,
    (ClockState.PAUSED, Act.STOP_CLOCK): ClockState.STOPPED,
    (ClockState.LAPSED, Act.STOP_CLOCK): ClockState.STOPPED,
}


@dataclass(frozen=True)
class Holder:
    """Who holds a clock: a role in a room, and perhaps a person."""

    room_id: UUID
    role: str = ""
    account_id: UUID | None = None  # only a person of the acting room can be named


@dataclass(frozen=True)
class Told:
    """Who is told at a step."""

    room: str  # room code of the operation, or HOLDER, or OWNER
    role: str = ""  # blank: everybody in the room


@dataclass(frozen=True)
class Step:
    """A rung of a ladder: after so much running time, these are told."""

    code: str
    share: float | None  # of the allowed time; None when ``after`` says it
    after: timedelta | None  # running time beyond the due time
    tell: tuple[Told, ...] = ()
    lapses: bool = False  # whether no answer becomes an event here

    def offset(self, duration: timedelta) -> timedelta:
        """Running time from the start until this step."""
        return duration * self.share if self.share is not None else duration + (self.after or timedelta())

    def as_json(self) -> dict[str, Any]:
        """The step as a kind and a clock keep it."""
        return {
            "code": self.code, "share": self.share,
            "after_s": None if self.after is None else self.after.total_seconds(),
            "lapses": self.lapses, "tell": [{"room": told.room, "role": told.role} for told in self.tell],
        }  # fmt: skip


def step_from_json(kept: dict[str, Any]) -> Step:
    """The step that ``Step.as_json`` wrote."""
    after_s = kept.get("after_s")
    return Step(
        kept["code"], kept.get("share"), None if after_s is None else timedelta(seconds=after_s),
        tuple(Told(told["room"], told.get("role", "")) for told in kept.get("tell", ())), kept.get("lapses", False),
    )  # fmt: skip


def next_state(state: str | None, act: Act) -> ClockState:
    """The state after the act. Raises Refused when the act is not allowed in this state."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        raise Refused("clock_state", state=ClockState(state).label if state else "-", act=act.value) from None


def can(clock: Clock, act: Act) -> bool:
    """Whether the clock's state allows the act."""
    return (clock.state, act) in TRANSITIONS


def ladder_of(clock: Clock) -> list[Step]:
    """The clock's steps in the order in which they fire; at equal times the lapse comes first."""
    steps = [step_from_json(kept) for kept in clock.ladder]
    return sorted(steps, key=lambda step: (step.offset(clock.duration), not step.lapses, step.code))


def step_at(clock: Clock, step: Step) -> datetime:
    """When the step is due, all ended pauses counted in."""
    return clock.started_at + clock.paused_for + step.offset(clock.duration)


def next_step(clock: Clock, fired: Collection[str]) -> Step | None:
    """The first step that has not fired; None when the ladder is used up or the clock does not tick."""
    if clock.state not in (ClockState.RUNNING, ClockState.LAPSED):
        return None
    return next((step for step in ladder_of(clock) if step.code not in fired), None)


def due_after(clock: Clock) -> datetime:
    """The due time that start, allowed time and pauses give; the only way to one."""
    return clock.started_at + clock.duration + clock.paused_for


def elapsed(clock: Clock, now: datetime) -> timedelta:
    """Running time used up until now, or until the clock was paused or stopped."""
    return (clock.stopped_at or clock.paused_at or now) - clock.started_at - clock.paused_for


def time_left(clock: Clock, now: datetime) -> timedelta:
    """Running time until due; negative when it has passed."""
    return clock.duration - elapsed(clock, now)


def share_elapsed(clock: Clock, now: datetime) -> float:
    """Share of the allowed time used up; above 1 when it has passed."""
    return elapsed(clock, now) / clock.duration


def band(clock: Clock, now: datetime) -> str:
    """In which band the clock stands: stopped, paused, lapsed, at_risk or on_time."""
    if clock.state in (ClockState.STOPPED, ClockState.PAUSED):
        return str(clock.state)
    share = share_elapsed(clock, now)
    if clock.state == ClockState.LAPSED or share >= 1:
        return "lapsed"
    return "at_risk" if share >= 1 - AT_RISK_SHARE else "on_time"


def entrusted(by: Actor) -> Actor:
    """The same person, allowed to move clocks as a consequence of an act of another desk."""
    return replace(by, acts=by.acts | {"clocks.clock.*"})
