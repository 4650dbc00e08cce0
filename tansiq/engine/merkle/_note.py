"""Signed notes (C2SP signed-note): text with signature lines, parsed strictly, signed and verified."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.engine.merkle import _base64
from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._key import SigningKey, VerifierKey, is_key_name

NOTE_LIMIT = 1_000_000  # bytes
SIGNATURE_LIMIT = 100
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line. Lines of unknown keys are kept: cosignatures of witnesses arrive this way."""

    name: str
    key_id: bytes  # 4 bytes
    signature: bytes  # as its type defines; 64 bytes for Ed25519

    def __str__(self) -> str:
        """The line as it stands in the note, without the newline."""
        return f"{_DASH}{self.name} {_base64.encode(self.key_id + self.signature)}"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A parsed note. Nothing in it is to be believed before `verify_note`."""

    text: str  # with its final newline
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        """The note as it is stored and sent."""
        return f"{self.text}\n" + "".join(f"{signature}\n" for signature in self.signatures)


def parse_note(source: str | bytes) -> SignedNote:
    """Read a note, or refuse it whole.

    Raises : MerkleError         too large, not UTF-8, a control character, no blank line before the
                                 signatures, a malformed line, base64 with a second spelling, one key twice
    Source : C2SP signed-note, "Format"
    """
    whole = _as_text(source)
    text, separator, tail = whole.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise MerkleError(Fault.NOTE_SHAPE, "text, an empty line, signature lines each ended by a newline", "other")
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > SIGNATURE_LIMIT:
        raise MerkleError(Fault.NOTE_SIGNATURE_COUNT, f"at most {SIGNATURE_LIMIT}", len(lines))
    signatures = tuple(_parse_signature(line) for line in lines)
    _refuse_repeats(signatures)
    return SignedNote(f"{text}\n", signatures)


def sign_note(text: str, *keys: SigningKey) -> str:
    """Sign a text that ends in a newline with each key, and return the note."""
    _check_text(text)
    message = text.encode()
    signatures = tuple(NoteSignature(key.name, key.verifier.key_id, key.sign(message)) for key in keys)
    return str(parse_note(str(SignedNote(text, signatures))))


def add_signatures(source: str | bytes, *signatures: NoteSignature) -> str:
    """Append signature lines, such as cosignatures, to a note; one key signs once."""
    note = parse_note(source)
    return str(parse_note(str(SignedNote(note.text, (*note.signatures, *signatures)))))


def verify_note(note: SignedNote, keys: Sequence[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Return the keys whose signatures hold; unknown keys are ignored, a known one that fails spoils the note.

    Raises : MerkleError         a known key's signature is wrong, none is known, or a key was given twice
    Source : C2SP signed-note, "Signatures"
    """
    known = _by_identity(keys)
    message = note.text.encode()
    verified: list[VerifierKey] = []
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.verifies(signature.signature, message):
            raise MerkleError(Fault.NOTE_SIGNATURE_WRONG, f"a signature by {key.name}", "one that does not verify")
        verified.append(key)
    if not verified:
        found = ", ".join(signature.name for signature in note.signatures)
        raise MerkleError(Fault.NOTE_UNSIGNED, ", ".join(key.name for key in keys) or "a key", found)
    return tuple(verified)


def _as_text(source: str | bytes) -> str:
    try:
        raw = source.encode() if isinstance(source, str) else source
        if len(raw) > NOTE_LIMIT:
            raise MerkleError(Fault.NOTE_TOO_LARGE, f"at most {NOTE_LIMIT} bytes", len(raw))
        text = raw.decode()
    except (UnicodeEncodeError, UnicodeDecodeError) as error:
        raise MerkleError(Fault.NOTE_NOT_UTF8, "UTF-8", f"a fault at {error.start}") from None
    _check_controls(text)
    return text


def _check_text(text: str) -> None:
    _as_text(text)
    if not text.endswith("\n"):
        raise MerkleError(Fault.NOTE_SHAPE, "a text that ends in a newline", "none")


def _check_controls(text: str) -> None:
    if found := _CONTROL.search(text):
        got = f"U+{ord(found[0]):04X} at {found.start()}"
        raise MerkleError(Fault.NOTE_CONTROL_CHARACTER, "none but newline", got)


def _parse_signature(line: str) -> NoteSignature:
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2 or not is_key_name(parts[0]):
        raise MerkleError(Fault.NOTE_SIGNATURE_LINE, "em dash, key name, base64", ascii(line[:80]))
    raw = _base64.decode(parts[1])
    if raw is None or len(raw) < 5:
        raise MerkleError(Fault.NOTE_SIGNATURE_BASE64, "canonical base64 of at least 5 bytes", ascii(parts[1][:80]))
    return NoteSignature(parts[0], raw[:4], raw[4:])


def _refuse_repeats(signatures: Sequence[NoteSignature]) -> None:
    seen: set[tuple[str, bytes]] = set()
    for signature in signatures:
        identity = (signature.name, signature.key_id)
        if identity in seen:
            raise MerkleError(Fault.NOTE_SIGNATURE_REPEATED, "one line for each key", f"{signature.name} twice")
        seen.add(identity)


def _by_identity(keys: Sequence[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    known = {(key.name, key.key_id): key for key in keys}
    if len(known) != len(keys):
        raise MerkleError(Fault.KEY_REPEATED, f"{len(keys)} different keys", len(known))
    return known
