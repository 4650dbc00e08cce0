"""The sample operation's stages, clocks, words and chain in the test operation, and short ways to move goods along."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.places.loading import load_places
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, Consignment
from tansiq.desks.aid.rules import ConsignmentStatement, EventStatement, LineStatement
from tansiq.desks.impediments.actions import load_terms
from tansiq.desks.impediments.queries.words import words
from tansiq.floor.queries.chain.board import ChainRow, View
from tansiq.floor.queries.chain.facts import Chain, live_chain
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


def load_chain() -> None:
    """Give the test operation what the chain stands on."""
    configuration = read_operation(OPERATION)
    operation = Operation.objects.using("owner").get(slug="test")
    operation.rules = {**operation.rules, "chain": configuration.chain.model_dump(mode="json")}
    operation.save(update_fields=["rules"])
    load_clock_kinds(operation, configuration)
    load_places(operation, OPERATION)
    actions.load_reference(operation, OPERATION)
    load_terms(operation, configuration)


@pytest.fixture(scope="session")
def chain_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load_chain()
        factories.close_connections()


@pytest.fixture
def un(chain_loaded: None, db: None) -> Actor:
    """The room that sends."""
    return factories.actor("un")


@pytest.fixture
def beta(chain_loaded: None, db: None) -> Actor:
    """A room to which nothing is released."""
    return factories.actor("beta")


def register(by: Actor, reference: str, trucks: int = 1, pallets: int = 12, crossing: str = "kissufim") -> Consignment:
    """A consignment of so many trucks, whose codes are its reference and their number."""
    units = tuple((f"{reference}-{n}", "truck") for n in range(1, trucks + 1))
    line = LineStatement(Decimal(pallets), "pallet", cargo="Flour")
    stated = ConsignmentStatement(reference, (line,), consignor_class="un", crossing_code=crossing, units=units)
    return actions.register_consignment(by=by, statement=stated)


def move(
    by: Actor, reference: str, *stages: str, truck: int | None = 1, hours_ago: float = 10, **fields: object
) -> AidEvent:
    """The truck (None: the consignment itself) reaches one stage after the other, an hour apart."""
    carried = {"consignment": reference} if truck is None else {"unit_code": f"{reference}-{truck}"}
    for n, stage in enumerate(stages):
        at = NOW - HOUR * hours_ago + HOUR * n
        key = f"{reference}:{truck}:{stage}:{hours_ago}:{n}:{fields.get('attempt', 1)}"
        stated = EventStatement(stage, at, source_key=key, **{**carried, **fields})
        event = actions.record_event(by=by, statement=stated)
    return event


INTO = ("departed", "at_inspection", "screened", "entered")
ONWARD = ("offloaded", "collected", "in_transit_inside", "arrived", "received_good")
TO_THE_END = (*INTO, *ONWARD, "released_to_partner", "distributed", "reconciled")


def stood(by: Actor) -> Chain:
    """The chain as the room sees it now."""
    with eyes_of(by):
        found = live_chain(by)
    assert found is not None
    return found


@pytest.fixture
def row() -> Callable[[Actor, str], ChainRow]:
    """The row of a consignment as the room's board would show it."""

    def read(by: Actor, reference: str) -> ChainRow:
        with eyes_of(by):
            found = live_chain(by)
            return View(found, words(by.operation_id)).rows([found.consignments.references.index(reference)])[0]

    return read


def held(row: ChainRow) -> tuple[str, str]:
    """At which link it is held, and how that stands."""
    return row.link_code, row.state


def id_of(by: Actor, reference: str) -> UUID:
    with eyes_of(by):
        return Consignment.objects.get(room=by.room_id, reference=reference).pk
