"""What no name may hold, and what imported names lose."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.names import BIDI_CONTROLS, UnsafeName, safe_name, strip_marks


def test_there_are_twelve_directional_controls_and_each_is_refused():
    assert len(BIDI_CONTROLS) == 12
    for control in BIDI_CONTROLS:
        with pytest.raises(UnsafeName) as refusal:
            safe_name(f"evil{control}cod.exe")
        assert (refusal.value.code, refusal.value.position) == ("bidi_control", 4)
        assert refusal.value.character == f"U+{ord(control):04X}"


@pytest.mark.parametrize(
    "unseen",
    ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u3164", "\u2800", "\x00", "\n", "\ufe0f", "\U000e0041"],
)
def test_invisible_characters_are_refused(unseen):
    with pytest.raises(UnsafeName) as refusal:
        safe_name(f"Ra{unseen}fah")
    assert (refusal.value.code, refusal.value.position) == ("invisible", 2)


@pytest.mark.parametrize("name", ["می\u200cخواهم", "علی\u200cآباد", "क\u094d\u200dष", "میَ\u200cخ"])
def test_joiners_between_arabic_and_indic_letters_are_kept(name):
    assert safe_name(name) == name


@pytest.mark.parametrize("name", ["Ra\u200cfah", "רפ\u200dיח", "رفح\u200c", "\u200dرفح", "رفح\u200c Rafah"])
def test_joiners_elsewhere_are_refused(name):
    with pytest.raises(UnsafeName, match="invisible"):
        safe_name(name)


@pytest.mark.parametrize("name", ["", "   ", "\u0301"])
def test_nothing_to_see_is_refused(name):
    with pytest.raises(UnsafeName, match="empty"):
        safe_name(name)


def test_safe_name_composes_and_single_spaces():
    assert safe_name("  Za\u0304wiyat\u00a0 Umm ") == "Z\u0101wiyat Umm"


def test_strip_marks_cleans_and_tells():
    assert strip_marks("\u200fرفح\u200e") == ("رفح", True)
    assert strip_marks("رفح") == ("رفح", False)
    assert strip_marks("Khan\nYunis ") == ("Khan Yunis", False)
    assert strip_marks("\u202a\u202c") == ("", True)
    assert strip_marks("می\u200cخواهم\u200c") == ("می\u200cخواهم", True)


@given(st.text(alphabet=st.characters() | st.sampled_from([*BIDI_CONTROLS, "\u200c", "\u200d", "ا", "ب"])))
def test_stripped_names_are_safe_or_empty(text):
    cleaned, _ = strip_marks(text)
    try:
        assert safe_name(cleaned) == cleaned
    except UnsafeName as refusal:
        assert refusal.code == "empty"


@pytest.mark.real
def test_every_naughty_string_with_a_control_is_refused(real_data):
    strings = json.loads((real_data / "6-text" / "blns.json").read_text(encoding="utf-8"))
    turned = [text for text in strings if BIDI_CONTROLS & set(text)]
    assert len(turned) >= 7
    for text in turned:
        with pytest.raises(UnsafeName):
            safe_name(text)
