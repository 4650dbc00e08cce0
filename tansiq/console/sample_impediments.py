"""The sample's impediments, as demo/sample/story.yaml tells them: raised, silent, answered, handed over, closed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tansiq.building.clocks.actions import fire_due_step
from tansiq.building.clocks.queries import due_step
from tansiq.building.clocks.rules import Holder
from tansiq.building.doors.actions import Asked, propose_release
from tansiq.building.rooms.actors import eyes_of
from tansiq.console.sample_stage import Stage
from tansiq.desks.aid.models import Consignment
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.models import Impediment
from tansiq.desks.impediments.rules import ImpedimentStatement, RecordReference

SAID = ("title", "kind", "place", "obligation", "description", "clause", "cost_unit", "cost_source", "owner_person",
        "contact", "next_forum")  # fmt: skip
CLOSING: dict[str, Callable[..., Impediment]] = {
    "raise": actions.raise_impediment, "resolve": actions.resolve_impediment, "withdraw": actions.withdraw_impediment,
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One impediment of the story, and where it is told."""

    told: dict[str, Any]
    stage: Stage
    impediment: Impediment


def tell_impediments(found: list[dict[str, Any]], stage: Stage) -> int:
    """Play all whose consignment is there; answers how many."""
    held = [_consignment(told, stage) for told in found]
    played = [(told, one) for told, one in zip(found, held, strict=True) if one or "holds" not in told]
    for told, one in played:
        opened = Told(told, stage, _open(told, stage, one))
        for step in told.get("steps", ()):
            _step(opened, step)
        if "release" in told:
            _release(opened, told["release"])
    return len(played)


def _open(told: dict[str, Any], stage: Stage, held: Consignment | None) -> Impediment:
    by, room = stage.system(told["room"]), stage.rooms[told["owner"]]
    names = {language: f"{word} {held.reference}" for language, word in stage.consignment_words.items()} if held else {}
    records = (RecordReference(held._meta.label_lower, held.pk, names),) if held else ()
    statement = ImpedimentStatement(
        **{name: told[name] for name in SAID if name in told}, owner=Holder(room.pk, told.get("role", "")),
        chain_links=tuple(told.get("links", ())), records=records,
        cost_quantity=Decimal(str(told["cost_quantity"])) if "cost_quantity" in told else None,
    )  # fmt: skip
    return actions.open_impediment(
        by=by, statement=statement, origin=told.get("origin", ""), about=held if "origin" in told else None,
        at=stage.now - timedelta(hours=told["raised_hours_ago"]),
    )  # fmt: skip


def _consignment(told: dict[str, Any], stage: Stage) -> Consignment | None:
    return stage.consignment(told["room"], told["holds"]) if "holds" in told else None


def _step(opened: Told, step: dict[str, Any]) -> None:
    stage, one = opened.stage, opened.impediment
    way, by = step["do"], stage.system(step.get("by", opened.told["room"]))
    if way == "silence":
        _fall_silent(opened)
        return
    ago = step.get("hours_ago")
    asked: dict[str, Any] = {"by": by, "impediment": one, "reason": step["reason"],
                             "at": stage.now - timedelta(hours=ago) if ago else None}  # fmt: skip
    if way == "answer":
        actions.answer_impediment(**asked, answer=step["answer"])
    elif way == "hand_over":
        owner = Holder(stage.rooms[step["to"]].pk, step.get("role", ""))
        actions.hand_over_impediment(**asked, owner=owner)
    else:
        CLOSING[way](**asked)


def _fall_silent(opened: Told) -> None:
    """Let the deadline that has passed lapse, and record its silence as of that hour."""
    stage, room = opened.stage, opened.told["room"]
    by = stage.system(room)
    with eyes_of(by):
        one = Impediment.objects.select_related("clock__kind", "clock__room").get(pk=opened.impediment.pk)
        clock = one.clock
        while clock and clock.lapsed_at is None and due_step(clock, stage.now) is not None:
            fire_due_step(clock, stage.rooms[room])
            clock.refresh_from_db(fields=["state", "lapsed_at"])
        actions.record_silence(by=by, impediment=one, at=clock.lapsed_at if clock else None)


def _release(opened: Told, told: dict[str, Any]) -> None:
    receivers = tuple(opened.stage.rooms[room] for room in told["to"])
    propose_release(
        by=opened.stage.person(told["by"], opened.told["room"]), code="impediment", record_id=opened.impediment.pk,
        asked=Asked(tuple(told["lines"]), receivers, told["marking"], told["reason"]),
    )  # fmt: skip
