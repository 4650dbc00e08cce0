"""Doors: what passes, to whom, until when; what comes back; and who must agree."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tansiq.building.doors import actions
from tansiq.building.doors.actions import Asked
from tansiq.building.doors.models import Delivery, Release
from tansiq.building.doors.queries import share_state_of
from tansiq.building.ledger.models import Entry, Fact
from tansiq.building.ledger.queries import opened
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.acts import Done, act, own_audience
from tansiq.building.rooms.refusals import Refused
from tansiq.building.wall.context import room_context
from tests import factories

pytestmark = pytest.mark.django_db


@act("doors.test.write")
def write(*, by, topic):
    record = Release.objects.create(
        room_id=by.room_id, audience_id=own_audience(by.room_id), record_type="x", record_id=uuid.uuid4(), lines=[],
        marking="GREEN", reason=topic, state="declined",
    )  # fmt: skip
    return Done(record, wrote=[record], facts={"topic": topic})


def seen(slug, record):
    with eyes_of(factories.actor(slug)):
        return Release.objects.filter(pk=record.pk).exists()


def asked(*slugs, **changed):
    base = Asked(("headline",), tuple(factories.room(slug) for slug in slugs), "GREEN", "they asked")
    return replace(base, **changed)


def release(record, *slugs, by=None, **changed):
    return actions.propose_release(
        by=by or factories.actor("alpha"), code="test_record", record_id=record.pk, asked=asked(*slugs, **changed)
    )


def test_release_lets_the_receiver_read_and_nobody_else(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    assert [seen(slug, record) for slug in ("alpha", "beta", "un")] == [True, False, False]
    release(record, "beta")
    assert [seen(slug, record) for slug in ("alpha", "beta", "un")] == [True, True, False]


def test_recall_takes_it_back_and_tells_the_receiver(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    decided = release(record, "beta", "un")
    actions.recall_release(by=factories.actor("alpha"), release=decided, reason="sent by mistake")
    assert [seen(slug, record) for slug in ("alpha", "beta", "un")] == [True, False, False]
    with room_context(room_ids=(factories.room_id("beta"),)):
        delivery = Delivery.objects.get()
    assert (delivery.recall_reason, delivery.receiver.slug) == ("sent by mistake", "beta")
    receipt = actions.acknowledge_recall(by=factories.actor("beta"), delivery=delivery)
    with room_context(room_ids=(factories.room_id("alpha"),)):
        assert type(receipt).objects.get().delivery_id == delivery.pk


def test_recall_leaves_what_another_release_still_lets_through(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    first = release(record, "beta", "un")
    release(record, "beta")
    actions.recall_release(by=factories.actor("alpha"), release=first, reason="too wide")
    assert [seen(slug, record) for slug in ("beta", "un")] == [True, False]


def test_release_until_an_hour_is_read_until_then(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    hour = datetime.now(UTC) + timedelta(hours=1)
    release(record, "beta", until=hour)
    assert (seen("beta", record), seen("un", record)) == (True, False)
    assert [delivery.until for delivery in deliveries_of("beta")] == [hour]


def deliveries_of(slug):
    with eyes_of(factories.actor(slug)):
        return list(Delivery.objects.all())


def test_receiver_cannot_pass_it_on_and_the_owner_learns_of_the_try(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    release(record, "beta")
    with pytest.raises(Refused) as refused:
        release(record, "un", by=factories.actor("beta"))
    assert refused.value.code == "originator_only"
    assert not seen("un", record)
    with room_context(room_ids=(factories.room_id("alpha"),)):
        assert Entry.objects.filter(act="doors.onward.refuse").count() == 1


def test_receiver_sees_its_own_delivery_and_not_who_else_received(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    release(record, "beta", "un")
    assert [delivery.receiver.slug for delivery in deliveries_of("beta")] == ["beta"]
    with eyes_of(factories.actor("beta")):
        assert list(Release.objects.values_list("pk", flat=True)) == [record.pk]
        state = share_state_of(list(Release.objects.filter(pk=record.pk)), factories.actor("beta"))[record.pk]
    assert (state.kind, [room["en"] for room in state.rooms]) == ("received", ["Room alpha"])


def test_owner_sees_with_whom_a_row_is_shared(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    release(record, "beta", "un")
    with room_context(room_ids=(factories.room_id("alpha"),)):
        state = share_state_of(list(Release.objects.filter(pk=record.pk)), factories.actor("alpha"))[record.pk]
    assert (state.kind, sorted(room["en"] for room in state.rooms)) == ("released", ["Room beta", "Room un"])


def test_proof_of_the_record_goes_with_the_release_and_ends_with_the_recall(kind):
    record = write(by=factories.actor("alpha"), topic="secret topic")
    decided = release(record, "beta")
    beta = (factories.room_id("beta"),)
    with room_context(room_ids=beta):
        entry = Entry.objects.get(object_id=record.pk, act="doors.test.write")
        names = set(Fact.objects.filter(entry_id=entry.pk).values_list("name", flat=True))
    assert names == {"act", "at", "object", "record", "room"}
    actions.recall_release(by=factories.actor("alpha"), release=decided, reason="enough")
    with room_context(room_ids=beta):
        assert not Entry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lines": ()}, "no_line"),
        ({"lines": ("detail",)}, "no_such_line"),
        ({"receivers": ()}, "no_receiver"),
        ({"reason": "  "}, "reason_missing"),
        ({"until": datetime(2020, 1, 1, tzinfo=UTC)}, "until_past"),
    ],
)
def test_proposal_that_lacks_something_is_refused(kind, changed, code):
    record = write(by=factories.actor("alpha"), topic="a")
    with pytest.raises(Refused) as refused:
        release(record, "beta", **changed)
    assert refused.value.code == code
    assert not seen("beta", record)


def told(slug, act):
    """What a room is told of an act by the ledger: the facts of each entry that it may open, but for ids and hours."""
    with eyes_of(factories.actor(slug)):
        found = opened(Entry.objects.filter(act=act).order_by("at"))
        return [{name: one.facts[name] for name in one.facts if name not in ("room", "at", "object")} for one in found]


def test_receiver_reads_the_entries_of_the_release_and_of_its_recall_for_good(kind):
    record = write(by=factories.actor("alpha"), topic="a")
    released = release(record, "beta", "un")
    passed = {
        "act": "doors.release.propose", "record": "doors.release", "of": str(record.pk), "lines": ["headline"],
        "tlp": "GREEN", "until": None, "orcon": True, "reason": "they asked",
    }  # fmt: skip
    assert [told(slug, "doors.release.propose") for slug in ("beta", "un", "press")] == [[passed], [passed], []]
    assert told("beta", "doors.test.write") == [{"act": "doors.test.write", "record": "doors.release"}]
    actions.recall_release(by=factories.actor("alpha"), release=released, reason="enough")
    recalled = {
        "act": "doors.release.recall", "record": "doors.release", "of": str(record.pk), "reason": "enough"
    }  # fmt: skip
    assert [told(slug, "doors.release.recall") for slug in ("beta", "un", "press")] == [[recalled], [recalled], []]
    assert told("beta", "doors.release.propose") == [passed]
    assert told("beta", "doors.test.write") == []


def test_receiver_is_not_told_what_is_written_between_release_and_recall(kind):
    """Later acts on the record may concern lines that it does not read."""
    record = write(by=factories.actor("alpha"), topic="a")
    release(record, "beta")
    release(record, "un")
    assert len(told("beta", "doors.release.propose")) == 1
    assert len(told("alpha", "doors.release.propose")) == 2
