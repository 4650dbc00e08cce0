"""Spellings that fold to one normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.names import normal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إسكان", "اسكان"),
        ("أُمّ الفَحْم", "ام الفحم"),
        ("آل", "ال"),
        ("غـــزة", "غزه"),
        ("مستشفى", "مستشفي"),
        ("کرمان", "كرمان"),
        ("\ufee3\ufea4\ufee4\ufeaa", "محمد"),
        ("شارع ١٢٣", "شارع 123"),
        ("خیابان ۱۲۳", "خيابان 123"),
        ("שָׁלוֹם", "שלומ"),
        ("תל־אביב", "תל אביב"),
        ("ג'סר א-זרקא", "גסר א זרקא"),
        ("Ţūkh", "tukh"),
        ("Khirbat al ‘Awjā’ at Taḩtā", "Khirbat al Awja at Tahta"),
        ("FLOUR,  wheat (25kg)", "flour wheat 25kg"),
        ("\u200fرفح", "رفح"),
    ],
)
def test_spellings_fold_together(one, other):
    assert normal_form(one) == normal_form(other) != ""


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert normal_form(normal_form(text)) == normal_form(text)
