"""A consignment's quantities as its page shows them, and changes of units as they are typed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tansiq.building.doors.actions import Asked, propose_release
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import AidEvent, HandlingUnit
from tansiq.desks.aid.queries import balance
from tansiq.desks.aid.queries.words import words
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement, Quantity
from tests import factories
from tests.desks.aid.test_views import client

pytestmark = pytest.mark.django_db
KEY = "8a4f9c3e-0000-4000-8000-00000000000"


@pytest.fixture
def consignment(by, scan):
    lines = (LineStatement(Decimal(20), "pallet", "rice"), LineStatement(Decimal(5), "pallet", "tents"))
    made = actions.register_consignment(by=by, statement=ConsignmentStatement("C-1", lines))
    for hours, stage in enumerate(("loaded", "offloaded")):
        actions.record_event(by=by, statement=scan(stage=stage, hours=hours, consignment="C-1"))
    return made


def body(address: str, room: str = "un") -> str:
    answer = client(room).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def table(by, eyes, consignment, as_of=None):
    with eyes(by):
        found = balance.consignment_balance(by, consignment, words(by), as_of=as_of)
    return {row.code: [(cell.passed, cell.left) for cell in row.cells] for row in found.rows}


def test_balance_says_what_passed_and_what_is_left_of_each_line(by, eyes, consignment):
    presumed = ("items_submitted", "item_approved", "manifested", "sealed", "at_hub", "loaded", "departed",
                "at_inspection", "screened", "entered")  # fmt: skip
    assert table(by, eyes, consignment) == {
        "requested": [("20", "10"), ("5", "5")], **{stage: [("10", "0"), ("0", "0")] for stage in presumed},
        "offloaded": [("10", "10"), ("0", "0")],
    }  # fmt: skip


def test_rejected_and_approved_items_leave_what_is_open(by, eyes, scan, consignment):
    amounts = {"item_approved": 12, "item_rejected": 5}
    for stage, pallets in amounts.items():
        reason = "item_dual_use" if stage == "item_rejected" else ""
        quantities = (Quantity("pallet", Decimal(pallets), line=1),)
        stated = scan("", stage=stage, consignment="C-1", quantities=quantities, reason=reason, crossing_code="")
        actions.record_event(by=by, statement=stated)
    found = table(by, eyes, consignment)
    assert [found[stage][0] for stage in ("requested", "item_approved", "item_rejected")] == [
        ("20", "3"), ("12", "2"), ("5", "5"),
    ]  # fmt: skip


def test_balance_is_that_of_the_moment_asked_for(by, eyes, scan, consignment):
    with eyes(by):
        before = AidEvent.objects.order_by("recorded_at").first().recorded_at
    late = replace(scan("T2", stage="loaded", consignment="C-1"), quantities=(Quantity("pallet", Decimal(2), line=2),))
    actions.record_event(by=by, statement=late)
    assert table(by, eyes, consignment)["loaded"][1] == ("2", "2")
    earlier = before.replace(year=before.year - 1)
    assert table(by, eyes, consignment, earlier) == {"requested": [("20", "20"), ("5", "5")]}


def test_page_shows_quantities_attempts_and_each_finding(by, scan, consignment):
    page = body(f"/aid/consignments/{consignment.pk}/")
    assert "All that is told of it adds up." in page
    more = replace(scan(stage="collected", hours=3, pallets=12), insists=True, insists_because="signed for")
    actions.record_event(by=by, statement=more)
    page = body(f"/aid/consignments/{consignment.pk}/")
    for part in ("More went on from a unit than came to it", "12 / 10", "Attempts"):
        assert part in page, part


def test_handover_that_differs_is_listed_without_being_a_contradiction(by, scan, consignment):
    differing = (Quantity("pallet", Decimal(10), Decimal(8), commodity="rice"),)
    actions.record_event(by=by, statement=scan(stage="collected", hours=3, quantities=differing))
    page = body(f"/aid/consignments/{consignment.pk}/")
    assert "1 hand-over at which both sides counted differently" in page
    assert "10 / 8" in page
    assert "All that is told of it adds up." in page


def test_room_without_the_detail_sees_no_quantities(by, consignment):
    asked = Asked(("headline",), (factories.room("ngo"),), "GREEN", "they ask where it is")
    propose_release(by=by, code="aid_consignment", record_id=consignment.pk, asked=asked)
    address = f"/aid/consignments/{consignment.pk}/"
    assert 'id="quantities"' in body(address)
    assert 'id="quantities"' not in body(address, "ngo")
    assert client("ngo").get(f"{address}change/").status_code == 404


def typed(**fields: str) -> dict[str, object]:
    stated: dict[str, object] = {
        "kind": "split", "stage": "offloaded", "occurred_at": "2026-03-01T15:00", "line": ["1", "2", "3"],
        "side_1": "taken", "line_1": "1", "quantity_1": "10", "unit_code_1": "T1", "unit_kind_1": "truck",
        "side_2": "made", "line_2": "1", "quantity_2": "6", "unit_code_2": "P1", "unit_kind_2": "pallet",
        "side_3": "made", "line_3": "1", "quantity_3": "4", "unit_code_3": "P2", "unit_kind_3": "pallet", "key": f"{KEY}1",
    }  # fmt: skip
    return stated | fields


def test_split_is_typed_and_taken_once(by, eyes, consignment):
    address = f"/aid/consignments/{consignment.pk}/change/"
    assert client("un").get(address).status_code == 200
    answers = [client("un").post(address, typed()).status_code for _ in range(2)]
    assert answers == [302, 302]
    with eyes(by):
        assert AidEvent.objects.exclude(move="").count() == 3
        assert sorted(HandlingUnit.objects.exclude(parent=None).values_list("code", flat=True)) == ["P1", "P2"]
    page = body(f"/aid/consignments/{consignment.pk}/")
    assert "taken from it" in page
    assert "made of it" in page


def test_split_that_gains_says_so_and_keeps_what_was_typed(by, eyes, consignment):
    answer = client("un").post(f"/aid/consignments/{consignment.pk}/change/", typed(quantity_3="5"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "10 Pallet are taken, but 11 are made of it" in page
    assert 'value="P2"' in page
    assert 'value="5"' in page
    with eyes(by):
        assert AidEvent.objects.exclude(move="").count() == 0


def test_row_says_how_much_of_which_line(consignment):
    address = f"/aid/consignments/{consignment.pk}/change/"
    page = client("un").post(address, typed(quantity_3="", line_2="")).content.decode()
    assert "a unit without a quantity moves nothing" in page
    assert "Choose the line that it is of." in page
    more = client("un").post(address, typed(add_line="1"))
    assert more.status_code == 200
    assert 'name="unit_code_4"' in more.content.decode()
