"""Keys: vkey strings, key files, weak public keys."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    Fault,
    MerkleError,
    SigningKey,
    VerifierKey,
    check_public_key,
    parse_signing_key,
    parse_verifier_key,
)

# The key of RFC 8032 section 7.1, TEST 1; its key id by the formula of C2SP signed-note.
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
VKEY = "log.example/centre+732fdf5b+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
SKEY = "PRIVATE+KEY+log.example/centre+732fdf5b+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
PRIME = 2**255 - 19
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME


def is_accepted(text: str) -> bool:
    try:
        parse_verifier_key(text)
    except MerkleError:
        return False
    return True


def test_published_keys_belong_together() -> None:
    key = parse_signing_key(SKEY)
    assert str(key.verifier) == VKEY
    assert key.secret_text() == SKEY
    assert parse_verifier_key(VKEY) == key.verifier
    assert key.verifier.public_key == PUBLIC
    assert key.verifier.key_id == sha256(b"log.example/centre\n\x01" + PUBLIC).digest()[:4]


def test_no_part_of_a_vkey_is_a_vkey() -> None:
    assert is_accepted(VKEY)
    parts = [VKEY[start:end] for start in range(len(VKEY)) for end in range(start + 1, len(VKEY) + 1)]
    assert [part for part in parts if is_accepted(part)] == [VKEY]


def test_no_changed_character_is_accepted() -> None:
    changed = [VKEY[:place] + chr(ord(letter) + 1) + VKEY[place + 1 :] for place, letter in enumerate(VKEY)]
    assert [text for text in changed if is_accepted(text)] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Fault.KEY_SHAPE),
        (VKEY.replace("732fdf5b", "732FDF5B"), Fault.KEY_SHAPE),
        (VKEY.replace("732fdf5b", "732fdf5b0"), Fault.KEY_SHAPE),
        (VKEY + "=", Fault.KEY_SHAPE),
        (VKEY.replace("732fdf5b", "732fdf5c"), Fault.KEY_ID),
        (VKEY.replace("centre", "center"), Fault.KEY_ID),
        ("log.example/centre+48c0de80+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1EaQkFES0VZ", Fault.KEY_LENGTH),
        ("log.example/centre+f144b020+ZddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", Fault.KEY_KIND),
        (VKEY.replace("/", " "), Fault.KEY_NAME),
        (VKEY.replace("log.example/centre", ""), Fault.KEY_NAME),
        (VKEY.replace("/centre", "\u00a0centre"), Fault.KEY_NAME),
        (VKEY.replace("/centre", "\ud800"), Fault.KEY_NAME),
    ],
)
def test_malformed_vkeys_are_refused(text: str, code: Fault) -> None:
    with pytest.raises(MerkleError) as refusal:
        parse_verifier_key(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("text", [SKEY[:-1], SKEY[8:], SKEY.replace("732fdf5b", "732fdf5c"), VKEY, ""])
def test_malformed_key_files_are_refused(text: str) -> None:
    with pytest.raises(MerkleError):
        parse_signing_key(text)


def test_a_signing_key_hides_its_seed() -> None:
    assert repr(SigningKey("log.example", bytes(32))) == "SigningKey(name='log.example')"


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_only_the_signature_made_verifies(seed: bytes, message: bytes, bit: int) -> None:
    key = SigningKey("log.example", seed)
    signature = key.sign(message)
    changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    assert key.verifier.verifies(signature, message)
    assert not key.verifier.verifies(changed, message)
    assert not key.verifier.verifies(signature, message + b".")
    assert not key.verifier.verifies(signature[:-1], message)


def low_order_y() -> set[int]:
    """Solve for every y whose point, doubled three times, is the neutral one."""

    # 4P = (0, ±1) for order 8; doubling gives x = 0 only if 2P has y = 0, and y(2P) = 0 only if y^2 = -x^2.
    # With the curve equation -x^2 + y^2 = 1 + d x^2 y^2 that is d y^4 + 2 y^2 - 1 = 0.
    def roots(square: int) -> set[int]:
        root = pow(square, (PRIME + 3) // 8, PRIME)
        for candidate in (root, root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME):
            if candidate * candidate % PRIME == square % PRIME:
                return {candidate, PRIME - candidate}
        return set()

    found = {0, 1, PRIME - 1}
    for discriminant in roots(1 + CURVE_D):
        found |= roots((discriminant - 1) * pow(CURVE_D, -1, PRIME) % PRIME)
    return found


def test_all_fourteen_weak_keys_are_refused() -> None:
    y_values = low_order_y()
    assert len(y_values) == 5
    spellings = {y + lift for y in y_values for lift in (0, PRIME) if y + lift < 2**255}
    weak = {(y | sign << 255).to_bytes(32, "little") for y in spellings for sign in (0, 1)}
    assert len(weak) == 14
    for key in weak:
        with pytest.raises(MerkleError) as refusal:
            check_public_key(key)
        assert refusal.value.code == Fault.KEY_WEAK


def test_keys_off_the_curve_and_of_other_lengths_are_refused() -> None:
    for key, code in ((b"\x02" + bytes(31), Fault.KEY_WEAK), (bytes(31), Fault.KEY_LENGTH)):
        with pytest.raises(MerkleError) as refusal:
            VerifierKey("log.example", key)
        assert refusal.value.code == code


def test_ordinary_keys_are_sound() -> None:
    for number in range(500):
        check_public_key(SigningKey("log.example", number.to_bytes(32, "big")).verifier.public_key)
