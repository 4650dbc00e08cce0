"""Receipts: an entry, the facts one may see and the proof, in one file that checks itself offline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.engine.merkle import _json
from tansiq.engine.merkle._checkpoint import Checkpoint, OpenedCheckpoint
from tansiq.engine.merkle._entry import leaf_data, open_entry
from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._json import Json
from tansiq.engine.merkle._key import VerifierKey, parse_verifier_key
from tansiq.engine.merkle._note import NoteSignature
from tansiq.engine.merkle._tlog_proof import TlogProof, parse_tlog_proof, verify_tlog_proof
from tansiq.engine.merkle._tree import leaf_hash

RECEIPT_FORMAT = "tansiq-receipt/1"
RECEIPT_LIMIT = 8_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person downloads for an act."""

    entry: bytes
    facts: tuple[str, ...]  # disclosures, any part of the entry's
    proof: TlogProof

    def __str__(self) -> str:
        """The text of the file."""
        members = {
            "format": RECEIPT_FORMAT,
            "entry": self.entry.decode("ascii"),
            "facts": list(self.facts),
            "proof": str(self.proof),
        }
        return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """What a receipt proves: these facts were committed to in this log before this checkpoint was signed."""

    facts: dict[str, Json]
    index: int  # of the leaf
    leaf_data: bytes  # 32 bytes
    checkpoint: Checkpoint
    signers: tuple[VerifierKey, ...]
    signatures: tuple[NoteSignature, ...]  # all lines of the checkpoint, cosignatures too, verified or not


def parse_receipt(source: str | bytes) -> Receipt:
    """Read a receipt file; nothing in it is to be believed before `verify_receipt`."""
    members = _read_members(source)
    entry, facts, proof = members["entry"], members["facts"], members["proof"]
    if not isinstance(entry, str) or not entry.isascii() or not isinstance(proof, str):
        raise MerkleError(Fault.RECEIPT_SHAPE, "entry and proof as text", "something else")
    if not isinstance(facts, list):
        raise MerkleError(Fault.RECEIPT_SHAPE, "facts as a list", type(facts).__name__)
    disclosures = [fact for fact in facts if isinstance(fact, str)]
    if len(disclosures) != len(facts):
        raise MerkleError(Fault.RECEIPT_SHAPE, "each fact as text", "something else")
    return Receipt(entry.encode("ascii"), tuple(disclosures), parse_tlog_proof(proof))


def verify_receipt(source: str | bytes, vkeys: Sequence[str]) -> VerifiedReceipt:
    """Verify a receipt file with the log's vkey strings, which must have come by another road.

    Raises : MerkleError         with the code of the first thing that does not hold; never a partial success
    """
    keys = [parse_verifier_key(vkey) for vkey in vkeys]
    receipt = parse_receipt(source)
    facts = open_entry(receipt.entry, receipt.facts)
    leaf = leaf_data(receipt.entry)
    opened: OpenedCheckpoint = verify_tlog_proof(receipt.proof, leaf_hash(leaf), keys)
    return VerifiedReceipt(facts, receipt.proof.index, leaf, opened.checkpoint, opened.signers, opened.signatures)


def _read_members(source: str | bytes) -> dict[str, Json]:
    if len(source) > RECEIPT_LIMIT:
        raise MerkleError(Fault.RECEIPT_TOO_LARGE, f"at most {RECEIPT_LIMIT}", len(source))
    try:
        text = source if isinstance(source, str) else source.decode()
    except UnicodeDecodeError as error:
        raise MerkleError(Fault.RECEIPT_NOT_UTF8, "UTF-8", f"a fault at {error.start}") from None
    try:
        members = _json.read(text)
    except _json.NotCanonical as error:
        raise MerkleError(Fault.RECEIPT_NOT_JSON, "JSON", error) from None
    if not isinstance(members, dict) or members.get("format") != RECEIPT_FORMAT:
        raise MerkleError(Fault.RECEIPT_FORMAT, RECEIPT_FORMAT, "another format")
    if members.keys() != {"format", "entry", "facts", "proof"}:
        raise MerkleError(Fault.RECEIPT_SHAPE, "format, entry, facts and proof", f"{len(members)} members")
    return members
