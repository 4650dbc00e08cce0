"""Manifests through the API: drafted, changed and sent off by their room, absent for others."""

import uuid

import pytest

from tests import factories
from tests.desks.transport.conftest import load_settings

pytestmark = pytest.mark.django_db

V1 = "/api/v1/transport"


@pytest.fixture(scope="module")
def settings_of_operation(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_settings()
        factories.close_connections()


@pytest.fixture
def un(settings_of_operation, program):
    acts = ["read", "draft", "amend", "revise", "seal", "depart", "close", "cancel"]
    return program("un", *(f"transport.manifest.{act}" for act in acts), "aid.consignment.read")


@pytest.fixture
def consignment(settings_of_operation):
    from decimal import Decimal

    from tansiq.desks.aid.actions import register_consignment
    from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement

    line = LineStatement(Decimal(10), "pallet", commodity="rice")
    return register_consignment(by=factories.actor("un"), statement=ConsignmentStatement("C-1", (line,)))


def post(client, way="", **body):
    headers = {"Idempotency-Key": body.pop("key", str(uuid.uuid4()))}
    return client.post(f"{V1}/manifests{way}", body, content_type="application/json", headers=headers)


def asked(consignment, **changed):
    lines = [{"consignment": str(consignment.pk), "consignment_line": 1, "unit_code": "P1", "quantity": "2"}]
    return {"number": "M-1", "day": "2026-03-01", "vehicle": "T-1", "lines": lines, **changed}


def test_manifest_goes_through_its_steps(un, consignment):
    drafted = post(un, **asked(consignment))
    assert drafted.status_code == 201
    place = f"/{drafted.json()['id']}"
    amended = post(un, f"{place}/amend", **asked(consignment, vehicle="T-2", seen=1)).json()
    assert (amended["version"], amended["vehicle"]) == (2, "T-2")
    assert post(un, f"{place}/seal").json()["state"] == "sealed"
    revised = post(un, f"{place}/revise", **asked(consignment, vehicle="T-3", reason="another truck", seen=2)).json()
    assert (revised["version"], revised["steps"][-1]["reason"]) == (3, "another truck")
    assert post(un, f"{place}/depart").json()["state"] == "departed"
    assert post(un, f"{place}/close", reason="").json()["state"] == "closed"
    refused = post(un, f"{place}/cancel", reason="x")
    assert (refused.status_code, refused.json()["code"]) == (422, "manifest_state")


def test_same_submission_is_one_manifest(un, consignment):
    key = str(uuid.uuid4())
    first, second = (post(un, key=key, **asked(consignment)) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert len(un.get(f"{V1}/manifests").json()["items"]) == 1


def test_list_comes_in_pages_and_tells_what_changed_since(un, consignment):
    ids = []
    for number in range(3):
        said = asked(consignment, number=f"M-{number}")
        said["lines"][0]["unit_code"] = f"P{number}"
        ids.append(post(un, **said).json()["id"])
    first = un.get(f"{V1}/manifests?limit=2").json()
    second = un.get(f"{V1}/manifests?limit=2&after={first['next']}").json()
    assert [one["id"] for one in (*first["items"], *second["items"])] == ids[::-1]
    since = un.get(f"{V1}/manifests/{ids[1]}").json()["changed_at"]
    changed = un.get(f"{V1}/manifests", {"changed_since": since}).json()["items"]
    assert [one["id"] for one in changed] == ids[:0:-1]


def test_hidden_is_answered_as_what_never_was(un, consignment, program):
    place = post(un, **asked(consignment)).json()["id"]
    ngo = program("ngo", "transport.manifest.read", "transport.manifest.seal")
    for one in (place, uuid.uuid4()):
        assert (ngo.get(f"{V1}/manifests/{one}").status_code, post(ngo, f"/{one}/seal").status_code) == (404, 404)
    assert ngo.get(f"{V1}/manifests").json()["items"] == []


def test_refusal_says_what_was_found_and_expected(un, consignment):
    said = asked(consignment)
    said["lines"][0]["quantity"] = "11"
    refused = post(un, **said)
    assert (refused.status_code, refused.json()["code"]) == (422, "manifest_more_than_asked")
    assert "asks for 10 pallet" in refused.json()["sentence"]
