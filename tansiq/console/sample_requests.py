"""The sample's requests, as demo/sample/requests.yaml tells them: cleared, refused, silent, appealed, moved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.clocks.actions import fire_due_step
from tansiq.building.clocks.queries import due_step
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.console.sample_stage import Stage
from tansiq.console.state import REPOSITORY
from tansiq.desks.aid.actions import record_event
from tansiq.desks.aid.rules import EventStatement
from tansiq.desks.requests import actions
from tansiq.desks.requests.jobs import compare_decisions, watch_crossings
from tansiq.desks.requests.models import Clearance, Request, RequestLine
from tansiq.desks.requests.queries.movable import latest_consignment
from tansiq.desks.requests.rules import DecisionStatement, LineAsked, Part, RequestStatement

SAID = ("consignor_class", "origin", "organisations", "group", "households", "individuals", "needs", "remark", "person",
        "contact")  # fmt: skip
DAY = timedelta(days=1)
FILE = REPOSITORY / "demo" / "sample" / "requests.yaml"


@dataclass(frozen=True)
class Told:
    """One request of the story, and where it is told."""

    told: dict[str, Any]
    stage: Stage
    request: Request

    @property
    def asker(self) -> Actor:
        """The centre itself in the room that asks."""
        return self.stage.system(self.told["room"])

    def at(self, step: dict[str, Any]) -> datetime | None:
        """When the step was taken; None: now."""
        return self.stage.now - timedelta(hours=step["hours_ago"]) if "hours_ago" in step else None


def tell_requests(stage: Stage) -> dict[str, int]:
    """Play all; answers how many."""
    story: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    for told in story["requests"]:
        _play(told, stage)
    compare_decisions(0)
    watch_crossings(0)
    return {"requests": len(story["requests"])}


def _play(told: dict[str, Any], stage: Stage) -> None:
    by = stage.person(told["by"], told["room"])
    lines = tuple(
        LineAsked(
            line["commodity"], Decimal(str(line["quantity"])), line["unit"], line.get("description", ""),
            Decimal(str(line["mass_kg"])) if "mass_kg" in line else None,
        )
        for line in told["lines"]
    )  # fmt: skip
    statement = RequestStatement(
        told["title"], lines, tuple(told["places"]), (stage.now + told["ready_in_days"] * DAY).date(),
        crossing_code=told.get("crossing", ""), **{name: told[name] for name in SAID if name in told},
    )  # fmt: skip
    request = actions.draft_request(by=by, statement=statement)
    if "sent_hours_ago" not in told:
        return
    sent_at = stage.now - timedelta(hours=told["sent_hours_ago"])
    request = actions.send_request(by=by, request=request, in_spite=told.get("in_spite", ""), at=sent_at)
    opened = Told(told, stage, request)
    for step in told.get("steps", ()):
        STEPS[step["do"]](opened, step)


def _question(opened: Told, step: dict[str, Any]) -> Clearance:
    with eyes_of(opened.asker):
        asked = Clearance.objects.select_related("clock__kind", "clock__room")
        return asked.get(
            request=opened.request, item__number=step["line"], authority=opened.stage.rooms[step["authority"]]
        )


def _decide(opened: Told, step: dict[str, Any]) -> None:
    said = DecisionStatement(
        step["outcome"], step.get("reason", ""), Decimal(str(step["quantity"])) if "quantity" in step else None,
        step.get("conditions", ""), step.get("words", ""), step.get("role", ""),
    )  # fmt: skip
    actions.decide_clearance(
        by=opened.stage.system(step["authority"]), clearance=_question(opened, step), decision=said, at=opened.at(step)
    )


def _appeal(opened: Told, step: dict[str, Any]) -> None:
    actions.appeal_clearance(
        by=opened.asker, clearance=_question(opened, step), grounds=step["words"], at=opened.at(step)
    )


def _fall_silent(opened: Told, step: dict[str, Any]) -> None:
    """Let the deadline that has passed lapse, and record its silence as of that hour."""
    asked = _question(opened, step)
    with eyes_of(opened.asker):
        clock = asked.clock
        while clock.lapsed_at is None and due_step(clock, opened.stage.now) is not None:
            fire_due_step(clock, opened.stage.rooms[opened.told["room"]])
            clock.refresh_from_db(fields=["state", "lapsed_at"])
    actions.record_silence(by=opened.asker, clearance=asked, at=clock.lapsed_at)


def _consign(opened: Told, step: dict[str, Any]) -> None:
    with eyes_of(opened.asker):
        lines = dict(RequestLine.objects.filter(request=opened.request).values_list("number", "pk"))
    quantities = {lines[number]: Decimal(str(amount)) for number, amount in step["quantities"].items()}
    actions.consign_request(by=opened.asker, request=opened.request, part=Part(quantities), at=opened.at(step))


def _happen(opened: Told, step: dict[str, Any]) -> None:
    with eyes_of(opened.asker):
        consignment = latest_consignment(opened.request)
    at = opened.at(step)
    record_event(
        by=opened.asker, statement=EventStatement(
            step["stage"], at or opened.stage.now, consignment=consignment.reference if consignment else "",
            crossing_code=opened.told.get("crossing", ""), reason=step.get("reason", ""), recorded_at=at,
        ),
    )  # fmt: skip


def _withdraw(opened: Told, step: dict[str, Any]) -> None:
    actions.withdraw_request(by=opened.asker, request=opened.request, reason=step["words"], at=opened.at(step))


STEPS: dict[str, Callable[[Told, dict[str, Any]], None]] = {
    "decide": _decide, "appeal": _appeal, "silence": _fall_silent, "consign": _consign, "event": _happen,
    "withdraw": _withdraw,
}  # fmt: skip
