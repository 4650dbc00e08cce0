"""The text of a token, its signature, and every way in which a text can fail to be one."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

FORMAT: Final = "TQ1"
MESSAGE_PREFIX: Final = b"tansiq-clearance-token\n"
"""Stands before what is signed, so that no signature under the same key can be taken for one of a token."""
MOST: Final = 400  # characters; a token of usual codes has about 230, which a QR code of version 12 holds
_HEX: Final = re.compile(r"[0-9a-f]{32}")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,11}")
_AMOUNT: Final = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{0,5}[1-9])?")
_PARTS: Final = ("format", "issue", "line", "item", "quantity", "unit", "authority", "issued_at", "valid_until")


class TokenError(ValueError):
    """A text that is no token: which part, what was found, what was expected."""

    def __init__(self, part: str, found: str, expected: str) -> None:
        super().__init__(f"{part}: found {found}, expected {expected}")
        self.part, self.found, self.expected = part, found, expected


class Signs(Protocol):
    """The private half of a key."""

    def sign(self, message: bytes) -> bytes:
        """Sign a message: 64 bytes (RFC 8032)."""


class Verifies(Protocol):
    """The public half of a key."""

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature over the message."""


@dataclass(frozen=True)
class Token:
    """What an authority approved of one line."""

    issue: str  # 32 hexadecimal digits: this approval, and no other
    line: str  # 32 hexadecimal digits: the line of the request
    item: str  # code of the commodity
    quantity: Decimal  # in ``unit``
    unit: str  # code
    authority: str  # code of the room that approved
    issued_at: int  # s since 1970 UTC
    valid_until: int  # s since 1970 UTC

    def body(self) -> str:
        """The text that is signed: every part once, in this order. Raises TokenError for a part that cannot be."""
        amount = f"{self.quantity:f}"
        plain = amount.rstrip("0").rstrip(".") if "." in amount else amount
        times = (str(self.issued_at), str(self.valid_until))
        parts = (FORMAT, self.issue, self.line, self.item, plain, self.unit, self.authority, *times)
        _check(parts)
        return "|".join(parts)


@dataclass(frozen=True)
class Opened:
    """A token that was read, and whether the key made its signature."""

    token: Token
    is_genuine: bool

    def is_valid(self, now: int) -> bool:
        """Whether it is genuine and, at this second (since 1970 UTC), neither too early nor over."""
        return self.is_genuine and self.token.issued_at <= now <= self.token.valid_until


def seal_token(token: Token, key: Signs) -> str:
    """Write a token: its parts and the signature, with a bar between any two.

    Returns : str       at most 400 characters of ASCII
    Source : own format; docs/requests.md, "The token"; Ed25519 as in RFC 8032
    """
    body = token.body()
    signature = key.sign(MESSAGE_PREFIX + body.encode("ascii"))
    return f"{body}|{urlsafe_b64encode(signature).decode('ascii').rstrip('=')}"


def open_token(text: str, key: Verifies) -> Opened:
    """Read a token and check its signature; whether it is still valid is the reader's question to ask.

    Raises : TokenError     the text is no token: a part is missing, or cannot be what it should be
    """
    text = text.strip()
    if len(text) > MOST:
        raise TokenError("token", f"{len(text)} characters", f"at most {MOST}")
    parts = text.split("|")
    if len(parts) != len(_PARTS) + 1:
        raise TokenError("token", f"{len(parts)} parts", f"{len(_PARTS) + 1} parts with | between them")
    *stated, signed = parts
    _check(tuple(stated))
    token = Token(
        stated[1], stated[2], stated[3], Decimal(stated[4]), stated[5], stated[6], int(stated[7]), int(stated[8])
    )
    body = "|".join(stated).encode("ascii")
    return Opened(token, key.verifies(_signature(signed), MESSAGE_PREFIX + body))


def _check(parts: tuple[str, ...]) -> None:
    expected = (
        (re.compile(FORMAT), FORMAT), (_HEX, "32 hexadecimal digits"), (_HEX, "32 hexadecimal digits"),
        (_CODE, "a code"), (_AMOUNT, "a plain number"), (_CODE, "a code"), (_CODE, "a code"),
        (_WHOLE, "seconds since 1970"), (_WHOLE, "seconds since 1970"),
    )  # fmt: skip
    for name, part, (form, words) in zip(_PARTS, parts, expected, strict=True):
        if not form.fullmatch(part):
            raise TokenError(name, part[:80] or "nothing", words)
    if int(parts[8]) < int(parts[7]):
        raise TokenError("valid_until", parts[8], f"at least {parts[7]}")


def _signature(text: str) -> bytes:
    try:
        found = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        found = b""
    if len(found) != 64 or urlsafe_b64encode(found).decode("ascii").rstrip("=") != text:
        raise TokenError("signature", text[:80] or "nothing", "86 characters of base64url")
    return found
