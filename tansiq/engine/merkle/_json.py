"""JSON with exactly one spelling: the subset of RFC 8785 that needs no floating-point numbers."""

from __future__ import annotations

import json

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]
# Integers beyond this are not exact in every reader (RFC 8785 section 3.2.2.3, RFC 7493 section 2.2).
_EXACT = 2**53 - 1


class NotCanonical(ValueError):
    """The value has no canonical spelling here, or the text is not it."""


def spell(value: Json) -> bytes:
    """Spell a value as UTF-8 JSON without spaces, object keys sorted by UTF-16.

    Raises : NotCanonical        floats, integers beyond 2^53 - 1, keys that are not text, unpaired surrogates
    """
    try:
        return _WRITER.encode(_order(value)).encode()
    except (UnicodeEncodeError, RecursionError):
        raise NotCanonical("text that is not Unicode, or nested too deeply") from None


def read(source: str | bytes) -> Json:
    """Read JSON of any spacing, refusing what readers would understand differently.

    Raises : NotCanonical        not JSON or UTF-8, a key twice in an object, floats, large integers, deep nesting
    """
    try:
        text = source if isinstance(source, str) else source.decode()
        value: Json = _READER.decode(text)
    except (UnicodeError, json.JSONDecodeError, RecursionError):
        raise NotCanonical("not JSON in UTF-8") from None
    return value


def read_canonical(source: bytes) -> Json:
    """Read JSON that must be spelt as `spell` does."""
    value = read(source)
    if spell(value) != source:
        raise NotCanonical("another spelling")
    return value


def _order(value: object) -> object:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return _exact(int(value))
    if isinstance(value, (list, tuple)):
        return [_order(part) for part in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise NotCanonical("a key that is not text")
        return {key: _order(value[key]) for key in sorted(value, key=_utf16)}
    raise NotCanonical(f"a value of type {type(value).__name__}")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonical("a key twice in one object")
    return members


def _integer(digits: str) -> int:
    if len(digits) > 17:
        raise NotCanonical("an integer beyond 2^53 - 1")
    return _exact(int(digits))


def _exact(number: int) -> int:
    if abs(number) > _EXACT:
        raise NotCanonical("an integer beyond 2^53 - 1")
    return number


def _no_float(digits: str) -> Json:
    raise NotCanonical("a number that is not an integer")


# Made once: building them costs more than reading a fact does.
_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_READER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_no_float, parse_constant=_no_float, parse_int=_integer
)
