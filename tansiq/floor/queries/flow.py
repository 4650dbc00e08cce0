"""The day's flow against what was agreed, as a whole and for each class of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.queries.counts import count, events_without_open_quantity, period_of_days
from tansiq.desks.aid.queries.obligations import narrowed, step_in_force
from tansiq.desks.aid.queries.reference import definition
from tansiq.desks.aid.rules import CountRule


@dataclass(frozen=True)
class FlowLine:
    """How much came today, and the day before, of what is owed a day."""

    names: Mapping[str, str]
    done: Decimal
    day_before: Decimal
    rows: int  # that the two days are counted from; with none nobody can say whether nothing came
    owed: int

    @property
    def percent(self) -> int:
        """Share of what is owed, in whole per cent."""
        return round(100 * self.done / self.owed) if self.owed else 100


@dataclass(frozen=True)
class Flow:
    """One obligation per day, and where it stands today by the named count."""

    code: str
    day: date  # in the operation's time zone
    whole: FlowLine
    classes: tuple[FlowLine, ...]
    definition_code: str
    definition_names: Mapping[str, str]
    source: Mapping[str, str]  # of the figure that is owed
    unopened: int  # events of the day whose quantities are closed to this room, so that the count lacks them


def flows_today(by: Actor) -> list[Flow]:
    """Every obligation of the operation, counted over the rows that this room may read."""
    operation = Operation.objects.get(pk=by.operation_id)
    today = database_now().astimezone(ZoneInfo(operation.time_zone)).date()
    found = [_flow(by, owed, operation.rules, today) for owed in operation.rules.get("obligations", [])]
    return [flow for flow in found if flow is not None]


def _flow(by: Actor, owed: dict[str, Any], settings: Mapping[str, Any], today: date) -> Flow | None:
    rule = definition(by, owed["count_definition"])
    step = step_in_force(owed["steps"], settings.get("first_date"), today)
    if rule is None or step is None:
        return None
    shares = {share["code"]: share["units_per_day"] for share in step.get("of_which", ())}
    classes = tuple(
        FlowLine(kind["names"], *_counts(by, narrowed(by, rule, kind), today), shares[kind["code"]])
        for kind in owed.get("classes", ())
        if kind["code"] in shares
    )
    whole = FlowLine(owed["names"], *_counts(by, rule, today), step["units_per_day"])
    unopened = events_without_open_quantity(by, rule, period_of_days(rule, today, today))
    return Flow(owed["code"], today, whole, classes, rule.definition.code, rule.names, step["source"], unopened)


def _counts(by: Actor, rule: CountRule, day: date) -> tuple[Decimal, Decimal, int]:
    """The count of the day and of the day before, and the number of rows behind them."""
    day_before = day - timedelta(days=1)
    counted = count(by, rule, period_of_days(rule, day_before, day), group_by=("day",))
    totals = {group.key[0]: group.total for group in counted.groups}
    done, before = (totals.get(one.isoformat(), Decimal(0)) for one in (day, day_before))
    return done, before, counted.row_count
