"""The sample's quantities, as demo/sample/quantities.yaml tells them: insisted on, settled, split, refused at gates."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.console.sample_stage import Stage
from tansiq.console.state import REPOSITORY
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, Discrepancy, DiscrepancyState
from tansiq.desks.aid.rules import ConsignmentStatement, EventStatement, LineStatement, Quantity
from tansiq.desks.aid.rules.changes import ChangeKind, ChangeStatement, Portion

STORY = REPOSITORY / "demo" / "sample" / "quantities.yaml"


def tell_quantities(stage: Stage) -> dict[str, int]:
    """Play every story, and let most of what the simulated days left open be taken on; answers how many of each."""
    story = YAML(typ="safe", pure=True).load(STORY.read_text(encoding="utf-8"))
    for told in story["stories"]:
        _Told(told, stage).play()
    return {"quantity_stories": len(story["stories"]), "discrepancies_taken_on": _take_on(story, stage)}


class _Told:
    """One consignment of the story."""

    def __init__(self, told: dict[str, Any], stage: Stage) -> None:
        self.told, self.stage = told, stage
        self.by: Actor = stage.system(told["room"])

    def play(self) -> None:
        """Register the consignment and take its steps."""
        lines = tuple(
            LineStatement(Decimal(line["quantity"]), line["unit"], line["commodity"]) for line in self.told["lines"]
        )
        statement = ConsignmentStatement(
            self.told["reference"], lines, self.told["consignor_class"], self.told["crossing"]
        )
        actions.register_consignment(by=self.by, statement=statement)
        for step in self.told["steps"]:
            self._step(step)

    def _step(self, step: dict[str, Any]) -> None:
        if "event" in step:
            actions.record_event(by=self.by, statement=self._event(step, step["event"], step["unit"]))
        elif "refused" in step:
            self._refuse(step)
        elif "change" in step:
            actions.change_units(by=self.by, statement=self._change(step))
        elif "correct" in step:
            self._correct(step)
        else:
            self._follow(step)

    def _event(self, step: dict[str, Any], stage: str, unit: str) -> EventStatement:
        amount = Decimal(step["pallets"])
        at = self._at(step)
        return EventStatement(
            stage, at, (Quantity("pallet", amount, amount, line=step.get("line", 1)),), unit_code=unit,
            consignment=self.told["reference"], consignor_class=self.told["consignor_class"],
            crossing_code=self.told["crossing"] if step.get("at_crossing") else "", reason=step.get("reason", ""),
            attempt=step.get("attempt", 1), recorded_at=at + timedelta(minutes=4), insists="insists" in step,
            insists_because=step.get("insists", ""),
        )  # fmt: skip

    def _refuse(self, step: dict[str, Any]) -> None:
        """A truck reaches the crossing, is refused there, and goes back to the hub."""
        plain = {name: value for name, value in step.items() if name != "reason"}
        ways = (("at_inspection", 6, plain), ("rejected_at_crossing", 3, step))
        for stage, before, said in ways:
            told = {**said, "hours_ago": step["hours_ago"] + before, "at_crossing": True}
            actions.record_event(by=self.by, statement=self._event(told, stage, step["refused"]))
        portion = Portion(1, Decimal(step["pallets"]), step["refused"], "truck")
        statement = ChangeStatement(
            ChangeKind.RETURN, self.told["reference"], "returned_to_hub", self._at(step), (portion,),
            recorded_at=self._at(step) + timedelta(minutes=9),
        )  # fmt: skip
        actions.change_units(by=self.by, statement=statement)

    def _change(self, step: dict[str, Any]) -> ChangeStatement:
        return ChangeStatement(
            ChangeKind(step["change"]), self.told["reference"], step["stage"], self._at(step),
            _portions(step["taken"]), _portions(step.get("made", [])),
            recorded_at=self._at(step) + timedelta(minutes=12),
        )  # fmt: skip

    def _correct(self, step: dict[str, Any]) -> None:
        with eyes_of(self.by):
            former = AidEvent.objects.filter(
                room=self.by.room_id, stage=step["correct"], handling_unit__code=step["unit"], move=""
            ).latest("occurred_at")
        amount = Decimal(step["pallets"])
        right = EventStatement(
            former.stage, former.occurred_at, (Quantity("pallet", amount, amount, line=1),),
            crossing_code=former.crossing_code, consignor_class=self.told["consignor_class"],
        )  # fmt: skip
        actions.correct_event(by=self.by, event_id=former.pk, reason=step["reason"], statement=replace(right))

    def _follow(self, step: dict[str, Any]) -> None:
        with eyes_of(self.by):
            held = Discrepancy.objects.filter(
                room=self.by.room_id, consignment__reference=self.told["reference"], closed_at=None
            ).latest("opened_at")
        if "take_on" in step:
            actions.take_on_discrepancy(by=self.by, discrepancy_id=held.pk, role=step["take_on"], reason=step["reason"])
        elif "explain" in step:
            actions.explain_discrepancy(by=self.by, discrepancy_id=held.pk, reason=step["explain"])
        else:
            actions.leave_discrepancy(by=self.by, discrepancy_id=held.pk, reason=step["leave"])

    def _at(self, step: dict[str, Any]) -> datetime:
        return self.stage.now - timedelta(hours=step["hours_ago"])


def _portions(told: list[dict[str, Any]]) -> tuple[Portion, ...]:
    return tuple(
        Portion(one.get("line", 1), Decimal(one["pallets"]), one.get("unit", ""), one.get("kind", "pallet"))
        for one in told
    )


def _take_on(story: dict[str, Any], stage: Stage) -> int:
    """Let somebody take on what is open for long, but for a few of each room that nobody looked at."""
    taken = 0
    before = stage.now - timedelta(hours=story["taken_on_after_hours"])
    for room in stage.rooms.values():
        by = stage.system(room.slug)
        with eyes_of(by):
            waiting = Discrepancy.objects.filter(room=room, state=DiscrepancyState.OPEN, opened_at__lt=before)
            found = list(waiting.order_by("-opened_at", "pk").values_list("pk", flat=True))
        for discrepancy_id in found[story["left_unowned"] :]:
            actions.take_on_discrepancy(by=by, discrepancy_id=discrepancy_id, role=story["taken_on_by"])
            taken += 1
    return taken
