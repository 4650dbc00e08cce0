"""How many real places are found by their real spellings; run with -s to see the figures."""

import json
import random
import re
import sys

import pytest

from tansiq.engine.names import NameIndex

pytestmark = pytest.mark.real

ARABIC = re.compile("[\u0620-\u06ff]")
HEBREW = re.compile("[\u05d0-\u05ea]")
LATIN = re.compile("[A-Za-z]")
FOREIGN = re.compile("[\u0400-\u04ff\u0900-\u0dff\u3040-\u9fff\uac00-\ud7af]")
SAMPLE = 400


def read(real_data, name):
    return json.loads((real_data / "6-text" / name).read_text(encoding="utf-8"))


def spellings(*names):
    return [name for name in dict.fromkeys(names) if name and not FOREIGN.search(name)]


@pytest.fixture(scope="module")
def gazetteers(real_data):
    palestine = read(real_data, "ps_gazetteer_known_locations.json")
    region = read(real_data, "geonames_cities500_levant_yemen_sudans.json")
    localities = read(real_data, "il_pikud_haoref_cities_he_en_ru_ar.json")[1:]
    return {
        "palestine": [spellings(row["name_en"], row["name_ar"], *row["aliases"]) for row in palestine],
        "region": [spellings(row["name"], *row["alternatenames"]) for row in region],
        "localities": [spellings(row["name"], row["name_en"], row["name_ar"]) for row in localities],
    }


def figures(label, filed, asked):
    """Give the share of places found among the first five, and first of all."""
    queries = [(place, name) for place, names in enumerate(asked) if filed[place] for name in names]
    sample = random.Random(11).sample(queries, min(SAMPLE, len(queries)))
    index = NameIndex(filed)
    found = [[match.place for match in index.rank(name, 5)] for _, name in sample]
    wanted = [place for place, _ in sample]
    recall = sum(place in places for place, places in zip(wanted, found, strict=True)) / len(sample)
    first = sum(places[:1] == [place] for place, places in zip(wanted, found, strict=True)) / len(sample)
    sys.stdout.write(f"\n{label}: {len(sample)} queries, recall@5 {recall:.3f}, right place first {first:.3f}\n")
    return recall, first


def in_script(places, script):
    return [[name for name in names if script.search(name)] for names in places]


@pytest.mark.parametrize(
    ("name", "recall", "first"), [("palestine", 0.98, 0.95), ("region", 0.98, 0.93), ("localities", 0.99, 0.97)]
)
def test_filed_spellings_find_their_place(gazetteers, name, recall, first):
    reached = figures(f"{name}, all spellings filed", gazetteers[name], gazetteers[name])
    assert reached[0] >= recall
    assert reached[1] >= first


@pytest.mark.parametrize(("name", "recall", "first"), [("palestine", 0.90, 0.77), ("region", 0.91, 0.80)])
def test_spellings_never_filed_find_their_place(gazetteers, name, recall, first):
    places = gazetteers[name]
    filed, asked = [names[::2] for names in places], [names[1::2] for names in places]
    reached = figures(f"{name}, every second spelling held out", filed, asked)
    assert reached[0] >= recall
    assert reached[1] >= first


@pytest.mark.parametrize(
    ("name", "scripts", "floor"),
    [
        ("palestine", (ARABIC, LATIN), (0.84, 0.71)),
        ("region", (ARABIC, LATIN), (0.82, 0.68)),
        ("region", (LATIN, ARABIC), (0.92, 0.75)),
        ("region", (ARABIC, HEBREW), (0.86, 0.77)),
        ("localities", (HEBREW, LATIN), (0.92, 0.88)),
        ("localities", (HEBREW, ARABIC), (0.89, 0.84)),
        ("localities", (ARABIC, LATIN), (0.90, 0.84)),
        ("localities", (ARABIC, HEBREW), (0.90, 0.85)),
    ],
)
def test_query_in_another_script_finds_the_place(gazetteers, name, scripts, floor):
    filed, asked = (in_script(gazetteers[name], script) for script in scripts)
    label = f"{name}, filed in {scripts[0].pattern}, asked in {scripts[1].pattern}"
    reached = figures(label, filed, asked)
    assert reached[0] >= floor[0]
    assert reached[1] >= floor[1]
