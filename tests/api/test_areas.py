"""Places, clocks and aid through the API: the same answers as the pages give, to the same room."""

import uuid
from decimal import Decimal
from pathlib import Path

import pytest

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import ConsignmentDetail, ConsignmentLine
from tansiq.desks.aid.queries.reference import ReferenceKind, reference
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests import factories

pytestmark = pytest.mark.django_db

V1 = "/api/v1"
DEMO = Path(__file__).resolve().parents[2] / "demo" / "operation"
READ = ("aid.event.read", "aid.count.read", "aid.consignment.read", "aid.event.record")
TRUCK = {
    "stage": "entered", "occurred_at": "2026-03-01T12:00:00Z", "unit": "T-1", "source_key": "gate:1",
    "crossing": "kerem_shalom", "consignor_class": "un",
    "quantities": [{"unit": "pallet", "giver": "10", "receiver": "9.5", "commodity": "rice"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def reference_data(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        actions.load_reference(Operation.objects.using("owner").get(slug="test"), DEMO)
        factories.close_connections()


def definition_codes() -> list[str]:
    return list(reference(factories.operation().pk, ReferenceKind.COUNT_DEFINITION).values_list("code", flat=True))


def post(client, body, **headers):
    return client.post(f"{V1}/aid/events", body, content_type="application/json", headers=headers)


def test_event_is_recorded_once_under_its_key(reference_data, program):
    client, key = program("un", *READ), str(uuid.uuid4())
    first, again = (post(client, TRUCK, **{"Idempotency-Key": key}) for _turn in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    found = client.get(f"{V1}/aid/events").json()
    assert ([item["unit"] for item in found["items"]], found["next"]) == (["T-1"], None)


def test_key_used_for_another_event_is_a_conflict(reference_data, program):
    client, key = program("un", *READ), str(uuid.uuid4())
    post(client, TRUCK, **{"Idempotency-Key": key})
    answer = post(client, {**TRUCK, "unit": "T-2", "source_key": "gate:2"}, **{"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")


def test_key_that_is_no_uuid_is_named(reference_data, program):
    answer = post(program("un", *READ), TRUCK, **{"Idempotency-Key": "1"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_refusal_of_the_desk_has_its_code(reference_data, program):
    answer = post(program("un", *READ), {**TRUCK, "stage": "teleported"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_stage")


def test_another_room_does_not_see_the_event(reference_data, program):
    before = program("beta", *READ).get(f"{V1}/aid/events").content
    post(program("un", *READ), TRUCK)
    assert program("beta", *READ).get(f"{V1}/aid/events").content == before


def test_count_is_grouped_and_exact(reference_data, program):
    client = program("un", *READ)
    post(client, TRUCK)
    definitions = definition_codes()
    answers = {
        code: client.get(f"{V1}/aid/counts/{code}?from=2026-03-01&to=2026-03-02&group_by=day&group_by=crossing")
        for code in definitions
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    counted = [answer.json() for answer in answers.values() if answer.json()["rows"]]
    assert counted
    assert {group["key"][1] for answer in counted for group in answer["groups"]} == {"kerem_shalom"}


def test_count_that_is_not_there_and_days_backwards(reference_data, program):
    client = program("un", *READ)
    absent = client.get(f"{V1}/aid/counts/none?from=2026-03-01&to=2026-03-02")
    code = definition_codes()[0]
    backwards = client.get(f"{V1}/aid/counts/{code}?from=2026-03-02&to=2026-03-01")
    assert (absent.status_code, absent.json()["code"]) == (404, "not_found")
    assert (backwards.status_code, backwards.json()["code"]) == (422, "days_backwards")


def test_clocks_and_crossings_answer_with_nothing_where_there_is_nothing(program):
    client = program("un", "clocks.clock.read", "places.place.read", "places.crossing.read")
    assert client.get(f"{V1}/clocks").json() == []
    assert client.get(f"{V1}/places/crossings").status_code == 200


def test_consignment_is_amended_once_for_one_key(reference_data, program):
    rice = LineStatement(Decimal(20), "pallet", "rice")
    one = actions.register_consignment(by=factories.actor("un"), statement=ConsignmentStatement("C-1", (rice,)))
    path, key = f"{V1}/aid/consignments/{one.pk}/amend", str(uuid.uuid4())
    body = {"reason": "told by phone", "detail": {"route": "Coast road"},
            "lines": [{"quantity": "2", "unit": "pallet", "commodity": "rice"}]}  # fmt: skip
    client, stranger = program("un", "aid.consignment.amend"), program("beta", "aid.consignment.amend")
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": key}}
    answers = [client.post(path, body, **sent) for _turn in range(2)]
    assert [(answer.status_code, answer.json()["reference"]) for answer in answers] == [(200, "C-1")] * 2
    with eyes_of(factories.actor("un")):
        assert ConsignmentDetail.objects.get(version=2).route == "Coast road"
        assert ConsignmentLine.objects.count() == 2
    assert stranger.post(path, body, content_type="application/json").status_code == 404
