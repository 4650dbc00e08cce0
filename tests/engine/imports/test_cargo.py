"""Cargo names by rules: whole words, plurals, mixtures, Arabic, and what stays unmapped."""

import pytest

from tansiq.engine.imports import CargoMatch, CargoReader, CargoRules, classify_cargo

RULES = CargoRules.model_validate(
    {
        "format": 1,
        "version": 1,
        "separators": ["+", " and "],
        "joined": {"non + food": "non food"},
        "spellings": {"buisuit": "biscuit"},
        "rules": [
            {"commodity": "relief", "words": ["non food"]},
            {"commodity": "biscuits", "words": ["biscuit", "candy"]},
            {"commodity": "flour", "words": ["flour", "طحين"], "unless": ["flour mill"]},
            {"commodity": "mats", "words": ["mat"]},
            {"commodity": "food", "words": ["food", "أغذية"]},
        ],
        "mixtures": [{"classes": ["food"], "commodity": "mixed_food"}],
        "other_mixture": "mixed_load",
    }
)
READER = CargoReader(RULES, {"biscuits": "food", "flour": "food", "food": "food", "mats": "household"})


@pytest.mark.parametrize(
    ("name", "commodity"),
    [
        ("Flour", "flour"),
        ("FLOURS ", "flour"),
        ("buisuits", "biscuits"),
        ("Candies", "biscuits"),
        ("Plastic mats", "mats"),
        ("Mattress", None),
        ("طَحِين", "flour"),
        ("اغذيه", "food"),
        ("Non + Food items", "relief"),
        ("Flour + Biscuits", "mixed_food"),
        ("Flour and mats", "mixed_load"),
        ("Flour + flour", "flour"),
        ("Flour mill", None),
        ("Flour + something", None),
        ("", None),
    ],
)
def test_cargo_name_means_one_commodity_or_stays_unmapped(name, commodity):
    assert classify_cargo(READER, name).commodity == commodity


def test_unmapped_name_tells_which_piece_is_unknown():
    assert classify_cargo(READER, "Flour + Jute leaves") == CargoMatch(None, ("flour",), ("jute leaves",))
