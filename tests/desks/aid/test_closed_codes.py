"""A unit's code may be a number plate: who reads a headline alone finds it nowhere, and still tells units apart."""

import io
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from tansiq.building.doors.actions import Asked, propose_release
from tansiq.desks.aid import actions
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests import factories

pytestmark = pytest.mark.django_db
PLATE = "7-4401-93"


def client(slug: str) -> Client:
    found = Client()
    found.force_login(factories.account(slug))
    return found


def text_of(answer) -> str:
    content = answer.getvalue()
    if content.startswith(b"PK"):
        rows = load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True)
        return "\n".join(str(cell) for row in rows for cell in row)
    return content.decode()


@pytest.fixture
def event(by, scan):
    """A truck of a consignment, scanned twice, corrected once; and the release of its headline to another room."""
    lines = (LineStatement(Decimal(20), "pallet", "rice"),)
    stated = ConsignmentStatement("C-7", lines, "un", "", ((PLATE, "truck"), ("7-4401-94", "truck")))
    consignment = actions.register_consignment(by=by, statement=stated)
    wrong = actions.record_event(by=by, statement=scan(PLATE, "screened", consignment="C-7"))
    actions.correct_event(
        by=by, event_id=wrong.pk, reason="wrong_crossing", statement=scan(PLATE, "screened", pallets=8)
    )
    event = actions.record_event(by=by, statement=scan(PLATE, hours=1, pallets=8, consignment="C-7"))
    actions.record_event(by=by, statement=scan("7-4401-94", hours=1, consignment="C-7"))
    asked = Asked(("headline",), (factories.room("ngo"),), "GREEN", "they ask where it is")
    propose_release(by=by, code="aid_consignment", record_id=consignment.pk, asked=asked)
    return event


def test_unit_code_is_absent_wherever_a_headline_is_read(event):
    un, ngo = client("un"), client("ngo")
    addresses = [
        "/aid/", "/aid/?replaced=on&repeats=on", "/aid/?format=csv", "/aid/?format=xlsx", "/api/v1/aid/events",
        f"/aid/events/{event.pk}/", f"/aid/consignments/{event.consignment_id}/",
    ]  # fmt: skip
    for address in addresses:
        own, received = un.get(address), ngo.get(address)
        assert (own.status_code, received.status_code) == (200, 200), address
        assert PLATE in text_of(own), address
        assert "7-4401" not in text_of(received), address
        assert event.unit_reference in text_of(received) or "api" in address, address


def test_unit_is_not_found_by_its_code(event):
    for sought, found in ((PLATE, (True, False)), ("C-7", (True, True))):
        pages = [client(slug).get(f"/aid/?q={sought}").content.decode() for slug in ("un", "ngo")]
        assert tuple(f"/aid/events/{event.pk}/" in page for page in pages) == found


def test_api_gives_other_rooms_an_opaque_key_in_place_of_code_and_source_key(event):
    own, received = (
        next(one for one in client(slug).get("/api/v1/aid/events").json()["items"] if one["id"] == str(event.pk))
        for slug in ("un", "ngo")
    )
    assert (own["unit"], own["source_key"]) == (PLATE, f"{PLATE}:entered:1")
    assert (received["unit"], received["source_key"]) == (None, None)
    assert received["unit_key"] == own["unit_key"] == str(event.handling_unit_id)


def test_two_units_stay_apart_for_who_reads_the_headline(event):
    page = client("ngo").get(f"/aid/consignments/{event.consignment_id}/").content.decode()
    assert page.count('id="unit-') == 2
    assert "The consignment as a whole" not in page


def test_code_is_read_with_the_detail(by, event):
    asked = Asked(("headline", "detail"), (factories.room("ngo"),), "AMBER", "they meet it at the gate")
    propose_release(by=by, code="aid_consignment", record_id=event.consignment_id, asked=asked)
    page = client("ngo").get(f"/aid/events/{event.pk}/").content.decode()
    assert PLATE in page and f"{PLATE}:entered" not in page
