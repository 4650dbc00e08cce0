"""Spellings that find each other, across transliterations and scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.names import Match, NameIndex, rank, score, search_keys

SAME_PLACE = [
    ("Deir al-Balah", "Dayr al Balah"),
    ("Deir al-Balah", "دير البلح"),
    ("Deir al-Balah", "דיר אל-בלח"),
    ("Khan Younis", "Khan Yunis"),
    ("Khan Younis", "Khan Yunus"),
    ("Khan Younis", "خان يونس"),
    ("Khan Younis", "חאן יונס"),
    ("Kerem Shalom", "כרם שלום"),
    ("Beit Lahia", "Bayt Lahiya"),
    ("Beit Hanoun", "بيت حانون"),
    ("Jabalia", "Jabaliyah"),
    ("Jabalya", "جباليا"),
    ("ash-Shuja'iyya", "الشجاعية"),
    ("Rafah", "رفح"),
    ("Rafah", "רפיח"),
    ("Zikim", "زيكيم"),
    ("Kissufim", "כיסופים"),
    ("Qalqilya", "قلقيلية"),
    ("An Nuseirat", "Nuseirat"),
    ("alnuseirat", "النصيرات"),
    ("Salah al-Din", "Salah ad Din"),
    ("Ze'elim", "צאלים"),
    ("Tel Aviv", "תל אביב"),
    ("נווה דניאל", "נוה דניאל"),
    ("Neve Daniel", "נוה דניאל"),
    ("Qaryat Sama", "Karyat Sama"),
    ("Khirbat Baqqar", "Hirbat Baqqar"),
    ("Hayy al Balla'ah", "Hay al Bala'ah"),
]


@pytest.mark.parametrize(("one", "other"), SAME_PLACE)
def test_spellings_of_one_place_share_a_key(one, other):
    assert set(search_keys(one)) & set(search_keys(other)) != set()


@pytest.mark.parametrize(("one", "other"), SAME_PLACE)
def test_spellings_of_one_place_score_high(one, other):
    assert score(one, other) > 0.8


@pytest.mark.parametrize(
    ("one", "other"), [("Rafah", "Ramallah"), ("Gaza", "Jenin"), ("رفح", "رام الله"), ("Zikim", "Netzarim")]
)
def test_other_places_score_low(one, other):
    assert score(one, other) < 0.6


def test_kind_of_place_matches_by_meaning():
    assert score("Jabalia camp", "مخيم جباليا") > score("Jabalia camp", "جباليا") > score("Jabalia camp", "مخيم رفح")


def test_part_of_a_name_finds_the_whole():
    assert rank("Yunis", ["Rafah", "Khan Yunis", "Jenin"])[0].place == 1


def test_equal_letters_come_before_equal_sound():
    assert rank("Yatta", ["Yata", "يطا", "Yatta"])[0] == Match(2, "Yatta", 1.0)


def test_each_place_is_found_once_with_its_best_spelling():
    index = NameIndex([("Gaza", "غزة", "עזה"), ("Jenin", "جنين")])
    assert index.rank("غزه") == (Match(0, "غزة", 1.0),)
    assert index.rank("עזה", limit=1) == (Match(0, "עזה", 1.0),)


def test_nothing_is_found_for_nothing():
    index = NameIndex([("Gaza",)])
    assert [index.rank(query) for query in ("", " ", "'", "\u200f", "xqzw")] == [()] * 5
    assert NameIndex([]).rank("Gaza") == ()
    assert (search_keys("..."), score("", "")) == ((), 0.0)


def test_names_in_other_scripts_find_themselves():
    assert rank("東京", ["京都", "東京"])[0] == Match(1, "東京", 1.0)


@given(st.text(), st.text())
def test_score_is_a_share(one, other):
    assert 0.0 <= score(one, other) <= 1.0


@given(st.text(min_size=1))
def test_name_with_letters_finds_itself(name):
    assert all(match.score == 1.0 for match in rank(name, [name])) and (
        rank(name, [name]) != () or not search_keys(name)
    )
