"""Several releases of one record, of parts of it, of rows that come later: nobody reads too much or too little."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tansiq.building.doors import actions
from tansiq.building.doors.actions import Asked
from tansiq.building.doors.models import Delivery, Release
from tansiq.building.doors.queries import share_state_of
from tansiq.building.ledger.models import Entry
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.models import News
from tansiq.building.rooms.queries import plain_labels
from tansiq.building.rooms.refusals import Refused
from tests import factories
from tests.building.doors.conftest import add_row, seen_of, write_whole

pytestmark = pytest.mark.django_db


def alpha():
    return factories.actor("alpha")


def release(record, *slugs, lines=("headline",), code="test_whole", by=None, **changed):
    asked = Asked(tuple(lines), tuple(factories.room(slug) for slug in slugs), "GREEN", "they asked")
    return actions.propose_release(
        by=by or alpha(), code=code, record_id=record.pk, asked=replace(asked, **changed)
    )  # fmt: skip


def recall(decided):
    return actions.recall_release(by=alpha(), release=decided, reason="enough")


def test_only_the_chosen_lines_pass(three_lines):
    record = write_whole(by=alpha(), text="a")
    release(record, "beta", lines=("headline", "detail"))
    release(record, "un")
    assert [seen_of(slug, record) for slug in ("beta", "un", "ngo")] == [
        ["a", "a detail", "a headline"], ["a", "a headline"], [],
    ]  # fmt: skip


def test_rows_with_readers_of_their_own_keep_them_through_release_and_recall(three_lines):
    record = write_whole(by=alpha(), text="a", part_readers=[factories.room_id("guarantors")])
    before = seen_of("guarantors", record)
    decided = release(record, "guarantors", "un")
    assert (seen_of("guarantors", record), seen_of("un", record)) == (["a", "a headline"], ["a", "a headline"])
    recall(decided)
    assert (before, seen_of("guarantors", record), seen_of("un", record)) == (["a headline"], ["a headline"], [])


def test_recall_of_one_of_two_leaves_what_the_other_lets_through(three_lines):
    record = write_whole(by=alpha(), text="a")
    wide = release(record, "beta", "un", lines=("headline", "detail"))
    release(record, "beta")
    recall(wide)
    assert [seen_of(slug, record) for slug in ("beta", "un")] == [["a", "a headline"], []]


def test_longer_of_two_releases_counts_whichever_came_first(three_lines):
    record = write_whole(by=alpha(), text="a")
    hour = datetime.now(UTC) + timedelta(hours=1)
    release(record, "beta", until=hour)
    release(record, "beta")
    release(record, "beta", until=hour + timedelta(hours=1))
    with eyes_of(alpha()):
        state = share_state_of([Release.objects.get(pk=record.pk)], alpha())[record.pk]
    assert (state.kind, state.until, [room["en"] for room in state.rooms]) == ("released", None, ["Room beta"])


def test_row_added_to_a_released_record_is_read_by_its_receivers_until_the_recall(three_lines):
    record = write_whole(by=alpha(), text="a")
    decided = release(record, "beta", lines=("headline", "detail"))
    add_row(by=alpha(), record=record, line="headline", text="b")
    add_row(by=alpha(), record=record, line="identities", text="c")
    assert seen_of("beta", record) == ["a", "a detail", "a headline", "b"]
    recall(decided)
    assert seen_of("beta", record) == []
    add_row(by=alpha(), record=record, line="headline", text="d")
    assert (seen_of("beta", record), "d" in seen_of("alpha", record)) == ([], True)


def test_part_released_on_its_own_stays_released_when_the_whole_is_recalled(three_lines):
    record = write_whole(by=alpha(), text="a")
    with eyes_of(alpha()):
        part = Release.objects.get(record_id=record.pk, record_type="row_headline")
    of_part = release(part, "un", code="test_part")
    of_whole = release(record, "beta")
    assert [seen_of(slug, record) for slug in ("un", "beta")] == [["a headline"], ["a", "a headline"]]
    recall(of_whole)
    assert [seen_of(slug, record) for slug in ("un", "beta")] == [["a headline"], []]
    again = release(record, "beta")
    recall(of_part)
    assert [seen_of(slug, record) for slug in ("un", "beta")] == [[], ["a", "a headline"]]
    recall(again)
    with eyes_of(alpha()):
        labels = set(Release.objects.filter(record_id=record.pk).values_list("audience_id", flat=True))
        assert plain_labels(labels) == {label: label for label in labels}


def test_lines_below_pass_only_to_who_reads_the_headline(three_lines):
    record = write_whole(by=alpha(), text="a")
    with pytest.raises(Refused) as refused:
        release(record, "beta", lines=("detail",))
    assert (refused.value.code, refused.value.params["room"]) == ("headline_missing", "Room beta")
    hour = datetime.now(UTC) + timedelta(hours=1)
    release(record, "beta", until=hour)
    with pytest.raises(Refused):
        release(record, "beta", lines=("detail",))
    release(record, "beta", lines=("detail",), until=hour)
    assert seen_of("beta", record) == ["a", "a detail", "a headline"]


def deliveries_of(slug):
    with eyes_of(factories.actor(slug)):
        return list(Delivery.objects.all())


def test_release_of_another_room_cannot_be_decided(three_lines):
    decided = release(write_whole(by=alpha(), text="a"), "beta")
    for action, asked in (
        (actions.recall_release, {"reason": "mine now"}), (actions.decline_release, {"reason": "no"}),
        (actions.approve_release, {}),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            action(by=factories.actor("beta"), release=decided, **asked)
        assert refused.value.code == "not_found"


def test_stale_decision_is_refused(three_lines):
    decided = release(write_whole(by=alpha(), text="a"), "beta")
    recall(decided)
    decided.state = "in_force"
    with pytest.raises(Refused) as refused:
        recall(decided)
    assert refused.value.code == "not_in_force"


def test_person_without_the_role_cannot_fill_another_rooms_ledger(three_lines):
    record = write_whole(by=alpha(), text="a")
    release(record, "beta")
    with pytest.raises(Refused) as refused:
        release(record, "un", by=factories.actor("beta", "observer"))
    assert refused.value.code == "not_permitted"
    with eyes_of(alpha()):
        assert not Entry.objects.filter(act="doors.onward.refuse").exists()


def test_receivers_learn_of_each_other_only_when_the_owner_says_so(three_lines):
    record = write_whole(by=alpha(), text="a")
    release(record, "beta", "un")
    release(record, "beta", "ngo", "beta", names_receivers=True)
    assert sorted(one.releasable_to for one in deliveries_of("beta")) == [["beta"], ["beta", "ngo"]]


def test_receivers_pages_wake_at_release_and_recall_and_nobody_elses(three_lines):
    def news(slug):
        with eyes_of(factories.actor(slug)):
            return [one.topics for one in News.objects.filter(topics__contains=["doors.delivery"])]

    decided = release(write_whole(by=alpha(), text="a"), "beta")
    recall(decided)
    assert (news("beta"), news("un")) == ([["doors.delivery", "test.whole"]] * 2, [])


def test_recall_is_noted_once_and_by_its_receiver_alone(three_lines):
    recall(release(write_whole(by=alpha(), text="a"), "beta"))
    (delivery,) = deliveries_of("beta")
    with pytest.raises(Refused) as other:
        actions.acknowledge_recall(by=factories.actor("un"), delivery=delivery)
    actions.acknowledge_recall(by=factories.actor("beta"), delivery=delivery)
    with pytest.raises(Refused) as twice:
        actions.acknowledge_recall(by=factories.actor("beta"), delivery=delivery)
    assert (other.value.code, twice.value.code) == ("not_recalled", "already_noted")
