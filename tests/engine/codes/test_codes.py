"""Codes round-trip; every altered letter, every other key and every cut is found, and told from what is no code."""

from base64 import b32decode, b32encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.codes import (
    Code,
    CodeFault,
    Kind,
    UnreadableCode,
    operation_mark,
    read_code,
    read_short,
    short_code,
    sign_code,
)
from tansiq.engine.merkle import SigningKey

KEY = SigningKey("codes.example", bytes(range(32)))
OTHER = SigningKey("codes.example", bytes(range(1, 33)))
UNIT = UUID("0f6c1b3a-58a5-4c1f-9d0e-2b6f3c1d7e11")
CODE = Code(Kind.UNIT, operation_mark(UUID(int=7 << 64)), UNIT, 1, "M-0001")
TEXT = sign_code(CODE, KEY)


def fault(text, key=KEY):
    with pytest.raises(UnreadableCode) as found:
        read_code(text, key.verifier)
    return found.value.fault


@given(
    st.sampled_from(Kind), st.uuids(), st.uuids(), st.integers(1, 65_535),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8),
)  # fmt: skip
def test_code_round_trips(kind, operation, subject, issue, number):
    code = Code(kind, operation_mark(operation), subject, issue, number)
    assert read_code(sign_code(code, KEY), KEY.verifier) == code


def test_worked_example_of_the_documentation():
    raw = b32decode(TEXT.removeprefix("TQ1:") + "=" * (-len(TEXT.removeprefix("TQ1:")) % 8))
    assert raw[:-64].hex() == (
        "01" "01" "0000000000000007" "0f6c1b3a58a54c1f9d0e2b6f3c1d7e11" "0001" "06" + b"M-0001".hex()
    )  # fmt: skip
    assert KEY.verifier.verifies(raw[-64:], b"tansiq code v1\n" + raw[:-64])
    assert set(TEXT) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567:")


def test_every_altered_letter_is_found():
    for place in range(len("TQ1:"), len(TEXT)):
        swapped = "A" if TEXT[place] != "A" else "B"
        altered = TEXT[:place] + swapped + TEXT[place + 1 :]
        assert fault(altered) in (CodeFault.FORGED, CodeFault.BROKEN, CodeFault.VERSION), place


def test_code_of_another_key_is_forged():
    assert fault(sign_code(CODE, OTHER)) == CodeFault.FORGED


def test_raised_issue_is_forged():
    raw = bytearray(b32decode(TEXT.removeprefix("TQ1:") + "=" * (-len(TEXT.removeprefix("TQ1:")) % 8)))
    raw[27] = 2
    assert fault("TQ1:" + b32encode(raw).decode().rstrip("=")) == CodeFault.FORGED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", CodeFault.NO_CODE), ("https://example.org/", CodeFault.NO_CODE), ("TQ1:", CodeFault.BROKEN),
        ("TQ1:0189", CodeFault.BROKEN), (TEXT[:-1], CodeFault.BROKEN), (TEXT[:-32], CodeFault.BROKEN), (TEXT + "A" * 8, CodeFault.FORGED),
        ("TQ1:" + b32encode(b"\x02" + bytes(120)).decode().rstrip("="), CodeFault.VERSION),
    ],
)  # fmt: skip
def test_what_is_no_code_says_why(text, found):
    assert fault(text) == found


def test_code_is_read_in_small_letters_and_with_blanks_around():
    assert read_code(f"  {TEXT.lower()}\n", KEY.verifier) == CODE


@pytest.mark.parametrize("change", [{"issue": 0}, {"issue": 65_536}, {"manifest": ""}, {"manifest": "א" * 17}])
def test_what_has_no_room_is_refused(change):
    from dataclasses import replace

    with pytest.raises(ValueError, match="bytes of number"):
        sign_code(replace(CODE, **change), KEY)


@given(st.uuids(version=4))
def test_short_code_round_trips_however_it_is_typed(one):
    short = short_code(one)
    assert (
        read_short(short) == read_short(short.lower().replace("-", " ")) == read_short(short.replace("0", "o")) == short
    )


@given(st.uuids(version=4), st.integers(0, 8), st.sampled_from("023456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter_is_found(one, place, letter):
    plain = short_code(one).replace("-", "")
    wrong = plain[:place] + letter + plain[place + 1 :]
    assert read_short(wrong) == (short_code(one) if wrong == plain else None)


@given(st.uuids(version=4), st.integers(0, 6))
def test_two_letters_that_changed_places_are_found(one, place):
    plain = short_code(one).replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert (read_short(wrong) is None) == (wrong != plain)


@pytest.mark.parametrize("text", ["", "K7Q2", "K7Q2-9XMD-44", "?7Q2-9XMD-4"])
def test_what_is_no_short_code_is_none(text):
    assert read_short(text) is None
