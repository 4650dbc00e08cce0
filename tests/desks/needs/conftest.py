"""The sample's indicators, areas and goods, and short ways to state, distribute and warn."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from tansiq.building.places.loading import load_places
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.rules import ConsignmentStatement, EventStatement, LineStatement, Quantity
from tansiq.desks.needs import actions
from tansiq.desks.needs.models import Caseload, Exposure, Storm
from tansiq.desks.needs.queries.setting import Setting, setting
from tansiq.desks.needs.rules import CaseloadStated, ExposureStated, StormStated
from tests import databases, factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
DAY = timedelta(days=1)
EVERYONE = {"room_kinds": ["shared_floor", "lead_nation", "party", "guarantors"]}


def load_needs() -> None:
    """Give the test operation the sample's areas, code lists and indicators."""
    operation = Operation.objects.using("owner").get(slug="test")
    load_places(operation, OPERATION)
    aid.load_reference(operation, OPERATION)
    configuration = read_operation(OPERATION)
    kinds = ("needs_caseload", "needs_exposure", "needs_storm", "aid_event", "aid_consignment")
    lines = {"headline": EVERYONE, "detail": EVERYONE}
    rules = {
        "record_types": {kind: {"lines": lines} for kind in kinds},
        "needs": configuration.needs.model_dump(mode="json"),
    }
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: object) -> object:
    with django_db_blocker.unblock(), databases.copied("needs"):  # type: ignore[attr-defined]
        load_needs()
        factories.close_connections()
        yield


@pytest.fixture
def un(loaded: None, db: None) -> Actor:
    """A room that states."""
    return factories.actor("un")


@pytest.fixture
def floor(loaded: None, db: None) -> Actor:
    """A room that reads what is opened to it."""
    return factories.actor("floor")


@pytest.fixture
def ngo(loaded: None, db: None) -> Actor:
    """A room to which nothing is opened."""
    return factories.actor("ngo")


def known(by: Actor) -> Setting:
    with eyes_of(by):
        return setting(by.operation_id)


def today() -> date:
    return datetime.now(UTC).date()


def caseload(by: Actor, people: int, p_code: str = "PS0260", **fields: object) -> Caseload:
    said = {"as_of_date": today() - 3 * DAY, "source": "site count", **fields}
    return actions.state_caseload(by=by, stated=CaseloadStated(p_code, people, **said))


def exposed(by: Actor, level: str, p_code: str = "PS0260", **fields: object) -> Exposure:
    said = {"hazard": "flood", "as_of_date": today() - 9 * DAY, "source": "flood map", **fields}
    return actions.state_exposure(by=by, stated=ExposureStated(p_code, level=level, **said))


def storm(by: Actor, areas: tuple[str, ...] = ("PS0260", "PS0265")) -> Storm:
    now = database_now()
    stated = StormStated("Heavy rain", "flood", areas, now + DAY / 2, now + 2 * DAY, "met service")
    return actions.open_storm(by=by, stated=stated)


def goods_at(by: Actor, stage: str, commodity: str, quantity: int, place: str = "PS0260", **fields: object) -> None:
    """An event of a stage with a quantity at a place."""
    amount = Quantity(str(fields.pop("unit", "pallet")), Decimal(quantity), Decimal(quantity), commodity=commodity)
    moment: datetime = fields.pop("at", None) or database_now() - DAY  # type: ignore[assignment]
    said = EventStatement(stage, moment, (amount,), source_key=uuid4().hex, place=place,
                          unit_code=str(fields.pop("truck", uuid4().hex)))  # fmt: skip
    aid.record_event(by=by, statement=said)


def carrying(by: Actor, commodity: str, destination: str) -> object:
    line = LineStatement(Decimal(3), "pallet", commodity=commodity)
    detail = {"destination": destination}
    statement = ConsignmentStatement(f"CN-{uuid4().hex[:8]}", (line,), consignor_class="un", detail=detail)
    return aid.register_consignment(by=by, statement=statement)
