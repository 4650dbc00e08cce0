"""Rules of an operation that doors obey: a second person, the most open mark, a room's ceiling, the hour."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tansiq.building.doors import actions
from tansiq.building.ledger.audit import audit
from tansiq.building.rooms import actions as actions_of_rooms
from tansiq.building.rooms.models import Operation, Room
from tansiq.building.rooms.refusals import Refused
from tests import factories
from tests.building.doors.test_releases import deliveries_of, release, seen, write


@pytest.fixture
def second_person(own_database, kind):
    rule = {
        "lines": {
            "headline": {"most_open": "GREEN", "second_person": [{"room_kinds": ["party"], "roles": ["officer"]}]}
        }
    }
    Operation.objects.using("owner").filter(slug="test").update(rules={"record_types": {"test_record": rule}})
    yield


def test_second_person_is_needed_where_the_rules_ask(second_person):
    record = write(by=factories.actor("alpha"), topic="a")
    proposed = release(record, "beta")
    assert (proposed.state, seen("beta", record), deliveries_of("beta")) == ("proposed", False, [])
    with pytest.raises(Refused) as same:
        actions.approve_release(by=factories.actor("alpha"), release=proposed)
    assert same.value.code == "same_person"
    other = replace(factories.actor("alpha"), account_id=factories.account("alpha", "observer").pk)
    with pytest.raises(Refused) as role:
        actions.approve_release(by=other, release=proposed)
    assert role.value.code == "second_role"


def test_mark_may_not_be_more_open_than_the_rule(second_person):
    record = write(by=factories.actor("alpha"), topic="a")
    with pytest.raises(Refused) as refused:
        release(record, "un", marking="CLEAR")
    assert refused.value.code == "marking_too_open"


def test_room_receives_nothing_above_its_ceiling(own_database, kind):
    Room.objects.using("owner").filter(slug="press").update(tlp_ceiling="CLEAR")
    record = write(by=factories.actor("alpha"), topic="a")
    with pytest.raises(Refused) as refused:
        release(record, "press", marking="AMBER")
    assert refused.value.code == "above_ceiling"


def test_release_ends_by_itself_at_its_hour(own_database, kind):
    record = write(by=factories.actor("alpha"), topic="a")
    release(record, "beta", until=datetime.now(UTC) + timedelta(seconds=4))
    assert seen("beta", record)
    time.sleep(4.1)
    assert not seen("beta", record)


def test_second_persons_agreement_opens_the_door(second_person):
    record = write(by=factories.actor("alpha"), topic="a")
    proposed = release(record, "beta")
    account = factories.account("un")
    membership = actions_of_rooms.grant_membership(by=factories.actor("alpha"), account=account, roles=["officer"])
    second = replace(factories.actor("alpha"), account_id=membership.account_id)
    assert (actions.approve_release(by=second, release=proposed).state, seen("beta", record)) == ("in_force", True)


def test_declined_release_lets_nothing_pass(second_person):
    record = write(by=factories.actor("alpha"), topic="a")
    declined = actions.decline_release(by=factories.actor("alpha"), release=release(record, "beta"), reason="not now")
    assert (declined.state, seen("beta", record)) == ("declined", False)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update ledger_grant set until = null where until is not null", "row_altered"),
        ("update ledger_grant set room_id = (select id from rooms_room where slug = 'press') where name = 'reason'", "row_altered"),
        ("insert into ledger_grant select gen_random_uuid(), room_id, granted_by_id, entry_id, 'by', release_id, until from ledger_grant limit 1", "row_without_act"),
        ("delete from ledger_grant", "row_missing"),
    ],
)  # fmt: skip
def test_what_a_superuser_alters_of_opened_facts_is_named(superuser, kind, statement, expected):
    record = write(by=factories.actor("alpha"), topic="a")
    released = release(record, "beta")
    actions.recall_release(by=factories.actor("alpha"), release=released, reason="enough")
    assert audit(None).findings == []
    superuser.execute(statement)
    assert {(one.code, one.where.split(" ")[0]) for one in audit(None).findings} == {(expected, "ledger.grant")}
