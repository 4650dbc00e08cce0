"""The register of impediments, the list of what is overdue, and both as rows with all that a list shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from tansiq.building.clocks.models import ClockState
from tansiq.building.clocks.queries import Face, clocks_seen, database_now, faces
from tansiq.building.rooms.actors import Actor
from tansiq.desks.impediments.models import LIVE_STATES, Impediment, ImpedimentDetail, ImpedimentState
from tansiq.desks.impediments.queries.records import holding
from tansiq.desks.impediments.queries.words import Names, Words, named

DAY = timedelta(days=1)
LIVE = "live"  # in a filter: whatever is not closed


@dataclass(frozen=True)
class Wanted:
    """To what a list is narrowed."""

    sought: str = ""  # in the title
    state: str = LIVE  # a state, LIVE, or "" for all
    kind: str = ""
    link: str = ""
    place: str = ""
    owner: str = ""  # slug of the room
    raiser: str = ""
    record_id: UUID | None = None  # that it holds up


@dataclass(frozen=True)
class ImpedimentRow:
    """One impediment of a list."""

    impediment: Impediment
    kind: Names | str
    links: tuple[Names | str, ...]
    place: Names | str
    obligation: Names | str
    clause: Names | str
    owner: Names
    owner_role: Names | str
    raiser: Names
    answer: Names | str
    origin: Names | str
    age: timedelta  # since it was first raised, until now or until it was closed
    face: Face | None  # its clock, where this room sees it
    cost: ImpedimentDetail | None  # what a day of it costs, where this room reads the detail
    cost_unit: Names | str

    @property
    def days(self) -> int:
        """Whole days of age."""
        return self.age // DAY

    @property
    def is_live(self) -> bool:
        """Whether it still stands in the way."""
        return self.impediment.state in LIVE_STATES

    @property
    def deadline(self) -> Face | None:
        """Its clock, while it has one that has not ended."""
        return self.face if self.face and self.is_live and self.face.band != "stopped" else None

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(ImpedimentState(self.impediment.state).label)

    @property
    def daily(self) -> Decimal | None:
        """Units lost a day, without decimals that say nothing."""
        amount = self.cost.cost_quantity if self.cost else None
        return amount if amount is None else _plain(amount)

    @property
    def lost(self) -> Decimal | None:
        """Units lost so far: the cost of a day for every whole day of age."""
        return None if self.daily is None else self.daily * self.days


def impediments(by: Actor, wanted: Wanted) -> QuerySet[Impediment]:
    """The impediments that this room reads, the oldest first."""
    found = Impediment.objects.filter(room__operation=by.operation_id)
    if wanted.state:
        found = found.filter(state__in=LIVE_STATES if wanted.state == LIVE else [wanted.state])
    if wanted.sought:
        found = found.filter(title__icontains=wanted.sought)
    if wanted.link:
        found = found.filter(chain_links__contains=[wanted.link])
    plain = {"kind": wanted.kind, "place": wanted.place, "owner_room__slug": wanted.owner, "room__slug": wanted.raiser}
    found = found.filter(**{name: value for name, value in plain.items() if value})
    if wanted.record_id:
        found = found.filter(pk__in=holding([wanted.record_id]).values("impediment"))
    return found.order_by("raised_at", "pk")


def overdue(by: Actor, wanted: Wanted) -> QuerySet[Impediment]:
    """Live impediments of which a deadline passed without an answer; those left in silence most often first."""
    late = Q(state=ImpedimentState.UNANSWERED) | Q(
        clock__state__in=(ClockState.RUNNING, ClockState.LAPSED), clock__due_at__lte=Now()
    )
    return impediments(by, wanted).filter(late, state__in=LIVE_STATES).order_by("-silence_count", "raised_at", "pk")


def rows_of(found: Iterable[Impediment], by: Actor, words: Words) -> list[ImpedimentRow]:
    """The impediments with all that a list shows of them, in a fixed number of queries."""
    listed, now = list(found), database_now()
    clocks = clocks_seen(by).in_bulk({one.clock_id for one in listed if one.clock_id})
    drawn = {face.clock.pk: face for face in faces(clocks.values(), by)}
    costs = _costs([one.pk for one in listed])
    return [_row(one, words, now, drawn.get(one.clock_id), costs.get(one.pk)) for one in listed]


def _row(
    one: Impediment, words: Words, now: datetime, face: Face | None, cost: ImpedimentDetail | None
) -> ImpedimentRow:
    return ImpedimentRow(
        one, kind=named(words.types, one.kind), links=tuple(named(words.links, code) for code in one.chain_links),
        place=named(words.places, one.place), obligation=named(words.obligations, one.obligation),
        clause=words.clauses.get(one.obligation, {}), owner=words.rooms[one.owner_room_id].names,
        owner_role=named(words.roles, one.owner_role), raiser=words.rooms[one.room_id].names,
        answer=named(words.answers, one.answer), origin=named(words.origins, one.origin),
        age=(one.closed_at or now) - one.raised_at, face=face, cost=cost,
        cost_unit=named(words.units, cost.cost_unit) if cost else "",
    )  # fmt: skip


def _plain(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


def _costs(ids: list[UUID]) -> dict[UUID, ImpedimentDetail]:
    """The latest detail of each impediment that this room may read."""
    rows = ImpedimentDetail.objects.filter(impediment__in=ids).order_by("impediment", "-version")
    return {row.impediment_id: row for row in rows.distinct("impediment")}
