"""How askings stand, joined from the two rooms' books as far as the reader may read both."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.desks.coordination.models import Asking, AskingStep, DecisionStep, Move, State
from tansiq.desks.coordination.rules import AGREED, APPROVALS, LIT, shown_state

Step = AskingStep | DecisionStep


@dataclass(frozen=True)
class Standing:
    """One asking at a moment, as the reader may know it."""

    asking: Asking
    steps: tuple[Step, ...]  # in order of time
    clock: Clock | None  # the newest one that this room sees
    now: datetime

    @property
    def last(self) -> Step | None:
        """The latest step."""
        return self.steps[-1] if self.steps else None

    @property
    def recorded(self) -> str:
        """The state that the latest step gave."""
        return str(self.last.state) if self.last else str(State.SUBMITTED)

    @property
    def state(self) -> str:
        """The state as it may be shown now: a state, or "expired"."""
        return shown_state(self.recorded, self.now, lapse_at=self.lapse_at, ends_at=self.valid_until)

    @property
    def lapse_at(self) -> datetime | None:
        """When the running deadline passes, or passed; None while it stands still."""
        ticks = self.clock is not None and self.clock.state in (ClockState.RUNNING, ClockState.LAPSED)
        return self.clock.due_at if self.clock and ticks else None

    @property
    def silences(self) -> int:
        """How many deadlines passed without an answer; one that is about to be recorded counts."""
        told = sum(step.move == Move.LAPSE for step in self.steps)
        return max(told, 1) if self.state == State.NO_RESPONSE else told

    @property
    def approval(self) -> DecisionStep | None:
        """The latest approval; a denial after it takes it back."""
        found = None
        for step in self.steps:
            if isinstance(step, DecisionStep):
                found = step if step.move in APPROVALS else None if step.move == Move.DENY else found
        return found

    @property
    def light(self) -> DecisionStep | None:
        """The latest word on the green light."""
        moves = (Move.GIVE_GREEN_LIGHT, Move.WITHHOLD_GREEN_LIGHT)
        lights = [step for step in self.steps if isinstance(step, DecisionStep) and step.move in moves]
        return lights[-1] if lights else None

    @property
    def answer(self) -> DecisionStep | None:
        """The latest approval or denial."""
        moves = (*APPROVALS, Move.DENY)
        given = [step for step in self.steps if isinstance(step, DecisionStep) and step.move in moves]
        return given[-1] if given else None

    @property
    def since(self) -> datetime:
        """Since when it stands so."""
        if self.state != self.recorded:
            return (self.lapse_at if self.state == State.NO_RESPONSE else self.valid_until) or self.now
        return self.last.at if self.last else self.asking.asked_at

    @property
    def valid_until(self) -> datetime | None:
        """When the approval, or the green light, ends."""
        if self.recorded == State.GREEN_LIGHT and self.light is not None:
            return self.light.valid_until
        if self.recorded in (*AGREED, *LIT) and self.approval is not None:
            return self.approval.valid_until
        return None


def standings(askings: Iterable[Asking], now: datetime) -> dict[UUID, Standing]:
    """How each of them stands, in three queries."""
    found = {asking.pk: asking for asking in askings}
    steps = steps_of(list(found))
    clocks = newest_clocks(list(found))
    return {pk: Standing(one, tuple(steps[pk]), clocks.get(pk), now) for pk, one in found.items()}


def steps_of(asking_ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """The steps of both books, in order of time."""
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for model in (AskingStep, DecisionStep):
        for step in model._default_manager.filter(asking__in=asking_ids):
            steps[step.asking_id].append(step)
    for found in steps.values():
        found.sort(key=lambda step: (step.at, str(step.pk)))
    return steps


def newest_clocks(asking_ids: Sequence[UUID]) -> dict[UUID, Clock]:
    """The newest clock of each that this room sees."""
    clocks = Clock.objects.filter(subject_label=Asking._meta.label_lower, subject_id__in=asking_ids)
    rows = clocks.select_related("kind", "room").order_by("subject_id", "-created_at", "-due_at")
    return {clock.subject_id: clock for clock in rows.distinct("subject_id")}
