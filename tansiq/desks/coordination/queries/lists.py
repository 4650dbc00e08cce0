"""Lists of askings in pages by key, and their rows with all that a list shows, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from tansiq.building.clocks.queries import Face, clocks_seen, database_now, faces
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.latest import Order, Page, key_of, mark_of
from tansiq.desks.coordination.models import Asking, AskingStep, DecisionStep, State, TermKind
from tansiq.desks.coordination.queries.standings import Standing, standings
from tansiq.desks.coordination.queries.words import Names, Words, named
from tansiq.desks.coordination.rules import (
    CLOSED,
    EXPIRED,
    MOVES_OF_ACT,
    OF_AUTHORITY,
    STATE_NAMES,
    UNANSWERED,
    Act,
    may_move,
    worst,
)

OPEN = "open"  # in a filter: whatever still stands, or waits for its outcome
TO_ANSWER = "to_answer"  # in a filter: whatever the authority has not answered
BY_ASKED = Order("asked_at")


@dataclass(frozen=True)
class Wanted:
    """To what a list is narrowed."""

    side: str = ""  # "mine": asked by this room; "queue": asked of it; "": all that it reads
    sought: str = ""  # in the reference
    state: str = ""  # a state, OPEN, TO_ANSWER, or "" for all
    authority: str = ""  # slug of the room
    asker: str = ""
    consignment: UUID | None = None


@dataclass(frozen=True)
class AskingRow:
    """One asking of a list."""

    asking: Asking
    standing: Standing
    authority: Names
    asker: Names
    crossing: Names | str
    reason: Names | str  # of the latest denial, or of a green light that is not given
    outcome: Names | str
    held_minutes: int | None
    face: Face | None  # its clock, while that has not ended and this room sees it

    @property
    def state(self) -> str:
        """The state as it may be shown."""
        return self.standing.state

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(STATE_NAMES[self.state])

    @property
    def was_silent(self) -> bool:
        """Whether a deadline passed without an answer, whatever came later."""
        return self.standing.silences > 0

    @property
    def is_expired(self) -> bool:
        """Whether an approval or a green light has ended."""
        return self.state == EXPIRED


def askings(by: Actor, wanted: Wanted) -> QuerySet[Asking]:
    """The askings that this room reads, in no order."""
    found = Asking.objects.filter(room__operation=by.operation_id).select_related("room", "authority")
    if wanted.side == "mine":
        found = found.filter(room=by.room_id)
    if wanted.side == "queue":
        found = found.filter(authority=by.room_id)
    if wanted.sought:
        found = found.filter(reference__icontains=wanted.sought)
    plain = {"authority__slug": wanted.authority, "room__slug": wanted.asker, "consignment": wanted.consignment}
    found = found.filter(**{name: value for name, value in plain.items() if value})
    return _in_state(found, wanted.state) if wanted.state else found


def changed_since(found: QuerySet[Asking], moment: datetime) -> QuerySet[Asking]:
    """Those with a step since a moment, of whichever book this room reads."""
    asker = AskingStep.objects.filter(at__gte=moment).values("asking")
    authority = DecisionStep.objects.filter(at__gte=moment).values("asking")
    return found.filter(Q(pk__in=asker) | Q(pk__in=authority))


def page_of(rows: QuerySet[Asking], *, after: str | None, size: int) -> Page:
    """Askings that follow a mark, latest first, and where the list goes on. Raises ValueError for what is no mark."""
    if after:
        rows = BY_ASKED.beyond(rows, key_of(after, BY_ASKED))
    found = list(BY_ASKED.applied(rows)[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], mark_of((last.asked_at, last.pk)) if last else None)


def rows_of(found: Iterable[Asking], by: Actor, words: Words) -> list[AskingRow]:
    """The askings with all that a list shows of them."""
    listed, now = list(found), database_now()
    standing = standings(listed, now)
    ids = {one.clock.pk for one in standing.values() if one.clock}
    drawn = {face.clock.pk: face for face in faces(clocks_seen(by).filter(pk__in=ids), by)}
    return [_row(one, standing[one.pk], words, drawn) for one in listed]


def overall_state(rows: Iterable[AskingRow]) -> str | None:
    """The worst state over the authorities; what was withdrawn or superseded counts only where nothing else is."""
    states = [row.state for row in rows]
    counting = [state for state in states if state not in (State.WITHDRAWN, State.SUPERSEDED)]
    return worst(counting or states)


def is_open(by: Actor, row: AskingRow, act: Act) -> bool:
    """Whether this room, in this role, may take the step now."""
    one, recorded = row.asking, row.standing.recorded
    side = one.authority_id if MOVES_OF_ACT[act][0] in OF_AUTHORITY else one.room_id
    allowed = any(may_move(recorded, move, needs_green_light=one.needs_green_light) for move in MOVES_OF_ACT[act])
    return by.room_id == side and allowed and by.may(act)


def ways(by: Actor, row: AskingRow) -> list[str]:
    """The steps that this room may take now, by the verbs of their acts."""
    return [act.value.rsplit(".", 1)[1] for act in MOVES_OF_ACT if is_open(by, row, act)]


def _row(one: Asking, standing: Standing, words: Words, drawn: dict[UUID, Face]) -> AskingRow:
    face = drawn.get(standing.clock.pk) if standing.clock else None
    coded = [step.code for step in standing.steps if isinstance(step, DecisionStep) and step.code]
    ends = [step for step in standing.steps if isinstance(step, AskingStep) and step.code]
    return AskingRow(
        one, standing, authority=words.rooms[one.authority_id].names, asker=words.rooms[one.room_id].names,
        crossing=named(words.crossings, one.crossing_code),
        reason=words.name(TermKind.REASON, coded[-1]) if coded else "",
        outcome=words.name(TermKind.OUTCOME, ends[-1].code) if ends else "",
        held_minutes=ends[-1].held_minutes if ends else None,
        face=face if face and face.band != "stopped" and standing.recorded in UNANSWERED else None,
    )  # fmt: skip


def _in_state(found: QuerySet[Asking], state: str) -> QuerySet[Asking]:
    """Those of which the latest step that this room reads gave the state."""
    steps: dict[str, Any] = {
        name: model._default_manager.filter(asking=OuterRef("pk")).order_by("-at", "-pk")
        for name, model in (("a", AskingStep), ("d", DecisionStep))
    }
    found = found.annotate(
        a_at=Subquery(steps["a"].values("at")[:1]), a_state=Subquery(steps["a"].values("state")[:1]),
        d_at=Subquery(steps["d"].values("at")[:1]), d_state=Subquery(steps["d"].values("state")[:1]),
    )  # fmt: skip
    later = Q(d_at__gt=F("a_at")) | Q(a_at=None)
    found = found.annotate(recorded=Case(When(later, then=F("d_state")), default=F("a_state")))
    if state == OPEN:
        return found.exclude(recorded__in=CLOSED)
    return found.filter(recorded__in=UNANSWERED if state == TO_ANSWER else [state])


def states_to_choose() -> list[tuple[str, Any]]:
    """The states by which a list can be narrowed."""
    return [(str(state.value), state.label) for state in State]
