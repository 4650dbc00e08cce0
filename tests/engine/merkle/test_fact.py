"""Disclosures: the RFC's answer, round trips, and what a strict reader refuses."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import Fact, Fault, Json, MerkleError, digest, disclose, read_fact

SALT = bytes(range(16))
SALT_TEXT = "AAECAwQFBgcICQoLDA0ODw"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda parts: (
        st.lists(parts, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), parts, max_size=4)
    ),
    max_leaves=10,
)


def encoded(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def refused(make: Callable[[], object]) -> Fault:
    with pytest.raises(MerkleError) as refusal:
        make()
    return refusal.value.code


def test_digest_matches_the_rfc() -> None:
    # RFC 9901 section 4.2.3, the disclosure of family_name.
    disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_disclosure_is_salt_name_and_value() -> None:
    assert disclose("where.10km", "38SMB12", SALT) == encoded(f'["{SALT_TEXT}","where.10km","38SMB12"]')
    assert disclose("who", "معبر", SALT) == encoded(f'["{SALT_TEXT}","who","معبر"]')


def test_object_keys_are_sorted_by_utf16() -> None:
    # RFC 8785 section 3.2.3: a surrogate pair sorts before U+FB33, against the order of code points.
    value: Json = {"\ufb33": 1, "\U0001f600": 2, "a": 3}
    assert disclose("x", value, SALT) == encoded(f'["{SALT_TEXT}","x",{{"a":3,"\U0001f600":2,"\ufb33":1}}]')


@given(st.from_regex(r"[a-z][a-z0-9.>]{0,30}", fullmatch=True), VALUES, st.binary(min_size=16, max_size=64))
def test_facts_read_back(name: str, value: Json, salt: bytes) -> None:
    try:
        disclosure = disclose(name, value, salt)
    except MerkleError as refusal:
        assert refusal.code == Fault.FACT_RESERVED
        return
    assert read_fact(disclosure) == Fact(name, value, salt)


def test_salts_make_equal_facts_differ() -> None:
    digests = {digest(disclose("act", "x", number.to_bytes(16, "big"))) for number in range(1000)}
    assert len(digests) == 1000


@pytest.mark.parametrize(
    ("name", "value", "salt", "code"),
    [
        ("act", "x", bytes(15), Fault.FACT_SALT),
        ("act", "x", bytes(65), Fault.FACT_SALT),
        ("", "x", SALT, Fault.FACT_NAME),
        ("a\nb", "x", SALT, Fault.FACT_NAME),
        ("evil\u202ename", "x", SALT, Fault.FACT_NAME),
        ("n" * 129, "x", SALT, Fault.FACT_NAME),
        ("_sd", "x", SALT, Fault.FACT_RESERVED),
        ("_sd_alg", "x", SALT, Fault.FACT_RESERVED),
        ("...", "x", SALT, Fault.FACT_RESERVED),
        ("v", "x", SALT, Fault.FACT_RESERVED),
        ("act", [{"_sd": []}], SALT, Fault.FACT_RESERVED),
        ("act", {"a": {"...": "x"}}, SALT, Fault.FACT_RESERVED),
        ("act", ({"_sd": []},), SALT, Fault.FACT_RESERVED),
        ("act", 1.5, SALT, Fault.FACT_VALUE),
        ("act", float("nan"), SALT, Fault.FACT_VALUE),
        ("act", 2**53, SALT, Fault.FACT_VALUE),
        ("act", {1: "x"}, SALT, Fault.FACT_VALUE),
        ("act", b"x", SALT, Fault.FACT_VALUE),
        ("act", "\ud800", SALT, Fault.FACT_VALUE),
        ("act", {"\ud800": 1}, SALT, Fault.FACT_VALUE),
        ("act", "x" * 65_536, SALT, Fault.FACT_TOO_LARGE),
    ],
)
def test_facts_without_one_meaning_are_not_made(name: str, value: Json, salt: bytes, code: Fault) -> None:
    assert refused(lambda: disclose(name, value, salt)) == code


@pytest.mark.parametrize(
    ("disclosure", "code"),
    [
        ("", Fault.FACT_NOT_CANONICAL),
        ("!", Fault.FACT_ENCODING),
        ("é", Fault.FACT_ENCODING),
        (encoded(f'["{SALT_TEXT}","act","x"]') + "=", Fault.FACT_ENCODING),
        (encoded(f'["{SALT_TEXT}","act","xy"]').removesuffix("XQ") + "XR", Fault.FACT_ENCODING),
        (encoded(f'["{SALT_TEXT}", "act", "x"]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act","\\u0078"]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act",1.0]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act",1e2]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act",-0]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act",NaN]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act",{"9" * 5000}]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act",{{"a":1,"a":2}}]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act",{{"b":1,"a":2}}]'), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act","\\ud800"]'), Fault.FACT_NOT_CANONICAL),
        (encoded(b'["\xff"]'), Fault.FACT_NOT_CANONICAL),
        (encoded("[" * 20_000 + "]" * 20_000), Fault.FACT_NOT_CANONICAL),
        (encoded(f'["{SALT_TEXT}","act"]'), Fault.FACT_SHAPE),
        (encoded(f'["{SALT_TEXT}","act","x","y"]'), Fault.FACT_SHAPE),
        (encoded('{"act":"x"}'), Fault.FACT_SHAPE),
        (encoded('[1,"act","x"]'), Fault.FACT_SHAPE),
        (encoded(f'["{SALT_TEXT}",1,"x"]'), Fault.FACT_SHAPE),
        (encoded('["short","act","x"]'), Fault.FACT_SALT),
        (encoded('["AAECAwQFBgcICQoLDA0O","act","x"]'), Fault.FACT_SALT),
        (encoded(f'["{SALT_TEXT}==","act","x"]'), Fault.FACT_SALT),
        (encoded(f'["{SALT_TEXT}","_sd","x"]'), Fault.FACT_RESERVED),
        (encoded(f'["{SALT_TEXT}","act",{{"...":"x"}}]'), Fault.FACT_RESERVED),
        ("A" * 65_537, Fault.FACT_TOO_LARGE),
    ],
)
def test_malformed_disclosures_are_refused(disclosure: str, code: Fault) -> None:
    assert refused(lambda: read_fact(disclosure)) == code


@given(st.text(max_size=60) | st.binary(max_size=60).map(encoded) | VALUES.map(lambda v: encoded(json.dumps(v))))
def test_garbage_never_raises_anything_else(disclosure: str) -> None:
    with pytest.raises(MerkleError):
        read_fact(disclosure)


def test_errors_do_not_repeat_what_a_fact_says() -> None:
    with pytest.raises(MerkleError) as refusal:
        read_fact(encoded(f'["{SALT_TEXT}","act", "canary"]'))
    assert "canary" not in str(refusal.value)
