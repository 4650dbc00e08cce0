"""The day's flow is the named count of the day, as the room that asks may count it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from ruamel.yaml import YAML

from tansiq.building.doors.actions import Asked, propose_release
from tansiq.building.places.queries.crossings import database_now
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.floor.queries.flow import Flow, flows_today
from tests import factories

SAMPLE = Path(__file__).resolve().parents[2] / "demo" / "operation"


@pytest.fixture(scope="module")
def owed(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The sample operation's reference data and obligations, in the test operation."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        operation = Operation.objects.using("owner").get(slug="test")
        former = operation.rules
        actions.load_reference(operation, SAMPLE)
        stated = YAML(typ="safe", pure=True).load(SAMPLE / "obligations.yaml")
        operation.rules = {**former, "obligations": stated["obligations"]}
        operation.save()
        factories.close_connections()
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        operation.rules = former
        operation.save()
        factories.close_connections()


def today_begins() -> datetime:
    zone = ZoneInfo("Asia/Gaza")
    return database_now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def truck(code: str, commodity: str, at: datetime) -> None:
    statement = EventStatement(
        stage="entered", occurred_at=at, unit_code=code, source_key=code, crossing_code="kerem_shalom",
        consignor_class="un",
        quantities=(Quantity("truck", Decimal(1), Decimal(1), commodity=commodity),),
    )  # fmt: skip
    actions.record_event(by=factories.actor("un"), statement=statement)


def flow_of(slug: str) -> Flow:
    by = factories.actor(slug)
    with eyes_of(by):
        return flows_today(by)[0]


def test_flow_counts_the_day_and_the_day_before_by_class(owed: None, db: None):
    start = today_begins()
    truck("T1", "rice", start)
    truck("T2", "diesel", start)
    truck("T3", "diesel", start - timedelta(minutes=1))
    found = flow_of("un")
    assert [(line.done, line.day_before, line.owed) for line in (found.whole, *found.classes)] == [
        (2, 1, 600), (1, 1, 50), (0, 0, 300),
    ]  # fmt: skip
    assert found.whole.percent == 0
    assert found.definition_names["en"] == "Trucks entered, all including commercial"


def test_flow_of_a_room_without_the_records_says_that_it_has_none(owed: None, db: None):
    truck("T1", "rice", today_begins())
    assert (flow_of("un").whole.rows, flow_of("beta").whole.rows) == (1, 0)


def test_flow_says_how_many_events_have_quantities_closed_to_the_room(owed: None, db: None):
    start = today_begins()
    truck("T1", "rice", start)
    truck("T2", "rice", start)
    truck("T3", "rice", start - timedelta(minutes=1))
    with eyes_of(factories.actor("un")):
        read = list(AidEvent.objects.filter(source_key__in=["T1", "T3"]))
    for event in read:
        asked = Asked(("headline",), (factories.room("beta"),), "GREEN", "they ask what came")
        propose_release(by=factories.actor("un"), code="aid_event", record_id=event.pk, asked=asked)
    assert [flow_of(slug).unopened for slug in ("un", "beta", "ngo")] == [0, 1, 0], "no more than the room reads"
    assert flow_of("beta").whole.rows == 0


def test_floor_says_so_in_a_sentence(owed: None, db: None):
    truck("T1", "rice", today_begins())
    said = "1 further event of these stages has no quantity that is open to this room."
    reader = Client()
    reader.force_login(factories.account("beta"))
    assert said not in reader.get("/floor/").content.decode()
    with eyes_of(factories.actor("un")):
        event = AidEvent.objects.get(source_key="T1")
    asked = Asked(("headline",), (factories.room("beta"),), "GREEN", "they ask what came")
    propose_release(by=factories.actor("un"), code="aid_event", record_id=event.pk, asked=asked)
    assert said in reader.get("/floor/").content.decode()
