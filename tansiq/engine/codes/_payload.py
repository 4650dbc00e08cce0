"""The payload of a QR code: a few bytes that name a thing and tell nothing of it, signed with Ed25519."""

from base64 import b32decode, b32encode
from binascii import Error
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from uuid import UUID

from tansiq.engine.merkle import SigningKey, VerifierKey

PREFIX = "TQ1:"
VERSION = 1
DOMAIN = b"tansiq code v1\n"  # what is signed begins with it, so that no other signature of the key is one of a code
SIGNATURE_SIZE = 64
HEAD_SIZE = 1 + 1 + 8 + 16 + 2 + 1
NUMBER_SIZE = 32
ISSUES = 65_535


class Kind(IntEnum):
    """What a code stands on."""

    UNIT = 1
    MANIFEST = 2


class CodeFault(StrEnum):
    """Why a text is not a code that this installation made."""

    NO_CODE = "no_code"  # another text: somebody else's code, or words
    BROKEN = "broken"  # begins like one, and is cut off or holds letters that no code holds
    VERSION = "version"  # of a later program
    FORGED = "forged"  # the signature is not this key's: made or altered by somebody else


class UnreadableCode(ValueError):
    """A text that is not a code that this installation made."""

    def __init__(self, fault: CodeFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says: opaque ids, the number of a manifest, and the how manieth label this is."""

    kind: Kind
    operation: bytes  # 8 bytes, see operation_mark
    subject: UUID  # of the handling unit, or of the manifest
    issue: int  # 1..65535; a later one takes the place of the earlier ones
    manifest: str  # its number, at most 32 bytes of UTF-8


def operation_mark(operation: UUID) -> bytes:
    """The eight bytes that stand for an operation."""
    return operation.bytes[:8]


def sign_code(code: Code, key: SigningKey) -> str:
    """The text that goes into a QR code: capitals and digits alone, which such codes hold most tightly.

    Raises : ValueError     an issue or a number that has no room
    """
    body = _body(code)
    return PREFIX + b32encode(body + key.sign(DOMAIN + body)).decode().rstrip("=")


def read_code(text: str, key: VerifierKey) -> Code:
    """What a code says, once its signature is this key's.

    Raises : UnreadableCode     with the fault; of what is forged nothing is told
    """
    trimmed = text.strip().upper()
    if not trimmed.startswith(PREFIX):
        raise UnreadableCode(CodeFault.NO_CODE)
    raw = _decoded(trimmed.removeprefix(PREFIX))
    body, signature = raw[:-SIGNATURE_SIZE], raw[-SIGNATURE_SIZE:]
    if body[:1] != bytes([VERSION]):
        raise UnreadableCode(CodeFault.VERSION)
    if not key.verifies(signature, DOMAIN + body):
        raise UnreadableCode(CodeFault.FORGED)
    return _code(body)


def _body(code: Code) -> bytes:
    number = code.manifest.encode()
    if not 1 <= code.issue <= ISSUES or not 1 <= len(number) <= NUMBER_SIZE or len(code.operation) != 8:
        raise ValueError(f"issue {code.issue}, {len(number)} bytes of number")
    head = bytes([VERSION, code.kind]) + code.operation + code.subject.bytes + code.issue.to_bytes(2, "big")
    return head + bytes([len(number)]) + number


def _decoded(letters: str) -> bytes:
    try:
        raw = b32decode(letters + "=" * (-len(letters) % 8))
    except Error:
        raise UnreadableCode(CodeFault.BROKEN) from None
    if b32encode(raw).decode().rstrip("=") != letters or len(raw) < HEAD_SIZE + 1 + SIGNATURE_SIZE:
        raise UnreadableCode(CodeFault.BROKEN)
    return raw


def _code(body: bytes) -> Code:
    return Code(
        Kind(body[1]), body[2:10], UUID(bytes=body[10:26]), int.from_bytes(body[26:28], "big"), body[29:].decode()
    )
