"""Offline proofs (C2SP tlog-proof): index, inclusion hashes and checkpoint in one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.engine.merkle import _base64
from tansiq.engine.merkle._checkpoint import OpenedCheckpoint, open_checkpoint, parse_decimal
from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._key import VerifierKey
from tansiq.engine.merkle._note import NOTE_LIMIT
from tansiq.engine.merkle._proof import verify_inclusion
from tansiq.engine.merkle._tree import HASH_SIZE, check_hashes

_HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A proof that a leaf is in a log, checkable without the log."""

    index: int
    hashes: tuple[bytes, ...]  # from the leaf's sibling up
    checkpoint: str  # the signed note, verbatim
    extra: bytes = b""  # opaque and NOT authenticated

    def __str__(self) -> str:
        """The text of a .tlog-proof file."""
        check_hashes(self.hashes)
        extra = [f"extra {_base64.encode(self.extra)}"] if self.extra else []
        hashes = [_base64.encode(value) for value in self.hashes]
        return "\n".join([_HEADER, *extra, f"index {self.index}", *hashes, "", self.checkpoint])


def parse_tlog_proof(source: str) -> TlogProof:
    """Read a proof; nothing in it is to be believed before `verify_tlog_proof`.

    Source : C2SP tlog-proof, "Format"
    """
    if len(source) > NOTE_LIMIT:
        raise MerkleError(Fault.NOTE_TOO_LARGE, f"at most {NOTE_LIMIT} characters", len(source))
    head, separator, checkpoint = source.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != _HEADER:
        raise MerkleError(Fault.PROOF_HEADER, _HEADER, ascii(lines[0][:80]))
    if not separator or len(lines) < 2:
        raise MerkleError(Fault.PROOF_CUT_SHORT, "index, hashes, an empty line and a checkpoint", f"{len(lines)} lines")
    extra = _parse_extra(lines.pop(1)) if lines[1].startswith("extra ") else b""
    index = _parse_index(lines[1] if len(lines) > 1 else "")
    return TlogProof(index, tuple(_parse_hash(line) for line in lines[2:]), checkpoint, extra)


def verify_tlog_proof(proof: TlogProof, leaf: bytes, keys: Sequence[VerifierKey]) -> OpenedCheckpoint:
    """Accept only if the leaf hash stands at the index in a tree whose checkpoint a known log signed."""
    opened = open_checkpoint(proof.checkpoint, keys)
    verify_inclusion(proof.index, opened.checkpoint.size, leaf, proof.hashes, opened.checkpoint.root)
    return opened


def _parse_extra(line: str) -> bytes:
    extra = _base64.decode(line.removeprefix("extra "))
    if not extra:
        raise MerkleError(Fault.PROOF_EXTRA, "canonical base64, not empty", ascii(line[:80]))
    return extra


def _parse_index(line: str) -> int:
    index = parse_decimal(line.removeprefix("index ")) if line.startswith("index ") else None
    if index is None:
        raise MerkleError(Fault.PROOF_INDEX, "index and a decimal without leading zeros", ascii(line[:80]))
    return index


def _parse_hash(line: str) -> bytes:
    value = _base64.decode(line)
    if value is None or len(value) != HASH_SIZE:
        raise MerkleError(Fault.PROOF_HASH, f"canonical base64 of {HASH_SIZE} bytes", ascii(line[:80]))
    return value
