"""What is added to a released consignment is read by its receivers too, and by nobody after the recall."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tansiq.building.doors import actions as doors
from tansiq.building.doors.actions import Asked
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, AidMeasure
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def consignment(by):
    stated = ConsignmentStatement(
        reference="C-1", consignor_class="un", lines=(LineStatement(Decimal(20), "pallet", commodity="rice"),)
    )
    return actions.register_consignment(by=by, statement=stated)


def release(by, consignment, *lines):
    asked = Asked(lines or ("headline", "detail"), (factories.room("beta"),), "GREEN", "they carry it on")
    return doors.propose_release(by=by, code="aid_consignment", record_id=consignment.pk, asked=asked)


def seen_from_beta(eyes):
    with eyes(factories.actor("beta")):
        return AidEvent.objects.count(), AidMeasure.objects.count()


def test_new_event_of_a_released_consignment_is_read_by_the_receiver(by, eyes, scan, consignment):
    stated = replace(scan(), consignment="C-1")
    actions.record_event(by=by, statement=stated)
    assert seen_from_beta(eyes) == (0, 0)
    release(by, consignment)
    assert seen_from_beta(eyes) == (1, 2)
    actions.record_event(by=by, statement=replace(scan("T2"), consignment="C-1"))
    assert seen_from_beta(eyes) == (2, 4)


def test_only_the_released_line_is_read(by, eyes, scan, consignment):
    release(by, consignment, "headline")
    actions.record_event(by=by, statement=replace(scan(), consignment="C-1"))
    assert seen_from_beta(eyes) == (1, 0)


def test_event_of_another_consignment_stays_inside(by, eyes, scan, consignment):
    release(by, consignment)
    actions.record_event(by=by, statement=scan("T9"))
    assert seen_from_beta(eyes) == (0, 0)


def test_correction_of_a_released_event_is_read_by_the_receiver(by, eyes, scan, consignment):
    event = actions.record_event(by=by, statement=replace(scan(), consignment="C-1"))
    release(by, consignment)
    right = replace(scan(pallets=8), consignment="C-1")
    actions.correct_event(by=by, event_id=event.pk, reason="counted again", statement=right)
    assert seen_from_beta(eyes) == (2, 4)


def test_recall_takes_back_what_was_added_since_the_release(by, eyes, scan, consignment):
    decided = release(by, consignment)
    actions.record_event(by=by, statement=replace(scan(), consignment="C-1"))
    doors.recall_release(by=by, release=decided, reason="a mistake")
    assert seen_from_beta(eyes) == (0, 0)
