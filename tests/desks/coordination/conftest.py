"""The words and clocks of the sample operation in the test operation, and short ways to ask, answer and look."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.models import Asking, Move, Term, TermKind
from tansiq.desks.coordination.queries.standings import Standing, standings
from tansiq.desks.coordination.rules import Answer, CoordinationAsked, LineAsked, RouteNamed
from tansiq.desks.impediments.actions import load_terms as load_impediments
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AUTHORITIES = {"alpha": True, "beta": False, "floor": False}  # room of the test operation: whether it is required


def load_words() -> None:
    """Give the test operation the sample's words, with rooms of its own as authorities: alpha and beta, and the floor."""
    configuration = read_operation(OPERATION)
    operation = Operation.objects.using("owner").get(slug="test")
    load_clock_kinds(operation, configuration)
    aid.load_reference(operation, OPERATION)
    load_impediments(operation, configuration)
    actions.load_terms(operation, configuration)
    name_authorities()


def name_authorities() -> None:
    """Make rooms of the test operation authorities: alpha asks for a green light besides the approval, beta does not."""
    operation = Operation.objects.using("owner").get(slug="test")
    Term.objects.using("owner").filter(operation=operation, kind=TermKind.AUTHORITY).delete()
    Term.objects.using("owner").bulk_create(
        Term(
            operation=operation, kind=TermKind.AUTHORITY, code=slug, place=place, names={"en": slug},
            body={"clock": "coordination_answer", "role": "officer", "green_light": slug != "beta", "required": must},
        )
        for place, (slug, must) in enumerate(AUTHORITIES.items())
    )  # fmt: skip


@pytest.fixture(scope="session")
def words_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load_words()
        factories.close_connections()


@pytest.fixture
def un(words_loaded: None, db: None) -> Actor:
    """The room that asks."""
    return factories.actor("un")


@pytest.fixture
def alpha(words_loaded: None, db: None) -> Actor:
    """An authority that gives a green light besides its approval."""
    return factories.actor("alpha")


@pytest.fixture
def beta(words_loaded: None, db: None) -> Actor:
    """An authority whose approval is enough."""
    return factories.actor("beta")


@pytest.fixture
def goods(un: Actor) -> Consignment:
    """A consignment of the UN room with two lines."""
    return registered(un, "WB-1")


def registered(by: Actor, reference: str) -> Consignment:
    lines = (LineStatement(Decimal(30), "pallet", cargo="flour"), LineStatement(Decimal(10), "pallet", cargo="tents"))
    statement = ConsignmentStatement(reference, lines, consignor_class="un")
    return aid.register_consignment(by=by, statement=statement)


def request(**fields: object) -> CoordinationAsked:
    """A request for a window tomorrow, with both lines."""
    now = database_now()
    lines = (LineAsked(1, Decimal(30), "pallet", cargo="flour"), LineAsked(2, Decimal(10), "pallet", cargo="tents"))
    return CoordinationAsked(
        **{"window_from": now + DAY, "window_until": now + 2 * DAY, "route": RouteNamed("salah_al_din"), "lines": lines,
           "note": "two trucks", **fields}
    )  # fmt: skip


@pytest.fixture
def asked(un: Actor, goods: Consignment) -> Callable[..., list[Asking]]:
    """Ask authorities of the UN room's consignment; alpha unless others are named."""

    def make(*slugs: str, at: datetime | None = None, **fields: object) -> list[Asking]:
        rooms = [factories.room(slug) for slug in slugs or ("alpha",)]
        return actions.ask_coordination(by=un, consignment=goods, authorities=rooms, asked=request(**fields), at=at)

    return make


def answer(
    by: Actor, asking: Asking, move: Move = Move.APPROVE, at: datetime | None = None, **fields: object
) -> object:
    return actions.answer_coordination(by=by, asking=asking, answer=Answer(move, **fields), at=at)


def stands(by: Actor, asking: Asking) -> Standing | None:
    """How an asking stands for a room; None where there is none for it."""
    with eyes_of(by):
        found = Asking.objects.filter(pk=asking.pk).first()
        return standings([found], database_now())[found.pk] if found else None
