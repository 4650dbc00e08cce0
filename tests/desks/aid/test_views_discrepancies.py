"""Pages of discrepancies: the list, both readings side by side, each step, and what other rooms do not see."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tansiq.desks.aid import actions
from tansiq.desks.aid.models import Discrepancy
from tansiq.desks.aid.rules import ConsignmentStatement, LineStatement
from tests.desks.aid.test_views import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def discrepancy(by, eyes, scan):
    lines = (LineStatement(Decimal(20), "pallet", "rice"),)
    actions.register_consignment(by=by, statement=ConsignmentStatement("C-1", lines, units=(("T1", "truck"),)))
    actions.record_event(by=by, statement=scan(stage="loaded"))
    wrong = scan(stage="offloaded", hours=2, pallets=12)
    actions.record_event(by=by, statement=replace(wrong, insists=True, insists_because="Counted at the gate"))
    with eyes(by):
        return Discrepancy.objects.get()


def body(address: str, room: str = "un") -> str:
    answer = client(room).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_list_is_narrowed_by_who_owns_and_what_is_late(discrepancy):
    row = f"discrepancy-{discrepancy.pk}"
    shown = {
        which: row in body(f"/aid/discrepancies/?which={which}")
        for which in ("", "unowned", "mine", "overdue", "closed", "all")
    }
    assert shown == {"": True, "unowned": True, "mine": False, "overdue": False, "closed": False, "all": True}
    page = client("un").post(
        f"/aid/discrepancies/{discrepancy.pk}/take-on/", {"key": str(discrepancy.pk), "role": "officer"}
    )
    assert page.status_code == 302
    assert row in body("/aid/discrepancies/?which=mine")
    assert row not in body("/aid/discrepancies/?which=unowned")


def test_page_shows_both_readings_and_the_arithmetic(discrepancy):
    page = body(f"/aid/discrepancies/{discrepancy.pk}/")
    for part in ("First reading", "Second reading", ">12<", ">10<", ">2<", "Counted at the gate", "C-1", "T1"):
        assert part in page, part


def test_step_without_reason_keeps_the_form(discrepancy):
    asked = {"key": str(discrepancy.pk), "role": "officer", "reason": ""}
    assert client("un").post(f"/aid/discrepancies/{discrepancy.pk}/take-on/", asked).status_code == 302
    answer = client("un").post(f"/aid/discrepancies/{discrepancy.pk}/explain/", {"reason": ""})
    assert answer.status_code == 422
    refused = client("un").post(f"/aid/discrepancies/{discrepancy.pk}/leave/", {"key": asked["key"], "reason": "x"})
    assert refused.status_code == 422  # the key was used for another step


def test_other_room_is_answered_as_if_there_were_none(discrepancy):
    for address in ("", "_story", "take-on/", "explain/", "leave/"):
        assert client("ngo").get(f"/aid/discrepancies/{discrepancy.pk}/{address}").status_code == 404
    assert str(discrepancy.pk) not in body("/aid/discrepancies/?which=all", "ngo")


def test_refused_event_keeps_what_was_typed_and_can_be_insisted_on(by, eyes, discrepancy):
    typed = {
        "stage": "collected", "unit_code": "T1", "unit_kind": "truck", "attempt": "1", "occurred_at": "2026-03-02T10:00",
        "precision": "minute", "unit_1": "pallet", "giver_1": "19", "line_1": "1",
    }  # fmt: skip
    first = client("un").post("/aid/events/new/", {**typed, "key": "8a4f9c3e-0000-4000-8000-000000000001"})
    page = first.content.decode()
    assert first.status_code == 422
    assert "7 too much" in page and 'value="19"' in page, page
    again = {**typed, "insists": "on", "key": "8a4f9c3e-0000-4000-8000-000000000001"}
    bare = client("un").post("/aid/events/new/", again)
    assert (bare.status_code, "says why" in bare.content.decode()) == (422, True)
    kept = client("un").post("/aid/events/new/", {**again, "insists_because": "The driver signed for nineteen"})
    assert kept.status_code == 302
    with eyes(by):
        assert Discrepancy.objects.count() == 2
