"""The catalogue, places, clocks and clearance rules of the test operation, and short ways to ask and to decide."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings

from tansiq.building.clocks.loading import load_clock_kinds
from tansiq.building.clocks.queries import database_now
from tansiq.building.places.loading import load_places
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.actions.reference import load_reference
from tansiq.desks.impediments.actions import load_terms
from tansiq.desks.requests import actions
from tansiq.desks.requests.models import Clearance, ClearanceDecision, Request
from tansiq.desks.requests.queries.standing import Standing, standings
from tansiq.desks.requests.rules import DecisionStatement, LineAsked, RequestStatement
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLEARANCE = {
    "reason_group": "item_rejection", "information_pause": "information_awaited", "valid_for": 60 * 86400,
    "differs_within": 30 * 86400, "compared_within": 14 * 86400, "inconsistency_role": "officer",
    "authorities": [
        {"room": "alpha", "role": "officer", "clock": "item_approval", "appeal_clock": "item_appeal",
         "everything": True, "restricted": False, "classes": [], "commodities": []},
        {"room": "lead", "role": "officer", "clock": "item_review", "appeal_clock": "item_appeal",
         "everything": False, "restricted": True, "classes": [], "commodities": []},
    ],
}  # fmt: skip
RULES = {
    "aid_request": {"lines": {"headline": {"room_kinds": ["shared_floor"], "marking": "GREEN"},
                              "detail": {"room_kinds": ["shared_floor"], "marking": "AMBER"}}},
    "item_decision": {"lines": {"headline": {"room_kinds": [], "marking": "GREEN"}, "detail": {"marking": "GREEN"}}},
}  # fmt: skip


def load_words() -> None:
    """Give the test operation the sample's reference data, and say who clears what there."""
    configuration = read_operation(OPERATION)
    operation = Operation.objects.using("owner").get(slug="test")
    load_places(operation, OPERATION)
    load_clock_kinds(operation, configuration)
    load_reference(operation, OPERATION)
    load_terms(operation, configuration)
    kinds = {**operation.rules.get("record_types", {}), **RULES}
    operation.rules = {**operation.rules, "clearance": CLEARANCE, "record_types": kinds}
    operation.save(using="owner")


@pytest.fixture(scope="session")
def words_loaded(django_db_setup: None, django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load_words()
        factories.close_connections()


@pytest.fixture(autouse=True)
def keys(tmp_path: Path) -> Iterator[Path]:
    """A directory of its own for the key that signs tokens."""
    with override_settings(DATA=tmp_path):
        yield tmp_path


@pytest.fixture
def ngo(words_loaded: None, db: None) -> Actor:
    """The room that asks."""
    return factories.actor("ngo")


@pytest.fixture
def un(words_loaded: None, db: None) -> Actor:
    """Another room that asks."""
    return factories.actor("un")


@pytest.fixture
def alpha(words_loaded: None, db: None) -> Actor:
    """The authority that clears everything."""
    return factories.actor("alpha")


@pytest.fixture
def lead(words_loaded: None, db: None) -> Actor:
    """The authority that clears what is restricted."""
    return factories.actor("lead")


@pytest.fixture
def now(db: None) -> datetime:
    return database_now()


def stated(title: str = "Tents for the north", **fields: object) -> RequestStatement:
    given = {
        "title": title, "lines": (LineAsked("tents", Decimal(120), "item", "family tents with poles"),),
        "places": ("PS0255",), "ready_date": date(2026, 12, 1), "consignor_class": "un", "origin": "Hub",
    }  # fmt: skip
    return RequestStatement(**{**given, **fields})


@pytest.fixture
def sent(ngo: Actor) -> Callable[..., Request]:
    """A request that was sent."""

    def make(
        title: str = "Tents for the north", *, by: Actor = ngo, at: datetime | None = None, **fields: object
    ) -> Request:
        drafted = actions.draft_request(by=by, statement=stated(title, **fields))
        return actions.send_request(by=by, request=drafted, at=at, in_spite="another one, for the test")

    return make


def questions(by: Actor, request: Request) -> list[Clearance]:
    """What is asked over a request, as a room sees it."""
    with eyes_of(by):
        found = Clearance.objects.filter(request=request).order_by("item__number", "authority__slug")
        return list(found.select_related("authority", "item", "request", "clock__kind", "clock__holder_room"))


def standing(by: Actor, clearance: Clearance) -> Standing:
    """How a question stands for a room."""
    with eyes_of(by):
        return standings([Clearance.objects.get(pk=clearance.pk)])[clearance.pk]


def decide(by: Actor, clearance: Clearance, outcome: str = "approved", **said: object) -> ClearanceDecision:
    """A decision of an authority."""
    at = said.pop("at", None)
    return actions.decide_clearance(by=by, clearance=clearance, decision=DecisionStatement(outcome, **said), at=at)
