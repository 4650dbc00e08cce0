"""How each question stands: derived from decisions and silences, and kept nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import database_now
from tansiq.desks.requests.models import (
    LIVE_STATES,
    SILENCE,
    Clearance,
    ClearanceDecision,
    DecisionTerms,
    Outcome,
    RequestStep,
)
from tansiq.desks.requests.rules import (
    APPEALED,
    CLOSED,
    EXPIRED,
    NO_RESPONSE,
    STANDING_NAMES,
    WAITING,
    Act,
    is_approval,
    may_be_appealed,
)


@dataclass(frozen=True)
class Standing:
    """How a question stands at one moment, with all that was decided."""

    clearance: Clearance
    code: str  # an outcome, or one of the five words of the rules
    decisions: tuple[ClearanceDecision, ...]  # the first one first
    terms: dict[UUID, DecisionTerms]  # decision → its terms, where they are open to the reader
    silences: int  # deadlines that passed without an answer, in every round
    due_at: datetime | None  # of the clock that runs, or ran out

    @property
    def name(self) -> str:
        """How it stands, in words."""
        return str(STANDING_NAMES[self.code])

    @property
    def latest(self) -> ClearanceDecision | None:
        """The decision that was taken last."""
        return self.decisions[-1] if self.decisions else None

    @property
    def is_cleared(self) -> bool:
        """Whether the item may move by this authority's word."""
        return is_approval(self.code)

    @property
    def may_be_appealed(self) -> bool:
        """Whether the asking room may ask again."""
        return may_be_appealed(self.code)

    @property
    def is_open(self) -> bool:
        """Whether the authority still owes an answer."""
        return self.code in (WAITING, APPEALED, NO_RESPONSE)

    @property
    def allowed(self) -> Decimal | None:
        """How much may move; None where that is closed to the reader, or nothing may."""
        if self.latest is None or not self.is_cleared:
            return None
        terms = self.terms.get(self.latest.pk)
        return terms.quantity if terms else None

    @property
    def since(self) -> datetime:
        """Since when it stands so."""
        if self.code == EXPIRED and self.latest and self.latest.valid_until:
            return self.latest.valid_until
        if self.code == NO_RESPONSE and self.due_at:
            return self.due_at
        if self.code in (WAITING, APPEALED, NO_RESPONSE) or self.latest is None:
            return self.clearance.asked_at
        return self.latest.decided_at


def standings(clearances: Iterable[Clearance], now: datetime | None = None) -> dict[UUID, Standing]:
    """How each of these questions stands for the reader, in four queries whatever their number."""
    listed = list(clearances)
    now = now or database_now()
    ids = [one.pk for one in listed]
    decided: dict[UUID, list[ClearanceDecision]] = defaultdict(list)
    for decision in ClearanceDecision.objects.filter(clearance__in=ids).order_by("decided_at", "created_at", "pk"):
        decided[decision.clearance_id].append(decision)
    terms = {
        one.decision_id: one
        for one in DecisionTerms.objects.filter(decision__in=[d.pk for found in decided.values() for d in found])
    }
    silent: dict[UUID, list[RequestStep]] = defaultdict(list)
    for step in RequestStep.objects.filter(clearance__in=ids, act=SILENCE):
        silent[step.clearance_id].append(step)
    clocks = Clock.objects.in_bulk([one.clock_id for one in listed if one.clock_id])
    known = _Known(decided, terms, silent, clocks, _information_given(ids), now)
    return {one.pk: _standing(one, known) for one in listed}


@dataclass(frozen=True)
class _Known:
    """What was read of all questions together."""

    decided: dict[UUID, list[ClearanceDecision]]
    terms: dict[UUID, DecisionTerms]
    silent: dict[UUID, list[RequestStep]]
    clocks: dict[UUID, Clock]
    given: dict[UUID, datetime]  # question → when information was given last
    now: datetime


def _standing(one: Clearance, known: _Known) -> Standing:
    decisions, silences = known.decided.get(one.pk, []), known.silent.get(one.pk, [])
    clock = known.clocks.get(one.clock_id)
    terms = {decision.pk: known.terms[decision.pk] for decision in decisions if decision.pk in known.terms}
    due_at = clock.due_at if clock else None
    return Standing(one, _code(one, known, clock), tuple(decisions), terms, len(silences), due_at)


def _code(one: Clearance, known: _Known, clock: Clock | None) -> str:
    decisions = known.decided.get(one.pk, [])
    latest = decisions[-1] if decisions else None
    if one.closed_at:
        return CLOSED
    if latest and latest.round == one.round and not _answers_question(latest, known.given.get(one.pk)):
        return EXPIRED if is_approval(latest.outcome) and _is_over(latest, known.now) else latest.outcome
    silent = any(step.round == one.round for step in known.silent.get(one.pk, []))
    if silent or (clock is not None and _ran_out(clock, known.now)):
        return NO_RESPONSE
    return APPEALED if one.round > 1 else WAITING


def _ran_out(clock: Clock, now: datetime) -> bool:
    return clock.lapsed_at is not None or (clock.state == ClockState.RUNNING and clock.due_at <= now)


def _answers_question(latest: ClearanceDecision, given_at: datetime | None) -> bool:
    """Whether the authority asked for information, and has it: then the question waits again."""
    return latest.outcome == Outcome.INFORMATION and given_at is not None and given_at >= latest.decided_at


def _is_over(latest: ClearanceDecision, now: datetime) -> bool:
    return latest.valid_until is not None and latest.valid_until <= now


def _information_given(ids: Sequence[UUID]) -> dict[UUID, datetime]:
    steps = RequestStep.objects.filter(clearance__in=ids, act=Act.GIVE_INFORMATION).order_by("at")
    return dict(steps.values_list("clearance", "at"))


def open_questions(room_id: UUID) -> QuerySet[Clearance]:
    """What is asked of a room and has no final answer in its round."""
    final = ClearanceDecision.objects.filter(
        clearance=OuterRef("pk"), round=OuterRef("round"), room=OuterRef("authority")
    ).exclude(outcome=Outcome.INFORMATION)
    asked = Clearance.objects.filter(authority=room_id, closed_at=None, request__state__in=LIVE_STATES)
    return asked.filter(~Exists(final))


def overdue_questions() -> QuerySet[Clearance]:
    """What is asked of any room, unanswered when its deadline passed, as far as the reader sees it."""
    final = ClearanceDecision.objects.filter(clearance=OuterRef("pk"), round=OuterRef("round")).exclude(
        outcome=Outcome.INFORMATION
    )
    silent = RequestStep.objects.filter(clearance=OuterRef("pk"), round=OuterRef("round"), act=SILENCE)
    return Clearance.objects.filter(Exists(silent), ~Exists(final), closed_at=None)


def lapsed_in_silence(room_id: UUID) -> list[Clearance]:
    """Questions of this room whose clock lapsed in a silence that stands nowhere yet."""
    answered = Q(act=Act.RECORD_ANSWER) & ~Q(outcome=Outcome.INFORMATION)
    recorded = RequestStep.objects.filter(Q(act=SILENCE) | answered, room=room_id, clock=OuterRef("clock"))
    late = Clearance.objects.filter(room=room_id, closed_at=None, clock__lapsed_at__isnull=False)
    return list(late.filter(~Exists(recorded), request__state__in=LIVE_STATES).order_by("asked_at", "pk"))
