"""An act: permission, rows, ledger entry and news, together or not at all, and once for each key."""

import uuid

import pytest
from django.db import connection

from tansiq.building.ledger.models import Entry, Fact, Manifest
from tansiq.building.ledger.rows import read_manifest, row_digests
from tansiq.building.rooms import actions
from tansiq.building.rooms.actors import memberships_of
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Membership, News
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db


def entries_of(slug: str) -> list[Entry]:
    with room_context(room_ids=(factories.room_id(slug),)):
        return list(Entry.objects.filter(room_id=factories.room_id(slug)).order_by("seq"))


def test_act_writes_row_entry_manifest_and_news():
    before = len(entries_of("alpha"))
    membership = actions.grant_membership(
        by=factories.actor("alpha"), account=factories.account("beta"), roles=["observer"]
    )
    entry = entries_of("alpha")[-1]
    assert (len(entries_of("alpha")), entry.seq, entry.act) == (
        before + 1,
        before + 1,
        "rooms.membership.grant",
    )
    with room_context(room_ids=(membership.room_id,)):
        assert Fact.objects.filter(entry_id=entry.pk).count() >= 10
        body = bytes(Manifest.objects.get(entry_id=entry.pk).body)
        assert list(read_manifest(body)) == [("rooms.membership", row_digests(connection, Membership, [membership.pk]))]
        assert News.objects.filter(entry_id=entry.pk).values_list("topics", flat=True).get() == ["rooms.membership"]


def test_refused_act_writes_nothing():
    before = len(entries_of("alpha"))
    with pytest.raises(Refused) as refused:
        actions.grant_membership(
            by=factories.actor("alpha", "observer"), account=factories.account("beta"), roles=["officer"]
        )
    assert (refused.value.code, len(entries_of("alpha"))) == ("not_permitted", before)


def test_failing_act_leaves_neither_row_nor_entry():
    @act("rooms.membership.fail")
    def fail(*, by, account):
        Membership.objects.create(room_id=by.room_id, account=account, roles=["officer"])
        raise Refused("not_found")

    before = len(entries_of("alpha"))
    with pytest.raises(Refused):
        fail(by=factories.actor("alpha"), account=factories.account("un"))
    assert len(entries_of("alpha")) == before
    assert [m.room.slug for m in memberships_of(factories.account("un"))] == ["un"]


def test_repeated_key_is_done_once_and_answered_the_same():
    key, asked = uuid.uuid4(), {"account": factories.account("beta"), "roles": ["observer"]}
    first = actions.grant_membership(by=factories.actor("alpha"), key=key, **asked)
    before = len(entries_of("alpha"))
    second = actions.grant_membership(by=factories.actor("alpha"), key=key, **asked)
    assert (second.pk, len(entries_of("alpha"))) == (first.pk, before)


def test_key_with_another_content_is_refused():
    key = uuid.uuid4()
    actions.grant_membership(
        by=factories.actor("alpha"), key=key, account=factories.account("beta"), roles=["observer"]
    )
    with pytest.raises(Refused, match="already used"):
        actions.grant_membership(
            by=factories.actor("alpha"), key=key, account=factories.account("beta"), roles=["officer"]
        )


def test_same_key_in_another_room_is_another_key():
    key = uuid.uuid4()
    first = actions.grant_membership(
        by=factories.actor("alpha"), key=key, account=factories.account("un"), roles=["observer"]
    )
    second = actions.grant_membership(
        by=factories.actor("beta"), key=key, account=factories.account("un"), roles=["observer"]
    )
    assert first.pk != second.pk


def test_chain_of_a_room_has_no_gap():
    for _ in range(3):
        actions.grant_membership(by=factories.actor("alpha"), account=factories.account("un"), roles=["observer"])
    assert [entry.seq for entry in entries_of("alpha")] == list(range(1, len(entries_of("alpha")) + 1))


def test_runtime_role_can_fill_the_queue_but_not_read_it():
    with connection.cursor() as cursor:
        cursor.execute(
            "select has_table_privilege('tansiq_rt', 'ledger_queue', 'insert'), "
            "has_table_privilege('tansiq_rt', 'ledger_queue', 'select'), "
            "has_table_privilege('tansiq_rt', 'ledger_entry', 'update'), "
            "has_table_privilege('tansiq_rt', 'ledger_entry', 'delete')"
        )
        assert cursor.fetchone() == (True, False, False, False)


def test_action_must_hand_back_what_it_did():
    @act("rooms.room.nothing")
    def nothing(*, by):
        return Done(None, facts={"said": "hello"})

    assert nothing(by=factories.actor("alpha")) is None
    assert entries_of("alpha")[-1].act == "rooms.room.nothing"


def test_act_cannot_state_what_the_ledger_itself_states():
    @act("rooms.room.pretend")
    def pretend(*, by):
        return Done(None, facts={"at": "yesterday"})

    before = len(entries_of("alpha"))
    with pytest.raises(ValueError, match="writes these facts itself"):
        pretend(by=factories.actor("alpha"))
    assert len(entries_of("alpha")) == before
