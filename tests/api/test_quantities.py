"""Quantities through the API: refused with the arithmetic, insisted on, followed step by step, counted, changed."""

import uuid
from decimal import Decimal

import pytest

from tansiq.desks.aid.actions import register_consignment
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests.desks.aid.conftest import by, reference_data  # noqa: F401 (fixtures of the desk)

pytestmark = pytest.mark.django_db

V1 = "/api/v1/aid"
ACTS = ("aid.event.record", "aid.event.read", "aid.consignment.read", "aid.count.read", "aid.unit.change",
        "aid.discrepancy.read", "aid.discrepancy.open", "aid.discrepancy.take_on", "aid.discrepancy.explain",
        "aid.discrepancy.leave")  # fmt: skip


@pytest.fixture
def un(reference_data, program):  # noqa: F811
    return program("un", *ACTS)


@pytest.fixture
def consignment(by):  # noqa: F811
    line = LineStatement(Decimal(10), "pallet", commodity="rice")
    return register_consignment(by=by, statement=ConsignmentStatement("C-1", (line,)))


def post(client, way, **body):
    headers = {"Idempotency-Key": body.pop("key", str(uuid.uuid4()))}
    return client.post(f"{V1}/{way}", body, content_type="application/json", headers=headers)


def event(stage, pallets, **fields):
    return {
        "stage": stage, "occurred_at": "2026-03-01T12:00:00Z", "unit": "T1", "consignment": "C-1", "source_key": stage,
        "quantities": [{"unit": "pallet", "giver": str(pallets), "line": 1}], **fields,
    }  # fmt: skip


@pytest.fixture
def discrepancy(un, consignment):
    assert post(un, "events", **event("loaded", 10)).status_code == 201
    kept = post(un, "events", **event("offloaded", 12, insists=True, insists_because="signed for"))
    assert kept.status_code == 201
    (found,) = un.get(f"{V1}/discrepancies").json()["items"]
    return found


def test_event_that_breaks_a_sum_is_a_problem_with_its_arithmetic(un, consignment):
    post(un, "events", **event("loaded", 10))
    answer = post(un, "events", **event("offloaded", 12))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "breaks_over_unit")
    assert "only 10 came to it" in told["sentence"]
    missing = post(un, "events", **event("offloaded", 12, insists=True))
    assert missing.json()["code"] == "insistence_reason_missing"


def test_discrepancy_is_followed_step_by_step(un, discrepancy):
    address = f"discrepancies/{discrepancy['id']}"
    assert (discrepancy["kind"], discrepancy["line"], discrepancy["reference"]) == ("over_unit", 1, "C-1")
    told = un.get(f"{V1}/{address}").json()
    assert (told["facts"]["stated"], told["facts"]["limit"], told["steps"][0]["text"]) == ("12", "10", "signed for")
    early = post(un, f"{address}/explain", reason="too early")
    assert (early.status_code, early.json()["code"]) == (422, "discrepancy_state")
    assert post(un, f"{address}/take-on", role="officer").json()["state"] == "owned"
    assert post(un, f"{address}/explain", reason="stacked").json()["state"] == "explained"
    assert post(un, f"{address}/leave", reason="nobody knows").json()["state"] == "left"
    assert un.get(f"{V1}/discrepancies").json()["items"] == []
    assert len(un.get(f"{V1}/discrepancies?which=closed").json()["items"]) == 1


def test_other_room_is_answered_as_if_there_were_none(discrepancy, program):
    ngo = program("ngo", *ACTS)
    assert ngo.get(f"{V1}/discrepancies").json()["items"] == []
    address = f"discrepancies/{discrepancy['id']}"
    assert ngo.get(f"{V1}/{address}").status_code == 404
    assert post(ngo, f"{address}/take-on", role="officer").status_code == 404
    assert ngo.get(f"{V1}/consignments/{discrepancy['consignment']}/balance").status_code == 404


def test_balance_says_what_passed_and_what_does_not_add_up(un, discrepancy):
    told = un.get(f"{V1}/consignments/{discrepancy['consignment']}/balance").json()
    (line,) = told["lines"]
    assert (line["requested"], line["passed"]["loaded"], line["passed"]["offloaded"]) == ("10", "12", "12")
    assert discrepancy["id"] in [one["discrepancy"] for one in told["findings"]]


def test_count_tells_of_discrepancies_in_what_it_counted(un, discrepancy):
    asked = f"{V1}/counts/pallets_offloaded?from=2026-03-01&to=2026-03-0"
    assert un.get(f"{asked}2").json()["discrepancies"] == [discrepancy["id"]]
    elsewhere = f"{V1}/counts/pallets_offloaded?from=2026-04-01&to=2026-04-02"
    assert un.get(elsewhere).json()["discrepancies"] == []


def test_change_of_units_is_all_or_nothing_and_taken_once(un, consignment):
    post(un, "events", **event("offloaded", 10))
    stated = {
        "kind": "split", "stage": "offloaded", "occurred_at": "2026-03-01T13:00:00Z", "key": str(uuid.uuid4()),
        "taken": [{"line": 1, "quantity": "10", "unit": "T1", "unit_kind": "truck"}],
        "made": [{"line": 1, "quantity": "6", "unit": "P1"}, {"line": 1, "quantity": "5", "unit": "P2"}],
    }  # fmt: skip
    way = f"consignments/{consignment.pk}/changes"
    gains = post(un, way, **stated)
    assert (gains.status_code, gains.json()["code"]) == (422, "breaks_unequal_change")
    stated["made"][1]["quantity"] = "4"
    first, second = post(un, way, **stated), post(un, way, **stated)
    assert (first.status_code, second.json()) == (201, first.json())
