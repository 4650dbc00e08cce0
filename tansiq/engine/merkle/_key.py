"""Ed25519 keys of signed notes: vkey strings, signing keys, and the refusal of weak public keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tansiq.engine.merkle import _base64
from tansiq.engine.merkle._fault import Fault, MerkleError

ED25519 = 0x01  # signature type byte of C2SP signed-note
_KEY_SIZE = 32
_SIGNING_PREFIX = "PRIVATE+KEY+"
_PRIME = 2**255 - 19
_CURVE_D = -121665 * pow(121666, -1, _PRIME) % _PRIME
# y of the four points of order eight, up to sign; the other low orders have y = 0, 1 or -1.
_ORDER_EIGHT_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_LOW_ORDER_Y = frozenset({0, 1, _PRIME - 1, _ORDER_EIGHT_Y, _PRIME - _ORDER_EIGHT_Y})


def key_id(name: str, kind: int, public_key: bytes) -> bytes:
    """The four bytes that identify a key beside its name (C2SP signed-note, "Signatures")."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public_key).digest()[:4]


def is_key_name(name: str) -> bool:
    """Whether a name is non-empty, free of Unicode spaces, plus signs and control characters."""
    return bool(name) and not any(letter.isspace() or letter == "+" or letter < " " for letter in name)


@lru_cache(maxsize=1024)
def check_public_key(public_key: bytes) -> None:
    """Refuse keys under which a signature proves nothing: low order, not canonical, or off the curve.

    Under such a key its owner can later show one signature for two messages.

    Source : RFC 8032 section 5.1.3 (decoding); the eight low-order points and their 14 encodings
    """
    if len(public_key) != _KEY_SIZE:
        raise MerkleError(Fault.KEY_LENGTH, f"{_KEY_SIZE} bytes", len(public_key))
    y = int.from_bytes(public_key, "little") & (1 << 255) - 1
    if y >= _PRIME or y in _LOW_ORDER_Y:
        raise MerkleError(Fault.KEY_WEAK, "a canonical point of full order", public_key.hex())
    # x^2 = (y^2 - 1) / (d y^2 + 1); Euler's criterion on numerator times denominator spares the division.
    square = y * y % _PRIME
    ratio = (square - 1) * (_CURVE_D * square + 1)
    if pow(ratio, (_PRIME - 1) // 2, _PRIME) != 1:
        raise MerkleError(Fault.KEY_WEAK, "a point on the curve", public_key.hex())


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under."""

    name: str
    public_key: bytes  # 32 bytes, RFC 8032

    def __post_init__(self) -> None:
        _check_name(self.name)
        check_public_key(self.public_key)

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each of its signatures."""
        return key_id(self.name, ED25519, self.public_key)

    def __str__(self) -> str:
        """The vkey string: name+hex(key id)+base64(type || public key)."""
        material = _base64.encode(bytes([ED25519]) + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether this key made the signature over the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name it signs under; its seed never shows in a repr."""

    name: str
    seed: bytes = field(repr=False)  # 32 random bytes, RFC 8032

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != _KEY_SIZE:
            raise MerkleError(Fault.KEY_LENGTH, f"{_KEY_SIZE} bytes", len(self.seed))

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Sign a message: 64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def secret_text(self) -> str:
        """The text that belongs in a key file: PRIVATE+KEY+name+hex(key id)+base64(type || seed)."""
        material = _base64.encode(bytes([ED25519]) + self.seed)
        return f"{_SIGNING_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{material}"


def parse_verifier_key(text: str) -> VerifierKey:
    """Read a vkey string; a key id that does not belong to name and key is refused.

    Source : C2SP signed-note, "Verifier keys"
    """
    name, identifier, public_key = _split_key(text)
    key = VerifierKey(name, public_key)
    if key.key_id.hex() != identifier:
        raise MerkleError(Fault.KEY_ID, key.key_id.hex(), identifier)
    return key


def parse_signing_key(text: str) -> SigningKey:
    """Read the text of a key file."""
    if not text.startswith(_SIGNING_PREFIX):
        raise MerkleError(Fault.KEY_SHAPE, _SIGNING_PREFIX, "another beginning")
    name, identifier, seed = _split_key(text.removeprefix(_SIGNING_PREFIX))
    key = SigningKey(name, seed)
    if key.verifier.key_id.hex() != identifier:
        raise MerkleError(Fault.KEY_ID, key.verifier.key_id.hex(), identifier)
    return key


def _split_key(text: str) -> tuple[str, str, bytes]:
    # The base64 part may itself contain plus signs; the name may not.
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"[0-9a-f]{8}", parts[1]):
        raise MerkleError(Fault.KEY_SHAPE, "name+8 hexadecimal digits+base64", f"{len(parts)} parts")
    material = _base64.decode(parts[2])
    if not material:
        raise MerkleError(Fault.KEY_SHAPE, "canonical base64", "something else")
    if material[0] != ED25519:
        raise MerkleError(Fault.KEY_KIND, f"signature type 0x{ED25519:02x}", f"0x{material[0]:02x}")
    return parts[0], parts[1], material[1:]


def _check_name(name: str) -> None:
    if not is_key_name(name) or not _is_utf8(name):
        raise MerkleError(Fault.KEY_NAME, "a name without spaces, plus or control characters", ascii(name))


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
