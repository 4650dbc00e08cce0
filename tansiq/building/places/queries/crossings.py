"""Crossings as this room sees them: state, differing reports, quotas and history, now or as of a past moment."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from tansiq.building.places.models import (
    Crossing,
    CrossingQuota,
    CrossingReason,
    CrossingState,
    CrossingStatus,
    CrossingStatusDetail,
)
from tansiq.building.places.rules import MAP_STATES, hours_of, is_within_hours
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation


@dataclass(frozen=True)
class CrossingNow:
    """A crossing with what this room knows of it."""

    crossing: Crossing
    status: CrossingStatus | None  # the latest report that this room may read
    differing: tuple[CrossingStatus, ...]  # latest reports of other rooms that say another state
    reason: dict[str, str]
    hours_today: str | None
    is_within_hours: bool
    quotas: tuple[CrossingQuota, ...] = field(default=())

    @property
    def state(self) -> str:
        """The state by the latest report; no information without any."""
        return self.status.state if self.status else CrossingState.NO_INFORMATION

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        return str(CrossingState(self.state).label)

    @property
    def map_state(self) -> str:
        """The state in the map's words: open, restricted, closed or unknown."""
        return MAP_STATES[CrossingState(self.state)]


def database_now() -> datetime:
    """The database's time, which is everybody's."""
    with connection.cursor() as cursor:
        cursor.execute("select statement_timestamp()")  # as rows are stamped; now() is when the transaction began
        found: datetime = cursor.fetchone()[0]
        return found


def crossings_of(operation_id: UUID) -> QuerySet[Crossing]:
    """The operation's crossings with their places, by code."""
    return Crossing.objects.filter(operation=operation_id).select_related("place__area__place").order_by("code")


def crossings_now(actor: Actor, at: datetime | None = None, known_at: datetime | None = None) -> list[CrossingNow]:
    """Every crossing as it stood at a moment, by what this room knew then; both moments are now when not given."""
    return _seen(list(crossings_of(actor.operation_id)), actor, at, known_at)


def crossing_now(
    crossing: Crossing, actor: Actor, at: datetime | None = None, known_at: datetime | None = None
) -> CrossingNow:
    """One crossing as it stood at a moment, by what this room knew at another."""
    return _seen([crossing], actor, at, known_at)[0]


def status_history(crossing: Crossing) -> QuerySet[CrossingStatus]:
    """Every report of a crossing that this room may read, the latest state first."""
    reports = CrossingStatus.objects.filter(crossing=crossing).select_related("room")
    return reports.prefetch_related("details").order_by("-since_at", "-created_at", "id")


def quota_history(crossing: Crossing) -> QuerySet[CrossingQuota]:
    """Every change of quota of a crossing that this room may read, the latest first."""
    return CrossingQuota.objects.filter(crossing=crossing).select_related("room").order_by("-from_date", "-created_at")


def details_of(statuses: list[CrossingStatus]) -> dict[UUID, CrossingStatusDetail]:
    """Source and note of each report, where this room may read them."""
    return {detail.status_id: detail for detail in CrossingStatusDetail.objects.filter(status__in=statuses)}


def reasons_of(operation_id: UUID) -> dict[str, dict[str, str]]:
    """Names of the reasons that may be given, by code."""
    return dict(CrossingReason.objects.filter(operation=operation_id).order_by("code").values_list("code", "names"))


def _seen(crossings: list[Crossing], actor: Actor, at: datetime | None, known_at: datetime | None) -> list[CrossingNow]:
    now = database_now()
    at, known_at = at or now, known_at or now
    latest = _latest_reports(crossings, actor, at, known_at)
    zone = ZoneInfo(Operation.objects.values_list("time_zone", flat=True).get(pk=actor.operation_id))
    local = at.astimezone(zone)
    quotas = _quotas_in_force(crossings, actor, local.date(), known_at)
    reasons = reasons_of(actor.operation_id)
    return [_view(one, latest.get(one.pk, []), quotas.get(one.pk, ()), reasons, local) for one in crossings]


def _view(
    crossing: Crossing,
    reports: list[CrossingStatus],
    quotas: tuple[CrossingQuota, ...],
    reasons: dict[str, dict[str, str]],
    local: datetime,
) -> CrossingNow:
    status = reports[0] if reports else None
    differing = tuple(report for report in reports[1:] if status and report.state != status.state)
    reason = reasons.get(status.reason, {"en": status.reason}) if status and status.reason else {}
    return CrossingNow(
        crossing, status, differing, reason, hours_of(crossing.hours, local), is_within_hours(crossing.hours, local),
        quotas,
    )  # fmt: skip


def _known(actor: Actor, known_at: datetime) -> Q:
    """Rows that the room could read then: its own once written, another's once opened to it."""
    return Q(created_at__lte=known_at) & (Q(room_id=actor.room_id) | Q(audience_since__lte=known_at))


def _latest_reports(
    crossings: list[Crossing], actor: Actor, at: datetime, known_at: datetime
) -> dict[UUID, list[CrossingStatus]]:
    """The latest report of each room on each crossing, the latest of all first."""
    rows = (
        CrossingStatus.objects.filter(_known(actor, known_at), crossing__in=crossings, since_at__lte=at)
        .order_by("crossing", "room", "-since_at", "-created_at")
        .distinct("crossing", "room")
        .select_related("room")
    )
    found: dict[UUID, list[CrossingStatus]] = {}
    for report in sorted(rows, key=lambda row: (row.since_at, row.created_at, str(row.pk)), reverse=True):
        found.setdefault(report.crossing_id, []).append(report)
    return found


def _quotas_in_force(
    crossings: list[Crossing], actor: Actor, day: date, known_at: datetime
) -> dict[UUID, tuple[CrossingQuota, ...]]:
    """For each class of goods the change that is in force on a day."""
    rows = (
        CrossingQuota.objects.filter(_known(actor, known_at), crossing__in=crossings, from_date__lte=day)
        .order_by("crossing", "goods_class", "unit", "-from_date", "-created_at")
        .distinct("crossing", "goods_class", "unit")
    )
    found: dict[UUID, tuple[CrossingQuota, ...]] = {}
    for quota in rows:
        if quota.units_per_day is not None:
            found[quota.crossing_id] = (*found.get(quota.crossing_id, ()), quota)
    return found
