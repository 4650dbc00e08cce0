"""Salted facts: RFC 9901 disclosures, made and read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from tansiq.engine.merkle import _base64, _json
from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._json import Json

SALT_SIZE = 16  # bytes, the least: 128 bits, so that guessing a value from its digest is hopeless
_SALT_LIMIT = 64
_NAME_LIMIT = 128  # characters
FACT_LIMIT = 65_536  # characters of one disclosure
# Names that mean something to readers of RFC 9901, or that the entry itself uses.
RESERVED_NAMES = frozenset({"_sd", "_sd_alg", "...", "v"})
_RESERVED_INSIDE = frozenset({"_sd", "..."})


@dataclass(frozen=True, slots=True)
class Fact:
    """One named value with its salt."""

    name: str
    value: Json
    salt: bytes


def disclose(name: str, value: Json, salt: bytes) -> str:
    """Make the disclosure of a fact: base64url of ["salt","name",value] in canonical JSON.

    value : text, integers up to 2^53 - 1, true, false, null, lists, objects. Spell decimals as text: readers
            differ over floats, and a digest must mean one value.
    salt : 16 to 64 random bytes, used for this fact alone
    Raises : MerkleError         a name or value that a strict reader would refuse
    Source : RFC 9901 section 4.2.1
    """
    _check_salt(len(salt))
    _check_name(name)
    _check_value(value)
    try:
        disclosure = _base64.encode_url(_json.spell([_base64.encode_url(salt), name, value]))
    except _json.NotCanonical as error:
        raise MerkleError(Fault.FACT_VALUE, "a value with one JSON spelling", error) from None
    _check_length(disclosure)
    return disclosure


def digest(disclosure: str) -> str:
    """The digest that stands in the entry: base64url(SHA-256(disclosure)), RFC 9901 section 4.2.3."""
    if not disclosure.isascii():
        raise MerkleError(Fault.FACT_ENCODING, "base64url", "characters beyond ASCII")
    return _base64.encode_url(sha256(disclosure.encode("ascii")).digest())


def read_fact(disclosure: str) -> Fact:
    """Read a disclosure that `disclose` could have made; refuse any other.

    Raises : MerkleError         encoding, size, shape, salt, name, reserved words, spelling
    """
    _check_length(disclosure)
    raw = _base64.decode_url(disclosure)
    if raw is None:
        raise MerkleError(Fault.FACT_ENCODING, "canonical base64url without padding", f"{len(disclosure)} characters")
    try:
        parts = _json.read_canonical(raw)
    except _json.NotCanonical as error:
        raise MerkleError(Fault.FACT_NOT_CANONICAL, "canonical JSON", error) from None
    if not isinstance(parts, list) or len(parts) != 3:
        raise MerkleError(Fault.FACT_SHAPE, "[salt, name, value]", type(parts).__name__)
    salt, name, value = parts
    if not isinstance(salt, str) or not isinstance(name, str):
        raise MerkleError(Fault.FACT_SHAPE, "salt and name as text", f"{type(salt).__name__}, {type(name).__name__}")
    _check_name(name)
    _check_value(value)
    return Fact(name, value, _decode_salt(salt))


def _decode_salt(text: str) -> bytes:
    salt = _base64.decode_url(text)
    if salt is None:
        raise MerkleError(Fault.FACT_SALT, "canonical base64url without padding", f"{len(text)} characters")
    _check_salt(len(salt))
    return salt


def _check_salt(length: int) -> None:
    if not SALT_SIZE <= length <= _SALT_LIMIT:
        raise MerkleError(Fault.FACT_SALT, f"{SALT_SIZE} to {_SALT_LIMIT} bytes", length)


def _check_length(disclosure: str) -> None:
    if len(disclosure) > FACT_LIMIT:
        raise MerkleError(Fault.FACT_TOO_LARGE, f"at most {FACT_LIMIT} characters", len(disclosure))


def _check_name(name: str) -> None:
    if name in RESERVED_NAMES:
        raise MerkleError(Fault.FACT_RESERVED, "a name that is not reserved", name)
    if not 0 < len(name) <= _NAME_LIMIT or not name.isprintable():
        raise MerkleError(Fault.FACT_NAME, f"1 to {_NAME_LIMIT} printable characters", f"{len(name)} characters")


def _check_value(value: Json) -> None:
    """Refuse objects that a reader of RFC 9901 would take for further digests, however deep they lie."""
    waiting: list[Json] = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if found := _RESERVED_INSIDE & part.keys():
                raise MerkleError(Fault.FACT_RESERVED, "no reserved key inside a value", ", ".join(sorted(found)))
            waiting += part.values()
        elif isinstance(part, (list, tuple)):
            waiting += part
