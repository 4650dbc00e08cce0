"""The place of an event may be an exact site: who reads a headline alone finds it nowhere, and the owner everywhere."""

import re
from decimal import Decimal

import pytest

from tansiq.building.doors.actions import Asked, propose_release
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidMeasure
from tansiq.desks.aid.queries.counts import count, period_of_days
from tansiq.desks.aid.queries.measures import explain
from tansiq.desks.aid.queries.reference import definition
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests import factories
from tests.desks.aid.conftest import NOON
from tests.desks.aid.test_closed_codes import client, text_of

pytestmark = pytest.mark.django_db
SITE = "Gate 7 of the northern store"
FORMER = "Gate 6 of the northern store"


@pytest.fixture
def event(by, scan):
    """A truck of a consignment at an exact site, corrected once; its headline is released to another room."""
    consignment = register(by, "C-7")
    wrong = actions.record_event(by=by, statement=scan(consignment="C-7", place=FORMER))
    event = actions.correct_event(
        by=by, event_id=wrong.pk, reason="wrong gate", statement=scan(consignment="C-7", place=SITE)
    )
    pass_on(by, consignment.pk, "headline")
    return event


def register(by, reference):
    stated = ConsignmentStatement(reference, (LineStatement(Decimal(10), "pallet", "rice"),))
    return actions.register_consignment(by=by, statement=stated)


def pass_on(by, consignment_id, *lines):
    asked = Asked(lines, (factories.room("ngo"),), "GREEN", "they ask where it is")
    propose_release(by=by, code="aid_consignment", record_id=consignment_id, asked=asked)


def addresses(event):
    return [
        "/aid/", "/aid/?format=csv", "/aid/?format=xlsx", f"/aid/events/{event.pk}/",
        f"/aid/consignments/{event.consignment_id}/",
    ]  # fmt: skip


def test_place_is_absent_wherever_a_headline_is_read(event):
    un, ngo = client("un"), client("ngo")
    for address in addresses(event):
        own, received = un.get(address), ngo.get(address)
        assert (own.status_code, received.status_code) == (200, 200), address
        assert SITE in text_of(own), address
        assert "northern store" not in text_of(received), address
    former = f"/aid/events/{event.corrects_id}/"
    assert FORMER in text_of(un.get(former)) and "northern store" not in text_of(ngo.get(former))
    for address in ("/api/v1/aid/events", "/doors/received/"):
        assert "northern store" not in text_of(ngo.get(address)), address


def test_place_is_read_with_the_detail(by, event):
    pass_on(by, event.consignment_id, "headline", "detail")
    for address in addresses(event):
        assert SITE in text_of(client("ngo").get(address)), address


def test_correction_form_shows_the_place_and_keeps_it(event):
    page = client("un").get(f"/aid/events/{event.pk}/correct/").content.decode()
    assert re.search(f'name="place" value="{SITE}"', page)


def test_place_without_a_quantity_is_kept_and_never_counted(by, eyes, scan):
    register(by, "C-8")
    body = {"measure": "events", "stages": ["entered"]}
    actions.define_count(by=by, code="all_entered", names={"en": "All that entered"}, body=body)
    actions.record_event(by=by, statement=scan())
    event = actions.record_event(by=by, statement=scan("", consignment="C-8", place=SITE, quantities=()))
    with eyes(by):
        assert list(AidMeasure.objects.filter(event=event).values_list("unit", "place")) == [("", SITE)]
        rule = definition(by, "all_entered")
        period = period_of_days(rule, NOON.date(), NOON.date())
        assert count(by, rule, period).total == 1
        assert explain(by, rule, rule, period).agreed == 1
    page = client("un").get(f"/aid/events/{event.pk}/").content.decode()
    assert SITE in page and "No quantity is stated" in page
