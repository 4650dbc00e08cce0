"""Plans of distributions with checks, readiness, goods and report, as each room may read them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from tansiq.building.clocks.queries import Face, clocks_seen, database_now, faces
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.models import (
    DistributionPlan,
    DistributionReport,
    FocalPerson,
    Line,
    PlanDetail,
    PlanState,
    ReportState,
    Step,
)
from tansiq.desks.distribution.queries.settings import Names, Words, settings_or_none
from tansiq.desks.distribution.rules import EXPIRED, CheckStanding, check_standings, is_ready

NOTHING = Decimal(0)


@dataclass(frozen=True)
class PlannedLine:
    """Goods of one commodity in one unit, whatever the lots."""

    commodity: str
    unit: str
    names: Names | str
    unit_names: Names | str
    quantity: Decimal
    per_household: Decimal | None


@dataclass(frozen=True)
class ReportedLine:
    """What became of goods of one commodity."""

    line: Line
    names: Names | str
    unit_names: Names | str
    reason: Names | str

    @property
    def difference(self) -> Decimal:
        """What the figures leave unexplained."""
        said = (self.line.distributed, self.line.left, self.line.lost)
        return (self.line.received or NOTHING) - sum((part or NOTHING for part in said), NOTHING)


@dataclass(frozen=True)
class Report:
    """A report that was sent, with its lines and people."""

    report: DistributionReport
    goods: tuple[ReportedLine, ...]
    households: Decimal | None
    people: tuple[tuple[Names | str, Decimal], ...]
    steps: tuple[Step, ...]
    face: Face | None


@dataclass(frozen=True)
class PlanRow:
    """A plan as a list and its page show it."""

    plan: DistributionPlan
    room: Names
    area: Names | str
    goods: tuple[PlannedLine, ...]
    checks: tuple[tuple[CheckStanding, Names | str], ...]
    steps: tuple[Step, ...]
    detail: PlanDetail | None
    person: FocalPerson | None
    report: Report | None
    draft: DistributionReport | None
    face: Face | None
    now: datetime

    @property
    def is_ready(self) -> bool:
        """Whether every check holds at this moment: derived, whatever the state says."""
        return bool(self.checks) and is_ready(one for one, _names in self.checks)

    @property
    def is_broken(self) -> bool:
        """Whether people are called although a check has expired or failed since."""
        return self.plan.state == PlanState.SET and not self.is_ready

    @property
    def expired(self) -> list[CheckStanding]:
        """The checks that held once and hold no more."""
        return [one for one, _names in self.checks if one.state == EXPIRED]

    @property
    def differs(self) -> bool:
        """Whether its report has a difference that is not explained."""
        return self.report is not None and self.report.report.state == ReportState.DIFFERS

    @property
    def is_live(self) -> bool:
        """Whether it is still to be held."""
        return self.plan.state in (PlanState.PLANNED, PlanState.SET, PlanState.POSTPONED)

    @property
    def is_over(self) -> bool:
        """Whether its hours have passed without a report."""
        return self.is_live and self.plan.state != PlanState.POSTPONED and self.plan.ends_at <= self.now

    @property
    def deadline(self) -> Face | None:
        """The clock of its report, while it runs."""
        return self.face if self.face and self.face.band != "stopped" else None


def plans(by: Actor, *, state: str = "", own: bool = False) -> QuerySet[DistributionPlan]:
    """The distributions that this room sees, the latest first."""
    found = DistributionPlan.objects.filter(room__operation=by.operation_id)
    if state:
        found = found.filter(state=state)
    if own:
        found = found.filter(room=by.room_id)
    return found.order_by("-starts_at", "pk")


def plan_seen(by: Actor, plan_id: UUID) -> DistributionPlan | None:
    """One distribution; None where there is none for this room."""
    return plans(by).filter(pk=plan_id).first()


def plan_rows(found: Iterable[DistributionPlan], by: Actor, words: Words) -> list[PlanRow]:
    """Plans with all that belongs to them, in a fixed number of queries."""
    listed, now = list(found), database_now()
    ids = [one.pk for one in listed]
    stated = settings_or_none(by.operation_id)
    codes = [one.code for one in stated.checks] if stated else []
    lines, steps = _grouped(Line.objects.filter(plan__in=ids), "plan_id"), _steps("plan", ids)
    details = {one.plan_id: one for one in PlanDetail.objects.filter(plan__in=ids).order_by("version")}
    people = {one.plan_id: one for one in FocalPerson.objects.filter(plan__in=ids)}
    reports = {one.plan_id: one for one in DistributionReport.objects.filter(plan__in=ids)}
    drawn = _faces([*listed, *reports.values()], by)
    told = _reports([one for one in reports.values() if one.state != ReportState.DRAFT], words, drawn)
    return [
        PlanRow(
            one, words.rooms[one.room_id].names, named(words.aid.areas, one.area),
            planned_lines(one, lines[one.pk], words),
            tuple((check, named(words.lists["checks"], check.code))
                  for check in check_standings(codes, steps[one.pk], now)),
            tuple(steps[one.pk]), details.get(one.pk), people.get(one.pk), told.get(one.pk),
            _draft(reports.get(one.pk)), drawn.get(one.clock_id), now,
        )
        for one in listed
    ]  # fmt: skip


def planned_lines(plan: DistributionPlan, lines: Iterable[Line], words: Words) -> tuple[PlannedLine, ...]:
    """The goods of a plan as it stands, commodity by commodity."""
    total: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    each: dict[tuple[str, str], Decimal | None] = {}
    for line in lines:
        if line.version == plan.version:
            total[line.commodity, line.unit] += line.quantity
            each[line.commodity, line.unit] = line.per_household
    return tuple(
        PlannedLine(commodity, unit, named(words.aid.commodities, commodity), named(words.aid.units, unit), amount,
                    each[commodity, unit])
        for (commodity, unit), amount in total.items()
    )  # fmt: skip


def _draft(report: DistributionReport | None) -> DistributionReport | None:
    return report if report and report.state == ReportState.DRAFT else None


def _reports(found: list[DistributionReport], words: Words, drawn: dict[UUID | None, Face]) -> dict[UUID, Report]:
    ids = [one.pk for one in found]
    lines, steps = _grouped(Line.objects.filter(report__in=ids), "report_id"), _steps("report", ids)
    return {one.plan_id: _report(one, lines[one.pk], steps[one.pk], words, drawn.get(one.clock_id)) for one in found}


def _report(
    one: DistributionReport, lines: list[Line], steps: list[Step], words: Words, face: Face | None
) -> Report:  # fmt: skip
    households = next((line.quantity for line in lines if not line.commodity and line.unit == "household"), None)
    return Report(
        one,
        tuple(
            ReportedLine(line, named(words.aid.commodities, line.commodity), named(words.aid.units, line.unit),
                         named(words.aid.reasons, line.reason))
            for line in lines if line.commodity
        ),
        households,
        tuple((named(words.lists["groups"], line.group), line.quantity) for line in lines if line.group),
        tuple(steps), face,
    )  # fmt: skip


def _grouped(found: QuerySet[Line], key: str) -> dict[UUID, list[Line]]:
    grouped: dict[UUID, list[Line]] = defaultdict(list)
    for line in found.order_by("number"):
        grouped[getattr(line, key)].append(line)
    return grouped


def _steps(key: str, ids: list[UUID]) -> dict[UUID, list[Step]]:
    grouped: dict[UUID, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(**{f"{key}__in": ids}).order_by("at", "created_at", "pk"):
        grouped[getattr(step, f"{key}_id")].append(step)
    return grouped


def _faces(found: Iterable[DistributionPlan | DistributionReport], by: Actor) -> dict[UUID | None, Face]:
    clocks = clocks_seen(by).in_bulk({one.clock_id for one in found if one.clock_id})
    return {face.clock.pk: face for face in faces(clocks.values(), by)}
