"""One asking with everything that is open to the reader of it, and the rows of a record on each tear line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from tansiq.building.clocks.models import Clock
from tansiq.building.clocks.queries import Face, clocks_of
from tansiq.building.clocks.queries import rows_on_line as clock_rows_on_line
from tansiq.building.rooms.actors import Actor
from tansiq.desks.coordination.models import (
    Asking,
    AskingDetail,
    AskingLine,
    AskingStep,
    Decision,
    DecisionDetail,
    DecisionLine,
    DecisionStep,
    Move,
    RouteDetail,
    RouteStatement,
    TermKind,
)
from tansiq.desks.coordination.queries.lists import AskingRow, rows_of
from tansiq.desks.coordination.queries.standings import Step
from tansiq.desks.coordination.queries.words import Names, Words, named
from tansiq.desks.impediments.models import Impediment


@dataclass(frozen=True)
class Part:
    """How much of one line is agreed to."""

    number: int
    quantity: Any
    unit: Names | str


@dataclass(frozen=True)
class Happening:
    """One step in the story of an asking, of whichever room's book."""

    at: datetime
    move: str
    room: Names
    step: Step
    by_system: bool
    is_late: bool
    reason: Names | str
    outcome: Names | str
    crossing: Names | str
    route: Names | str
    text: str
    holdings: tuple[tuple[str, int], ...]
    parts: tuple[Part, ...]

    @property
    def move_name(self) -> str:
        """The step in words."""
        return str(Move(self.move).label)

    @property
    def is_bad(self) -> bool:
        """Whether it stops the movement."""
        return self.move in (Move.LAPSE, Move.DENY, Move.WITHHOLD_GREEN_LIGHT)


@dataclass(frozen=True)
class AskingStory:
    """An asking on every tear line that is open to the reader."""

    row: AskingRow
    first: AskingDetail | None  # what was said with the request, where it is open to the reader
    route: Names | str
    note: str
    lines: list[tuple[AskingLine, Names | str, Names | str]]  # with what it is called, and its unit
    happenings: list[Happening]  # the first one first
    clocks: list[Face]
    versions: list[Asking]  # of the same authority, the first one first, this one among them
    impediments: list[Impediment]  # that its silence opened
    decision: Decision | None  # the authority's file, where this room reads it


def asking_story(by: Actor, asking_id: UUID, words: Words) -> AskingStory | None:
    """One asking; None when there is none, or none for this room."""
    found = Asking.objects.select_related("room", "authority").filter(
        pk=asking_id, room__operation=by.operation_id
    ).first()  # fmt: skip
    if found is None:
        return None
    row = rows_of([found], by, words)[0]
    first = AskingDetail.objects.filter(asking=found, step__move=Move.ASK).first()
    versions = Asking.objects.filter(room=found.room_id, consignment=found.consignment_id, authority=found.authority_id)
    return AskingStory(
        row, first, words.route(first.route_code, first.route_name) if first else "", first.text if first else "",
        [(line, _goods(line, words), named(words.units, line.unit)) for line in lines_of(found)],
        happenings([row.standing.steps], [found.pk], words), clocks_of(found, by), list(versions.order_by("version")),
        list(Impediment.objects.filter(room=found.room_id, origin_id=found.pk).order_by("raised_at")),
        Decision.objects.filter(asking=found, room=found.authority_id).first(),
    )  # fmt: skip


def lines_of(asking: Asking) -> list[AskingLine]:
    """The lines that are to move, where this room reads them."""
    return list(AskingLine.objects.filter(asking=asking).order_by("number"))


def happenings(steps: Sequence[Sequence[Step]], asking_ids: Sequence[UUID], words: Words) -> list[Happening]:
    """The steps of some askings with what was said at each, in order of time; three queries."""
    said: dict[UUID, AskingDetail | DecisionDetail] = {
        one.step_id: one for one in AskingDetail.objects.filter(asking__in=asking_ids)
    }
    said |= {one.step_id: one for one in DecisionDetail.objects.filter(asking__in=asking_ids)}
    parts: dict[UUID, list[Part]] = {}
    for line in DecisionLine.objects.filter(asking__in=asking_ids).order_by("number"):
        parts.setdefault(line.step_id, []).append(Part(line.number, line.quantity, named(words.units, line.unit)))
    found = [_happening(step, said.get(step.pk), parts.get(step.pk, []), words) for group in steps for step in group]
    return sorted(found, key=lambda one: one.at)


def _happening(
    step: Step, said: AskingDetail | DecisionDetail | None, parts: list[Part], words: Words
) -> Happening:  # fmt: skip
    is_decision = isinstance(step, DecisionStep)
    return Happening(
        step.at, step.move, words.rooms[step.room_id].names, step, by_system=getattr(step, "by_system", False),
        is_late=getattr(step, "is_late", False), reason=words.name(TermKind.REASON, step.code) if is_decision else "",
        outcome="" if is_decision else words.name(TermKind.OUTCOME, step.code),
        crossing=named(words.crossings, getattr(step, "crossing_code", "")),
        route=words.route(said.route_code, said.route_name) if said else "", text=said.text if said else "",
        holdings=tuple((place, minutes) for place, minutes in getattr(said, "holdings", ())), parts=tuple(parts),
    )  # fmt: skip


def _goods(line: AskingLine, words: Words) -> Names | str:
    return words.commodities.get(line.commodity) or line.cargo or line.commodity


def asking_rows_on_line(asking_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """The rows of an asking of this room on one tear line, its clocks among them, for a release."""
    found = Asking.objects.get(pk=asking_id)
    own: dict[str, tuple[type[Any], ...]] = {"headline": (AskingStep,), "detail": (AskingDetail, AskingLine)}
    rows: list[tuple[type[models.Model], list[UUID]]] = [(Asking, [found.pk])] if line == "headline" else []
    rows += [(model, _ids(model, asking=found, room=found.room_id)) for model in own.get(line, ())]
    if line == "headline":
        for clock_id in clock_ids(found):
            rows += clock_rows_on_line(clock_id, line)
    return rows


def clock_ids(asking: Asking) -> list[UUID]:
    """The clocks of an asking in its own room."""
    from_room = {"room": asking.room_id, "subject_label": asking._meta.label_lower, "subject_id": asking.pk}
    return list(Clock.objects.filter(**from_room).order_by("created_at").values_list("pk", flat=True))


def decision_rows_on_line(decision_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """The rows of a decision of this room on one tear line, for a release."""
    found = Decision.objects.get(pk=decision_id)
    own: dict[str, tuple[type[Any], ...]] = {"headline": (DecisionStep,), "detail": (DecisionDetail, DecisionLine)}
    rows: list[tuple[type[models.Model], list[UUID]]] = [(Decision, [found.pk])] if line == "headline" else []
    return rows + [(model, _ids(model, decision=found, room=found.room_id)) for model in own.get(line, ())]


def route_rows_on_line(statement_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """The rows of a statement on a route on one tear line, for a release."""
    found = RouteStatement.objects.get(pk=statement_id)
    if line == "headline":
        return [(RouteStatement, [found.pk])]
    return [(RouteDetail, _ids(RouteDetail, statement=found, room=found.room_id))] if line == "detail" else []


def _ids(model: type[Any], **of: Any) -> list[UUID]:
    return list(model._default_manager.filter(**of).values_list("pk", flat=True))
