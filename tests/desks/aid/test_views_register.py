"""Registering a consignment in the page: lines more and less, refusals beside their fields, one for a double press."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.models import Operation
from tansiq.desks.aid.models import (
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    HandlingUnit,
)
from tests import factories

PATH = "/aid/consignments/new/"


def client(slug: str = "un", role: str = "officer") -> Client:
    found = Client()
    found.force_login(factories.account(slug, role))
    return found


def typed(**fields: object) -> dict[str, object]:
    return {
        "key": str(uuid4()), "reference": "C-11", "consignor_class": "un", "crossing_code": "",
        "line": ["1", "2"], "commodity_1": "rice", "quantity_1": "20", "unit_1": "pallet", "cargo_2": "", "unit_2": "",
        "trucks": "T-1\n\n T-2 ", "pallets": "", "manifest": "M 7", "driver": "A driver", **fields,
    }  # fmt: skip


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'")


def registered(by) -> int:
    with eyes_of(by):
        return Consignment.objects.count()


def test_consignment_is_registered_with_all_that_was_typed(by):
    more = {"cargo_2": "Tents", "quantity_2": "1.5", "unit_2": "tonne", "pallets": "P-1"}
    answer = client().post(PATH, typed(**more))
    assert answer.status_code == 302
    with eyes_of(by):
        one = Consignment.objects.get()
        assert (one.reference, one.consignor_class, one.crossing_code) == ("C-11", "un", "")
        lines = ConsignmentLine.objects.order_by("number").values_list("commodity", "cargo", "quantity", "unit")
        assert list(lines) == [("rice", "", Decimal(20), "pallet"), ("", "Tents", Decimal("1.5"), "tonne")]
        units = HandlingUnit.objects.order_by("code").values_list("code", "kind")
        assert list(units) == [("P-1", "pallet"), ("T-1", "truck"), ("T-2", "truck")]
        assert ConsignmentDetail.objects.get().manifest == "M 7"
        assert ConsignmentIdentities.objects.get().driver == "A driver"
    assert "C-11" in text(client().get(answer.headers["Location"]))


def test_same_submission_twice_is_one_consignment(by):
    un, form = client(), typed()
    first, second = un.post(PATH, form), un.post(PATH, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert registered(by) == 1


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"reference": ""}, "reference", "This field is required."),
        ({"commodity_1": ""}, "commodity_1", "Say what it is"),
        ({"quantity_1": ""}, "quantity_1", "Say how much"),
        ({"quantity_1": "-1"}, "quantity_1", "greater than or equal to 0"),
        ({"unit_1": ""}, "unit_1", "choose the unit"),
        ({"commodity_1": "", "quantity_1": ""}, "quantity_1", "needs at least one line"),
        ({"trucks": "T-1\nT-1"}, "trucks", "The code “T-1” stands here twice."),
        ({"pallets": "T-2"}, "pallets", "The code “T-2” stands here twice."),
        ({"trucks": "x" * 121}, "trucks", "at most 120 characters"),
        ({"consignor_class": "nobody"}, "consignor_class", "not one of the available choices"),
        ({"cargo_2": "T\x00"}, "cargo_2", "Null characters are not allowed."),
    ],
)
def test_wrong_entry_is_named_beside_its_field_and_kept(by, wrong, field, said):
    answer = client().post(PATH, typed(remark="mind the step", **wrong))
    assert answer.status_code == 422
    page = text(answer)
    error = page[page.index(f'id="id_{field}_error"') :] if f'id="id_{field}_error"' in page else ""
    assert said in error[:600], field
    assert "mind the step" in page
    assert registered(by) == 0


def test_taken_reference_and_taken_unit_are_told_beside_their_fields(by):
    un = client()
    un.post(PATH, typed())
    again = text(un.post(PATH, typed()))
    assert "is registered already" in again[again.index("id_reference_error") :][:300]
    other = text(un.post(PATH, typed(reference="C-12", trucks="T-9", pallets="T-2")))
    assert "belongs to another consignment already" in other[other.index("id_pallets_error") :][:300]
    assert registered(by) == 1


def test_line_is_added_and_removed_by_the_page_itself(by):
    form = typed(cargo_2="Tents", reference="C 5")
    more = text(client().post(PATH, {**form, "add_line": "1"}))
    assert [number for number in range(1, 5) if f'name="commodity_{number}"' in more] == [1, 2, 3]
    assert all(part in more for part in ('value="C 5"', 'value="Tents"', 'value="20"', "T-2", str(form["key"])))
    assert "errorlist" not in more
    less = text(client().post(PATH, {**form, "remove_line": "1"}))
    assert [number for number in range(1, 5) if f'name="commodity_{number}"' in less] == [2]
    none = text(client().post(PATH, {**form, "line": ["2"], "remove_line": "2"}))
    assert 'name="commodity_1"' in none, "a form has a line always"
    assert registered(by) == 0


def test_page_says_who_reads_each_line(own_database):
    rules = {"record_types": {"aid_consignment": {"lines": {"headline": {"rooms": ["floor", "un"]}}}}}
    Operation.objects.using("owner").filter(slug="test").update(rules=rules)
    page = text(client().get(PATH))
    assert "also by: Room floor<" in page
    assert page.count("Read by this room alone, until it is released.") == 4


def test_observer_registers_nothing(by):
    assert client(role="observer").get(PATH).status_code == 403
    assert PATH not in text(client(role="observer").get("/aid/consignments/"))
    assert PATH in text(client().get("/aid/consignments/"))
