"""Coordination through the API: asked of several authorities, answered, lit and concluded; routes; what changed since."""

import uuid
from datetime import timedelta

import pytest

from tansiq.building.clocks.queries import database_now
from tests import factories
from tests.desks.coordination.conftest import load_words, registered

pytestmark = pytest.mark.django_db

V1 = "/api/v1/coordination"
COORDINATION = ("read", "ask", "change", "inform", "withdraw", "execute", "conclude", "take_up", "answer")
ALL = (
    *[f"coordination.coordination.{verb}" for verb in COORDINATION], "coordination.green_light.give",
    "coordination.green_light.withhold", "coordination.route.read", "coordination.route.state",
)  # fmt: skip


@pytest.fixture(scope="module")
def words(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_words()
        factories.close_connections()


@pytest.fixture
def un(words, program):
    return program("un", *ALL)


@pytest.fixture
def alpha(words, program):
    return program("alpha", *ALL)


@pytest.fixture
def goods(words, db):
    return registered(factories.actor("un"), "WB-1")


def post(client, way="", **body):
    headers = {"Idempotency-Key": body.pop("key", str(uuid.uuid4()))}
    return client.post(f"{V1}{way}", body, content_type="application/json", headers=headers)


def asking(goods, *slugs, **changed):
    now = database_now()
    return {
        "consignment": str(goods.pk), "authorities": [str(factories.room_id(slug)) for slug in slugs or ("alpha",)],
        "window_from": (now + timedelta(days=1)).isoformat(), "window_until": (now + timedelta(days=2)).isoformat(),
        "route": {"code": "salah_al_din"}, "lines": [{"number": 1, "quantity": "30", "unit": "pallet", "cargo": "flour"}],
        **changed,
    }  # fmt: skip


def test_request_goes_through_the_hands_of_two_rooms(un, alpha, goods):
    made = post(un, **asking(goods, "alpha", "beta"))
    assert (made.status_code, [one["state"] for one in made.json()]) == (201, ["submitted"] * 2)
    place = f"/{next(one['id'] for one in made.json() if one['authority'] == str(factories.room_id('alpha')))}"
    assert post(alpha, f"{place}/take-up").json()["state"] == "under_review"
    assert (
        post(alpha, f"{place}/answer", answer="information_asked", text="who?").json()["state"] == "information_asked"
    )
    assert post(un, f"{place}/inform", text="us").json()["state"] == "under_review"
    partly = post(alpha, f"{place}/answer", answer="partly", lines=[{"number": 1, "quantity": "12"}])
    assert (partly.status_code, partly.json()["state"]) == (200, "partly_approved")
    assert post(un, f"{place}/execute").status_code == 422
    withheld = post(alpha, f"{place}/green-light/withhold", reason="security_alert")
    assert withheld.json()["state"] == "not_green_lit"
    assert post(alpha, f"{place}/green-light/give").json()["state"] == "green_light"
    assert post(un, f"{place}/execute").json()["state"] == "executed"
    ended = post(un, f"{place}/conclude", outcome="partial", text="half", holdings=[{"place": "gate", "minutes": 40}])
    assert ended.json()["state"] == "concluded"
    found = un.get(f"{V1}{place}").json()
    assert [one["step"] for one in found["story"]] == [
        "ask", "take_up", "ask_information", "inform", "approve_partly", "withhold_green_light", "give_green_light",
        "execute", "conclude",
    ]  # fmt: skip
    assert found["story"][4]["lines"] == [{"number": 1, "quantity": "12.000000"}]
    assert found["story"][-1]["holdings"] == [{"place": "gate", "minutes": 40}]


def test_same_key_asks_once_and_changed_content_is_refused(un, goods):
    key, body = str(uuid.uuid4()), asking(goods)
    first, second = post(un, key=key, **body), post(un, key=key, **body)
    assert first.json()[0]["id"] == second.json()[0]["id"]
    assert post(un, key=key, **{**body, "note": "another"}).status_code == 409


def test_change_supersedes_and_withdraw_ends(un, goods):
    (first,) = post(un, **asking(goods)).json()
    body = asking(goods)
    changed = post(un, f"/{first['id']}/change", **{name: body[name] for name in body if name not in ("consignment", "authorities")})  # fmt: skip
    assert (changed.status_code, changed.json()["version"], changed.json()["supersedes"]) == (201, 2, first["id"])
    assert un.get(f"{V1}/{first['id']}").json()["state"] == "superseded"
    assert post(un, f"/{changed.json()['id']}/withdraw", text="no more").json()["state"] == "withdrawn"


def test_hidden_and_absent_answer_alike(un, program, goods):
    (first,) = post(un, **asking(goods)).json()
    beta = program("beta", *ALL)
    for place in (first["id"], str(uuid.uuid4())):
        assert beta.get(f"{V1}/{place}").status_code == 404
        assert post(beta, f"/{place}/answer", answer="approved").status_code == 404
    assert beta.get(V1).json() == {"items": [], "next": None}


def test_problem_names_the_field_and_what_was_found(un, goods):
    refused = post(un, **asking(goods, lines=[{"number": 1, "quantity": "-1", "unit": "pallet"}]))
    assert refused.status_code == 422
    assert "quantity" in refused.content.decode()
    unknown = post(un, **asking(goods, route={"code": "nowhere"}))
    assert (unknown.status_code, "nowhere" in unknown.content.decode()) == (422, True)


def test_list_goes_page_by_page_and_tells_what_changed_since(un, alpha, goods):
    made = post(un, **asking(goods, "alpha", "beta")).json()
    first = un.get(f"{V1}?limit=1").json()
    second = un.get(f"{V1}?limit=1&after={first['next']}").json()
    assert {first["items"][0]["id"], second["items"][0]["id"]} == {one["id"] for one in made}
    assert second["next"] is None
    since = database_now().isoformat().replace("+", "%2B")
    mine = next(one["id"] for one in made if one["authority"] == str(factories.room_id("alpha")))
    post(alpha, f"/{mine}/answer", answer="approved")
    assert [one["id"] for one in un.get(f"{V1}?changed_since={since}").json()["items"]] == [mine]
    assert un.get(f"{V1}?after=nonsense").status_code == 422


def test_route_is_stated_and_listed_with_its_expiry(un):
    body = {"route": {"name": "Track by the sea"}, "state": "open", "source": "drivers"}
    made = post(un, "/routes", **body)
    assert (made.status_code, made.json()["passable"], made.json()["expired"]) == (201, True, False)
    listed = un.get(f"{V1}/routes").json()["items"]
    assert [(one["route_name"], one["source"]) for one in listed] == [("Track by the sea", "drivers")]
    refused = post(un, "/routes", **{**body, "state": "closed"})
    assert (refused.status_code, "cause" in refused.content.decode()) == (422, True)
