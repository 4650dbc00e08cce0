"""The sample's crossings, with the floor as the room that keeps their day, and short ways to state, book and answer."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from tansiq.building.places.loading import load_places
from tansiq.building.places.models import Crossing
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.configuration import read_operation
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import Consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.crossings import actions
from tansiq.desks.crossings.models import SlotBooking
from tansiq.desks.crossings.queries.setting import Setting, setting
from tansiq.desks.crossings.rules import Hours, SlotAsked, Stated
from tests import factories

OPERATION = Path(__file__).resolve().parents[3] / "demo" / "operation"
ZONE = ZoneInfo("Asia/Gaza")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
CODE = "kerem_shalom"


def load_crossings(keeper: str = "floor", **changes: object) -> None:
    """Give the test operation the sample's crossings, code lists and obligations; a room of its own keeps the day."""
    operation = Operation.objects.using("owner").get(slug="test")
    load_places(operation, OPERATION)
    aid.load_reference(operation, OPERATION)
    configuration = read_operation(OPERATION)
    days = configuration.crossing_days.model_dump(mode="json")
    days["crossings"] = [{**one, "keeper": keeper, "trucks_per_slot": 2} for one in days["crossings"]]
    everyone = {"room_kinds": ["shared_floor", "lead_nation", "party", "guarantors", "organisation"]}
    rules = {
        "record_types": {"crossing_day": {"lines": {"headline": everyone, "detail": everyone}}},
        "obligations": [owed.model_dump(mode="json") for owed in configuration.obligations],
        "crossing_days": {**days, **changes},
    }
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: object) -> object:
    from tests import databases

    with django_db_blocker.unblock(), databases.copied("crossings"):  # type: ignore[attr-defined]
        load_crossings()
        factories.close_connections()
        yield


@pytest.fixture
def keeper(loaded: None, db: None) -> Actor:
    """The room that keeps the crossings' day."""
    return factories.actor("floor")


@pytest.fixture
def un(loaded: None, db: None) -> Actor:
    """A room that books."""
    return factories.actor("un")


@pytest.fixture
def ngo(loaded: None, db: None) -> Actor:
    """Another room that books."""
    return factories.actor("ngo")


def crossing(code: str = CODE) -> Crossing:
    return Crossing.objects.select_related("place__area").get(operation__slug="test", code=code)


def known() -> Setting:
    return setting(factories.operation().pk)


def next_open_day() -> date:
    """The next day on which the sample's timetable has the crossing open till the afternoon."""
    day = database_now().astimezone(ZONE).date() + DAY
    while day.weekday() in (4, 5):  # Friday is short, Saturday closed
        day += DAY
    return day


def at(hour: int, day: date | None = None, minute: int = 0) -> datetime:
    return datetime.combine(day or next_open_day(), time(hour, minute), ZONE).astimezone(UTC)


def goods(by: Actor, commodity: str = "rice", code: str = CODE, trucks: int = 0) -> Consignment:
    line = LineStatement(Decimal(3), "pallet", commodity=commodity)
    units = tuple((f"truck {uuid4().hex[:8]}", "truck") for _ in range(trucks))
    statement = ConsignmentStatement(
        f"CN-{uuid4().hex[:8]}", (line,), consignor_class="un", crossing_code=code, units=units
    )
    return aid.register_consignment(by=by, statement=statement)


def stated(day: date | None = None, **fields: object) -> Stated:
    return Stated(**{"day": day or next_open_day(), "source": "log of the day", **fields})


def short(hour: int, day: date, reason: str = "security_alert", **fields: object) -> Hours:
    return Hours(time(8), time(hour), reason, **{"is_actual": True, **fields})


@pytest.fixture
def booked() -> Callable[..., SlotBooking]:
    """Book a slot for a new consignment of a room."""

    def make(by: Actor, hour: int = 9, **fields: object) -> SlotBooking:
        consignment = fields.pop("consignment", None) or goods(by)
        starts = fields.pop("starts_at", None) or at(hour)
        moment = fields.pop("moment", None)
        asked = SlotAsked(starts, consignment.pk, **fields)
        return actions.book_slot(by=by, crossing=crossing(), asked=asked, at=moment)

    return make


def seen(by: Actor, booking: SlotBooking) -> SlotBooking | None:
    """The booking as a room reads it now; None where it does not exist for that room."""
    with eyes_of(by):
        return SlotBooking.objects.filter(pk=booking.pk).first()
