"""What changed since a moment: told at least once, to those who may read it, whatever the size of the page."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tansiq.building.doors import actions as doors
from tansiq.desks.impediments import actions as impediments
from tansiq.desks.impediments.rules import Holder, ImpedimentStatement
from tests import factories
from tests.desks.impediments.conftest import load_words

pytestmark = pytest.mark.django_db

CHANGES = "/api/v1/changes"
ALL = ("rooms.room.read", "impediments.impediment.read", "aid.consignment.read")


@pytest.fixture(scope="module")
def words(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_words()
        factories.close_connections()


def open_one(slug, title):
    owner = Holder(factories.room_id(slug), "officer")
    return impediments.open_impediment(by=factories.actor(slug), statement=ImpedimentStatement(title, "permit", owner))


def changes(client, **asked):
    """Every item of every page."""
    asked.setdefault("since", (datetime.now(UTC) - timedelta(minutes=5)).isoformat())
    found = []
    while True:
        answer = client.get(CHANGES, asked)
        assert answer.status_code == 200, answer.content
        found += answer.json()["items"]
        if not answer.json()["next"]:
            return found
        asked["after"] = answer.json()["next"]


def records(client, **asked):
    return [one["record"] for one in changes(client, kind="impediment", **asked)]


def test_new_record_is_told_to_its_room_alone(words, program):
    made = open_one("ngo", "Radios wait")
    assert records(program("ngo", *ALL)) == [str(made.pk)]
    assert records(program("other_ngo", *ALL)) == []


def test_release_is_a_change_for_its_receiver(words, program):
    made, receiver = open_one("ngo", "Radios wait"), program("other_ngo", *ALL)
    before = datetime.now(UTC).isoformat()
    assert records(receiver, since=before) == []
    asked = doors.Asked(("headline",), (factories.room("other_ngo"),), "GREEN", "joint convoy")
    doors.propose_release(by=factories.actor("ngo"), key=uuid4(), code="impediment", record_id=made.pk, asked=asked)
    assert [(one["record"], one["own"]) for one in changes(receiver, since=before)] == [(str(made.pk), False)]


def test_step_on_a_record_is_a_change_of_it(words, program):
    made = open_one("ngo", "Radios wait")
    before = datetime.now(UTC).isoformat()
    impediments.raise_impediment(by=factories.actor("ngo"), impediment=made, reason="still")
    told = changes(program("ngo", *ALL), since=before)
    assert [(one["kind"], one["record"], one["own"]) for one in told] == [("impediment", str(made.pk), True)]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_any_size_tell_every_record(words, program, limit):
    """Also where many rows of one record fill a page."""
    first = open_one("ngo", "Radios wait")
    for number in range(4):
        impediments.raise_impediment(by=factories.actor("ngo"), impediment=first, reason=f"still {number}")
    others = [open_one("ngo", title) for title in ("Fuel is short", "The bridge is narrow", "No interpreter")]
    told = records(program("ngo", *ALL), limit=limit)
    assert set(told) == {str(one.pk) for one in (first, *others)}
    assert told[-1] == str(others[-1].pk)


def test_kinds_that_the_token_may_not_read_are_left_out(words, program):
    open_one("ngo", "Radios wait")
    assert changes(program("ngo", "rooms.room.read", "aid.consignment.read")) == []


@pytest.mark.parametrize(
    ("asked", "status"),
    [({}, 422), ({"since": "yesterday"}, 422), ({"since": "2026-01-01T00:00:00Z", "after": "x"}, 422),
     ({"since": "2026-01-01T00:00:00Z", "kind": "nothing"}, 422)],
)  # fmt: skip
def test_unreadable_question_is_answered_with_a_problem(words, program, asked, status):
    answer = program("ngo", *ALL).get(CHANGES, asked)
    assert (answer.status_code // 100, answer.headers["Content-Type"]) == (4, "application/problem+json")
