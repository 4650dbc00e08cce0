"""The sample's words of distribution in the test operation, and short ways to fill a warehouse."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client

from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.clocks.queries import database_now
from tansiq.building.places.loading import load_places
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.actions import load_reference, register_consignment
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import DistributionPlan, PartnerRelease, Warehouse
from tansiq.desks.distribution.queries.stock import stock
from tansiq.desks.distribution.rules import (
    AcceptanceStatement,
    CheckStatement,
    Goods,
    Lot,
    Outcome,
    PlannedGoods,
    PlanStatement,
    ReceiptStatement,
    Received,
    ReleaseStatement,
    ReportStatement,
    WarehouseStatement,
)
from tansiq.desks.impediments.actions import load_terms
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = date(2026, 12, 10)
KINDS = ("distribution_warehouse", "partner_release", "distribution_plan", "distribution_report", "monitoring_round",
         "distribution_complaint", "distribution_complaint_sensitive")  # fmt: skip
"""Kinds of record of this desk; the rules of the others are left as other tests of the same database find them."""


def load_words(**changed: object) -> None:
    """Give the test operation the sample's catalogues, places, clocks and words of this desk."""
    configuration = read_operation(OPERATION)
    operation = Operation.objects.using("owner").get(slug="test")
    load_places(operation, OPERATION)
    load_clock_kinds(operation, configuration)
    load_reference(operation, OPERATION)
    load_terms(operation, configuration)
    stated = configuration.distribution.model_dump(mode="json")
    for category in stated["complaint_categories"]:
        category["handler"] = "lead" if category["handler"] else None
    kinds = {kind.record: kind.model_dump(mode="json") for kind in configuration.record_types if kind.record in KINDS}
    former = operation.rules.get("record_types", {})
    operation.rules = {**operation.rules, "distribution": {**stated, **changed}, "record_types": {**former, **kinds}}
    operation.save(using="owner")


@pytest.fixture(scope="session")
def words_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load_words()
        factories.close_connections()


@pytest.fixture
def un(words_loaded: None, db: None) -> Actor:
    """The room with the warehouse."""
    return factories.actor("un")


@pytest.fixture
def ngo(words_loaded: None, db: None) -> Actor:
    """The local association."""
    return factories.actor("ngo")


@pytest.fixture
def beta(words_loaded: None, db: None) -> Actor:
    """A room that has nothing to do with it."""
    return factories.actor("beta")


@pytest.fixture
def now(db: None) -> datetime:
    return database_now()


@pytest.fixture
def warehouse(un: Actor) -> Warehouse:
    """A warehouse of the UN room for ten pallets."""
    return actions.open_warehouse(by=un, statement=WarehouseStatement("Middle store", "store_middle", pallets=10))


@pytest.fixture
def consignment(un: Actor) -> Consignment:
    line = LineStatement(Decimal(100), "pallet", commodity="rice")
    return register_consignment(by=un, statement=ConsignmentStatement("WB-1", (line,)))


@pytest.fixture
def filled(un: Actor, warehouse: Warehouse, consignment: Consignment) -> Callable[..., Warehouse]:
    """Goods of the consignment in the warehouse, received some hours ago."""

    def fill(quantity: int = 8, *, commodity: str = "rice", unit: str = "pallet", expires: date | None = SOON,
             hours_ago: int = 48, by: Actor = un, into: Warehouse = warehouse) -> Warehouse:  # fmt: skip
        goods = Goods(commodity, unit, Decimal(quantity), expires)
        at = datetime.now(UTC) - hours_ago * HOUR
        of = consignment.pk if by == un else None
        actions.receive_stock(
            by=by,
            warehouse=into,
            statement=ReceiptStatement((goods,), at, of, explanation="" if of else "opening stock"),
        )
        return into

    return fill


def lying(by: Actor, warehouse: Warehouse, as_of: datetime | None = None) -> dict[Lot, Decimal]:
    """What lies in a warehouse as a room reads it."""
    with eyes_of(by):
        return dict(stock([warehouse.pk], as_of).get(warehouse.pk, {}))


def total(by: Actor, warehouse: Warehouse, as_of: datetime | None = None) -> Decimal:
    """How much lies there in all."""
    return sum(lying(by, warehouse, as_of).values(), Decimal(0))


def standing(slug: str, role: str = "officer", language: str = "en") -> Client:
    """A browser of an officer of a room."""
    client = Client()
    client.force_login(factories.account(slug, role))
    client.cookies["tansiq_language"] = language
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    """What a page says."""
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.fixture
def sent(un: Actor, filled: Callable[..., Warehouse]) -> Callable[..., PartnerRelease]:
    """Goods released to the association some hours ago."""

    def send(quantity: int = 6, hours_ago: int = 20, commodity: str = "rice", unit: str = "pallet") -> PartnerRelease:
        warehouse = filled(8, commodity=commodity, unit=unit)
        goods = (Goods(commodity, unit, Decimal(quantity)),)
        at = datetime.now(UTC) - hours_ago * HOUR
        statement = ReleaseStatement(factories.room_id("ngo"), goods, at)
        return actions.send_release(by=un, warehouse=warehouse, statement=statement)

    return send


def accepted(by: Actor, release: PartnerRelease, received: int, damaged: int = 0, hours_ago: int = 10, **more: object):
    """The association's answer to a release of one line."""
    statement = AcceptanceStatement(
        (Received(1, Decimal(received), Decimal(damaged)),), datetime.now(UTC) - hours_ago * HOUR,
        **{"store": ("Olive store", "PS0265"), "remark": "counted twice", **more},
    )  # fmt: skip
    return actions.accept_release(by=by, release=release, statement=statement)


def store_of(by: Actor) -> Warehouse:
    """The only warehouse of a room."""
    with eyes_of(by):
        return Warehouse.objects.get(room=by.room_id)


def plan_statement(warehouse: Warehouse, households: int = 100, **more: object) -> PlanStatement:
    """A distribution of five hundredths of a pallet for each household, tomorrow."""
    starts = datetime.now(UTC) + DAY
    goods = (PlannedGoods("rice", "pallet", Decimal("0.05")),)
    return PlanStatement(
        **{"warehouse_id": warehouse.pk, "area": "PS0265", "site": "School yard", "starts_at": starts,
           "ends_at": starts + 4 * HOUR, "households": households, "goods": goods, "criteria": "tents",
           "crowd_measures": ("separate_queues", "complaint_desk"), "staff_count": 12, **more},
    )  # fmt: skip


@pytest.fixture
def planned(ngo: Actor, sent: Callable[..., PartnerRelease]) -> Callable[..., DistributionPlan]:
    """A distribution of the association with goods that the UN room gave it."""

    def make(**more: object) -> DistributionPlan:
        accepted(ngo, sent(6), 6)
        return actions.make_plan(by=ngo, statement=plan_statement(store_of(ngo), **more))

    return make


def check(by: Actor, plan: DistributionPlan, code: str, *, is_so: bool = True, hours_ago: int = 1, **more: object):
    """A check of a plan."""
    at = datetime.now(UTC) - hours_ago * HOUR
    statement = CheckStatement(code, is_so, "Mine action team", "visit", at, **more)
    return actions.check_plan(by=by, plan=plan, statement=statement)


def outcome(received: str = "5", distributed: str = "4", left: str = "1", lost: str = "0", reason: str = "") -> Outcome:
    """What became of the rice."""
    figures = [Decimal(text) for text in (received, distributed, left, lost)]
    return Outcome("rice", "pallet", *figures, reason)


def report_statement(*outcomes: Outcome, **more: object) -> ReportStatement:
    """A report of a distribution that was held an hour ago."""
    people = {"female_18_59": 120, "male_0_4": 80}
    given = {"households": 80, "people": people, **more}
    return ReportStatement(datetime.now(UTC) - HOUR, outcomes or (outcome(),), **given)
