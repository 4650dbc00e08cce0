"""Distribution through the API: from the warehouse through a partner's hands to its report, and what families say."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from tests.desks.distribution.conftest import load_words

pytestmark = pytest.mark.django_db

V1 = "/api/v1/distribution"


@pytest.fixture(scope="module")
def words(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_words()
        factories.close_connections()


@pytest.fixture
def un(words, program):
    return program("un", "distribution.*")


@pytest.fixture
def ngo(words, program):
    return program("ngo", "distribution.*")


def ago(**span):
    return (datetime.now(UTC) - timedelta(**span)).isoformat()


def post(client, way, **body):
    headers = {"Idempotency-Key": body.pop("key", str(uuid.uuid4()))}
    return client.post(f"{V1}{way}", body, content_type="application/json", headers=headers)


def made(client, way, **body):
    answer = post(client, way, **body)
    assert answer.status_code in (200, 201), answer.content
    return answer.json()


RICE = {"commodity": "rice", "unit": "pallet"}


@pytest.fixture
def stored(un):
    place = made(un, "/warehouses", name="Middle store", place="store_middle", pallets=10)
    return made(un, f"/warehouses/{place['id']}/receive", goods=[{**RICE, "quantity": "8"}], occurred_at=ago(hours=9),
                explanation="opening stock")  # fmt: skip


@pytest.fixture
def accepted(un, ngo, stored):
    goods = [{**RICE, "quantity": "6"}]
    sent = made(un, "/releases", warehouse=stored["id"], partner_room=str(factories.room_id("ngo")), goods=goods,
                released_at=ago(hours=8))  # fmt: skip
    lines = [{"number": 1, "received": "5", "damaged": "1"}]
    return made(ngo, f"/releases/{sent['id']}/accept", lines=lines, received_at=ago(hours=6), store_name="Olive store",
                store_place="PS0265", remark="one was wet")  # fmt: skip


def test_stock_is_told_as_of_a_moment(un, stored):
    lot = {**RICE}
    made(un, f"/warehouses/{stored['id']}/move", kind="expired", lot=lot, quantity="3", occurred_at=ago(hours=1),
         explanation="too late")  # fmt: skip
    now = un.get(f"{V1}/warehouses").json()["items"][0]
    before = un.get(f"{V1}/warehouses", {"as_of": ago(hours=2)}).json()["items"][0]
    assert [one["stock"][0]["quantity"] for one in (now, before)] == ["5.000000", "8.000000"]
    refused = post(un, f"/warehouses/{stored['id']}/move", kind="expired", lot=lot, quantity="6",
                   occurred_at=ago(hours=0), explanation="x")  # fmt: skip
    assert (refused.status_code, refused.json()["code"]) == (422, "stock_short")


def test_both_counts_are_told_to_both_sides(un, ngo, accepted):
    for client in (un, ngo):
        (found,) = client.get(f"{V1}/releases").json()["items"]
        (line,) = found["lines"]
        assert (found["state"], line["sent"], line["received"], line["damaged"]) == (
            "short",
            "6.000000",
            "5.000000",
            "1.000000",
        )


def test_distribution_is_planned_checked_reported_and_asked_about(un, ngo, accepted):
    store = ngo.get(f"{V1}/warehouses").json()["items"][0]["id"]
    starts = datetime.now(UTC) + timedelta(days=1)
    plan = made(ngo, "/plans", warehouse=store, area="PS0265", site="School yard", starts_at=starts.isoformat(),
                ends_at=(starts + timedelta(hours=2)).isoformat(), households=100,
                goods=[{**RICE, "per_household": "0.04"}])  # fmt: skip
    here = f"/plans/{plan['id']}"
    assert post(ngo, f"{here}/set").json()["code"] == "plan_not_ready"
    for code in ("route_safe", "hazards_checked"):
        made(ngo, f"{here}/check", check=code, is_so=True, by_whom="team", source="visit", checked_at=ago(minutes=1))
    assert made(ngo, f"{here}/set")["is_ready"] is True
    body = {"held_at": ago(minutes=1), "households": 90, "people": {"female_60": 100}, "key": str(uuid.uuid4())}
    differing = [{**RICE, "received": "4", "distributed": "3"}]
    assert post(ngo, f"{here}/report", **body, outcomes=differing).json()["code"] == "report_differs"
    right = [{**RICE, "received": "4", "distributed": "3", "left": "1"}]
    twice = [made(ngo, f"{here}/report", **body, outcomes=right) for _ in range(2)]
    assert [one["report_state"] for one in twice] == ["reconciled", "reconciled"]
    drawn = made(
        un, "/monitoring", plan=plan["id"], interviewer_room=str(factories.room_id("un")), population=90, size=2
    )
    way = f"/monitoring/{drawn['id']}"
    asked = made(
        un, f"{way}/interview", number=drawn["drawn"][0], held_at=ago(minutes=0), answers={"right_items": "yes"}
    )
    assert asked["results"][0]["shares"][0]["share"] == 1.0
    assert made(un, f"{way}/finish")["state"] == "done"


def test_complaint_is_answered_and_told(un, ngo):
    found = made(ngo, "/complaints", category="quality", channel="desk", text="wet", received_at=ago(hours=1),
                 handler_room=str(factories.room_id("un")))  # fmt: skip
    here = f"/complaints/{found['id']}"
    assert made(un, f"{here}/answer", text="replaced")["state"] == "answered"
    assert made(ngo, f"{here}/feed-back", text="at the desk")["state"] == "closed"
    assert [step["text"] for step in made(ngo, f"{here}/reopen", text="nothing came")["steps"]] == [
        "wet", "replaced", "at the desk", "nothing came",
    ]  # fmt: skip


def test_what_is_not_of_the_room_does_not_exist(program, words, stored, accepted):
    beta = program("beta", "distribution.*")
    for area in ("warehouses", "releases", "plans", "monitoring", "complaints"):
        assert beta.get(f"{V1}/{area}").json() == {"items": [], "next": None}
    answers = [post(beta, f"/warehouses/{pk}/count", lots=[{"lot": RICE, "counted": "1"}], at=ago(hours=0))
               for pk in (stored["id"], uuid.uuid4())]  # fmt: skip
    assert [one.status_code for one in answers] == [404, 404]
