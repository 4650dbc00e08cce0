"""Requests by programs: asked, sent, decided, appealed, consigned; and what another room's program finds."""

import pytest
from django.test import Client

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.desks.requests.models import ClearanceToken
from tests import factories
from tests.desks.requests.conftest import alpha, keys, ngo, words_loaded  # noqa: F401

pytestmark = pytest.mark.django_db
ASKED = {
    "title": "Tents for a camp", "places": ["PS0255"], "ready_date": "2026-12-01", "origin": "Hub",
    "lines": [{"commodity": "tents", "quantity": 120, "unit": "item", "mass_kg": 5400, "description": "family tents"}],
}  # fmt: skip


def program(slug: str) -> Client:
    client = Client()
    client.force_login(factories.account(slug))
    return client


def post(client: Client, place: str, body: dict, **headers: str):
    return client.post(f"/api/v1/requests{place}", body, content_type="application/json", **headers)


@pytest.fixture
def asked(ngo: Actor) -> dict:  # noqa: F811
    client = program("ngo")
    made = post(client, "", ASKED).json()
    return post(client, f"/{made['id']}/send", {}).json()


def test_request_goes_from_its_draft_to_its_consignment(ngo: Actor, alpha: Actor, asked: dict) -> None:  # noqa: F811
    line = asked["lines"][0]
    question = line["clearances"][0]["question"]
    assert (asked["state"], line["clearances"][0]["state"], line["may_still_move"]) == ("sent", "waiting", "0")
    waiting = program("alpha").get("/api/v1/requests/questions").json()
    assert [one["id"] for one in waiting["items"]] == [question]
    decided = post(program("alpha"), f"/questions/{question}/decisions", {"outcome": "approved"})
    assert (decided.status_code, decided.json()["state"]) == (201, "approved")
    part = {"lines": [{"line": line["id"], "quantity": 20}]}
    made = post(program("ngo"), f"/{asked['id']}/consignments", part)
    assert (made.status_code, made.json()["state"], len(made.json()["consignments"])) == (201, "consigned", 1)
    assert [one["what"] for one in made.json()["story"]] == ["drafted", "sent", "decided", "consigned"]


def test_same_key_makes_one_request(ngo: Actor) -> None:  # noqa: F811
    client, key = program("ngo"), {"HTTP_IDEMPOTENCY_KEY": "6c1f0b5e-4f0a-4f57-9a26-5b0d1f0f3a11"}
    first, second = post(client, "", ASKED, **key), post(client, "", ASKED, **key)
    assert (first.status_code, second.json()["id"]) == (201, first.json()["id"])


def test_refusal_appeal_and_information_by_programs(ngo: Actor, alpha: Actor, asked: dict) -> None:  # noqa: F811
    question = asked["lines"][0]["clearances"][0]["question"]
    authority, asker = program("alpha"), program("ngo")
    post(authority, f"/questions/{question}/decisions", {"outcome": "information_asked", "words": "How long?"})
    assert post(asker, f"/questions/{question}/information", {"words": "Two metres."}).json()["state"] == "waiting"
    post(authority, f"/questions/{question}/decisions", {"outcome": "refused", "reason": "quota"})
    appealed = post(asker, f"/questions/{question}/appeal", {"words": "Again, please."}).json()
    assert (appealed["state"], appealed["round"], len(appealed["decisions"])) == ("appealed", 2, 2)


def test_refusals_are_problems_that_name_what_was_found(ngo: Actor, alpha: Actor, asked: dict) -> None:  # noqa: F811
    question = asked["lines"][0]["clearances"][0]["question"]
    said = post(program("alpha"), f"/questions/{question}/decisions", {"outcome": "refused"})
    assert (said.status_code in (409, 422), "expected one of the reasons" in said.content.decode()) == (True, True)
    again = post(program("ngo"), "", ASKED).json()
    near = program("ngo").get(f"/api/v1/requests/{again['id']}/resembling").json()
    assert [one["request"] for one in near] == [asked["id"]]
    twice = post(program("ngo"), f"/{again['id']}/send", {})
    assert (twice.status_code in (409, 422), asked["reference"] in twice.content.decode()) == (True, True)


def test_other_room_finds_nothing(ngo: Actor, asked: dict) -> None:  # noqa: F811
    client, question = program("beta"), asked["lines"][0]["clearances"][0]["question"]
    found = [
        client.get(f"/api/v1/requests{place}").status_code
        for place in (f"/{asked['id']}", f"/questions/{question}", f"/{asked['id']}/resembling")
    ]
    assert (found, client.get("/api/v1/requests").json()["items"]) == ([404] * 3, [])


def test_list_tells_what_changed_since(ngo: Actor, asked: dict) -> None:  # noqa: F811
    client = program("ngo")
    counts = [
        len(client.get("/api/v1/requests", {"changed_since": since}).json()["items"])
        for since in ("2020-01-01T00:00:00Z", "2190-01-01T00:00:00Z")
    ]
    assert counts == [1, 0]


def test_token_is_checked_by_a_program(ngo: Actor, alpha: Actor, asked: dict) -> None:  # noqa: F811
    question = asked["lines"][0]["clearances"][0]["question"]
    post(program("alpha"), f"/questions/{question}/decisions", {"outcome": "approved"})
    with eyes_of(ngo):
        text = ClearanceToken.objects.get().text
    good, false, none = (
        post(program("ngo"), "/tokens/check", {"token": token})
        for token in (text, text.replace("|120|", "|900|"), "TQ1|x")
    )
    assert (good.json()["result"], good.json()["item"]) == ("valid", "tents")
    assert (false.json()["result"], false.json()["item"]) == ("not_genuine", "")
    assert (none.status_code, none.json()["code"]) == (422, "token_unreadable")
