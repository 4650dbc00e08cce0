"""Crossings through the API: stated, booked, answered and given back, each by the room whose right it is."""

import uuid

import pytest

from tests import databases, factories
from tests.desks.crossings.conftest import CODE, DAY, at, goods, load_crossings, next_open_day

pytestmark = pytest.mark.django_db

V1 = "/api/v1/crossings"
ALL = ("crossings.day.read", "crossings.day.state_hours", "crossings.day.state_lanes", "crossings.day.state_capacity",
       "crossings.day.publish_places", "crossings.queue.record", "crossings.slot.read", "crossings.slot.book",
       "crossings.slot.confirm", "crossings.slot.refuse", "crossings.slot.release")  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), databases.copied("crossings"):
        load_crossings()
        factories.close_connections()
        yield


@pytest.fixture
def un(loaded, program):
    return program("un", *ALL)


@pytest.fixture
def floor(loaded, program):
    return program("floor", *ALL)


def post(client, way, **body):
    headers = {"Idempotency-Key": body.pop("key", str(uuid.uuid4()))}
    return client.post(f"{V1}{way}", body, content_type="application/json", headers=headers)


def stated(**changed):
    return {"day": str(next_open_day()), "source": "crossing log", **changed}


def booking(consignment, hour=9, **changed):
    return {"crossing": CODE, "starts_at": at(hour).isoformat(), "consignment": str(consignment.pk), **changed}


def test_day_is_stated_and_read_back(un, floor):
    for way, said in (("hours", {"opens_at": "09:00", "closes_at": "12:00"}), ("lanes", {"lanes": 4}),
                      ("capacity", {"trucks_per_slot": 3, "slot_minutes": 90}), ("queue", {"trucks_waiting": 12}),
                      ("places", {"slot_at": at(9).isoformat(), "free_places": 2})):  # fmt: skip
        answer = post(floor, f"/days/{CODE}/{way}", **stated(**said))
        assert (answer.status_code, answer.json()["source"]) == (201, "crossing log")
    found = un.get(f"{V1}/days/{CODE}?day={next_open_day()}").json()
    assert (found["opens_at"], found["closes_at"], found["closed_early"]) == ("09:00:00", "12:00:00", False)
    assert [(one["trucks"], one["free_places"]) for one in found["slots"]] == [(3, 2), (3, None)]
    assert sorted(one["kind"] for one in found["statements"]) == ["capacity", "free", "hours", "lanes", "queue"]
    listed = un.get(f"{V1}/statements?limit=3").json()
    rest = un.get(f"{V1}/statements?limit=3&after={listed['next']}").json()
    assert [len(listed["items"]), len(rest["items"]), rest["next"]] == [3, 2, None]
    later = (at(9) + DAY).isoformat().replace("+", "%2B")
    assert un.get(f"{V1}/statements?since={later}").json()["items"] == []


def test_slot_goes_through_the_hands_of_two_rooms(un, floor):
    one = goods(factories.actor("un"))
    booked = post(un, "/slots", **booking(one, note="two drivers"))
    assert (booked.status_code, booked.json()["state"]) == (201, "booked")
    place = f"/slots/{booked.json()['id']}"
    assert [found["id"] for found in floor.get(f"{V1}/slots?to_answer=true").json()["items"]] == [booked.json()["id"]]
    assert post(un, f"{place}/confirm").json()["code"] == "slot_not_keeper"
    assert post(floor, f"{place}/confirm", note="lane 2").json()["state"] == "confirmed"
    assert [said["note"] for said in un.get(f"{V1}{place}").json()["answers"]] == ["lane 2"]
    assert post(un, f"{place}/release").json()["state"] == "released"
    assert post(floor, f"{place}/refuse", reason="quota").json()["code"] == "slot_state"


def test_same_key_books_once_and_another_content_is_refused(un):
    one, key = goods(factories.actor("un")), str(uuid.uuid4())
    first, again = (post(un, "/slots", **booking(one), key=key).json()["id"] for _ in range(2))
    assert first == again
    assert post(un, "/slots", **booking(one, 10), key=key).json()["code"] == "key_reused"


def test_full_slot_and_wrong_hours_are_problems_that_name_what_was_expected(un):
    def told(**asked):
        answer = post(un, "/slots", **booking(goods(factories.actor("un")), **asked))
        return answer.status_code, answer.json().get("code")

    assert told(places=2) == (201, None)
    assert told() == (422, "slot_full")
    assert told(hour=5) == (422, "slot_outside_hours")
    assert told(places=0)[0] == 422


def test_all_crossings_of_a_day(un):
    found = un.get(f"{V1}/days?day={next_open_day()}").json()
    assert {one["crossing"] for one in found["crossings"]} >= {CODE, "zikim", "rafah"}
    assert [line["code"] for line in found["flows"][0]["lines"]] == ["", "fuel", "north", "commercial"]


def test_what_another_room_booked_is_not_there(un, floor, program):
    one = post(un, "/slots", **booking(goods(factories.actor("un")))).json()["id"]
    ngo = program("ngo", *ALL)
    assert ngo.get(f"{V1}/slots").json() == {"items": [], "next": None}
    assert ngo.get(f"{V1}/slots/{one}").status_code == 404
    assert post(ngo, f"/slots/{one}/release").status_code == 404
    assert ngo.get(f"{V1}/days/nowhere").status_code == 404
