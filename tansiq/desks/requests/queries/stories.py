"""One request with its lines before every authority, and its whole story on one line of time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from tansiq.building.clocks.queries import Face, clocks_seen, faces
from tansiq.building.clocks.queries import rows_on_line as clock_rows_on_line
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import AidEvent, Consignment
from tansiq.desks.impediments.models import Impediment
from tansiq.desks.requests.models import (
    SILENCE,
    Clearance,
    ClearanceDecision,
    ClearanceToken,
    ConsignedLine,
    DecisionTerms,
    Outcome,
    Request,
    RequestDetail,
    RequestIdentities,
    RequestLine,
    RequestStep,
)
from tansiq.desks.requests.queries.lists import Amount, amount_of
from tansiq.desks.requests.queries.movable import Movable, movable_lines
from tansiq.desks.requests.queries.operation import Names, Words, named
from tansiq.desks.requests.queries.standing import Standing
from tansiq.desks.requests.rules import Act, plain

EVENTS_AT_MOST = 500
DRAFTED, DECIDED, CONSIGNED, HAPPENED, IMPEDED = "drafted", "decided", "consigned", "happened", "impeded"
OF_STEP = {
    Act.SEND_REQUEST: "sent", Act.WITHDRAW_REQUEST: "withdrawn", Act.GIVE_INFORMATION: "informed",
    Act.APPEAL_CLEARANCE: "appealed", SILENCE: "silent",
}  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """One thing in the story of a request."""

    at: datetime
    what: str  # one of the words above
    room: Names  # who did it; of a silence: whose it is
    line: int | None = None  # number of the line that it concerns
    item: Names | str = ""
    outcome: str = ""
    outcome_name: str = ""
    reason: Names | str = ""
    role: Names | str = ""
    quantity: str = ""
    unit: Names | str = ""
    conditions: str = ""
    words: str = ""
    is_late: bool = False
    due_at: datetime | None = None
    valid_until: datetime | None = None
    record_id: UUID | None = None  # of the decision, the consignment, the impediment
    name: str = ""  # what that record is called
    stage: Names | str = ""


@dataclass(frozen=True)
class LineStory:
    """One line before every authority that clears it."""

    line: RequestLine
    amount: Amount
    movable: Movable
    standings: tuple[tuple[Standing, Names, Face | None, ClearanceToken | None], ...]  # with the authority's name

    @property
    def left(self) -> str:
        """What may still be put into a consignment, in words."""
        return plain(self.movable.left)

    @property
    def made(self) -> str:
        """What is in consignments already, in words."""
        return plain(self.movable.made)


@dataclass(frozen=True)
class RequestStory:
    """A request on every tear line that is open to the reader, with everything that happened to it."""

    request: Request
    detail: RequestDetail | None
    identities: RequestIdentities | None
    places: list[Names | str]
    crossing: Names | str
    consignor: Names | str
    lines: list[LineStory]
    consignments: list[Consignment]
    happenings: list[Happening] = field(default_factory=list)  # the first one first


def request_story(by: Actor, request_id: UUID, known: Words) -> RequestStory | None:
    """One request; None when there is none, or none for this room."""
    found = Request.objects.select_related("room").filter(pk=request_id, room__operation=by.operation_id).first()
    if found is None:
        return None
    now = {"request": found, "version": found.version}
    lines = _lines(by, found, known)
    parts = list(ConsignedLine.objects.filter(request=found).order_by("part", "number"))
    consignments = list(Consignment.objects.filter(pk__in={one.consignment_id for one in parts}).order_by("created_at"))
    told = _Told(found, known, {one.line.pk: one.line for one in lines}, parts, consignments)
    return RequestStory(
        found, RequestDetail.objects.filter(**now).first(), RequestIdentities.objects.filter(**now).first(),
        [named(known.areas, code) for code in found.places], named(known.crossings, found.crossing_code),
        named(known.consignors, found.consignor_class), lines, consignments,
        sorted(told.everything(lines), key=lambda one: one.at),
    )  # fmt: skip


def _lines(by: Actor, found: Request, known: Words) -> list[LineStory]:
    movable = movable_lines(found)
    asked = [one for line in movable for one in line.standings]
    clocks = clocks_seen(by).in_bulk({one.clearance.clock_id for one in asked if one.clearance.clock_id})
    drawn = {face.clock.pk: face for face in faces(clocks.values(), by)}
    decided = [one.latest.pk for one in asked if one.latest]
    tokens = {one.decision_id: one for one in ClearanceToken.objects.filter(decision__in=decided)}
    return [
        LineStory(
            one.line, amount_of(one.line, known), one,
            tuple(
                (
                    stand, known.rooms[stand.clearance.authority_id].names,
                    drawn.get(stand.clearance.clock_id) if stand.clearance.clock_id else None,
                    tokens.get(stand.latest.pk) if stand.latest and stand.is_cleared else None,
                )
                for stand in one.standings
            ),
        )
        for one in movable
    ]  # fmt: skip


@dataclass(frozen=True)
class _Told:
    """What the story of one request is told from."""

    request: Request
    known: Words
    lines: dict[UUID, RequestLine]
    parts: list[ConsignedLine]
    consignments: list[Consignment]

    def everything(self, lines: list[LineStory]) -> Iterator[Happening]:
        """All happenings, in no order."""
        written_at = min(self.request.created_at, self.request.sent_at or self.request.created_at)  # a sample's past
        yield Happening(written_at, DRAFTED, self.room(self.request.room_id))
        asked = {one.clearance.pk: one.clearance for line in lines for one, *_rest in line.standings}
        yield from self._steps(asked)
        for line in lines:
            for stand, *_rest in line.standings:
                yield from (self._decision(decision, stand) for decision in stand.decisions)
        yield from self._consignments()
        yield from self._impediments(list(asked))

    def room(self, room_id: UUID) -> Names:
        """What a room is called."""
        return self.known.rooms[room_id].names

    def _item(self, item_id: UUID) -> dict[str, Any]:
        line = self.lines.get(item_id)
        return {"line": line.number, "item": named(self.known.commodities, line.commodity)} if line else {}

    def _steps(self, asked: dict[UUID, Clearance]) -> Iterator[Happening]:
        for step in RequestStep.objects.filter(request=self.request, act__in=list(OF_STEP)):
            question = asked.get(step.clearance_id)
            whose = question.authority_id if question and step.act == SILENCE else step.room_id
            item = self._item(question.item_id) if question else {}
            yield Happening(step.at, OF_STEP[Act(step.act)], self.room(whose), words=step.words,
                            due_at=step.due_at if step.act == SILENCE else None, **item)  # fmt: skip

    def _decision(self, one: ClearanceDecision, stand: Standing) -> Happening:
        terms = stand.terms.get(one.pk)
        said = {
            "quantity": plain(terms.quantity), "unit": named(self.known.units, terms.unit),
            "conditions": terms.conditions, "words": terms.words,
        } if terms else {}  # fmt: skip
        return Happening(
            one.decided_at, DECIDED, self.room(one.room_id), outcome=one.outcome,
            outcome_name=str(Outcome(one.outcome).label), reason=named(self.known.reasons, one.reason),
            role=named(self.known.roles, one.decided_role), is_late=one.is_late, valid_until=one.valid_until,
            record_id=one.pk, **said, **self._item(one.item_id),
        )  # fmt: skip

    def _consignments(self) -> Iterator[Happening]:
        names = {one.pk: one.reference for one in self.consignments}
        for part in self.parts:
            unit = self.lines[part.item_id].unit if part.item_id in self.lines else ""
            yield Happening(
                part.at, CONSIGNED, self.room(part.room_id), quantity=plain(part.quantity),
                unit=named(self.known.units, unit), record_id=part.consignment_id,
                name=names.get(part.consignment_id, ""), **self._item(part.item_id),
            )  # fmt: skip
        events = AidEvent.objects.filter(consignment__in=list(names), repeats=None, withdrawn=False)
        for event in events.order_by("-occurred_at", "pk")[:EVENTS_AT_MOST]:
            yield Happening(
                event.occurred_at, HAPPENED, self.room(event.room_id), stage=named(self.known.stages, event.stage),
                reason=named(self.known.reasons, event.reason), record_id=event.consignment_id,
                name=names[event.consignment_id],
            )  # fmt: skip

    def _impediments(self, asked: list[UUID]) -> Iterator[Happening]:
        for one in Impediment.objects.filter(origin_id__in=asked):
            yield Happening(one.raised_at, IMPEDED, self.room(one.room_id), record_id=one.pk, name=one.title)


def rows_on_line(request_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """The rows of a request of this room on one tear line, its clocks among them, for a release.

    Former versions of the draft are no part of what was sent: they stay with their room.
    """
    found = Request.objects.get(pk=request_id)
    if line == "headline":
        rows: list[tuple[type[models.Model], list[UUID]]] = [(Request, [found.pk])]
        steps = RequestStep.objects.filter(room=found.room_id, request=found, clock__isnull=False)
        kept = Clearance.objects.filter(room=found.room_id, request=found, clock__isnull=False)
        clocks = [*steps.values_list("clock", flat=True), *kept.values_list("clock", flat=True)]
        for clock_id in dict.fromkeys(clocks):
            rows += clock_rows_on_line(clock_id, line)
        return rows
    of_version: dict[str, tuple[type[Any], ...]] = {
        "detail": (RequestDetail, RequestLine), "identities": (RequestIdentities,)
    }  # fmt: skip
    others: tuple[type[Any], ...] = (Clearance, RequestStep, ConsignedLine) if line == "detail" else ()
    return [
        *[(model, _ids(model, found, version=found.version)) for model in of_version[line]],
        *[(model, _ids(model, found)) for model in others],
    ]


def _ids(model: type[Any], found: Request, **narrowed: int) -> list[UUID]:
    rows = model._default_manager.filter(request=found, room=found.room_id, **narrowed)
    return list(rows.values_list("pk", flat=True))


def decision_rows_on_line(decision_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """The rows of a decision of this room on one tear line, its token among them, for a release."""
    if line == "headline":
        return [(ClearanceDecision, [decision_id])]
    room = ClearanceDecision.objects.get(pk=decision_id).room_id
    parts: tuple[type[Any], ...] = (DecisionTerms, ClearanceToken)
    return [
        (model, list(model._default_manager.filter(decision=decision_id, room=room).values_list("pk", flat=True)))
        for model in parts
    ]
