"""The words and clocks of the sample operation in the test operation, and short ways to open and follow impediments."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.clocks.queries import database_now
from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.impediments import actions
from tansiq.desks.impediments.models import Impediment, ImpedimentStep
from tansiq.desks.impediments.rules import ImpedimentStatement
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def load_words() -> None:
    """Give the test operation the sample's kinds of clock and the words of this desk."""
    configuration = read_operation(OPERATION)
    operation = Operation.objects.using("owner").get(slug="test")
    load_clock_kinds(operation, configuration)
    actions.load_terms(operation, configuration)


@pytest.fixture(scope="session")
def words_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load_words()
        factories.close_connections()


@pytest.fixture
def un(words_loaded: None, db: None) -> Actor:
    """The room that raises."""
    return factories.actor("un")


@pytest.fixture
def alpha(words_loaded: None, db: None) -> Actor:
    """The room that owns."""
    return factories.actor("alpha")


@pytest.fixture
def beta(words_loaded: None, db: None) -> Actor:
    """A room that has nothing to do with it."""
    return factories.actor("beta")


@pytest.fixture
def now(db: None) -> datetime:
    return database_now()


def stated(title: str = "Radios wait for a permit", owner: str = "alpha", **fields: object) -> ImpedimentStatement:
    return ImpedimentStatement(
        **{"title": title, "kind": "permit", "owner": Holder(factories.room_id(owner), "officer"), **fields}
    )


@pytest.fixture
def opened(un: Actor) -> Callable[..., Impediment]:
    """Open an impediment of the UN room that alpha owns."""

    def make(title: str = "Radios wait for a permit", *, by: Actor = un, at: datetime | None = None, **fields: object):
        return actions.open_impediment(by=by, statement=stated(title, **fields), at=at)

    return make


def seen(by: Actor, impediment: Impediment) -> Impediment | None:
    """The impediment as a room reads it now; None where it does not exist for that room."""
    with eyes_of(by):
        return Impediment.objects.select_related("clock", "owner_room", "room").filter(pk=impediment.pk).first()


def story(by: Actor, impediment: Impediment) -> list[str]:
    """The last words of the acts of the impediment's story, in order."""
    with eyes_of(by):
        found = ImpedimentStep.objects.filter(impediment=impediment).order_by("at", "created_at")
        return [step.act.removeprefix("impediments.") for step in found]
