"""The sample's trucks, as demo/sample/transport.yaml tells them: manifests in every state, seals and scans."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from ruamel.yaml import YAML

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.console.sample_stage import Stage
from tansiq.console.state import REPOSITORY
from tansiq.desks.aid.actions import register_consignment
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.transport import actions
from tansiq.desks.transport.actions import SealStatement
from tansiq.desks.transport.models import Manifest, ManifestLine
from tansiq.desks.transport.queries.codes import newest_codes
from tansiq.desks.transport.queries.statements import statement_of
from tansiq.desks.transport.rules import LineAsked, ManifestStatement
from tansiq.desks.transport.rules.scans import ScanAsked

STORY = REPOSITORY / "demo" / "sample" / "transport.yaml"
NAMESPACE = UUID("c1d80f55-91a7-4c9c-a0b5-6d2c3a7a1f10")
SAID = ("waybill", "origin", "destination", "remark", "driver", "phone")
MOVES: dict[str, Callable[..., Manifest]] = {
    "seal": actions.seal_manifest, "depart": actions.depart_manifest, "close": actions.close_manifest,
    "cancel": actions.cancel_manifest,
}  # fmt: skip
SEALS: dict[str, Callable[..., Any]] = {
    "apply_seal": actions.apply_seal, "check_seal": actions.check_seal, "broken_seal": actions.report_broken_seal,
    "replace_seal": actions.replace_seal,
}  # fmt: skip


def tell_transport(stage: Stage, story: Path = STORY) -> dict[str, int]:
    """Play the whole story; answers how many manifests were made."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(story.read_text(encoding="utf-8"))
    goods = {one["reference"]: _goods(one, stage) for one in found["consignments"]}
    for told in found["trucks"]:
        Truck(told, stage, goods[told["goods"]]).play()
    return {"manifests": len(found["trucks"])}


def _goods(told: dict[str, Any], stage: Stage) -> Consignment:
    lines = tuple(LineStatement(Decimal(one["quantity"]), one["unit"], one["commodity"]) for one in told["lines"])
    done: Consignment = register_consignment(
        by=stage.system(told["room"]), statement=ConsignmentStatement(told["reference"], lines, told["class"])
    )
    return done


class Truck:
    """One truck of the story, from its draft on."""

    def __init__(self, told: dict[str, Any], stage: Stage, goods: Consignment) -> None:
        self.told, self.stage, self.goods = told, stage, goods
        self.by = stage.person(told["by"], told["room"])
        self.held = actions.draft_manifest(by=self.by, statement=self._statement(), at=self._at(told))

    def play(self) -> None:
        """Take every step that is told."""
        for number, step in enumerate(self.told["steps"]):
            self._step(step, number)

    def _statement(self) -> ManifestStatement:
        told = self.told
        lines = tuple(
            LineAsked(self.goods.pk, one["line"], f"{one['code']}{n:02d}", Decimal(1))
            for one in told["units"] for n in range(1, one["count"] + 1)
        )  # fmt: skip
        return ManifestStatement(
            told["number"], (self.stage.now + timedelta(days=told["day"])).date(), told["vehicle"], lines,
            crossing_code=told.get("crossing", ""), consignor_class=self.goods.consignor_class,
            **{name: told[name] for name in SAID if name in told},
        )  # fmt: skip

    def _step(self, step: dict[str, Any], number: int) -> None:
        way = step["do"]
        if way in MOVES:
            reason = {"reason": step["reason"]} if "reason" in step else {}
            self.held = MOVES[way](by=self.by, manifest=self.held, at=self._at(step), **reason)
        elif way in SEALS:
            former = {"former": step["former"]} if way == "replace_seal" else {}
            said = SealStatement(step["reading"], step.get("note", ""), self._at(step))
            SEALS[way](by=self._person(step), manifest=self.held, statement=said, **former)
        elif way == "revise":
            self._revise(step)
        elif way == "relabel":
            self.held = actions.relabel_manifest(by=self.by, manifest=self.held, reason=step["reason"])
        elif way == "purge":
            actions.purge_manifest(by=self.by, manifest=self.held, today=self.stage.now.date())
        else:
            self._scan(step, number)

    def _revise(self, step: dict[str, Any]) -> None:
        with eyes_of(self.by):
            said = statement_of(self.held)
        assert said is not None  # noqa: S101 - a room reads its own
        fewer = replace(said, lines=said.lines[: -step["leave_out"]])
        self.held = actions.revise_manifest(by=self.by, manifest=self.held, statement=fewer, reason=step["reason"])

    def _scan(self, step: dict[str, Any], number: int) -> None:
        by = self._person(step)
        scan = ScanAsked(
            uuid5(NAMESPACE, f"{self.held.number} {number}"), step.get("code") or self._code(step["unit"]),
            step["deed"], step["place"], self._at(step), step.get("crossing", ""), _amount(step, "quantity"),
            _amount(step, "giver"), condition=step.get("condition", ""), seal=step.get("seal", ""),
            note=step.get("note", ""),
        )  # fmt: skip
        actions.record_scans(by=by, scans=[scan], device="Sample phone")

    def _code(self, place: int) -> str:
        """The code of the unit that stands at a place of the manifest; of the manifest itself at 0."""
        with eyes_of(self.by):
            codes = newest_codes(self.held)
            lines = ManifestLine.objects.filter(manifest=self.held, version=self.held.version).order_by("number")
            unit = lines[place - 1].handling_unit_id if place else None
            return codes[unit].payload

    def _person(self, step: dict[str, Any]) -> Actor:
        return self.stage.person(step["by"], step["room"]) if "by" in step else self.by

    def _at(self, told: dict[str, Any]) -> datetime:
        return self.stage.now - timedelta(hours=told["hours_ago"])


def _amount(step: dict[str, Any], name: str) -> Decimal | None:
    return Decimal(str(step[name])) if name in step else None
