"""Checkpoints (C2SP tlog-checkpoint): origin, tree size and root as a signed note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.engine.merkle import _base64
from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._key import SigningKey, VerifierKey
from tansiq.engine.merkle._note import NoteSignature, parse_note, sign_note, verify_note
from tansiq.engine.merkle._tree import EMPTY_ROOT, HASH_SIZE, SIZE_LIMIT


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: what all sides compare."""

    origin: str
    size: int  # leaves
    root: bytes  # 32 bytes
    extensions: tuple[str, ...] = ()  # opaque lines; not recommended, nobody can audit them

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise MerkleError(Fault.CHECKPOINT_ORIGIN, "one line that is not empty", ascii(self.origin))
        if not 0 <= self.size < SIZE_LIMIT:
            raise MerkleError(Fault.CHECKPOINT_SIZE, "0 to 2^63 - 1", self.size)
        if len(self.root) != HASH_SIZE:
            raise MerkleError(Fault.CHECKPOINT_ROOT, f"{HASH_SIZE} bytes", len(self.root))
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MerkleError(Fault.CHECKPOINT_ROOT, "the root of the empty tree", self.root.hex())
        if any(not line or "\n" in line for line in self.extensions):
            raise MerkleError(Fault.CHECKPOINT_EXTENSION, "lines that are not empty", "an empty or broken one")

    def __str__(self) -> str:
        """The note text that is signed."""
        lines = (self.origin, str(self.size), _base64.encode(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
    """A checkpoint whose log signature was verified."""

    checkpoint: Checkpoint
    signers: tuple[VerifierKey, ...]  # known keys, all verified, the log's among them
    signatures: tuple[NoteSignature, ...]  # every line of the note, those of unknown keys too


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, without signatures.

    Source : C2SP tlog-checkpoint, "Note text"
    """
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3:
        raise MerkleError(Fault.CHECKPOINT_SHAPE, "at least three lines", len(lines))
    size, root = parse_decimal(lines[1]), _base64.decode(lines[2])
    if size is None:
        raise MerkleError(Fault.CHECKPOINT_SIZE, "a decimal without leading zeros", ascii(lines[1][:40]))
    if root is None:
        raise MerkleError(Fault.CHECKPOINT_ROOT, "canonical base64", ascii(lines[2][:80]))
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def sign_checkpoint(checkpoint: Checkpoint, *keys: SigningKey) -> str:
    """Sign a checkpoint; one key must carry the name of the log, others may overlap during rotation."""
    if not any(key.name == checkpoint.origin for key in keys):
        raise MerkleError(Fault.CHECKPOINT_ORIGIN, checkpoint.origin, ", ".join(key.name for key in keys) or "no key")
    return sign_note(str(checkpoint), *keys)


def open_checkpoint(source: str | bytes, keys: Sequence[VerifierKey]) -> OpenedCheckpoint:
    """Verify a signed checkpoint and return it.

    At least one verified key must be named as the origin: the key of one log, or of a witness, cannot
    speak for another log.

    Raises : MerkleError         anything malformed, unsigned or wrongly signed
    """
    note = parse_note(source)
    signers = verify_note(note, keys)
    checkpoint = parse_checkpoint(note.text)
    if not any(key.name == checkpoint.origin for key in signers):
        raise MerkleError(Fault.CHECKPOINT_ORIGIN, ", ".join(key.name for key in signers), checkpoint.origin)
    return OpenedCheckpoint(checkpoint, signers, note.signatures)


def parse_decimal(text: str) -> int | None:
    """Read a decimal as the specifications spell it: ASCII digits, no leading zero, below 2^63."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text):
        return None
    number = int(text)
    return number if number < SIZE_LIMIT else None
