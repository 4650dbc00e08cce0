"""What entered at each crossing against what was booked and what is owed, by class of the obligation."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tansiq.building.places.models import Crossing, CrossingQuota
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.counts import count, period_of_days
from tansiq.desks.aid.queries.obligations import narrowed, step_in_force
from tansiq.desks.aid.queries.reference import definition
from tansiq.desks.aid.rules import CountRule
from tansiq.desks.crossings.models import SlotBooking, SlotState
from tansiq.desks.crossings.queries.setting import Setting

WHOLE = ""  # the class that holds everything
COUNTS_AS_BOOKED = (SlotState.BOOKED, SlotState.CONFIRMED, SlotState.USED, SlotState.MISSED)


@dataclass(frozen=True)
class FlowLine:
    """One class of an obligation on a day: what entered, what was booked, what is owed."""

    code: str  # of the class; WHOLE
    names: Mapping[str, str]
    entered: Decimal
    booked: int
    used: int  # of the booked places
    missed: int
    quota: int | None  # of this crossing, where one is in force
    owed: int | None  # of the whole operation a day; None where nothing is owed for the class

    @property
    def percent(self) -> int | None:
        """Share of what is owed that has entered, in whole per cent."""
        return round(100 * self.entered / self.owed) if self.owed else None


@dataclass(frozen=True)
class DayFlow:
    """One obligation on a day, over some crossings."""

    code: str
    definition_code: str
    definition_names: Mapping[str, str]
    source: Mapping[str, str]  # of the figure that is owed
    rows: int  # that the count rests on; with none nobody can say whether nothing came
    lines: tuple[FlowLine, ...]  # the whole first
    at_crossing: Mapping[str, Decimal]  # the whole, by code of the crossing


@dataclass(frozen=True)
class Looked:
    """What a day's flows are looked at for: one crossing or all, its quotas, and the bookings that are read."""

    known: Setting
    day: date
    bookings: tuple[SlotBooking, ...]
    crossing: Crossing | None = None
    quotas: tuple[CrossingQuota, ...] = ()

    @property
    def limits(self) -> dict[str, int | None]:
        """The quota in force for each class of goods."""
        return {one.goods_class: one.units_per_day for one in self.quotas}


def day_flows(by: Actor, looked: Looked) -> list[DayFlow]:
    """Every obligation on a day, over all crossings or one, by what this room may read."""
    found = [_flow(by, owed, looked) for owed in looked.known.obligations]
    return [one for one in found if one is not None]


def _flow(by: Actor, owed: dict[str, Any], looked: Looked) -> DayFlow | None:
    rule = definition(by, owed["count_definition"])
    step = step_in_force(owed["steps"], looked.known.operation.rules.get("first_date"), looked.day)
    if rule is None or step is None:
        return None
    shares = {WHOLE: step["units_per_day"]} | {one["code"]: one["units_per_day"] for one in step.get("of_which", ())}
    kinds: list[dict[str, Any]] = [{"code": WHOLE, "names": owed["names"]}, *owed.get("classes", ())]
    lines, whole, rows = [], {}, 0
    for kind in kinds:
        entered, counted = _entered(by, narrowed(by, rule, kind), looked.day)
        if kind["code"] == WHOLE:
            whole, rows = entered, counted
        lines.append(_line(kind, entered, shares, looked))
    return DayFlow(owed["code"], rule.definition.code, rule.names, step["source"], rows, tuple(lines), whole)


def _line(kind: dict[str, Any], entered: Mapping[str, Decimal], shares: Mapping[str, int], looked: Looked) -> FlowLine:
    code, places = kind["code"], _places(looked.bookings, kind["code"])
    at_one = looked.crossing.code if looked.crossing else None
    total = entered.get(at_one, Decimal(0)) if at_one else sum(entered.values(), Decimal(0))
    return FlowLine(
        code, kind["names"], total, sum(places.values()), places[SlotState.USED], places[SlotState.MISSED],
        looked.limits.get(code), shares.get(code),
    )  # fmt: skip


def _entered(by: Actor, rule: CountRule, day: date) -> tuple[dict[str, Decimal], int]:
    counted = count(by, rule, period_of_days(rule, day, day), group_by=("crossing",))
    return {group.key[0]: group.total for group in counted.groups}, counted.row_count


def _places(bookings: Iterable[SlotBooking], code: str) -> dict[str, int]:
    """Booked places of a class by how their bookings stand; refused and given back ones are no places."""
    found: dict[str, int] = defaultdict(int)
    for one in bookings:
        if one.state in COUNTS_AS_BOOKED and (code == WHOLE or code in one.classes):
            found[one.state] += one.places
    return found


def places_by_crossing(bookings: Mapping[UUID, Iterable[SlotBooking]]) -> dict[UUID, int]:
    """Booked places at each crossing."""
    return {code: sum(_places(found, WHOLE).values()) for code, found in bookings.items()}
