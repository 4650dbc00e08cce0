"""The pages of requests as people use them: drafting with lines, sending, deciding, and what is not theirs."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.desks.requests import actions
from tansiq.desks.requests.models import Clearance, ClearanceToken, Request, RequestLine, RequestState
from tansiq.desks.requests.queries.tokens import token_key
from tansiq.desks.requests.rules import DecisionStatement, LineAsked
from tests import factories
from tests.desks.requests.conftest import decide, questions, standing, stated

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Tents for a camp", "places": ["PS0255"], "ready_date": "2026-12-01", "line": ["1", "2"],
    "commodity_1": "tents", "description_1": "family tents", "quantity_1": "120", "unit_1": "item", "mass_kg_1": "5400",
    "commodity_2": "", "description_2": "", "quantity_2": "", "unit_2": "", "mass_kg_2": "",
}  # fmt: skip


def at_work(slug: str, role: str = "officer") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    return client


def typed(**more: object) -> dict[str, object]:
    return {**TYPED, "key": str(uuid4()), **more}


def test_draft_is_written_with_its_lines(ngo: Actor) -> None:
    answer = at_work("ngo").post("/requests/new/", typed())
    with eyes_of(ngo):
        made = Request.objects.get()
        line = RequestLine.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/requests/{made.pk}/")
    assert (made.state, line.commodity, line.quantity, line.mass_kg) == ("draft", "tents", Decimal(120), Decimal(5400))


def test_form_sent_twice_is_one_draft(ngo: Actor) -> None:
    client, same = at_work("ngo"), typed()
    first, second = client.post("/requests/new/", same), client.post("/requests/new/", same)
    assert first.headers["Location"] == second.headers["Location"]
    with eyes_of(ngo):
        assert Request.objects.count() == 1


def test_line_is_added_and_removed_without_script_and_nothing_typed_is_lost(ngo: Actor) -> None:
    client = at_work("ngo")
    more = client.post("/requests/new/", typed(add_line="1")).content.decode()
    assert ('name="commodity_3"' in more, "Tents for a camp" in more, "family tents" in more) == (True, True, True)
    less = client.post("/requests/new/", typed(remove_line="2")).content.decode()
    assert ('name="commodity_2"' in less, "family tents" in less) == (False, True)
    with eyes_of(ngo):
        assert Request.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quantity_1": ""}, "Say how much: found nothing, expected a number."),
        ({"unit_1": ""}, "A figure without a unit says nothing: choose the unit."),
        ({"commodity_1": ""}, "Choose what it is: found nothing, expected a commodity of the catalogue."),
        ({"quantity_1": "0"}, "Line 1, quantity: found 0, expected a number above 0"),
        ({"title": "a\u202eb"}, "is invisible or turns the writing round"),
        ({"households": "many"}, "Enter a whole number."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(ngo: Actor, fields: dict[str, str], sentence: str) -> None:
    answer = at_work("ngo").post("/requests/new/", typed(**fields))
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "family tents" in page) == (422, True, True)


def test_draft_is_amended_and_sent_from_its_page(ngo: Actor) -> None:
    client = at_work("ngo")
    place = client.post("/requests/new/", typed()).headers["Location"]
    client.post(f"{place}amend/", typed(title="Tents for two camps"))
    asked = client.get(f"{place}send/").content.decode()
    assert "Room alpha" in asked
    client.post(f"{place}send/", {"key": str(uuid4()), "in_spite": ""})
    with eyes_of(ngo):
        made = Request.objects.get()
        assert (made.title, made.state, Clearance.objects.count()) == ("Tents for two camps", RequestState.SENT, 1)


def test_request_that_resembles_is_shown_before_it_is_sent(ngo: Actor, sent: Callable[..., Request]) -> None:
    former = sent()
    draft = actions.draft_request(by=ngo, statement=stated())
    client = at_work("ngo")
    place = f"/requests/{draft.pk}/send/"
    assert former.reference in client.get(place).content.decode()
    refused = client.post(place, {"key": str(uuid4()), "in_spite": ""})
    assert (refused.status_code, "say why this one is sent too" in refused.content.decode()) == (422, True)
    assert client.post(place, {"key": str(uuid4()), "in_spite": "a second camp"}).status_code == 302


def test_authority_decides_with_precedents_beside(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (former,) = questions(ngo, sent("Tents for a school"))
    decide(alpha, former, "refused", reason="item_dual_use")
    (asked,) = questions(ngo, sent("Tents for a clinic", places=("PS0275",)))
    client, place = at_work("alpha"), f"/requests/clearances/{asked.pk}/decide/"
    assert "Item considered dual-use" in client.get(place).content.decode()
    assert asked.request.reference in client.get("/requests/to-answer/").content.decode()
    said = {"key": str(uuid4()), "outcome": "partly", "quantity": "60", "reason": ""}
    page = client.post(place, said)
    assert (page.status_code, "expected one of the reasons for items" in page.content.decode()) == (422, True)
    assert client.post(place, {**said, "reason": "quota", "key": str(uuid4())}).status_code == 302
    assert standing(ngo, asked).allowed == Decimal(60)


def test_consignment_is_made_on_the_page(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    request = sent()
    (asked,) = questions(ngo, request)
    decide(alpha, asked)
    client, place = at_work("ngo"), f"/requests/{request.pk}/consign/"
    too_much = client.post(place, {"key": str(uuid4()), "quantity_1": "121"})
    assert (too_much.status_code, "expected at most 120" in too_much.content.decode()) == (422, True)
    assert client.post(place, {"key": str(uuid4()), "quantity_1": "100"}).status_code == 302
    page = client.get(f"/requests/{request.pk}/").content.decode()
    assert f"ngo-{request.reference}-1" in page


def test_story_tells_all_on_one_line_of_time(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    request = sent()
    (asked,) = questions(ngo, request)
    decide(alpha, asked, "refused", reason="item_dual_use", words="Poles of metal.")
    actions.appeal_clearance(by=ngo, clearance=asked, grounds="They are of wood.")
    decide(alpha, asked, "approved_with_conditions", conditions="Wood only.")
    page = at_work("ngo").get(f"/requests/{request.pk}/").content.decode()
    found = [page.find(text) for text in ("Written down", "Poles of metal.", "They are of wood.", "Wood only.")]
    assert -1 not in found
    assert found == sorted(found)


@pytest.mark.parametrize("slug", ["beta", "press", "guarantors"])
def test_pages_of_another_room_are_not_there(slug: str, ngo: Actor, sent: Callable[..., Request]) -> None:
    request = sent()
    (asked,) = questions(ngo, request)
    client = at_work(slug)
    places = [f"/requests/{request.pk}/", f"/requests/{request.pk}/_story", f"/requests/clearances/{asked.pk}/",
              f"/requests/clearances/{asked.pk}/decide/", f"/requests/{request.pk}/withdraw/"]  # fmt: skip
    assert [client.get(place).status_code for place in places] == [404] * 5
    assert request.title not in client.get("/requests/").content.decode()


def test_authority_cannot_write_in_the_asking_room(ngo: Actor, sent: Callable[..., Request]) -> None:
    request = sent()
    (asked,) = questions(ngo, request)
    client = at_work("alpha")
    places = [f"/requests/{request.pk}/withdraw/", f"/requests/{request.pk}/consign/", f"/requests/{request.pk}/amend/",
              f"/requests/clearances/{asked.pk}/appeal/"]  # fmt: skip
    assert [client.get(place).status_code for place in places] == [404] * 4


def test_item_is_found_by_its_name_in_any_language(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    decide(alpha, asked, "refused", reason="item_dual_use")
    client = at_work("ngo")
    sought = ("tents", "خيام", "אוהלים", "family tents with poles", "flour")
    pages = [client.get("/requests/items/", {"q": text}).content.decode() for text in sought]
    assert ["data-row" in page for page in pages] == [True, True, True, True, False]


def test_token_is_checked_on_the_page(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    (asked,) = questions(ngo, sent())
    client = at_work("ngo")
    assert token_key() is None
    early = client.post("/requests/tokens/check/", {"token": "TQ1|x"})
    assert "has not issued a token yet" in early.content.decode()
    decide(alpha, asked)
    with eyes_of(ngo):
        text = ClearanceToken.objects.get().text
    said = {
        name: client.post("/requests/tokens/check/", {"token": token}).content.decode()
        for name, token in {"good": text, "other": text.replace("|120|", "|900|"), "none": "TQ1|x"}.items()
    }
    assert "Valid: this was approved." in said["good"]
    assert "Not genuine" in said["other"]
    assert "This is no token" in said["none"]
    decide(alpha, asked, "refused", reason="item_dual_use")
    again = client.post("/requests/tokens/check/", {"token": text}).content.decode()
    assert "a later decision on the same line has overtaken it" in again


def test_observer_reads_and_cannot_draft(ngo: Actor, sent: Callable[..., Request]) -> None:
    request = sent()
    client = at_work("ngo", "observer")
    assert client.get(f"/requests/{request.pk}/").status_code == 200
    assert client.get("/requests/new/").status_code == 403


def test_lists_cost_the_same_for_one_row_and_three(ngo: Actor, alpha: Actor, sent: Callable[..., Request]) -> None:
    lines = (LineAsked("tents", Decimal(5), "item"), LineAsked("medical_equipment", Decimal(2), "item"))
    client, counts = at_work("alpha"), []
    client.get("/requests/")  # what the session writes at its first page is no part of a list
    for number in (1, 2):
        for asked in [one for _each in range(number) for one in questions(ngo, sent(lines=lines))]:
            if asked.item.number == 1:
                actions.decide_clearance(by=alpha, clearance=asked, decision=DecisionStatement("approved"))
        counts.append(
            [queries_of(client, place) for place in ("/requests/", "/requests/to-answer/", "/requests/items/")]
        )
    assert counts[0] == counts[1]


def queries_of(client: Client, place: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(place).status_code == 200
    return len(captured)
