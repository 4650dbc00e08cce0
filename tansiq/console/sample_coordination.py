"""The sample's coordination, as demo/sample/coordination.yaml tells it: asked, answered, silent, lit; and routes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.rooms.actors import eyes_of
from tansiq.console.sample_stage import Stage
from tansiq.console.state import REPOSITORY
from tansiq.desks.aid.models import Consignment, ConsignmentLine
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.models import Asking, Move
from tansiq.desks.coordination.queries.standings import newest_clocks
from tansiq.desks.coordination.queries.stories import lines_of
from tansiq.desks.coordination.rules import (
    ANSWERS,
    Answer,
    CoordinationAsked,
    LineAsked,
    Outcome,
    RouteNamed,
    RouteStated,
)

STORY = REPOSITORY / "demo" / "sample" / "coordination.yaml"
LINES = 5  # of a consignment, that are asked for
PLAIN: dict[str, Callable[..., Any]] = {
    "take_up": actions.take_up_coordination, "execute": actions.execute_coordination,
    "give_green_light": actions.give_green_light,
}  # fmt: skip


@dataclass
class Told:
    """One consignment of the story before its authorities."""

    told: dict[str, Any]
    stage: Stage
    askings: dict[str, Asking] = field(default_factory=dict)  # by the authority's room

    def at(self, hours_ago: float) -> datetime:
        """So many hours before the sample is loaded."""
        return self.stage.now - timedelta(hours=hours_ago)

    def window(self, hours: list[float]) -> tuple[datetime, datetime]:
        """From and until, in hours from now."""
        return self.at(-hours[0]), self.at(-hours[1])

    def of(self, step: dict[str, Any]) -> Asking:
        """The asking that a step is about."""
        named = step.get("authority") or (step["by"] if step["by"] in self.askings else next(iter(self.askings)))
        return self.askings[named]


def tell_coordination(stage: Stage, story: Path = STORY) -> dict[str, int]:
    """Play all whose consignment is there; answers how many of each were played."""
    told: dict[str, Any] = YAML(typ="safe", pure=True).load(story.read_text(encoding="utf-8"))
    for one in sorted(told["routes"], key=lambda one: -one["hours_ago"]):
        _state_route(one, stage)
    played = [_tell(one, stage) for one in told["askings"]]
    return {"requests for coordination": sum(played), "statements on routes": len(told["routes"])}


def _tell(told: dict[str, Any], stage: Stage) -> int:
    goods = stage.consignment(told["room"], told["goods"])
    if goods is None:
        return 0
    one = Told(told, stage)
    begins, ends = one.window(told["window"])
    asked = CoordinationAsked(
        begins, ends, goods.crossing_code, RouteNamed(**told["route"]), _lines(stage, goods, told["room"]),
        told.get("note", ""),
    )  # fmt: skip
    rooms = [stage.rooms[code] for code in told["authorities"]]
    made = actions.ask_coordination(
        by=stage.system(told["room"]), consignment=goods, authorities=rooms, asked=asked,
        at=one.at(told["asked_hours_ago"]),
    )  # fmt: skip
    one.askings = dict(zip(told["authorities"], made, strict=True))
    for step in told.get("steps", ()):
        _step(one, step)
    return len(made)


def _lines(stage: Stage, goods: Consignment, room: str) -> tuple[LineAsked, ...]:
    with eyes_of(stage.system(room)):
        rows = ConsignmentLine.objects.filter(consignment=goods, quantity__gt=0).order_by("number")[:LINES]
        return tuple(LineAsked(row.number, row.quantity, row.unit, row.commodity, row.cargo) for row in rows)


def _step(one: Told, step: dict[str, Any]) -> None:
    way, asking, by = step["do"], one.of(step), one.stage.system(step["by"])
    if way == "silence":
        with eyes_of(by):
            lapsed_at = newest_clocks([asking.pk])[asking.pk].due_at
        actions.record_no_response(by=by, asking=asking, at=lapsed_at)
        return
    said: dict[str, Any] = {"by": by, "asking": asking, "at": one.at(step["hours_ago"])}
    if way in PLAIN:
        PLAIN[way](**said, text=step.get("text", ""))
    elif way == "withhold_green_light":
        actions.withhold_green_light(**said, reason=step["reason"], text=step.get("text", ""))
    elif way == "conclude":
        holdings = tuple((place, minutes) for place, minutes in step.get("holdings", ()))
        actions.conclude_coordination(**said, outcome=Outcome(step["outcome"], step.get("text", ""), holdings))
    elif way == "change":
        _change(one, step, said)
    elif Move(way) in ANSWERS:
        actions.answer_coordination(**said, answer=_answer(one, step, asking))


def _answer(one: Told, step: dict[str, Any], asking: Asking) -> Answer:
    begins, ends = one.window(step["window"]) if "window" in step else (None, None)
    parts: tuple[LineAsked, ...] = ()
    if "part" in step:
        with eyes_of(one.stage.system(step["by"])):
            share = Decimal(str(step["part"]))
            parts = tuple(
                LineAsked(row.number, (row.quantity * share).quantize(Decimal(1)), row.unit) for row in lines_of(asking)
            )
    return Answer(
        Move(step["do"]), step.get("reason", ""), step.get("text", ""), begins, ends,
        route=RouteNamed(**step.get("route", {})), lines=parts,
    )  # fmt: skip


def _change(one: Told, step: dict[str, Any], said: dict[str, Any]) -> None:
    begins, ends = one.window(step["window"])
    with eyes_of(said["by"]):
        lines = tuple(
            LineAsked(row.number, row.quantity, row.unit, row.commodity, row.cargo) for row in lines_of(said["asking"])
        )
    asked = CoordinationAsked(begins, ends, said["asking"].crossing_code, RouteNamed(**step["route"]), lines)
    changed = actions.change_coordination(**said, asked=asked, reason=step["text"])
    one.askings[changed.authority.slug] = changed


def _state_route(told: dict[str, Any], stage: Stage) -> None:
    days = told.get("assessed_days_ago")
    ahead = told.get("until_hours_ahead")
    plain = {name: told[name] for name in ("cause", "restrictions", "assessed_by", "method", "note") if name in told}
    stated = RouteStated(
        RouteNamed(**told["route"]), told["state"], told["source"],
        expires_at=stage.now + timedelta(hours=ahead) if ahead is not None else None,
        assessed_date=(stage.now - timedelta(days=days)).date() if days is not None else None, **plain,
    )  # fmt: skip
    actions.state_route(
        by=stage.system(told["room"]), stated=stated, at=stage.now - timedelta(hours=told["hours_ago"])
    )  # fmt: skip
