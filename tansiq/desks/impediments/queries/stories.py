"""One impediment with its whole story on one line of time, and its rows on each tear line."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from tansiq.building.clocks.models import Notice
from tansiq.building.clocks.queries import Face, clocks_of
from tansiq.building.clocks.queries import rows_on_line as clock_rows_on_line
from tansiq.building.rooms.actors import Actor
from tansiq.desks.impediments.models import (
    Impediment,
    ImpedimentDetail,
    ImpedimentIdentities,
    ImpedimentStep,
    RelatedRecord,
    Relation,
    StepWords,
)
from tansiq.desks.impediments.queries.lists import ImpedimentRow, rows_of
from tansiq.desks.impediments.queries.records import Related, followed
from tansiq.desks.impediments.queries.words import Names, Words, named

NOTICE = "notice"


@dataclass(frozen=True)
class Happening:
    """One thing in the story of an impediment."""

    at: datetime
    what: str  # last two words of the act (impediment.open, silence.record …), or NOTICE
    room: Names  # who did it; of a silence: whose it is; of a notice: who was told
    by_system: bool = False
    number: int | None = None
    answer: Names | str = ""
    is_late: bool = False
    due_at: datetime | None = None
    owner: Names = field(default_factory=dict)
    role: Names | str = ""
    said: tuple[tuple[Names, str], ...] = ()  # (room that spoke, its words)


@dataclass(frozen=True)
class ImpedimentStory:
    """An impediment on every tear line that is open to the reader, with everything that happened to it."""

    row: ImpedimentRow
    details: list[ImpedimentDetail]  # the latest first
    identities: list[ImpedimentIdentities]
    held: list[Related]
    precedents: list[Related]
    clocks: list[Face]  # the newest first
    happenings: list[Happening]  # the first one first


def impediment_story(by: Actor, impediment_id: UUID, words: Words) -> ImpedimentStory | None:
    """One impediment; None when there is none, or none for this room."""
    found = Impediment.objects.select_related("room").filter(pk=impediment_id, room__operation=by.operation_id).first()
    if found is None:
        return None
    related = followed(RelatedRecord.objects.filter(impediment=found).order_by("created_at", "pk"))
    clocks = clocks_of(found, by)
    steps = list(ImpedimentStep.objects.filter(impediment=found))
    happenings = [*_steps(steps, found, words), *_notices(steps, clocks, words)]
    return ImpedimentStory(
        rows_of([found], by, words)[0],
        list(ImpedimentDetail.objects.filter(impediment=found).order_by("-version")),
        list(ImpedimentIdentities.objects.filter(impediment=found).order_by("-version")),
        [one for one in related if one.record.relation == Relation.HELD],
        [one for one in related if one.record.relation == Relation.PRECEDENT],
        clocks, sorted(happenings, key=lambda one: one.at),
    )  # fmt: skip


def rows_on_line(impediment_id: UUID, line: str) -> list[tuple[type[models.Model], list[UUID]]]:
    """The rows of an impediment of this room on one tear line, its clocks among them, for a release."""
    own: dict[str, tuple[type[Any], ...]] = {
        "headline": (ImpedimentStep,), "detail": (ImpedimentDetail, RelatedRecord, StepWords),
        "identities": (ImpedimentIdentities,),
    }  # fmt: skip
    found = Impediment.objects.get(pk=impediment_id)
    rows: list[tuple[type[models.Model], list[UUID]]] = [(Impediment, [found.pk])] if line == "headline" else []
    for model in own[line]:
        kept = model._default_manager.filter(impediment=found, room=found.room_id)
        rows.append((model, list(kept.values_list("pk", flat=True))))
    if line == "headline":
        for clock_id in _clock_ids(found):
            rows += clock_rows_on_line(clock_id, line)
    return rows


def _clock_ids(found: Impediment) -> list[UUID]:
    steps = ImpedimentStep.objects.filter(room=found.room_id, impediment=found, clock__isnull=False)
    ended = list(steps.values_list("clock", flat=True))
    return list(dict.fromkeys([*ended, *([found.clock_id] if found.clock_id else [])]))


def _steps(steps: list[ImpedimentStep], found: Impediment, words: Words) -> list[Happening]:
    said: dict[UUID, list[tuple[Names, str]]] = defaultdict(list)
    for one in StepWords.objects.filter(impediment=found).order_by("created_at", "pk"):
        said[one.step_id].append((words.rooms[one.room_id].names, one.text))
    return [
        Happening(
            step.at, step.act.removeprefix("impediments."), words.rooms[step.by_room_id].names, step.by_system,
            step.number, named(words.answers, step.answer), step.is_late, step.due_at,
            words.rooms[step.owner_room_id].names if step.owner_room_id else {}, named(words.roles, step.owner_role),
            tuple(said.get(step.pk, ())),
        )
        for step in steps
    ]  # fmt: skip


def _notices(steps: list[ImpedimentStep], clocks: list[Face], words: Words) -> list[Happening]:
    """Who was told because a clock of it struck, as far as this room was told or told it."""
    ids = {face.clock.pk for face in clocks} | {step.clock_id for step in steps if step.clock_id}
    told = Notice.objects.filter(clock__in=ids).order_by("told_at", "pk")
    return [
        Happening(
            one.told_at, NOTICE, words.rooms[one.told_room_id].names, by_system=True, is_late=one.lapsed,
            due_at=one.clock_due_at, role=named(words.roles, one.told_role),
        )
        for one in told
    ]  # fmt: skip
