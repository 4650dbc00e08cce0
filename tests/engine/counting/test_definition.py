"""Proposed definitions, sound and faulty."""

import pytest

from tansiq.engine.counting import (
    Definition,
    DefinitionRefused,
    Fault,
    definition_faults,
    definition_from_dict,
    definition_to_dict,
)

SOUND = {"code": "trucks-entered", "version": 1, "stages": ["ENTERED"], "unit": "truck"}


def test_definition_from_dict_takes_defaults():
    assert definition_from_dict(SOUND) == Definition("trucks-entered", 1, frozenset({"ENTERED"}), "truck")


def test_definition_survives_the_round_trip_through_plain_data():
    definition = definition_from_dict(
        {
            **SOUND,
            "crossings": ["b", "a"],
            "time_rule": "recorded",
            "timezone": "Asia/Gaza",
            "day_starts_s": 64800,
        }
    )
    assert definition_from_dict(definition_to_dict(definition)) == definition
    assert definition_to_dict(definition)["crossings"] == ["a", "b"]


def test_every_fault_is_listed():
    faults = definition_faults(
        {
            "version": 0,
            "stages": [],
            "unit": " ",
            "measure": "weight",
            "sources": "all",
            "crossings": [1],
            "time_rule": 3,
            "timezone": "Gaza",
            "day_starts_s": 86400,
            "colour": "red",
        }
    )
    assert faults == (
        Fault("code", "missing"),
        Fault("colour", "unknown_field"),
        Fault("version", "out_of_range", "0"),
        Fault("stages", "empty"),
        Fault("unit", "empty"),
        Fault("measure", "unknown_value", "weight"),
        Fault("crossings", "wrong_type", "1"),
        Fault("sources", "wrong_type", "'all'"),
        Fault("time_rule", "wrong_type", "3"),
        Fault("timezone", "unknown_value", "Gaza"),
        Fault("day_starts_s", "out_of_range", "86400"),
    )


def test_known_codes_are_enforced():
    known = {"stages": {"OFFLOADED"}, "unit": {"pallet"}}
    assert definition_faults(SOUND, known) == (
        Fault("stages", "unknown_value", "ENTERED"),
        Fault("unit", "unknown_value", "truck"),
    )


def test_refusal_carries_the_faults():
    with pytest.raises(DefinitionRefused) as refusal:
        definition_from_dict({**SOUND, "version": True})
    assert refusal.value.faults == (Fault("version", "wrong_type", "True"),)
    assert str(refusal.value) == "version: wrong_type True"


def test_null_means_all_only_where_all_makes_sense():
    assert definition_from_dict({**SOUND, "sources": None}).sources is None
    assert definition_faults({**SOUND, "stages": None}) == (Fault("stages", "wrong_type", "None"),)
