"""The links "reception", "distribution" and "confirmation" of the chain, as far as this desk's records tell of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F

from tansiq.building.clocks.models import Clock, ClockState
from tansiq.building.rooms.configuration.distribution import DistributionFile
from tansiq.building.rooms.models import Room
from tansiq.desks.distribution.models import (
    DistributionPlan,
    DistributionReport,
    Line,
    MovementKind,
    PartnerRelease,
    PlanState,
    ReportState,
    Step,
    StockMovement,
)
from tansiq.desks.distribution.queries.settings import settings_or_none
from tansiq.desks.distribution.rules import EXPIRED, FAILED, Act, check_standings
from tansiq.engine.chain import NEVER, Fact

RECEPTION, DISTRIBUTION, CONFIRMATION = "reception", "distribution", "confirmation"
NOTHING = Decimal(0)


@dataclass
class _Known:
    """What this desk knows of one consignment."""

    received: list[tuple[datetime, UUID]] = field(default_factory=list)  # when, by which room
    gone: list[tuple[datetime, UUID]] = field(default_factory=list)  # handed out: when, by which room
    lying: dict[UUID, Decimal] = field(default_factory=lambda: defaultdict(Decimal))  # room → what lies there
    waiting: list[PartnerRelease] = field(default_factory=list)
    plans: list[DistributionPlan] = field(default_factory=list)
    reports: list[DistributionReport] = field(default_factory=list)


@dataclass(frozen=True)
class _Context:
    """What the facts of all consignments are read with."""

    now: datetime
    stated: DistributionFile
    due: dict[UUID, datetime]  # clock → its due time
    checks: dict[UUID, list[Step]]  # plan → its checks


def links_of(consignment_ids: Sequence[UUID], now: datetime) -> list[Fact]:
    """What is known of these links of each consignment that lies in a warehouse, is on its way to a partner or planned.

    Of a consignment that this desk never saw, or whose records this room does not read, there is no fact.
    """
    ids = list(consignment_ids)
    moves = list(StockMovement.objects.filter(consignment_id__in=ids).values_list(
        "consignment_id", "room", "kind", "change", "occurred_at", "cause_id"
    ))  # fmt: skip
    lines = Line.objects.filter(consignment_id__in=ids)
    released = list(lines.filter(release__isnull=False).values_list("consignment_id", "release"))
    planned = list(lines.filter(plan__isnull=False, version=F("plan__version")).values_list("consignment_id", "plan"))
    if not (moves or released or planned):
        return []
    known, context = _gathered(moves, released, planned, now)
    if context is None:
        return []
    return [fact for pk, one in sorted(known.items()) for fact in _facts(str(pk), one, context)]


def _gathered(
    moves: Sequence[Any], released: Sequence[Any], planned: Sequence[Any], now: datetime
) -> tuple[dict[UUID, _Known], _Context | None]:  # fmt: skip
    known: dict[UUID, _Known] = defaultdict(_Known)
    for pk, room, kind, change, at, _cause in moves:
        known[pk].lying[room] += change
        if kind == MovementKind.RECEIVED:
            known[pk].received.append((at, room))
        elif kind == MovementKind.DISTRIBUTED:
            known[pk].gone.append((at, room))
    releases = PartnerRelease.objects.filter(withdrawn_at=None).in_bulk({one for _pk, one in released})
    answered = Step.objects.filter(release__in=releases, act=Act.ACCEPT_RELEASE)
    accepted = set(answered.values_list("release", flat=True))
    for pk, one in dict.fromkeys(released):
        if one in releases and one not in accepted:
            known[pk].waiting.append(releases[one])
    plans = DistributionPlan.objects.in_bulk({one for _pk, one in planned})
    reports = {one.plan_id: one for one in DistributionReport.objects.filter(plan__in=plans)}
    for pk, one in dict.fromkeys(planned):
        known[pk].plans += [plans[one]] if one in plans else []
        known[pk].reports += [reports[one]] if one in reports else []
    room = next(
        iter({room for _pk, room, *_rest in moves} | {one.room_id for one in (*releases.values(), *plans.values())})
    )
    stated = settings_or_none(Room.objects.values_list("operation", flat=True).get(pk=room))
    if stated is None:
        return known, None
    clocks = {one.clock_id for one in (*releases.values(), *plans.values(), *reports.values()) if one.clock_id}
    due = dict(Clock.objects.filter(pk__in=clocks).exclude(state=ClockState.STOPPED).values_list("pk", "due_at"))
    checks: dict[UUID, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(plan__in=plans, act=Act.CHECK_PLAN):
        checks[step.plan_id].append(step)
    return known, _Context(now, stated, due, checks)


def _facts(pk: str, one: _Known, context: _Context) -> Iterable[Fact]:
    if one.received:
        at, room = min(one.received)
        yield Fact(pk, RECEPTION, "done", _seconds(at), f"{room}:{context.stated.holders.warehouse}")
    distribution = _distribution(pk, one, context)
    if distribution is not None:
        yield distribution
    confirmation = _confirmation(pk, one, context)
    if confirmation is not None:
        yield confirmation


def _distribution(pk: str, one: _Known, context: _Context) -> Fact | None:
    """Done once nothing lies anywhere and something was handed out; else with whom it lies now."""
    live = [plan for plan in one.plans if plan.state in (PlanState.PLANNED, PlanState.SET, PlanState.POSTPONED)]
    if live:
        return _planned(pk, min(live, key=lambda plan: plan.starts_at), context)
    if one.waiting:
        release = min(one.waiting, key=lambda waiting: waiting.released_at)
        holder = f"{release.partner_room_id}:{context.stated.holders.partner}"
        return Fact(pk, DISTRIBUTION, "waiting", _seconds(release.released_at), holder, _due(release.clock_id, context))
    lying = {room: amount for room, amount in one.lying.items() if amount > 0}
    if lying:
        room = max(lying, key=lambda place: (lying[place], str(place)))
        since = max((at for at, where in one.received if where == room), default=context.now)
        return Fact(pk, DISTRIBUTION, "waiting", _seconds(since), f"{room}:{context.stated.holders.warehouse}")
    if one.gone:
        at, room = max(one.gone)
        return Fact(pk, DISTRIBUTION, "done", _seconds(at), f"{room}:{context.stated.holders.partner}")
    return None


def _planned(pk: str, plan: DistributionPlan, context: _Context) -> Fact:
    """A plan that is set while a check of it has expired is invalid; one of which a check failed is refused."""
    holder = f"{plan.room_id}:{context.stated.holders.partner}"
    found = check_standings([one.code for one in context.stated.checks], context.checks[plan.pk], context.now)
    failed = [one.step.at for one in found if one.state == FAILED and one.step]
    expired = [one.step.valid_until for one in found if one.state == EXPIRED and one.step and one.step.valid_until]
    if failed:
        return Fact(pk, DISTRIBUTION, "refused", _seconds(max(failed)), holder)
    if expired and plan.state == PlanState.SET:
        return Fact(pk, DISTRIBUTION, "invalid", _seconds(max(expired)), holder)
    return Fact(pk, DISTRIBUTION, "waiting", _seconds(plan.created_at), holder, _due(plan.clock_id, context))


def _confirmation(pk: str, one: _Known, context: _Context) -> Fact | None:
    """Done once every report of it is reconciled; a difference, or a report that is owed, waits with the partner."""
    for report in one.reports:
        if report.state == ReportState.DIFFERS:
            holder = f"{report.room_id}:{context.stated.holders.partner}"
            since = _seconds(report.sent_at or context.now)
            return Fact(pk, CONFIRMATION, "waiting", since, holder, _due(report.clock_id, context))
    sent = [report for report in one.reports if report.state == ReportState.RECONCILED]
    if sent and not any(plan.state not in (PlanState.HELD, PlanState.CANCELLED) for plan in one.plans):
        last = max(sent, key=lambda report: report.reconciled_at or context.now)
        holder = f"{last.room_id}:{context.stated.holders.partner}"
        return Fact(pk, CONFIRMATION, "done", _seconds(last.reconciled_at or context.now), holder)
    over = [
        plan for plan in one.plans if plan.ends_at <= context.now and plan.state in (PlanState.PLANNED, PlanState.SET)
    ]
    if over:
        plan = min(over, key=lambda late: late.ends_at)
        holder = f"{plan.room_id}:{context.stated.holders.partner}"
        return Fact(pk, CONFIRMATION, "waiting", _seconds(plan.ends_at), holder, _due(plan.clock_id, context))
    return None


def _due(clock_id: UUID | None, context: _Context) -> int:
    due = context.due.get(clock_id) if clock_id else None
    return _seconds(due) if due else NEVER


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
