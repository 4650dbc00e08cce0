"""Signed notes: a worked example, and what a strict parser refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    Fault,
    MerkleError,
    NoteSignature,
    SigningKey,
    add_signatures,
    parse_note,
    parse_signing_key,
    parse_verifier_key,
    sign_note,
    verify_note,
)

# Keys of RFC 8032 section 7.1, TEST 1 and TEST 2.
LOG = parse_verifier_key("log.example/centre+732fdf5b+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea")
LOG_SECRET = "PRIVATE+KEY+log.example/centre+732fdf5b+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
WITNESS = parse_verifier_key("witness.example/w1+d3188955+AT1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM")
TEXT = "Convoy 12 passed the northern gate.\nAcknowledged at 10:40.\n"
LOG_BASE64 = "cy/fWxO30ctcrskheT9uN2ciardbM+Ms+jWhANwTOkeMRGQO5My/5Pq0n/BVd2XcbDhVkwSjyHzrtFuOW+cApTbCYQM="
LOG_LINE = f"— log.example/centre {LOG_BASE64}\n"
WITNESS_BASE64 = "0xiJVXKg5fXVl9tNK0/WZTton9q7TCmXTe6ziPXLI/OOio2ta9NrNCIsBcfnyKaoCucVbgWnQD4VcsoEEs4umHReQQk="
WITNESS_LINE = f"— witness.example/w1 {WITNESS_BASE64}\n"


def refused(source: str | bytes) -> Fault:
    with pytest.raises(MerkleError) as refusal:
        parse_note(source)
    return refusal.value.code


def test_signing_gives_the_worked_note() -> None:
    assert sign_note(TEXT, parse_signing_key(LOG_SECRET)) == f"{TEXT}\n{LOG_LINE}"


def test_worked_signatures_verify() -> None:
    note = parse_note(f"{TEXT}\n{LOG_LINE}{WITNESS_LINE}")
    assert note.text == TEXT
    assert verify_note(note, [LOG]) == (LOG,)
    assert verify_note(note, [WITNESS, LOG]) == (LOG, WITNESS)


def test_lines_of_unknown_keys_are_kept() -> None:
    note = parse_note(f"{TEXT}\n{LOG_LINE}{WITNESS_LINE}")
    assert [signature.name for signature in note.signatures] == ["log.example/centre", "witness.example/w1"]
    assert str(note) == f"{TEXT}\n{LOG_LINE}{WITNESS_LINE}"


def test_a_cosignature_can_be_added_and_is_ignored_when_unknown() -> None:
    cosignature = NoteSignature("witness.example/w2", b"\x01\x02\x03\x04", bytes(72))
    note = parse_note(add_signatures(f"{TEXT}\n{LOG_LINE}", cosignature))
    assert note.signatures[1] == cosignature
    assert verify_note(note, [LOG]) == (LOG,)


def test_the_text_may_hold_empty_lines() -> None:
    key = SigningKey("log.example", bytes(32))
    note = parse_note(sign_note("one\n\n\ntwo\n", key))
    assert note.text == "one\n\n\ntwo\n"
    assert verify_note(note, [key.verifier]) == (key.verifier,)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", Fault.NOTE_SHAPE),
        (TEXT, Fault.NOTE_SHAPE),
        (f"{TEXT}\n", Fault.NOTE_SHAPE),
        (f"{TEXT}\n{LOG_LINE[:-1]}", Fault.NOTE_SHAPE),
        (f"{TEXT}{LOG_LINE}", Fault.NOTE_SHAPE),
        (f"{TEXT}\n{LOG_LINE}\n", Fault.NOTE_SHAPE),
        (f"{TEXT}\n{LOG_LINE}Unexpected line.\n", Fault.NOTE_SIGNATURE_LINE),
        (f"\x01{TEXT}\n{LOG_LINE}", Fault.NOTE_CONTROL_CHARACTER),
        (f"{TEXT}\n{LOG_LINE}".replace("\n", "\r\n"), Fault.NOTE_CONTROL_CHARACTER),
        (f"a\tb\n\n{LOG_LINE}", Fault.NOTE_CONTROL_CHARACTER),
        (b"\xff" + f"{TEXT}\n{LOG_LINE}".encode(), Fault.NOTE_NOT_UTF8),
        (f"\ud800\n\n{LOG_LINE}", Fault.NOTE_NOT_UTF8),
        (f"{TEXT}\n{LOG_LINE.replace('log.example/centre', 'Bad Name')}", Fault.NOTE_SIGNATURE_LINE),
        (f"{TEXT}\n{LOG_LINE.replace('log.example/centre', 'Bad+Name')}", Fault.NOTE_SIGNATURE_LINE),
        (TEXT + "\n" + LOG_LINE.replace("log.example/centre", "Bad\u3000Name"), Fault.NOTE_SIGNATURE_LINE),
        (f"{TEXT}\n{LOG_LINE.replace('log.example/centre ', ' ')}", Fault.NOTE_SIGNATURE_LINE),
        (f"{TEXT}\n{LOG_LINE.replace('—', '-')}", Fault.NOTE_SIGNATURE_LINE),
        (f"{TEXT}\n{LOG_LINE.replace('=', '')}", Fault.NOTE_SIGNATURE_BASE64),
        (f"{TEXT}\n{LOG_LINE.replace('QM=', 'QN=')}", Fault.NOTE_SIGNATURE_BASE64),
        (f"{TEXT}\n{LOG_LINE.replace('/', '_')}", Fault.NOTE_SIGNATURE_BASE64),
        (f"{TEXT}\n— log.example/centre cy/fWw==\n", Fault.NOTE_SIGNATURE_BASE64),
        (f"{TEXT}\n{LOG_LINE}{LOG_LINE}", Fault.NOTE_SIGNATURE_REPEATED),
        (f"{TEXT}\n{LOG_LINE * 101}", Fault.NOTE_SIGNATURE_COUNT),
        (f"{'x' * 1_000_000}\n\n{LOG_LINE}", Fault.NOTE_TOO_LARGE),
    ],
)
def test_malformed_notes_are_refused(source: str | bytes, code: Fault) -> None:
    assert refused(source) == code


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    note = parse_note(f"{TEXT.replace('12', '13')}\n{LOG_LINE}")
    with pytest.raises(MerkleError) as refusal:
        verify_note(note, [LOG])
    assert refusal.value.code == Fault.NOTE_SIGNATURE_WRONG


def test_a_good_signature_does_not_heal_a_wrong_one() -> None:
    wrong = LOG_LINE.replace("xO30", "xO31")
    note = parse_note(f"{TEXT}\n{WITNESS_LINE}{wrong}")
    with pytest.raises(MerkleError) as refusal:
        verify_note(note, [WITNESS, LOG])
    assert refusal.value.code == Fault.NOTE_SIGNATURE_WRONG


def test_a_note_without_a_known_signature_is_refused() -> None:
    note = parse_note(f"{TEXT}\n{LOG_LINE}")
    for keys in ([], [WITNESS], [SigningKey("log.example/centre", bytes(32)).verifier]):
        with pytest.raises(MerkleError) as refusal:
            verify_note(note, keys)
        assert refusal.value.code == Fault.NOTE_UNSIGNED


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(MerkleError) as refusal:
        verify_note(parse_note(f"{TEXT}\n{LOG_LINE}"), [LOG, LOG])
    assert refusal.value.code == Fault.KEY_REPEATED


@pytest.mark.parametrize(
    ("text", "code"),
    [("no newline", Fault.NOTE_SHAPE), ("bell\x07\n", Fault.NOTE_CONTROL_CHARACTER), ("\ud800\n", Fault.NOTE_NOT_UTF8)],
)
def test_signing_refuses_a_text_that_no_reader_accepts(text: str, code: Fault) -> None:
    with pytest.raises(MerkleError) as refusal:
        sign_note(text, parse_signing_key(LOG_SECRET))
    assert refusal.value.code == code


@given(st.integers(0, len(f"{TEXT}\n{LOG_LINE}".encode()) * 8 - 1))
def test_no_flipped_bit_of_a_note_verifies(bit: int) -> None:
    source = bytearray(f"{TEXT}\n{LOG_LINE}".encode())
    source[bit // 8] ^= 1 << bit % 8
    with pytest.raises(MerkleError):
        verify_note(parse_note(bytes(source)), [LOG])


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_garbage_never_raises_anything_else(source: bytes | str) -> None:
    try:
        note = parse_note(source)
    except MerkleError:
        return
    expected = source if isinstance(source, str) else source.decode()
    assert str(note) == expected


@given(st.text(alphabet="—ab+ \n=\u00a0AB/", max_size=80))
def test_what_parses_is_spelt_back_the_same(tail: str) -> None:
    source = f"text\n\n— key {LOG_LINE.split(' ')[2]}{tail}"
    try:
        assert str(parse_note(source)) == source
    except MerkleError as refusal:
        assert refusal.code.value.startswith("note.")
