"""Rules that are read at the hour of each decision, and several people at work at once."""

import threading
import uuid
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.utils import translation

from tansiq.building.doors import actions
from tansiq.building.doors.models import Release
from tansiq.building.doors.queries import audience_now, share_state_of
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.models import Operation, Room
from tansiq.building.rooms.queries import audience
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tests import factories
from tests.building.doors.conftest import row, seen_of, write_whole
from tests.building.doors.test_overlap import alpha, deliveries_of, recall, release


def test_unknown_mark_is_refused_and_rooms_are_named_in_the_readers_language(own_database, three_lines):
    Room.objects.using("owner").filter(slug="press").update(tlp_ceiling="CLEAR")
    record = write_whole(by=alpha(), text="a")
    with pytest.raises(Refused) as unknown:
        release(record, "press", marking="PINK")
    with translation.override("ar"), pytest.raises(Refused) as above:
        release(record, "press")
    assert (unknown.value.code, above.value.params["room"]) == ("unknown_marking", "غرفة press")


def test_every_lines_rule_must_accept_the_second_person(own_database, three_lines):
    lines = {
        "headline": {"second_person": [{"room_kinds": ["press"], "roles": ["officer", "observer"]}]},
        "detail": {"second_person": [{"room_kinds": ["press"], "roles": ["director"]}]},
    }
    rules = {"record_types": {"test_whole": {"lines": lines}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    proposed = release(write_whole(by=alpha(), text="a"), "press", lines=("headline", "detail"))
    assert proposed.second_roles == [["observer", "officer"], ["director"]]
    observer = replace(alpha(), account_id=factories.account("alpha", "observer").pk)
    with pytest.raises(Refused) as refused:
        actions.approve_release(by=observer, release=proposed)
    assert refused.value.params["roles"] == "observer, officer; director"


def test_agreement_obeys_the_rules_of_its_own_hour(own_database, three_lines):
    rule = {"second_person": [{"room_kinds": ["press"], "roles": ["observer"]}]}
    rules = {"record_types": {"test_whole": {"lines": {"headline": rule}}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    proposed = release(write_whole(by=alpha(), text="a"), "press")
    Room.objects.using("owner").filter(slug="press").update(tlp_ceiling="CLEAR")
    observer = replace(alpha(), account_id=factories.account("alpha", "observer").pk)
    with pytest.raises(Refused) as refused:
        actions.approve_release(by=observer, release=proposed)
    assert (refused.value.code, deliveries_of("press")) == ("above_ceiling", [])


def test_proposal_and_refusal_stay_unseen_by_the_receiver(own_database, three_lines):
    rule = {"second_person": [{"room_kinds": ["party"], "roles": ["officer"]}]}
    rules = {"record_types": {"test_whole": {"lines": {"headline": rule}}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    record = write_whole(by=alpha(), text="a")
    proposed = release(record, "beta")
    with eyes_of(alpha()):
        own = share_state_of([Release.objects.get(pk=record.pk)], alpha())[record.pk]
    actions.decline_release(by=alpha(), release=proposed, reason="no")
    assert (own.kind, own.is_pending, deliveries_of("beta"), seen_of("beta", record)) == ("own", True, [], [])


def test_two_releases_at_once_lose_no_reader(own_database, three_lines):
    record = write_whole(by=alpha(), text="a")
    for slug in ("beta", "un"):
        recall(release(record, slug))  # the labels are there already: making one would keep others waiting anyway
    second = threading.Thread(target=lambda: (release(record, "un"), connection.close()))
    with room_context(room_ids=(alpha().room_id,)), transaction.atomic():
        release(record, "beta")
        second.start()
        second.join(timeout=0.5)
        assert second.is_alive(), "the second waits until the first is written"
    second.join()
    assert [seen_of(slug, record) for slug in ("beta", "un")] == [["a", "a headline"]] * 2


def test_row_added_while_a_recall_runs_is_not_left_open(own_database, three_lines):
    record = write_whole(by=alpha(), text="a")
    decided = release(record, "beta")
    recalled = threading.Thread(target=lambda: (recall(decided), connection.close()))
    with room_context(room_ids=(alpha().room_id,)), transaction.atomic():
        label = audience_now("test_whole", record.pk, "headline", alpha())
        recalled.start()
        recalled.join(timeout=0.5)
        assert recalled.is_alive(), "the recall waits for the row"
        row(alpha(), label, record.pk, "row_headline", str(uuid.uuid4()))
    recalled.join()
    assert seen_of("beta", record) == []


def test_row_that_gets_a_younger_label_while_a_statement_waits_for_it_is_absent_and_no_fault(own_database, three_lines):
    record, found = write_whole(by=alpha(), text="a"), []

    def wait_for_it():
        with eyes_of(alpha()):
            found.append(Release.objects.select_for_update().filter(pk=record.pk).first())
        connection.close()

    waiting = threading.Thread(target=wait_for_it)
    with room_context(room_ids=(alpha().room_id,)), transaction.atomic():
        kept = Release.objects.select_for_update().get(pk=record.pk)
        waiting.start()
        waiting.join(timeout=0.5)
        assert waiting.is_alive(), "the statement waits for the row"
        readers = [[(factories.room_id(slug), None)] for slug in ("beta", "un", "ngo", "press")]
        labels = [audience(alpha().room_id, some) for some in readers]
        assert labels[-1] > kept.audience_id + len(labels) - 1, "the row's last label is younger than the mask"
        Release.objects.filter(pk=record.pk).update(audience_id=labels[-1])
    waiting.join()
    assert found == [None]
    with eyes_of(alpha()):
        assert Release.objects.get(pk=record.pk).audience_id == labels[-1]
