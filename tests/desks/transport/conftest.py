"""The settings of the sample operation in the test operation, and short ways to register goods and load trucks."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.places.loading import load_places
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.transport import actions
from tansiq.desks.transport.models import Manifest
from tansiq.desks.transport.rules import LineAsked, ManifestStatement
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
DAY = date(2026, 3, 1)


def load_settings() -> None:
    """Give the test operation the sample's reference data, places and settings of transport, and its release rules."""
    operation = Operation.objects.using("owner").get(slug="test")
    configuration = read_operation(OPERATION)
    load_places(operation, OPERATION)
    load_clock_kinds(operation, configuration)
    aid.load_reference(operation, OPERATION)
    kinds = {kind.record: kind.model_dump(mode="json") for kind in configuration.record_types}
    said = {
        "record_types": {"manifest": kinds["manifest"]},
        "transport": configuration.transport.model_dump(mode="json"),
    }
    Operation.objects.using("owner").filter(pk=operation.pk).update(rules={**operation.rules, **said})


@pytest.fixture(scope="module")
def settings_of_operation(django_db_setup: None, django_db_blocker: object) -> None:
    """The operation's settings, once for the tests of a file."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load_settings()
        factories.close_connections()


@pytest.fixture
def by(settings_of_operation: None, db: None) -> Actor:
    """The officer of the UN desk."""
    return factories.actor("un")


@pytest.fixture
def goods() -> Callable[..., Consignment]:
    """Registers a consignment of rice on pallets."""

    def make(by: Actor, reference: str = "C-1", *, pallets: int = 20, **fields: object) -> Consignment:
        line = LineStatement(Decimal(pallets), "pallet", commodity="rice")
        return aid.register_consignment(by=by, statement=ConsignmentStatement(reference, (line,), **fields))

    return make


@pytest.fixture
def said() -> Callable[..., ManifestStatement]:
    """A truck that carries some pallets of a consignment, each on a unit of its own."""

    def make(consignment: Consignment, number: str = "M-1", *, units: tuple[str, ...] = ("P1", "P2"), **fields: object):
        lines = tuple(LineAsked(consignment.pk, 1, code, Decimal(1)) for code in units)
        stated = {"crossing_code": "kerem_shalom", "consignor_class": "un", "lines": lines, "vehicle": "12-345-67"}
        return ManifestStatement(number, DAY, **{**stated, **fields})

    return make


@pytest.fixture
def manifest(by: Actor, goods: Callable, said: Callable) -> Manifest:
    """A draft of two pallets."""
    return actions.draft_manifest(by=by, statement=said(goods(by)))
