"""A page's list as a file: only when asked, in the right type, never kept by the browser."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from tansiq.building.people.reauthentication import ask_proof
from tansiq.building.rooms.exports import Column, exported, listing_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """A former test's language stays with the thread otherwise."""
    with translation.override("en"):
        yield


def request_for(query: str):
    request = RequestFactory().get(f"/{query}")
    request.user, request.acting_room, request.actor = factories.account("alpha"), factories.room("alpha"), None
    request.session, request.memberships = {}, []
    request.ask_proof = lambda: ask_proof(request)
    return request


def list_for(request):
    return lambda: listing_of(
        request,
        "Pallets & trucks",
        [Column("Cargo", "#item")],
        [("=1+1",)],
        marking="AMBER",
        filters={"Crossing": "North", "Day": ""},
    )


def test_no_format_means_the_page_itself():
    request = request_for("")
    assert exported(request, lambda: pytest.fail("the list was read for nothing")) is None


@pytest.mark.parametrize(
    ("wanted", "kind", "begin"),
    [("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbfCargo\r\n#item\r\n'=1+1"), ("pdf", "application/pdf", b"%PDF-"),
     ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK")],
)  # fmt: skip
def test_file_has_its_type_and_name(wanted, kind, begin):
    request = request_for(f"?format={wanted}")
    answer = exported(request, list_for(request))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, kind, "no-store")
    assert answer.content.startswith(begin)
    assert answer["Content-Disposition"].startswith('attachment; filename="pallets-trucks_tlpamber_')


def test_list_carries_room_time_filters_and_language():
    request = request_for("?format=csv")
    with translation.override("ar"):
        made = list_for(request)()
    assert (made.language, made.right_to_left, made.marking) == ("ar", True, "TLP:AMBER")
    assert [made.facts[0][1], made.facts[2:]] == ["غرفة alpha", [("Crossing", "North")]]


def test_name_in_another_script_is_kept():
    request = request_for("?format=csv")
    listing = listing_of(request, "شحنات", [Column("a")], [])
    answer = exported(request, lambda: listing)
    assert answer["Content-Disposition"].startswith('attachment; filename="')
    assert "filename*=UTF-8''%D8%B4%D8%AD%D9%86%D8%A7%D8%AA_" in answer["Content-Disposition"]


def test_unknown_format_is_named():
    answer = exported(request_for("?format=doc"), lambda: None)
    assert answer.status_code == 422
    assert "There is no such format: doc. Expected: csv, xlsx or pdf." in answer.content.decode()


def test_too_many_rows_for_a_page_are_refused_in_a_sentence():
    request = request_for("?format=pdf")
    answer = exported(request, lambda: listing_of(request, "All", [Column("a")], [("x",)] * 5001))
    assert answer.status_code == 422
    assert "A PDF holds at most 5000 rows." in answer.content.decode()
