"""The sample's distributions, as demo/sample/distribution.yaml tells them: stock, partner, plans, families' answers."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from ruamel.yaml import YAML

from tansiq.building.rooms.actors import eyes_of
from tansiq.console.sample_stage import Stage
from tansiq.console.state import REPOSITORY
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import DistributionPlan, Warehouse
from tansiq.desks.distribution.queries.receivable import receivable
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.queries.stock import stock
from tansiq.desks.distribution.rules import (
    AcceptanceStatement,
    CheckStatement,
    ComplaintStatement,
    Goods,
    InterviewStatement,
    Lot,
    MovementStatement,
    Outcome,
    PlannedGoods,
    PlanStatement,
    ReceiptStatement,
    Received,
    ReleaseStatement,
    ReportStatement,
    RoundStatement,
    WarehouseStatement,
)

FILE = REPOSITORY / "demo" / "sample" / "distribution.yaml"
HOURS_HELD = 4
TEAMS = {"route_safe": "فريق الطرق", "hazards_checked": "فريق الألغام"}


class Distributions:
    """The story on its stage: who gives, who is the partner, and what was made so far."""

    def __init__(self, told: dict[str, Any], stage: Stage) -> None:
        self.told, self.stage = told, stage
        self.giver, self.partner = stage.system(told["giver"]), stage.system(told["partner"])
        self.plans: list[DistributionPlan] = []

    def ago(self, hours: float) -> datetime:
        """So many hours before the moment of loading."""
        return self.stage.now - timedelta(hours=hours)

    def play(self) -> int:
        """Everything, in order of time as far as one thing needs another; answers how many plans there are."""
        place = self.stocked()
        for release in self.told["releases"]:
            self.released(place, release)
        for plan in self.told["plans"]:
            self.planned(plan)
        answers = {code: cycle(given) for code, given in self.told["answers"].items()}
        for told in self.told["rounds"]:
            self.asked(told, answers)
        for told in self.told["complaints"]:
            self.complained(told)
        return len(self.plans)

    def stocked(self) -> Warehouse:
        """The giver's warehouse with what lies there."""
        said, by = self.told["warehouse"], self.giver
        statement = WarehouseStatement(said["name"], said["place"], Decimal(said["floor_m2"]), said["pallets"])
        place: Warehouse = actions.open_warehouse(by=by, statement=statement)
        for one in self.told["opening"]:
            days = one.get("expires_in_days")
            expires = (self.stage.now + timedelta(days=days)).date() if days else None
            goods = (Goods(one["commodity"], one["unit"], Decimal(one["quantity"]), expires),)
            receipt = ReceiptStatement(goods, self.ago(one["hours_ago"]), explanation="رصيد افتتاحي")
            actions.receive_stock(by=by, warehouse=place, statement=receipt)
        for receipt in self.received():
            actions.receive_stock(by=by, warehouse=place, statement=receipt)
        for one in self.told["moves"]:
            lot = self.lot(place, one["commodity"])
            movement = MovementStatement(
                one["kind"],
                lot,
                Decimal(one["quantity"]),
                self.ago(one["hours_ago"]),
                one["reason"],
                one["explanation"],
            )
            actions.move_stock(by=by, warehouse=place, statement=movement)
        return place

    def received(self) -> Iterator[ReceiptStatement]:
        """What the aid ledger says the giver received lately, taken into stock an hour later."""
        with eyes_of(self.giver):
            found = receivable(self.giver, words(self.giver))
        for one in found[: self.told["from_events"]]:
            goods = tuple(Goods(commodity, unit, amount) for commodity, _names, amount, unit, _unit in one.goods)
            at = min(one.event.occurred_at + timedelta(hours=1), self.stage.now)
            yield ReceiptStatement(goods, at, event_id=one.event.pk)

    def lot(self, place: Warehouse, commodity: str) -> Lot:
        """The lot of a commodity that lies there."""
        with eyes_of(self.giver):
            return next(lot for lot in stock([place.pk])[place.pk] if lot.commodity == commodity)

    def released(self, place: Warehouse, told: dict[str, Any]) -> None:
        """Goods given to the partner, and its answer where it has one."""
        goods = (Goods(told["commodity"], told["unit"], Decimal(told["quantity"])),)
        sent, waits = self.ago(told["hours_ago"]), "accepted_hours_ago" not in told
        expected, said = (sent + timedelta(hours=30), told.get("remark", "")) if waits else (None, "")
        statement = ReleaseStatement(self.partner.room_id, goods, sent, expected, said)
        release = actions.send_release(by=self.giver, warehouse=place, statement=statement)
        if waits:
            return
        line = Received(1, Decimal(told["received"]), Decimal(told.get("damaged", 0)))
        store = (self.told["store"]["name"], self.told["store"]["place"])
        answer = AcceptanceStatement(
            (line,), self.ago(told["accepted_hours_ago"]), store=store, remark=told.get("remark", "")
        )
        actions.accept_release(by=self.partner, release=release, statement=answer)

    def planned(self, told: dict[str, Any]) -> None:
        """A distribution with its checks, and what became of it."""
        by, ahead = self.partner, told.get("starts_hours_ahead")
        starts = self.ago(told["starts_hours_ago"]) if ahead is None else self.ago(-ahead)
        with eyes_of(by):
            store = Warehouse.objects.get(room=by.room_id)
        statement = PlanStatement(
            store.pk, "PS0265", told["site"], starts, starts + timedelta(hours=HOURS_HELD), told["households"],
            (PlannedGoods(told["commodity"], told["unit"], Decimal(told["each"])),), told.get("criteria", ""),
            tuple(told["measures"]), "", told["staff"], told.get("person", ""), told.get("contact", ""),
        )  # fmt: skip
        plan = actions.make_plan(by=by, statement=statement)
        self.plans.append(plan)
        if "set_hours_ago" in told:
            at = self.ago(told["set_hours_ago"])
            for code, team in TEAMS.items():
                stated = CheckStatement(
                    code, is_so=True, by_whom=team, source="زيارة الموقع", checked_at=at - timedelta(hours=1)
                )
                actions.check_plan(by=by, plan=plan, statement=stated)
            actions.set_plan(by=by, plan=plan, at=at)
        if "postponed" in told:
            actions.postpone_plan(by=by, plan=plan, **told["postponed"])
        if "report" in told:
            self.reported(plan, told)

    def reported(self, plan: DistributionPlan, told: dict[str, Any]) -> None:
        """What became of the goods and whom they reached."""
        said, received = told["report"], Decimal(told["households"] * told["each"])
        figures = [Decimal(said[name]) for name in ("distributed", "left", "lost")]
        reason = "lost_unexplained" if said["lost"] else ""
        outcome = Outcome(told["commodity"], told["unit"], received, *figures, reason)
        held = self.ago(told["starts_hours_ago"] - HOURS_HELD)
        statement = ReportStatement(
            held, (outcome,), said["households"], said["people"], said.get("insist", False), said.get("remark", "")
        )
        actions.send_report(by=self.partner, plan=plan, statement=statement)

    def asked(self, told: dict[str, Any], answers: dict[str, Iterator[str]]) -> None:
        """A round of the giver after a distribution of the partner."""
        by, plan = self.giver, self.plans[told["plan"] - 1]
        people = self.told["plans"][told["plan"] - 1]["report"]["households"]
        statement = RoundStatement(plan.pk, by.room_id, population=people, size=told["size"])
        found = actions.draw_round(by=by, statement=statement)
        for number in found.drawn[: told["asked"]]:
            given = {code: next(turn) for code, turn in answers.items()}
            interview = InterviewStatement(number, self.ago(1), given)
            actions.enter_interview(by=by, monitoring_round=found, statement=interview)
        if told.get("done"):
            actions.finish_round(by=by, monitoring_round=found)

    def complained(self, told: dict[str, Any]) -> None:
        """A complaint that the partner wrote down, with what was answered and told."""
        by = self.partner
        statement = ComplaintStatement(
            told["category"], told["channel"], told["text"], self.ago(told["hours_ago"]), told.get("on_behalf", False),
            area="PS0265", plan_id=self.plans[told["plan"] - 1].pk if "plan" in told else None,
            handler_room=self.giver.room_id,
        )  # fmt: skip
        complaint = actions.receive_complaint(by=by, statement=statement)
        if "answer" in told:
            said = told["answer"]
            actions.answer_complaint(
                by=self.giver, complaint=complaint, answer=said["text"], at=self.ago(said["hours_ago"])
            )  # fmt: skip
        if "told" in told:
            said = told["told"]
            actions.feed_complaint_back(by=by, complaint=complaint, how=said["text"], at=self.ago(said["hours_ago"]))


def tell_distribution(stage: Stage) -> dict[str, int]:
    """Play the story of distribution; answers how many plans it has."""
    told: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text(encoding="utf-8"))
    return {"distributions": Distributions(told, stage).play()}
