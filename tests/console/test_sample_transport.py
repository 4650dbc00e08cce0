"""The sample's trucks name what there is: rooms, people, goods, crossings, deeds, in an order that the states allow."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tansiq.building.rooms.configuration import read_operation
from tansiq.console.sample_transport import MOVES, SEALS, STORY
from tansiq.desks.transport.models import ManifestState
from tansiq.desks.transport.rules import TRANSITIONS, Act

OPERATION = Path(__file__).resolve().parents[2] / "demo" / "operation"
ACTS = {"seal": Act.SEAL_MANIFEST, "depart": Act.DEPART_MANIFEST, "close": Act.CLOSE_MANIFEST,
        "cancel": Act.CANCEL_MANIFEST, "revise": Act.REVISE_MANIFEST, "relabel": Act.RELABEL_MANIFEST}  # fmt: skip


@pytest.fixture(scope="module")
def told():
    return YAML(typ="safe", pure=True).load(STORY.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def configuration():
    return read_operation(OPERATION)


def test_everything_that_is_named_is_there(told, configuration):
    places = {one.email: {place.room for place in one.memberships} for one in configuration.accounts}
    people = [(one["by"], one["room"]) for one in told["trucks"]]
    people += [(step["by"], step["room"]) for one in told["trucks"] for step in one["steps"] if "by" in step]
    assert [(who, room) for who, room in people if room not in places[who]] == []
    crossings = {one.get("crossing", "") for truck in told["trucks"] for one in (truck, *truck["steps"])}
    assert crossings - {""} <= {one.code for one in configuration.crossings}
    lines = [line for one in told["consignments"] for line in one["lines"]]
    assert {line["commodity"] for line in lines} <= {one.code for one in configuration.commodities}
    assert {one["class"] for one in told["consignments"]} <= {one.code for one in configuration.consignor_classes}
    deeds = {one.code: {at.place for at in one.at} for one in configuration.transport.deeds}
    scans = [step for truck in told["trucks"] for step in truck["steps"] if "deed" in step]
    assert [one for one in scans if one["place"] not in deeds[one["deed"]]] == []


def test_steps_follow_the_table_and_every_state_is_reached(told):
    reached = set()
    for truck in told["trucks"]:
        state = ManifestState.DRAFTED
        for step in truck["steps"]:
            assert step["do"] in {*MOVES, *SEALS, "revise", "relabel", "purge", "scan", "stray_scan"}
            if step["do"] in ACTS:
                state = TRANSITIONS[state, ACTS[step["do"]]]
        reached.add(state)
    assert reached == set(ManifestState)
