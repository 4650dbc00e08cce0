"""Pages of manifests: the list, making one from consignments, every step, and what other rooms are answered."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.transport import actions
from tansiq.desks.transport.models import Manifest, ManifestLine
from tests import factories

pytestmark = pytest.mark.django_db


def client(slug="un", role="officer"):
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def typed(consignment, **changed):
    said = {
        "key": str(uuid4()), "consignment": str(consignment.pk), "number": "M-7", "day": "2026-03-01", "vehicle": "T-7",
        "crossing_code": "kerem_shalom", "line": "1", "of_1": f"{consignment.pk}:1", "code_1": "P7",
        "kind_1": "pallet", "quantity_1": "2",
    }  # fmt: skip
    return {**said, **changed}


def read(by, number="M-7"):
    with eyes_of(by):
        return Manifest.objects.filter(number=number).first()


def test_manifest_is_made_from_a_consignment_and_goes_through_every_step(by, goods):
    consignment, page = goods(by), client()
    assert consignment.reference in page.get(reverse("transport:manifest-draft")).content.decode()
    form = page.get(reverse("transport:manifest-draft"), {"consignment": str(consignment.pk)}).content.decode()
    assert "20 of 20 Pallet left" in form
    answer = page.post(reverse("transport:manifest-draft"), typed(consignment))
    held = read(by)
    assert (answer.status_code, answer["Location"]) == (302, reverse("transport:manifest", args=[held.pk]))
    for step, state in (("seal", "sealed"), ("depart", "departed"), ("close", "closed")):
        url = reverse(f"transport:manifest-{step}", args=[held.pk])
        assert page.get(url).status_code == 200
        assert page.post(url, {"key": str(uuid4()), "reason": ""}).status_code == 302
        assert read(by).state == state
        assert "does not allow this" in page.get(url).content.decode()
    shown = page.get(reverse("transport:manifest", args=[held.pk])).content.decode()
    assert [word in shown for word in ("P7", "T-7", "Truck departed", "Closed")] == [True] * 4


def test_twice_sent_is_one_manifest(by, goods):
    sent, page = typed(goods(by)), client()
    answers = [page.post(reverse("transport:manifest-draft"), sent) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    with eyes_of(by):
        assert Manifest.objects.count() == 1


def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(by, goods):
    consignment = goods(by, pallets=3)
    answer = client().post(reverse("transport:manifest-draft"), typed(consignment, quantity_1="4", route="By the sea"))
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, ["quantity_1"])
    assert "asks for 3 pallet" in form.errors["quantity_1"][0]
    assert 'value="By the sea"' in answer.content.decode()


def test_line_more_and_line_less_without_script(by, goods):
    consignment, page = goods(by), client()
    more = page.post(reverse("transport:manifest-draft"), typed(consignment, add_line="1"))
    assert more.context["form"].numbers == [1, 2]
    assert 'value="P7"' in more.content.decode()
    less = page.post(reverse("transport:manifest-draft"), typed(consignment, line=["1", "2"], remove_line="1"))
    assert less.context["form"].numbers == [2]


def test_draft_is_amended_and_sealed_one_revised_with_a_reason(by, manifest):
    with eyes_of(by):
        consignment = ManifestLine.objects.filter(manifest=manifest).first().consignment
    page = client()
    said = typed(consignment, number="M-1", seen="1", code_1="P1")
    amend = reverse("transport:manifest-amend", args=[manifest.pk])
    assert 'value="12-345-67"' in page.get(amend).content.decode()
    assert page.post(amend, said).status_code == 302
    assert (read(by, "M-1").version, page.post(amend, said | {"key": str(uuid4())}).status_code) == (2, 422)
    actions.seal_manifest(by=by, manifest=read(by, "M-1"))
    revise = reverse("transport:manifest-revise", args=[manifest.pk])
    said |= {"key": str(uuid4()), "seen": "2", "quantity_1": "5"}
    assert list(page.post(revise, said).context["form"].errors) == ["reason"]
    assert page.post(revise, said | {"reason": "Three more"}).status_code == 302
    assert "Three more" in page.get(reverse("transport:manifest", args=[manifest.pk])).content.decode()


def test_list_says_how_full_a_truck_is_and_is_narrowed(by, goods, said):
    consignment = goods(by, pallets=40)
    units = tuple(f"F{n}" for n in range(20))
    actions.draft_manifest(by=by, statement=said(consignment, "FULL", units=units))
    actions.draft_manifest(by=by, statement=said(consignment, "EMPTY", units=("E1",), capacity=Decimal(10)))
    page = client()
    rows = {row.manifest.number: row for row in page.get(reverse("transport:manifests")).context["rows"]}
    assert {number: (row.fill.load, row.fill.percent, row.fill.is_low) for number, row in rows.items()} == {
        "FULL": (Decimal(20), 76, False), "EMPTY": (Decimal(1), 10, True),
    }  # fmt: skip
    narrowed = page.get(reverse("transport:manifests"), {"q": "emp"}).context["rows"]
    assert [row.manifest.number for row in narrowed] == ["EMPTY"]
    assert page.get(reverse("transport:manifests"), {"state": "sealed"}).context["rows"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_queries_however_many_rows(by, goods, said, count, django_assert_num_queries):
    consignment = goods(by)
    for number in range(count):
        actions.draft_manifest(by=by, statement=said(consignment, f"M-{number}", units=(f"P{number}",)))
    page = client()
    page.get(reverse("transport:manifests"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        assert len(page.get(reverse("transport:manifests")).context["rows"]) == count
    COSTS[count] = len(found)
    assert len(set(COSTS.values())) == 1


COSTS: dict[int, int] = {}


def test_file_holds_what_the_list_shows(by, manifest):
    text = client().get(reverse("transport:manifests"), {"format": "csv"}).content.decode("utf-8-sig")
    assert [word in text for word in ("M-1", "12-345-67", "Kerem Shalom", "drafted")] == [True] * 4


def test_hidden_manifest_answers_as_none(by, manifest):
    page = client("ngo")
    for name in ("manifest", "manifest-piece", "manifest-amend", "manifest-seal", "manifest-cancel"):
        hidden = page.get(reverse(f"transport:{name}", args=[manifest.pk]))
        absent = page.get(reverse(f"transport:{name}", args=[uuid4()]))
        assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert page.get(reverse("transport:manifests")).context["rows"] == []
    headline = client("alpha").get(reverse("transport:manifest", args=[manifest.pk])).content.decode()
    assert ("M-1" in headline, "12-345-67" in headline, "P1" in headline) == (True, False, False)


def test_observer_reads_and_does_nothing(by, manifest):
    page = client(role="observer")
    assert page.get(reverse("transport:manifest", args=[manifest.pk])).status_code == 200
    assert page.get(reverse("transport:manifest-seal", args=[manifest.pk])).status_code == 403
