"""What rooms state of the day at crossings, side by side, and which statement a day's slots follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from tansiq.building.places.models import Crossing
from tansiq.building.places.rules import WEEKDAYS
from tansiq.desks.crossings.models import DayStatement, DayStatementDetail, Reach, StatementKind
from tansiq.desks.crossings.queries.setting import Setting
from tansiq.desks.crossings.rules import Hours, Slot, hours_from, is_cut_short, slots_of

SPECIFIC = {Reach.DAY: 2, Reach.WEEKDAY: 1, Reach.ONWARDS: 0}
READINGS_AT_MOST = 200


@dataclass(frozen=True)
class RoomHours:
    """What one room says of the hours of a day: as they are meant to be, and as they were."""

    planned: DayStatement | None
    actual: DayStatement | None
    is_short: bool  # the day ended before it was meant to


@dataclass(frozen=True)
class DayStatements:
    """Everything that is stated of one crossing and one day, as far as this room reads it."""

    crossing: Crossing
    day: date
    hours: dict[UUID, RoomHours] = field(default_factory=dict)  # by room
    lanes: dict[UUID, DayStatement] = field(default_factory=dict)
    capacity: dict[UUID, DayStatement] = field(default_factory=dict)
    free: dict[datetime, DayStatement] = field(default_factory=dict)  # by slot: the keeper's latest word
    timetable: Hours = field(default_factory=Hours)  # by the operation's files
    keeper_id: UUID | None = None

    @property
    def planned(self) -> Hours:
        """The hours that are meant: the keeper's word, else the operation's timetable."""
        said = self.hours.get(self.keeper_id) if self.keeper_id else None
        return _as_hours(said.planned) if said and said.planned else self.timetable

    @property
    def actual(self) -> Hours | None:
        """The hours as they were, by the keeper."""
        said = self.hours.get(self.keeper_id) if self.keeper_id else None
        return _as_hours(said.actual) if said and said.actual else None

    @property
    def in_force(self) -> Hours:
        """The hours that slots follow: as they were, where the keeper says so, else as they are meant."""
        return self.actual or self.planned

    @property
    def stated_capacity(self) -> DayStatement | None:
        """The keeper's word on what a slot takes."""
        return self.capacity.get(self.keeper_id) if self.keeper_id else None


def day_statements(known: Setting, crossings: Iterable[Crossing], day: date) -> dict[UUID, DayStatements]:
    """What is stated of each crossing for a day, in one query: the latest word of each room, the closest one first."""
    listed = list(crossings)
    found = {one.pk: _empty(known, one, day) for one in listed}
    for said in _latest(listed, day):
        _enter(found[said.crossing_id], said, known)
    for one in found.values():
        for room_id, hours in list(one.hours.items()):
            one.hours[room_id] = _judged(one, hours, known)
    return found


def queue_readings(crossing: Crossing, day: date, known: Setting) -> list[DayStatement]:
    """What was read of the queue on a day, the latest first."""
    rows = DayStatement.objects.filter(crossing=crossing, kind=StatementKind.QUEUE, day=day).select_related("room")
    return list(rows.order_by("-read_at", "-created_at", "pk")[:READINGS_AT_MOST])


def latest_queues(crossings: Iterable[Crossing], day: date) -> dict[UUID, DayStatement]:
    """The latest reading of a day's queue at each crossing."""
    rows = DayStatement.objects.filter(crossing__in=list(crossings), kind=StatementKind.QUEUE, day=day)
    latest = rows.order_by("crossing", "-read_at", "-created_at", "pk").distinct("crossing").select_related("room")
    return {one.crossing_id: one for one in latest}


def statements_since(known: Setting, since: datetime | None, crossing: str = "") -> QuerySet[DayStatement]:
    """Every statement that this room reads; with a moment, those stated or opened to it since then."""
    found = DayStatement.objects.filter(crossing__operation=known.operation)
    if since is not None:
        found = found.filter(Q(created_at__gte=since) | Q(audience_since__gte=since))
    return found.filter(crossing__code=crossing) if crossing else found


def details_of(statements: Iterable[DayStatement]) -> dict[UUID, DayStatementDetail]:
    """Source and note of each statement, where this room may read them."""
    found = DayStatementDetail.objects.filter(statement__in=[one.pk for one in statements])
    return {one.statement_id: one for one in found}


def slots_in_force(said: DayStatements, known: Setting) -> list[Slot]:
    """The slots of a day by the hours in force; none where the crossing uses none."""
    length = slot_length(said, known)
    return slots_of(said.day, said.in_force, length, known.zone) if length else []


def slots_planned(said: DayStatements, known: Setting) -> list[Slot]:
    """The slots of a day as it is meant to be, so that a day that was cut short shows what was lost."""
    length = slot_length(said, known)
    return slots_of(said.day, said.planned, length, known.zone) if length else []


def slot_length(said: DayStatements, known: Setting) -> timedelta | None:
    """How long a slot lasts: the keeper's word, else the operation's; None where no slots are booked."""
    if said.stated_capacity and said.stated_capacity.slot_minutes:
        return timedelta(minutes=said.stated_capacity.slot_minutes)
    usual = known.days.get(said.crossing.code)
    return usual.slot if usual else None


def trucks_per_slot(said: DayStatements, known: Setting) -> int:
    """How many trucks a slot takes: the keeper's word, else the operation's."""
    if said.stated_capacity and said.stated_capacity.trucks_per_slot is not None:
        return said.stated_capacity.trucks_per_slot
    usual = known.days.get(said.crossing.code)
    return usual.trucks_per_slot if usual else 0


def _empty(known: Setting, crossing: Crossing, day: date) -> DayStatements:
    keeper = known.keeper(crossing.code)
    timetable = hours_from(crossing.hours.get(WEEKDAYS[day.weekday()]))
    return DayStatements(crossing, day, timetable=timetable, keeper_id=keeper.pk if keeper else None)


def _latest(crossings: list[Crossing], day: date) -> list[DayStatement]:
    """Of each crossing, room, kind and reach the latest word that holds for the day; the closest reach last."""
    reaches = (
        Q(reach=Reach.DAY, day=day)
        | Q(reach=Reach.WEEKDAY, day__lte=day, day__iso_week_day=day.isoweekday())
        | Q(reach=Reach.ONWARDS, day__lte=day)
    )
    rows = DayStatement.objects.filter(reaches, crossing__in=crossings).exclude(kind=StatementKind.QUEUE)
    keys = ("crossing", "room", "kind", "is_actual", "reach", "slot_at")
    latest = rows.order_by(*keys, "-day", "-read_at", "-created_at", "pk").distinct(*keys).select_related("room")
    return sorted(latest, key=lambda one: SPECIFIC[Reach(one.reach)])


def _enter(found: DayStatements, said: DayStatement, known: Setting) -> None:
    if said.kind == StatementKind.HOURS:
        former = found.hours.get(said.room_id, RoomHours(None, None, is_short=False))
        planned, actual = (former.planned, said) if said.is_actual else (said, former.actual)
        found.hours[said.room_id] = RoomHours(planned, actual, is_short=False)
    elif said.kind == StatementKind.LANES:
        found.lanes[said.room_id] = said
    elif said.kind == StatementKind.CAPACITY:
        found.capacity[said.room_id] = said
    elif said.slot_at is not None and said.room_id == found.keeper_id:
        found.free[said.slot_at] = said


def _judged(found: DayStatements, hours: RoomHours, known: Setting) -> RoomHours:
    if hours.actual is None:
        return hours
    planned = _as_hours(hours.planned) if hours.planned else found.planned
    return RoomHours(hours.planned, hours.actual, is_cut_short(found.day, planned, _as_hours(hours.actual), known.zone))


def _as_hours(said: DayStatement) -> Hours:
    return Hours(said.opens_at, said.closes_at, said.reason, said.is_actual)
