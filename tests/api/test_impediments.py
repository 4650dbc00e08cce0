"""Impediments through the API: raised, answered, handed over and closed, each by the room whose right it is."""

import uuid

import pytest

from tests import factories
from tests.desks.impediments.conftest import load_words

pytestmark = pytest.mark.django_db

V1 = "/api/v1/impediments"
ALL = ("impediments.impediment.read", "impediments.impediment.open", "impediments.impediment.raise",
       "impediments.impediment.answer", "impediments.impediment.hand_over", "impediments.impediment.resolve",
       "impediments.impediment.withdraw")  # fmt: skip


@pytest.fixture(scope="module")
def words(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_words()
        factories.close_connections()


@pytest.fixture
def un(words, program):
    return program("un", *ALL)


@pytest.fixture
def alpha(words, program):
    return program("alpha", *ALL)


def post(client, way="", **body):
    headers = {"Idempotency-Key": body.pop("key", str(uuid.uuid4()))}
    return client.post(f"{V1}{way}", body, content_type="application/json", headers=headers)


def asked(**changed):
    return {"title": "Radios wait", "type": "permit", "owner_room": str(factories.room_id("alpha")), **changed}


def test_story_goes_through_the_hands_of_two_rooms(un, alpha):
    opened = post(un, **asked(chain_links=["entry"], cost_quantity="3.5", cost_unit="truck", cost_source="ledger"))
    assert opened.status_code == 201
    place = f"/{opened.json()['id']}"
    assert post(un, f"{place}/raise", reason="still").json()["raised_count"] == 2
    assert post(alpha, f"{place}/answer", answer="refused", reason="no").json()["state"] == "answered"
    to_floor = {"owner_room": str(factories.room_id("floor")), "reason": "to the floor"}
    assert post(un, f"{place}/hand-over", **to_floor).json()["state"] == "open"
    assert post(un, f"{place}/resolve", reason="they came").json()["state"] == "resolved"
    found = un.get(f"{V1}{place}").json()
    assert [(one["what"], [said["text"] for said in one["said"]]) for one in found["story"]] == [
        ("impediment.open", []), ("impediment.raise", ["still"]), ("impediment.answer", ["no"]),
        ("impediment.hand_over", ["to the floor"]), ("impediment.resolve", ["they came"]),
    ]  # fmt: skip
    assert (found["cost_quantity"], found["due_at"]) == ("3.500000", None)


def test_same_submission_is_one_impediment(un):
    key = str(uuid.uuid4())
    first, second = (post(un, key=key, **asked()) for _ in range(2))
    assert (first.status_code, second.json()["id"]) == (201, first.json()["id"])
    assert len(un.get(V1).json()["items"]) == 1


def test_list_comes_in_pages_and_is_narrowed(un):
    ids = [post(un, **asked(title=f"Number {number}")).json()["id"] for number in range(3)]
    post(un, f"/{ids[0]}/withdraw", reason="it was none")
    first = un.get(f"{V1}?limit=1").json()
    second = un.get(f"{V1}?limit=1&after={first['next']}").json()
    assert [one["id"] for one in (*first["items"], *second["items"])] == [ids[2], ids[1]]
    assert second["next"] is None
    assert [one["id"] for one in un.get(f"{V1}?state=withdrawn").json()["items"]] == [ids[0]]
    assert len(un.get(f"{V1}?state=all").json()["items"]) == 3
    assert un.get(f"{V1}?type=money").json()["items"] == []


def test_hidden_is_answered_as_what_never_was(un, program):
    place = f"/{post(un, **asked()).json()['id']}"
    assert un.get(f"{V1}{place}").status_code == 200
    beta = program("beta", *ALL)
    for path in (place, f"/{uuid.uuid4()}"):
        assert (beta.get(f"{V1}{path}").status_code, beta.get(f"{V1}{path}").json()["code"]) == (404, "not_found")
        assert post(beta, f"{path}/raise", reason="x").status_code == 404
    assert beta.get(f"{V1}?state=all").json()["items"] == []


def test_refusal_says_what_was_found_and_expected(un):
    place = f"/{post(un, **asked()).json()['id']}"
    refused = post(un, f"{place}/answer", answer="approved", reason="x")
    assert (refused.status_code, refused.json()["code"]) == (422, "impediment_not_owner")
    unknown = post(un, **asked(type="weather"))
    assert (unknown.status_code, "“weather”" in unknown.json()["sentence"]) == (422, True)
    held = post(un, **asked(records=[{"label": "aid.consignment", "id": str(uuid.uuid4())}]))
    assert held.status_code == 404


def test_token_without_the_act_is_refused(words, program, un):
    reader = program("un", "impediments.impediment.read")
    assert post(reader, **asked()).status_code == 403


def test_record_of_another_room_is_absent_for_who_does_not_read_it(un, alpha, words, program):
    beta = program("beta", *ALL)
    theirs = post(un, **asked(title="Released to beta alone", owner_room=str(factories.room_id("beta")))).json()["id"]
    named = [{"label": "impediments.impediment", "id": theirs}]
    first = post(beta, **asked(title="Opened over it", records=named)).json()
    assert [(one["id"], one["names"]) for one in first["records"]] == [(theirs, {"en": "Released to beta alone"})]
    answer = alpha.get(f"{V1}/{first['id']}")
    assert (answer.status_code, answer.json()["title"], answer.json()["records"]) == (200, "Opened over it", [])
    assert theirs not in answer.content.decode()
