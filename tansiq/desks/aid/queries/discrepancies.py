"""Discrepancies as lists and as stories: what waits, whose it is, both readings, and every step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.clocks.queries import Face, database_now, faces
from tansiq.building.ledger.words import describe
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Membership, Role, Room
from tansiq.desks.aid.models import (
    LIVE_DISCREPANCIES,
    AidEvent,
    Consignment,
    Discrepancy,
    DiscrepancyState,
    DiscrepancyStep,
    HandlingUnit,
)
from tansiq.desks.aid.queries.counts import events_counted
from tansiq.desks.aid.queries.latest import Order, Page, latest
from tansiq.desks.aid.queries.reference import rooms_of
from tansiq.desks.aid.queries.rows import EventRow, event_rows
from tansiq.desks.aid.queries.words import Names, Words, named
from tansiq.desks.aid.rules import Act, CountRule
from tansiq.engine.counting import Period

BY_OPENING = Order("opened_at")
LIVE, MINE, UNOWNED, OVERDUE, CLOSED, ALL = "live", "mine", "unowned", "overdue", "closed", "all"


@dataclass(frozen=True)
class DiscrepancyFilter:
    """What a list of discrepancies is narrowed to; an empty value narrows nothing."""

    which: str = LIVE
    kind: str = ""
    stage: str = ""
    consignment: UUID | None = None
    ids: Sequence[UUID] | None = None  # these alone
    since: datetime | None = None  # opened or closed since


@dataclass(frozen=True)
class DiscrepancyRow:
    """One discrepancy of a list."""

    discrepancy: Discrepancy
    reference: str  # of its consignment; "": closed to this room
    stage: Names | str
    owner: Names | str
    room: Names
    clock: Face | None
    is_overdue: bool


@dataclass(frozen=True)
class Reading:
    """One of the two readings: its figure, what it is made of, and the events that state it."""

    figure: str
    stage: Names | str
    parts: tuple[tuple[Names | str, str], ...]
    events: tuple[EventRow, ...]


@dataclass(frozen=True)
class DiscrepancyStepRow:
    """One step of the story."""

    step: DiscrepancyStep
    words: Any  # what was done
    owner: Names | str


@dataclass(frozen=True)
class DiscrepancyStory:
    """A discrepancy with its figures and steps, as far as its detail is open to this room."""

    row: DiscrepancyRow
    facts: dict[str, Any]  # of its latest opening; {}: the detail is closed
    measure: Names | str
    unit: HandlingUnit | None
    stated: Reading | None
    limit: Reading | None
    steps: tuple[DiscrepancyStepRow, ...]


def wanted_discrepancies(by: Actor, wanted: DiscrepancyFilter) -> QuerySet[Discrepancy]:
    """Discrepancies of every room that fit, in no order."""
    rows = Discrepancy.objects.all()
    for field in ("kind", "stage", "consignment"):
        if getattr(wanted, field):
            rows = rows.filter(**{field: getattr(wanted, field)})
    if wanted.ids is not None:
        rows = rows.filter(pk__in=list(wanted.ids))
    if wanted.since:
        rows = rows.filter(Q(opened_at__gte=wanted.since) | Q(closed_at__gte=wanted.since))
    if wanted.which == CLOSED:
        return rows.exclude(closed_at=None)
    if wanted.which != ALL:
        rows = rows.filter(closed_at=None)
    if wanted.which == UNOWNED:
        return rows.filter(state=DiscrepancyState.OPEN)
    if wanted.which == OVERDUE:
        late = Clock.objects.filter(due_at__lt=database_now()).exclude(state=ClockState.STOPPED)
        return rows.filter(clock__in=late.values("pk"))
    if wanted.which == MINE:
        roles = Membership.objects.filter(room=by.room_id, account=by.account_id, ended_at=None).values_list("roles")
        own = [role for (held,) in roles for role in held]
        return rows.filter(room=by.room_id, owner_role__in=own)
    return rows


def discrepancy_page(by: Actor, wanted: DiscrepancyFilter, *, after: str | None = None, size: int = 50) -> Page:
    """A page of discrepancies, the latest first. Raises ValueError for what is no mark."""
    return latest(wanted_discrepancies(by, wanted), rooms_of(by.operation_id), BY_OPENING, after=after, size=size)


def discrepancy_rows(by: Actor, found: Sequence[Discrepancy], words: Words) -> list[DiscrepancyRow]:
    """The discrepancies with all that a list shows of them, in a fixed number of queries."""
    consignments = Consignment.objects.in_bulk([one.consignment_id for one in found])
    rooms = Room.objects.in_bulk([one.room_id for one in found])
    roles = dict(Role.objects.filter(operation=by.operation_id).values_list("code", "names"))
    clocks = Clock.objects.filter(pk__in=[one.clock_id for one in found if one.clock_id])
    shown = {face.clock.pk: face for face in faces(clocks.select_related("kind", "holder_room"), by)}
    now = database_now()
    return [
        DiscrepancyRow(
            one, consignments[one.consignment_id].reference if one.consignment_id in consignments else "",
            named(words.stages, one.stage), named(roles, one.owner_role), rooms[one.room_id].names,
            shown.get(one.clock_id), _is_overdue(one, shown.get(one.clock_id), now),
        )
        for one in found
    ]  # fmt: skip


def discrepancy_story(by: Actor, discrepancy_id: UUID, words: Words) -> DiscrepancyStory | None:
    """One discrepancy with its story; None when there is none, or none for this room."""
    found = Discrepancy.objects.filter(pk=discrepancy_id, room__operation=by.operation_id).first()
    if found is None:
        return None
    row = discrepancy_rows(by, [found], words)[0]
    steps = list(DiscrepancyStep.objects.filter(room=found.room_id, discrepancy=found).order_by("at", "pk"))
    facts = next((step.facts for step in reversed(steps) if step.facts), {})
    roles = dict(Role.objects.filter(operation=by.operation_id).values_list("code", "names"))
    told = tuple(DiscrepancyStepRow(step, describe(step.act), named(roles, step.owner_role)) for step in steps)
    if not facts:
        return DiscrepancyStory(row, {}, "", None, None, None, told)
    named_events = [UUID(event) for event in (*facts["events"], *facts["against"])]
    rows = AidEvent.objects.filter(room=found.room_id, pk__in=named_events).select_related("room", "handling_unit")
    events = {str(one.event.pk): one for one in event_rows(list(rows), words)}
    unit = HandlingUnit.objects.filter(pk=facts["unit"]).first() if facts["unit"] else None
    parts = tuple((named(words.stages, part["stage"]), part["amount"]) for part in facts["parts"])
    return DiscrepancyStory(
        row, facts, named(words.units, facts["measure"]), unit,
        Reading(facts["stated"], named(words.stages, facts["stage"]), parts, _of(events, facts["events"])),
        Reading(facts["limit"], named(words.stages, facts["limit_stage"]), (), _of(events, facts["against"])), told,
    )  # fmt: skip


def rows_of_discrepancy(record_id: UUID, line: str) -> list[tuple[type, list[UUID]]]:
    """The rows of a discrepancy of this room on one tear line, for a release."""
    if line == "headline":
        return [(Discrepancy, [record_id])]
    steps = DiscrepancyStep.objects.filter(discrepancy=record_id).values_list("pk", flat=True)
    return [(DiscrepancyStep, list(steps))] if line == "detail" else []


def discrepancies_counted(by: Actor, rule: CountRule, period: Period, *, as_of: datetime | None = None) -> list[UUID]:
    """Live discrepancies of which a count of this period takes an event of either reading."""
    named_by = {one: {*facts["events"], *facts["against"]} for one, facts in facts_of_live()}
    events = [UUID(event) for events in named_by.values() for event in events]
    counted = {str(event) for event in events_counted(by, rule, period, events, as_of=as_of)}
    return [one for one, events in named_by.items() if events & counted]


def facts_of_live() -> list[tuple[UUID, dict[str, Any]]]:
    """The latest figures of every live discrepancy that this room reads in full."""
    live = Discrepancy.objects.filter(state__in=LIVE_DISCREPANCIES).values("pk")
    steps = DiscrepancyStep.objects.filter(discrepancy__in=live).exclude(facts={})
    latest_ones = steps.order_by("discrepancy", "-at", "-pk").distinct("discrepancy")
    return list(latest_ones.values_list("discrepancy", "facts"))


def _is_overdue(one: Discrepancy, clock: Face | None, now: datetime) -> bool:
    return one.closed_at is None and clock is not None and clock.clock.due_at < now


def _of(events: dict[str, EventRow], ids: Iterable[str]) -> tuple[EventRow, ...]:
    return tuple(events[one] for one in ids if one in events)


def unreported(room_id: UUID) -> list[UUID]:
    """Discrepancies of a room whose deadline passed while nobody owned them, and of which nobody was told yet."""
    reported = DiscrepancyStep.objects.filter(
        room=room_id, discrepancy=OuterRef("pk"), act=Act.REPORT_UNOWNED_DISCREPANCY
    )
    late = Discrepancy.objects.filter(~Exists(reported), room=room_id, state=DiscrepancyState.OPEN)
    return list(late.filter(clock__lapsed_at__isnull=False).order_by("opened_at", "pk").values_list("pk", flat=True))
