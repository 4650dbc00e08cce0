"""Puts records of every kind of the distribution desk into a room, with the mark in every text.

The other side of what passes between two rooms is played by the room that nobody walks as.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tansiq.building.rooms.actors import Actor, eyes_of, system_actor
from tansiq.building.rooms.models import Operation, Room
from tansiq.desks.aid.models import Consignment
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import DistributionPlan, PartnerRelease, Warehouse
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

HOUR = timedelta(hours=1)
RICE = ("rice", "pallet")


def furnish_distribution(operation: Operation, configuration: Any) -> None:
    """Give the test operation the sample's settings of this desk."""
    stated = configuration.distribution.model_dump(mode="json")
    for category in stated["complaint_categories"]:
        category["handler"] = None
    stated["partner_kinds"] = ["organisation", "party", "lead_nation"]
    operation.refresh_from_db(using="owner", fields=["rules"])
    operation.rules = {**operation.rules, "distribution": stated}
    operation.save(using="owner")


def plant_distribution(by: Actor, mark: str, trusted: str) -> None:
    """Do every act of this desk, alone or with the trusted room, and leave something waiting for each page."""
    with eyes_of(by):
        other = system_actor(Room.objects.get(operation=by.operation_id, slug=trusted))
    warehouse = stocked(by, mark)
    passed(by, other, mark, warehouse)
    distributed(by, mark, warehouse)
    asked(by, other, mark)
    complained(by, mark)


def stocked(by: Actor, mark: str) -> Warehouse:
    """A warehouse with every kind of movement."""
    stated = WarehouseStatement(f"{mark} warehouse", "store_middle", Decimal(800), 5)
    warehouse: Warehouse = actions.open_warehouse(by=by, statement=stated)
    now = datetime.now(UTC)
    with eyes_of(by):
        consignment = Consignment.objects.get(room=by.room_id, reference=f"{mark} reference")
    goods = (Goods(*RICE, Decimal(40), now.date() + timedelta(days=5)),)
    receipt = ReceiptStatement(goods, now - 9 * HOUR, consignment.pk, explanation=f"{mark} receipt")
    actions.receive_stock(by=by, warehouse=warehouse, statement=receipt)
    lot = only_lot(by, warehouse)
    lost = MovementStatement("lost", lot, Decimal(2), now - 8 * HOUR, "lost_unexplained", f"{mark} loss")
    actions.move_stock(by=by, warehouse=warehouse, statement=lost)
    at, counted = datetime.now(UTC) - 7 * HOUR, {lot: Decimal(37)}
    actions.count_stock(by=by, warehouse=warehouse, counted=counted, at=at, explanation=f"{mark} count")
    return warehouse


def only_lot(by: Actor, warehouse: Warehouse) -> Lot:
    """The lot that lies in a warehouse of one lot."""
    with eyes_of(by):
        (lot,) = stock([warehouse.pk])[warehouse.pk]
    return lot


def passed(by: Actor, other: Actor, mark: str, warehouse: Warehouse) -> None:
    """A release that was accepted, one that was taken back, one that waits, and one that comes to this room."""
    releases = [given(by, other, mark, warehouse, hours) for hours in (6, 5, 4)]
    accepted(other, releases[0], mark)
    actions.withdraw_release(by=by, release=releases[1], reason=f"{mark} taken back")
    stored = actions.open_warehouse(by=other, statement=WarehouseStatement(f"{mark} other store", "store_gaza"))
    receipt = ReceiptStatement((Goods(*RICE, Decimal(9)),), datetime.now(UTC) - 6 * HOUR, explanation="theirs")
    actions.receive_stock(by=other, warehouse=stored, statement=receipt)
    accepted(by, given(other, by, mark, stored, 5), mark)
    given(other, by, mark, stored, 5)


def given(by: Actor, other: Actor, mark: str, warehouse: Warehouse, hours: int) -> PartnerRelease:
    """Three pallets that one room gives another."""
    goods, at = (Goods(*RICE, Decimal(3)),), datetime.now(UTC) - hours * HOUR
    statement = ReleaseStatement(other.room_id, goods, at, remark=f"{mark} release")
    release: PartnerRelease = actions.send_release(by=by, warehouse=warehouse, statement=statement)
    return release


def accepted(by: Actor, release: PartnerRelease, mark: str) -> None:
    """The answer of the room that received."""
    lines = (Received(1, Decimal(2), Decimal(1)),)
    at, store = datetime.now(UTC) - 3 * HOUR, (f"{mark} store", "store_gaza")
    statement = AcceptanceStatement(lines, at, store=store, remark=f"{mark} accepted")
    actions.accept_release(by=by, release=release, statement=statement)


def planned(by: Actor, mark: str, warehouse: Warehouse) -> DistributionPlan:
    """A distribution tomorrow, with everything that may be said of it."""
    starts = datetime.now(UTC) + 24 * HOUR
    statement = PlanStatement(
        warehouse.pk, "PS0265", f"{mark} site", starts, starts + HOUR, 100, (PlannedGoods(*RICE, Decimal("0.05")),),
        f"{mark} criteria", ("complaint_desk",), f"{mark} crowd", 7, f"{mark} met", f"{mark} reached",
    )  # fmt: skip
    plan: DistributionPlan = actions.make_plan(by=by, statement=statement)
    for code in ("route_safe", "hazards_checked"):
        stated = CheckStatement(code, is_so=True, by_whom=f"{mark} team", source=f"{mark} visit",
                                checked_at=datetime.now(UTC) - HOUR)  # fmt: skip
        actions.check_plan(by=by, plan=plan, statement=stated)
    return plan


def distributed(by: Actor, mark: str, warehouse: Warehouse) -> None:
    """A plan that waits; others set and reported with a difference, postponed with a draft, reconciled, cancelled."""
    planned(by, mark, warehouse)
    differing, postponed, whole, cancelled = (planned(by, mark, warehouse) for _ in range(4))
    actions.set_plan(by=by, plan=differing)
    actions.postpone_plan(by=by, plan=postponed, reason="storm", text=f"{mark} wind")
    actions.draft_report(by=by, plan=postponed, typed={"remark": f"{mark} draft"})
    for plan, left, insist in ((differing, 0, True), (whole, 1, False)):
        outcome = Outcome(*RICE, Decimal(5), Decimal(4), Decimal(left), Decimal(0))
        statement = ReportStatement(
            datetime.now(UTC) - HOUR, (outcome,), 80, {"female_60": 90}, insist=insist, remark=f"{mark} report"
        )
        actions.send_report(by=by, plan=plan, statement=statement)
    actions.cancel_plan(by=by, plan=cancelled, reason="site_lost", text=f"{mark} given up")


def asked(by: Actor, other: Actor, mark: str) -> None:
    """A round after a distribution of the other room, of goods that came from this one."""
    with eyes_of(other):
        stores = list(Warehouse.objects.filter(room=other.room_id))
        lying = stock([one.pk for one in stores])
        (store,) = [
            one for one in stores if f"{mark} reference" in {lot.consignment_reference for lot in lying[one.pk]}
        ]
    plan = planned_by_other(other, store)
    with eyes_of(by):
        assert DistributionPlan.objects.filter(pk=plan.pk).exists()
    found = actions.draw_round(by=by, statement=RoundStatement(plan.pk, by.room_id, population=80))
    statement = InterviewStatement(found.drawn[0], datetime.now(UTC), {"right_items": "yes", "use": "used"})
    actions.enter_interview(by=by, monitoring_round=found, statement=statement)


def planned_by_other(other: Actor, store: Warehouse) -> DistributionPlan:
    """A plan of the other room, out of the store in which the goods of this room lie."""
    starts = datetime.now(UTC) + 24 * HOUR
    goods = (PlannedGoods(*RICE, Decimal("0.01")),)
    statement = PlanStatement(store.pk, "PS0265", "theirs", starts, starts + HOUR, 100, goods)
    plan: DistributionPlan = actions.make_plan(by=other, statement=statement)
    return plan


def complained(by: Actor, mark: str) -> None:
    """Complaints that wait, that are answered, and whose answer was told."""
    for hours, steps in ((3, 0), (2, 1), (1, 2)):
        statement = ComplaintStatement("quality", "desk", f"{mark} complaint", datetime.now(UTC) - hours * HOUR)
        complaint = actions.receive_complaint(by=by, statement=statement)
        if steps:
            actions.answer_complaint(by=by, complaint=complaint, answer=f"{mark} answer")
        if steps > 1:
            actions.feed_complaint_back(by=by, complaint=complaint, how=f"{mark} told")
