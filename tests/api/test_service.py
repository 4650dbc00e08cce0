"""The API's answers: problems named, absent like hidden, pages without totals, submissions accepted once."""

import uuid
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from django.test import Client

from tansiq.api import ledger as ledger_area
from tansiq.building.ledger.models import Entry
from tansiq.building.rooms.actions import grant_membership
from tansiq.building.wall.context import room_context
from tests import factories
from tests.api.conftest import READING

pytestmark = pytest.mark.django_db

V1 = "/api/v1"


def entry_of(slug: str) -> Entry:
    with room_context(room_ids=(factories.room_id(slug),)):
        return Entry.objects.filter(room_id=factories.room_id(slug)).order_by("seq").first()


def add_entries(slug: str, count: int) -> None:
    for _turn in range(count):
        grant_membership(by=factories.actor(slug), account=factories.account("press"), roles=["observer"])


def test_rooms_of_the_operation_are_listed(program):
    assert [room["code"] for room in program("alpha").get(f"{V1}/rooms").json()] == sorted(factories.ROOMS)


def test_entries_are_those_of_the_room_alone(program):
    found = program("alpha").get(f"{V1}/ledger/entries").json()["items"]
    assert {item["facts"]["room"] for item in found} == {str(factories.room_id("alpha"))}
    assert {item["own"] for item in found} == {True}
    assert str(entry_of("beta").pk) not in {item["id"] for item in found}


def test_pages_follow_one_another_without_gap_or_total(program):
    client = program("alpha")
    add_entries("alpha", 5)
    whole = client.get(f"{V1}/ledger/entries?limit=200").json()
    assert (whole["next"], sorted(whole)) == (None, ["items", "next"])
    walked, after = [], ""
    while after is not None:
        shown = client.get(f"{V1}/ledger/entries?limit=2" + (f"&after={after}" if after else "")).json()
        walked += shown["items"]
        after = shown["next"]
    assert walked == whole["items"]
    assert len(walked) >= 7


def test_entries_of_other_rooms_change_no_byte(program):
    client = program("alpha")
    before = client.get(f"{V1}/ledger/entries?limit=3").content
    add_entries("beta", 4)
    assert client.get(f"{V1}/ledger/entries?limit=3").content == before


@pytest.mark.parametrize("mark", ["x", "AAAA", "MjAyNi0wMS0wMSBh"])
def test_wrong_mark_is_refused(program, mark):
    answer = program("alpha").get(f"{V1}/ledger/entries?after={mark}")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_such_page")


FAR = ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59")
LISTS = {"impediments": "", "ledger/entries": "", "doors/releases": "", "doors/deliveries": "", "aid/events": "",
         "aid/consignments": " x", "chain": ""}  # fmt: skip


def refused_mark(client: Client, place: str, words: str) -> tuple[int, str]:
    mark = urlsafe_b64encode(words.encode()).decode().rstrip("=")
    answer = client.get(f"{V1}/{place}?after={mark}")
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(("place", "rest"), LISTS.items())
def test_mark_of_a_moment_that_no_database_keeps_is_refused(program, place, rest):
    client = program("alpha", *READING, "impediments.impediment.read", "floor.chain.read")
    assert client.get(f"{V1}/{place}").status_code == 200
    found = {refused_mark(client, place, f"{moment} {uuid.uuid4()}{rest}") for moment in FAR}
    assert found == {(422, "no_such_page")}


def test_mark_with_a_character_that_no_database_keeps_is_refused(program):
    client, words = program("alpha"), f"2026-01-01T00:00:00+00:00 {uuid.uuid4()}"
    assert refused_mark(client, "aid/consignments", f"{words} x") == (200, "")
    assert refused_mark(client, "aid/consignments", f"{words} x\x00y") == (422, "no_such_page")


def test_body_beyond_what_is_taken_is_a_problem(program, settings):
    body = b'{"reason": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
    client = program("alpha", "doors.release.propose")
    answer = client.post(f"{V1}/doors/releases", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_hidden_absent_and_unknown_answer_alike(program):
    client = program("alpha")
    places = [
        f"ledger/entries/{entry_of('beta').pk}/receipt",
        f"ledger/entries/{uuid.uuid4()}/receipt",
        "no/such/place",
    ]
    answers = [client.get(f"{V1}/{place}") for place in places]
    assert {(answer.status_code, answer["Content-Type"], answer.content) for answer in answers} == {
        (404, "application/problem+json", answers[0].content)
    }


def test_receipt_waits_for_the_tick(program):
    answer = program("alpha").get(f"{V1}/ledger/entries/{entry_of('alpha').pk}/receipt")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_placed")


def test_problem_names_field_found_and_expected(program):
    client = program("alpha", "doors.release.propose")
    body = {"record_type": "x", "record": "y", "lines": [], "receivers": [str(uuid.uuid4())], "marking": "PINK"}
    answer = client.post(f"{V1}/doors/releases", body, content_type="application/json")
    assert answer.status_code == 422
    assert {error["field"]: error["found"] for error in answer.json()["errors"]} == {
        "record": "'y'", "lines": "[]", "marking": "'PINK'", "reason": "nothing",
    }  # fmt: skip


def test_body_that_is_no_json_is_named(program):
    answer = program("alpha", "doors.release.propose").post(
        f"{V1}/doors/releases", b"{", content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_refusal_of_a_rule_is_a_problem_with_its_sentence(program):
    client = program("alpha", "doors.release.propose")
    body = {"record_type": "no_such", "record": str(uuid.uuid4()), "lines": ["headline"],
            "receivers": [str(factories.room_id("beta"))], "marking": "GREEN", "reason": "test"}  # fmt: skip
    answer = client.post(f"{V1}/doors/releases", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_fault_of_ours_is_a_problem_with_a_reference_and_tells_nothing(program, monkeypatch, caplog):
    def broken():
        raise RuntimeError("a secret of room alpha")

    monkeypatch.setattr(ledger_area, "entries", broken)
    client = program("alpha")
    client.raise_request_exception = False
    answer = client.get(f"{V1}/ledger/entries")
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert answer.json()["reference"] in caplog.text
    assert "secret" not in caplog.text + answer.content.decode()


def test_description_is_of_openapi_3_1_and_names_every_problem():
    schema = Client().get(f"{V1}/openapi.json").json()
    assert schema["openapi"] == "3.1.0"
    answers = [operation["responses"] for methods in schema["paths"].values() for operation in methods.values()]
    assert len(answers) >= 7
    assert [found for found in answers if not {"401", "403", "404", "409", "422", "500"} <= set(found)] == []


def test_documentation_needs_no_other_host():
    answer = Client().get(f"{V1}/")
    assert answer.status_code == 200
    assert b"/api/v1/ledger/entries" in answer.content
    assert b"https://" not in answer.content.replace(b"http://testserver", b"")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_times_are_in_utc(program):
    found = program("alpha").get(f"{V1}/ledger/entries?limit=1").json()["items"][0]["at"]
    assert datetime.fromisoformat(found).utcoffset() == datetime.now(UTC).utcoffset()
