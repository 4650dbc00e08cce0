"""What is owed a day: the step in force, and a count narrowed to one class of an obligation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.models import ReferenceKind
from tansiq.desks.aid.queries.reference import reference
from tansiq.desks.aid.rules import CountRule


def step_in_force(steps: list[dict[str, Any]], first_date: str | None, today: date) -> dict[str, Any] | None:
    """What is owed on a day; where nobody says when the operation began, what was agreed last."""
    if first_date is None:
        return steps[-1] if steps else None
    number = (today - datetime.fromisoformat(first_date).date()).days + 1
    begun = [step for step in steps if step["day"] <= number]
    return begun[-1] if begun else None


def narrowed(by: Actor, rule: CountRule, kind: Mapping[str, Any]) -> CountRule:
    """The same count for one class: its commodities, its senders, and the crossings that lie in its areas."""
    changes: dict[str, frozenset[str]] = {}
    if kind.get("commodities"):
        changes["commodities"] = frozenset(members(by, kind["commodities"]))
    if kind.get("areas"):
        inside = Crossing.objects.filter(operation=by.operation_id, place__area__p_code__in=kind["areas"])
        changes["crossings"] = frozenset(inside.values_list("code", flat=True))
    if kind.get("consignor_classes"):
        changes["consignors"] = frozenset(kind["consignor_classes"])
    return replace(rule, definition=replace(rule.definition, **changes))


def members(by: Actor, named: list[str]) -> set[str]:
    """Commodities by their own code, or all of a class that is named."""
    rows = reference(by.operation_id, ReferenceKind.COMMODITY).values_list("code", "body")
    return {code for code, body in rows if code in named or body.get("class") in named}
