"""A released consignment and what is recorded of it later, as the receiving room finds them."""

from decimal import Decimal

import pytest
from django.test import Client, RequestFactory

from tansiq.building.doors.actions import Asked, propose_release
from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.aid import actions
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tansiq.desks.aid.views.records import show_consignment, show_event
from tests import factories

pytestmark = pytest.mark.django_db


def client(slug: str) -> Client:
    found = Client()
    found.force_login(factories.account(slug))
    return found


@pytest.fixture
def consignment(by):
    lines = (LineStatement(Decimal(10), "pallet", "rice"),)
    statement = ConsignmentStatement("C-7", lines, "un", "", (("T1", "truck"),), {"manifest": "M 7"}, "A driver")
    return actions.register_consignment(by=by, statement=statement)


def release(by, record, *lines: str, code: str = "aid_consignment"):
    asked = Asked(lines, (factories.room("ngo"),), "AMBER", "shared convoy")
    return propose_release(by=by, code=code, record_id=record.pk, asked=asked)


def test_receiver_reads_the_released_lines_and_later_events_alone(by, consignment, scan):
    path, ngo = f"/aid/consignments/{consignment.pk}/", client("ngo")
    assert ngo.get(path).status_code == 404
    release(by, consignment, "headline", "detail")
    event = actions.record_event(by=by, statement=scan("T1", consignment="C-7"))
    page = ngo.get(path).content.decode()
    assert "M 7" in page and "A driver" not in page
    assert f"/aid/events/{event.pk}/" in page
    assert "/doors/new/" not in page and "/correct/" not in ngo.get(f"/aid/events/{event.pk}/").content.decode()
    listed = ngo.get("/aid/").content.decode()
    assert "share--received" in listed and "T1" in listed


def test_release_page_and_fragments_open(by, consignment, scan):
    event = actions.record_event(by=by, statement=scan("T1", consignment="C-7"))
    for code, record in (("aid_consignment", consignment), ("aid_event", event)):
        assert client("un").get(f"/doors/new/{code}/{record.pk}/").status_code == 200
    request = RequestFactory().get("/")
    request.actor = by
    with eyes_of(by):
        assert all(text in show_consignment(request, consignment) for text in ("C-7", "M 7", "A driver", "T1"))
        assert "Entered" in show_event(request, event)
