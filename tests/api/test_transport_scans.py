"""Seals, scans and codes through the API: each scan answered for itself, hidden ones absent."""

import uuid

import pytest

from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.transport.models import Manifest
from tests import factories
from tests.api.test_transport import asked, consignment, post, settings_of_operation  # noqa: F401

pytestmark = pytest.mark.django_db

V1 = "/api/v1/transport"
ACTS = ("manifest.read", "manifest.draft", "manifest.seal", "manifest.relabel", "seal.apply", "seal.check",
        "seal.report_broken", "seal.replace", "scan.read", "scan.record")  # fmt: skip


@pytest.fixture
def un(settings_of_operation, program):  # noqa: F811
    return program("un", *(f"transport.{act}" for act in ACTS))


@pytest.fixture
def place(un, consignment):  # noqa: F811
    found = f"/{post(un, **asked(consignment, crossing_code='kerem_shalom')).json()['id']}"
    post(un, f"{found}/seal")
    return found


def send(client, *scans, key=None):
    body = {"scans": list(scans), "device": "weighbridge"}
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(f"{V1}/scans", body, content_type="application/json", headers=headers)


def scan(code, **changed):
    return {"key": str(uuid.uuid4()), "code": code, "deed": "scan_in", "place": "crossing", **changed}


def test_scans_are_answered_one_by_one(un, place):
    code = next(one for one in un.get(f"{V1}/manifests{place}/codes").json() if one["handling_unit"])
    good, odd, faulty = scan(code["payload"]), scan(code["short"], crossing_code="zikim"), scan("x", deed="fly")
    answer = send(un, good, odd, faulty).json()
    assert [(one["key"], one["answers"]) for one in answer["taken"]] == [
        (good["key"], ["new"]), (odd["key"], ["repeats", "contradicts"]),
    ]  # fmt: skip
    assert [one["kind"] for one in answer["taken"][1]["differences"]] == ["other_crossing"]
    assert [(one["number"], one["code"]) for one in answer["faults"]] == [(3, "scan_deed_unknown")]
    assert send(un, good).json()["taken"][0]["answers"] == ["known"]
    listed = un.get(f"{V1}/scans").json()["items"]
    assert {one["key"] for one in listed} == {good["key"], odd["key"]}
    assert [one["key"] for one in un.get(f"{V1}/scans?answer=contradicts").json()["items"]] == [odd["key"]]


def test_same_batch_under_its_key_is_one(un, place):
    code, key = un.get(f"{V1}/manifests{place}/codes").json()[0]["payload"], str(uuid.uuid4())
    one = scan(code)
    first, second = (send(un, one, key=key).json()["taken"][0] for _ in range(2))
    assert first["id"] == second["id"]
    assert len(un.get(f"{V1}/scans").json()["items"]) == 1


def test_seals_and_labels_through_a_program(un, place):
    way = f"{place}/seals"
    assert post(un, f"{way}/apply", reading="S-1").json()["on_it"] == ["S-1"]
    assert post(un, f"{way}/check", reading="S-2").status_code == 201
    assert post(un, f"{way}/broken", reading="S-1").json()["on_it"] == []
    assert post(un, f"{way}/replace", reading="S-3", former="S-1").json()["on_it"] == ["S-3"]
    refused = post(un, f"{way}/broken", reading="S-9")
    assert (refused.status_code, refused.json()["code"]) == (422, "seal_not_on_it")
    assert {one["issue"] for one in post(un, f"{place}/relabel", reason="rain").json()} == {2}


def test_key_is_told_and_hidden_is_absent(un, place, program):
    assert len(bytes.fromhex(un.get(f"{V1}/key").json()["public_key"])) == 32
    ngo = program("ngo", *(f"transport.{act}" for act in ACTS))
    for path in (place, f"/{uuid.uuid4()}"):
        answers = [ngo.get(f"{V1}/manifests{path}/{what}").status_code for what in ("codes", "seals")]
        assert (answers, post(ngo, f"{path}/seals/apply", reading="S-1").status_code) == ([404, 404], 404)
    headline = program("alpha", *(f"transport.{act}" for act in ACTS))
    assert headline.get(f"{V1}/manifests{place}/codes").json() == []
    with eyes_of(factories.actor("un")):
        assert Manifest.objects.count() == 1
