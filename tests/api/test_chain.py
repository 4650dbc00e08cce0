"""The chain for programs: the same facts as the pages, in pages that hold when the board changes."""

from uuid import uuid4

import pytest

from tansiq.building.rooms.actors import Actor
from tests.floor.chain.conftest import INTO, chain_loaded, id_of, move, register, un  # noqa: F401

V1 = "/api/v1/chain"


@pytest.fixture
def reader(program, un: Actor):  # noqa: F811
    for n in range(5):
        register(un, f"A-{n}")
    move(un, "A-1", *INTO, hours_ago=30)
    return program("un", "floor.chain.read")


def test_list_goes_on_where_it_stopped_though_the_board_changed(reader, un: Actor):  # noqa: F811
    first = reader.get(f"{V1}?limit=2").json()
    assert len(first["items"]) == 2
    move(
        un,
        first["items"][-1]["reference"],
        "departed",
        "entered",
        "arrived",
        "received_good",
        "distributed",
        "reconciled",
    )
    rest = reader.get(f"{V1}?limit=3&after={first['next']}").json()
    assert {one["reference"] for one in first["items"] + rest["items"]} == {f"A-{n}" for n in range(5)}
    assert rest["next"] is None


def test_item_tells_link_holder_and_why(reader):
    found = reader.get(f"{V1}?link=transport").json()["items"]
    assert [(one["reference"], one["state"], one["per_day"]) for one in found] == [("A-1", "ready", "12")]
    assert found[0]["why"].startswith("Not moving: “Transport” is not done yet and is with")
    assert found[0]["holder"]["room"]["en"] == "Room un"


def test_board_counts_what_the_list_lists(reader):
    found = reader.get(f"{V1}/board?by=link").json()
    assert {lane["code"]: lane["held"] for lane in found["lanes"] if lane["held"]} == {"entry": 4, "transport": 1}
    assert (found["held"], found["per_day"]) == (5, "60")


def test_one_chain_has_all_links_and_a_hidden_one_is_not_there(reader, program, un: Actor):  # noqa: F811
    place = f"{V1}/{id_of(un, 'A-1')}"
    links = {one["link"]: one["state"] for one in reader.get(place).json()["links"]}
    assert (len(links), links["entry"], links["transport"], links["reception"]) == (9, "done", "ready", "blocked")
    other = program("beta", "floor.chain.read")
    assert other.get(place).status_code == 404
    assert other.get(place).content == other.get(f"{V1}/{uuid4()}").content
    assert other.get(V1).json()["items"] == []


def test_funnel_counts_and_refuses_days_out_of_order(reader):
    stages = {one["stage"]: one["reached"] for one in reader.get(f"{V1}/funnel").json()["stages"]}
    assert stages["entered"] == 1
    answer = reader.get(f"{V1}/funnel?since=2026-03-02&until=2026-03-01")
    assert (answer.status_code, answer.json()["code"]) == (422, "chain_days_out_of_order")
