"""The sample: goes into no other operation's database, and its story names only what the operation has."""

from datetime import UTC, datetime

import pytest

from tansiq.building.rooms.configuration import OperationConfiguration, read_operation, simulated_world
from tansiq.building.rooms.models import Room
from tansiq.console import sample
from tansiq.console.sample_aid import Asked, Sites, simulated
from tansiq.console.sample_stage import Stage
from tansiq.console.sample_story import read_story, tell_story
from tansiq.engine.simulation import simulate_aid
from tests import factories

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def configuration() -> OperationConfiguration:
    return read_operation(sample.DIRECTORY)


@pytest.mark.django_db
def test_database_of_another_operation_is_left_alone():
    assert sample.load() == {}


def test_story_names_rooms_people_and_crossings_of_the_operation(configuration):
    story = read_story(sample.STORY)
    rooms = {room.code for room in configuration.rooms}
    places = {account.email: {place.room for place in account.memberships} for account in configuration.accounts}
    assert {one["crossing"] for one in story["crossing_reports"]} <= {one.code for one in configuration.crossings}
    assert {one["reason"] for one in story["crossing_reports"] if "reason" in one} <= {
        one.code for one in configuration.reasons
    }
    assert {one["kind"] for one in story["clocks"]} <= {one.code for one in configuration.clock_kinds}
    assert {one[name] for one in story["clocks"] for name in ("room", "subject", "holder")} <= rooms
    assert {room for one in story["releases"] for room in one["to"]} <= rooms
    told = story["impediments"]
    words = configuration.impediments
    assert {one[name] for one in told for name in ("room", "owner")} <= rooms
    assert {step[name] for one in told for step in one["steps"] for name in ("by", "to") if name in step} <= rooms
    assert {one["kind"] for one in told} <= {one.code for one in words.types}
    assert {link for one in told for link in one["links"]} <= {one.code for one in words.chain_links}
    assert {step["answer"] for one in told for step in one["steps"] if "answer" in step} <= {
        one.code for one in words.answers
    }
    released = [{**one["release"], "room": one["room"]} for one in told if "release" in one]
    for release in [*story["releases"], *released, story["ledger"]]:
        for who in (release["by"], release.get("agree", release["by"])):
            assert release["room"] in places[who]


@pytest.mark.django_db
def test_story_leaves_out_what_a_small_sample_has_no_consignment_for():
    rooms = {"alpha": factories.room("alpha")}
    clock = {"kind": "answer", "room": "alpha", "subject": "alpha", "nth": 1, "holder": "alpha", "used": 0.5}
    release = {"room": "alpha", "by": "alpha-officer@example.org", "nth": 2}
    impediment = {"room": "alpha", "owner": "alpha", "holds": 1}
    story = {"crossing_reports": [], "clocks": [clock], "releases": [release], "impediments": [impediment]}
    assert set(tell_story(story, Stage(rooms, NOW)).values()) == {0}


def test_nothing_lies_ahead_and_every_consignor_has_a_room(configuration):
    rooms = {one.code: Room(slug=one.code, kind=one.kind) for one in configuration.rooms}
    found = simulated(configuration, rooms, Asked(7, 3, 20, NOW))
    assert max(event.recorded_at for event in found.aid.events) <= NOW
    assert {event.consignor for event in found.aid.events} <= set(found.actors)
    assert found.actors["un_coordination_desk"].room_id == rooms["un_desk"].pk
    assert found.actors["importer_sample_market"].room_id == rooms["haulier"].pk
    assert found.actors["crescent_sample"].room_id == rooms["shared_floor"].pk


def test_same_question_gives_the_same_records(configuration):
    rooms = {one.code: Room(slug=one.code, kind=one.kind) for one in configuration.rooms}
    first, second = (simulated(configuration, rooms, Asked(7, 2, 10, NOW)) for _ in range(2))
    assert first.aid == second.aid


def test_trucks_are_at_a_hub_before_the_crossing_and_inside_only_behind_it(configuration):
    world = simulated_world(configuration)
    aid = simulate_aid(seed=1, days=2, trucks_per_day=40, start=NOW.date(), world=world)
    sites = Sites(("hub_one", "hub_two"), {stage.code: stage.side for stage in configuration.stages})
    found = {side: set() for side in sites.sides.values()}
    for event in aid.events:
        if event.unit:
            found[sites.sides[event.stage]].add(sites.of(event))
    areas = {code for code, _ in world.areas}
    assert (found["before"], found["crossing"]) == ({"hub_one", "hub_two"}, {""})
    assert found["after"] and found["after"] <= areas
    assert {sites.of(event) for event in aid.events if event.stage == "requested"} == {""}
