"""Doors through the API: what is refused there is written down as it is in the pages."""

import pytest

from tansiq.building.ledger.models import Entry
from tansiq.building.wall.context import room_context
from tests import factories
from tests.building.doors import conftest as doors
from tests.building.doors.test_releases import release, write

pytestmark = pytest.mark.django_db
kind = doors.kind
RELEASES = "/api/v1/doors/releases"


def tries_of(slug: str) -> int:
    with room_context(room_ids=(factories.room_id(slug),)):
        return Entry.objects.filter(room_id=factories.room_id(slug), act="doors.onward.refuse").count()


def asked(record, slug: str) -> dict:
    return {"record_type": "test_record", "record": str(record.pk), "lines": ["headline"], "marking": "GREEN",
            "receivers": [str(factories.room_id(slug))], "reason": "they asked"}  # fmt: skip


def test_onward_release_is_refused_and_each_try_stays_in_the_originators_ledger(kind, program):
    record = write(by=factories.actor("alpha"), topic="a")
    release(record, "beta")
    client = program("beta", "doors.release.propose")
    answers = [client.post(RELEASES, asked(record, "un"), content_type="application/json") for _turn in range(2)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "originator_only")] * 2
    assert (tries_of("alpha"), tries_of("beta")) == (2, 0)


def test_refused_release_of_ones_own_leaves_nothing(kind, program):
    record = write(by=factories.actor("alpha"), topic="a")
    body = asked(record, "beta") | {"until": "2020-01-01T00:00:00Z"}
    with room_context(room_ids=(factories.room_id("alpha"),)):
        before = Entry.objects.count()
        answer = program("alpha", "doors.release.propose").post(RELEASES, body, content_type="application/json")
    with room_context(room_ids=(factories.room_id("alpha"),)):
        assert (answer.json()["code"], Entry.objects.count() - before) == ("until_past", 1)
