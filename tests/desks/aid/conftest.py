"""The reference data of the sample operation in the test operation, and short ways to state things."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.desks.impediments.actions import load_terms
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def reference_data(django_db_setup: None, django_db_blocker: object) -> None:
    """Stages, units, commodities, mappings and definitions of the sample operation."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        operation, configuration = Operation.objects.using("owner").get(slug="test"), read_operation(OPERATION)
        actions.load_reference(operation, OPERATION)
        load_clock_kinds(operation, configuration)
        load_terms(operation, configuration)
        factories.close_connections()


@pytest.fixture
def by(reference_data: None, db: None, settings: object, tmp_path: Path) -> Actor:
    """The officer of the UN desk, with a vault of this test's own."""
    settings.VAULT = tmp_path / "vault"  # type: ignore[attr-defined]
    return factories.actor("un")


@pytest.fixture
def eyes() -> Callable:
    """Read as an actor does."""
    return eyes_of


@pytest.fixture
def scan() -> Callable[..., EventStatement]:
    """A scan of a truck that carries ten pallets of rice."""

    def make(unit: str = "T1", stage: str = "entered", *, hours: float = 0, pallets: int = 10, **fields: object):
        amount = Decimal(pallets)
        stated = {
            "source_key": f"{unit}:{stage}:{hours}",
            "crossing_code": "kerem_shalom",
            "consignor_class": "un",
            "quantities": (Quantity("pallet", amount, amount, commodity="rice"),),
        }
        return EventStatement(
            stage=stage, occurred_at=NOON + timedelta(hours=hours), unit_code=unit, **{**stated, **fields}
        )

    return make
