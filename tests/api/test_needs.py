"""Needs through the API: stated, read back, ranked and closed, each by the room whose right it is."""

import uuid
from datetime import timedelta

import pytest

from tansiq.building.places.queries.crossings import database_now
from tests import databases, factories
from tests.desks.needs.conftest import goods_at, load_needs, today

pytestmark = pytest.mark.django_db

V1 = "/api/v1/needs"
ALL = ("needs.caseload.read", "needs.caseload.state", "needs.caseload.export", "needs.exposure.read",
       "needs.exposure.state", "needs.storm.read", "needs.storm.open", "needs.storm.close")  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), databases.copied("needs"):
        load_needs()
        factories.close_connections()
        yield


@pytest.fixture
def un(loaded, program):
    return program("un", *ALL)


def post(client, way, **body):
    headers = {"Idempotency-Key": body.pop("key", str(uuid.uuid4()))}
    return client.post(f"{V1}{way}", body, content_type="application/json", headers=headers)


def caseload(**changed):
    return {"p_code": "PS0260", "people": 500, "as_of_date": str(today()), "source": "count", **changed}


def test_statements_are_read_back_and_cover_is_reckoned(un, program):
    assert post(un, "/caseloads", **caseload()).status_code == 201
    for site in ("A", "B"):
        post(un, "/caseloads", **caseload(site=site, people=5))
    goods_at(factories.actor("un"), "distributed", "blankets", 1)
    first = un.get(f"{V1}/caseloads?limit=2").json()
    rest = un.get(f"{V1}/caseloads?limit=2&after={first['next']}").json()
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]
    cover = {one["indicator"]: one for one in un.get(f"{V1}/cover").json()}["blankets"]
    assert (cover["people"], cover["needed"], float(cover["distributed"]), float(cover["missing"])) == (
        500,
        "500",
        250,
        250,
    )
    rows = un.get(f"{V1}/5w?first={today() - timedelta(days=9)}").json()
    assert [(one["commodity"], one["unit"], float(one["quantity"])) for one in rows] == [("blankets", "pallet", 1.0)]
    assert program("ngo", *ALL).get(f"{V1}/caseloads").json() == {"items": [], "next": None}


def test_what_cannot_be_is_a_problem(un):
    told = [post(un, "/caseloads", **caseload(**bad)) for bad in ({"p_code": "XX"}, {"people": -1}, {"source": ""})]
    assert told[0].json()["code"] == "needs_area_unknown"
    assert [one.status_code for one in told] == [422, 422, 422]


def test_storm_ranks_and_closes(un, program):
    post(un, "/caseloads", **caseload())
    exposed = {"p_code": "PS0260", "hazard": "flood", "level": "high", "as_of_date": str(today()), "source": "map"}
    assert post(un, "/exposures", **exposed).status_code == 201
    now = database_now()
    warned = {"warning": "Rain", "hazard": "flood", "areas": ["PS0260"], "source": "met",
              "begins_at": now.isoformat(), "ends_at": (now + timedelta(hours=9)).isoformat()}  # fmt: skip
    storm = post(un, "/storms", **warned).json()["id"]
    places = un.get(f"{V1}/storms/{storm}").json()["places"]
    assert [(float(one["weight"]), one["people"], float(one["missing"]), float(one["score"])) for one in places] == [
        (1.0, 500, 1.0, 500.0)
    ]
    ngo = program("ngo", *ALL)
    assert [ngo.get(f"{V1}/storms/{storm}").status_code, post(ngo, f"/storms/{storm}/close", reason="x").status_code] == [
        404, 404,
    ]  # fmt: skip
    assert post(un, f"/storms/{storm}/close", reason="over").json()["state"] == "closed"
    assert post(un, f"/storms/{storm}/close", reason="over").json()["code"] == "needs_storm_state"
