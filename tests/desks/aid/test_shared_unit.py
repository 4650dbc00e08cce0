"""A truck in several events that pass to different rooms: each receiver keeps what it was given."""

from decimal import Decimal

import pytest

from tansiq.building.doors import actions as doors
from tansiq.building.doors.actions import Asked
from tansiq.building.doors.queries import touched
from tansiq.building.doors.rules import record_type
from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, AidMeasure, HandlingUnit
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests import factories

pytestmark = pytest.mark.django_db


def release(by, record, *slugs, lines=("headline", "detail"), code="aid_event"):
    asked = Asked(lines, tuple(factories.room(slug) for slug in slugs), "AMBER", "they meet it")
    return doors.propose_release(by=by, code=code, record_id=record.pk, asked=asked)


def recall(by, decided):
    doors.recall_release(by=by, release=decided, reason="enough")


def seen_from(slug):
    """The codes of units, the stages of events and the number of measures that a room reads."""
    with eyes_of(factories.actor(slug)):
        codes = sorted(HandlingUnit.objects.values_list("code", flat=True))
        stages = sorted(AidEvent.objects.values_list("stage", flat=True))
        return codes, stages, AidMeasure.objects.count()


@pytest.fixture
def two(by, scan):
    """Two events of one truck."""
    return [actions.record_event(by=by, statement=scan(stage=stage)) for stage in ("screened", "entered")]


NOTHING = ([], [], 0)


@pytest.mark.parametrize("first", [0, 1])
def test_recall_of_one_event_leaves_the_unit_to_the_receiver_of_the_other(by, two, first):
    stages = ("screened", "entered")
    decided = [release(by, two[first], "beta"), release(by, two[1 - first], "ngo")]
    assert seen_from("beta") == (["T1"], [stages[first]], 2)
    assert seen_from("ngo") == (["T1"], [stages[1 - first]], 2)
    recall(by, decided[1])
    assert (seen_from("beta"), seen_from("ngo")) == ((["T1"], [stages[first]], 2), NOTHING)
    recall(by, decided[0])
    assert (seen_from("beta"), seen_from("ngo")) == (NOTHING, NOTHING)


def test_release_of_another_headline_leaves_the_unit_open(by, two):
    release(by, two[0], "beta")
    recall(by, release(by, two[1], "ngo", lines=("headline",)))
    assert seen_from("beta") == (["T1"], ["screened"], 2)
    assert seen_from("ngo") == NOTHING


def test_unit_of_a_consignment_stays_with_the_receiver_of_an_event(by, scan):
    line = LineStatement(Decimal(10), "pallet", "rice")
    consignment = actions.register_consignment(
        by=by, statement=ConsignmentStatement("C-1", (line,), units=(("T1", "truck"),))
    )
    event = actions.record_event(by=by, statement=scan(consignment="C-1"))
    release(by, event, "beta")
    of_whole = release(by, consignment, "ngo", code="aid_consignment")
    assert (seen_from("beta"), seen_from("ngo")) == ((["T1"], ["entered"], 2), (["T1"], ["entered"], 2))
    recall(by, of_whole)
    assert (seen_from("beta"), seen_from("ngo")) == ((["T1"], ["entered"], 2), NOTHING)


def test_editions_of_an_event_are_read_by_the_receivers_of_each(by, two, scan):
    release(by, two[1], "beta")
    right = scan(pallets=8)
    corrected = actions.correct_event(by=by, event_id=two[1].pk, reason="counted again", statement=right)
    assert seen_from("beta") == (["T1"], ["entered", "entered"], 4)
    decided = release(by, corrected, "ngo")
    assert seen_from("ngo") == (["T1"], ["entered", "entered"], 4)
    actions.correct_event(by=by, event_id=corrected.pk, reason="and again", statement=scan(pallets=9))
    assert seen_from("beta") == seen_from("ngo") == (["T1"], ["entered"] * 3, 6)
    recall(by, decided)
    assert (seen_from("beta"), seen_from("ngo")) == ((["T1"], ["entered"] * 3, 6), NOTHING)


def test_decisions_on_records_that_share_a_unit_wait_for_each_other(by, two):
    with eyes_of(by):
        held = [touched(record_type("aid_event"), by.room_id, event.pk) for event in two]
    assert held[0] == held[1] == {("aid_event", event.pk) for event in two}
