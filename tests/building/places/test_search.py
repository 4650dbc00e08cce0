"""Search: every spelling finds its place, in any script, while it is still being typed."""

import statistics
import sys
import time

import pytest

from tansiq.building.places.models import PlaceName
from tansiq.building.places.queries.filing import filing_keys, script_of
from tansiq.building.places.queries.search import search_places

pytestmark = pytest.mark.django_db
TOP = 5


def found(text: str, actor, limit: int = TOP) -> list[str]:
    return [one.place.code for one in search_places(text, actor, limit)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Khan Younis", "PS0270"), ("خانيونس", "PS0270"), ("ח׳אן יונס", "PS0270"), ("khan y", "PS0270"),
        ("دير البلح", "PS0265"), ("Dayr al-Balah", "PS0265"), ("Karem Abu Salem", "kerem_shalom"),
        ("كرم ابو سالم", "kerem_shalom"), ("כרם שלום", "kerem_shalom"), ("PS0260", "PS0260"),
        ("Jabaliyah camp", "jabalia_camp"), ("jabalya ref", "jabalia_camp"), ("salah al din", "salah_al_din"),
        ("Zikimm", "zikim"), ("Kisufim", "kissufim"), ("separation", "separation_line"),
    ],
)  # fmt: skip
def test_spelling_finds_its_place(alpha, text, code):
    assert code in found(text, alpha)


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "'; drop table places_place; --", "%", "_", "\u202e", "🏠" * 50, "a" * 5000]
)
def test_hostile_text_finds_nothing_and_breaks_nothing(alpha, text):
    assert found(text, alpha) == []


def test_percent_sign_is_a_character_and_not_a_wildcard(alpha):
    assert found("%a%", alpha) == found("a", alpha)


def test_another_operation_finds_nothing_of_this_one(alpha, other_floor):
    assert found("Khan Younis", alpha) != []
    assert found("Khan Younis", other_floor) == []


def test_catalogue_narrows_the_search(alpha):
    assert {one.place.catalogue for one in search_places("Rafah", alpha, 10)} > {"crossing"}
    assert [one.place.code for one in search_places("Rafah", alpha, 10, catalogue="crossing")] == ["rafah"]


def test_keys_file_beginnings_of_words_with_and_without_article():
    keys = filing_keys("دير البلح")
    assert {"p:دير", "p:البل", "p:بلح", "n:ديرالبلح"} <= set(keys)


@pytest.mark.parametrize(
    ("text", "script"), [("Gaza", "Latn"), ("غزة", "Arab"), ("עזה", "Hebr"), ("Газа", "Cyrl"), ("96", "Zyyy")]
)
def test_script_is_known_by_its_letters(text, script):
    assert script_of(text) == script


def recall(names: list[tuple], actor) -> tuple[float, list[str], list[float]]:
    missed, times = [], []
    for text, place_id in names:
        begin = time.perf_counter()
        hits = search_places(text, actor, TOP)
        times.append(1000 * (time.perf_counter() - begin))
        if place_id not in {one.place.pk for one in hits}:
            missed.append(text)
    return 1 - len(missed) / len(names), missed, times


def test_every_spelling_of_the_operation_finds_its_place_in_the_top_five(alpha):
    names = list(
        PlaceName.objects.filter(operation=alpha.operation_id, place__is_own=True).values_list("text", "place_id")
    )
    share, missed, _times = recall(names, alpha)
    sys.stdout.write(f"\nrecall of {len(names)} own spellings: {share:.4f}")
    assert missed == []


@pytest.mark.real
@pytest.mark.slow
def test_every_spelling_of_the_real_gazetteers_finds_its_place_in_the_top_five(gazetteers):
    spellings = PlaceName.objects.filter(operation=gazetteers.operation_id).order_by("pk")
    every = list(spellings.values_list("text", "place_id", "normal"))
    bearers: dict[str, set] = {}
    for _text, place_id, normal in every:
        bearers.setdefault(normal, set()).add(place_id)
    sample = every[:: max(1, len(every) // 2500)]
    telling = [(text, place_id) for text, place_id, normal in sample if normal and len(bearers[normal]) <= TOP]
    share, missed, times = recall(telling, gazetteers)
    shared = len(sample) - len(telling)
    sys.stdout.write(
        f"\n{len(every)} spellings; {len(telling)} searched ({shared} more are borne by over {TOP} places or hold no letter): "
        f"recall in the top {TOP} {share:.4f}, median {statistics.median(times):.1f} ms, "
        f"95 % {statistics.quantiles(times, n=20)[-1]:.1f} ms; missed {missed}"
    )
    assert missed == []
