"""Proof texts: format, and what does not verify."""

from __future__ import annotations

from base64 import b64encode

import pytest

from tansiq.engine.merkle import (
    Checkpoint,
    Fault,
    MerkleError,
    Receipt,
    SigningKey,
    TlogProof,
    leaf_data,
    leaf_hash,
    parse_tlog_proof,
    sign_checkpoint,
    verify_tlog_proof,
)

HASH = bytes(range(32))
LINE = b64encode(HASH).decode()
TEXT = f"c2sp.org/tlog-proof@v1\nindex 5\n{LINE}\n{LINE}\n\nlog.example\n7\n{LINE}\n\n— log.example AAAA\n"


def test_text_follows_the_specification() -> None:
    proof = parse_tlog_proof(TEXT)
    assert proof == TlogProof(5, (HASH, HASH), f"log.example\n7\n{LINE}\n\n— log.example AAAA\n")
    assert str(proof) == TEXT


def test_extra_data_is_kept() -> None:
    text = TEXT.replace("index", "extra AQID\nindex")
    proof = parse_tlog_proof(text)
    assert proof.extra == b"\x01\x02\x03"
    assert str(proof) == text


def test_a_tree_of_one_leaf_has_no_hashes(log_key: SigningKey) -> None:
    checkpoint = sign_checkpoint(Checkpoint(log_key.name, 1, leaf_hash(b"leaf")), log_key)
    text = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{checkpoint}"
    proof = parse_tlog_proof(text)
    assert str(proof) == text
    assert verify_tlog_proof(proof, leaf_hash(b"leaf"), [log_key.verifier]).checkpoint.size == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Fault.PROOF_HEADER),
        (TEXT.replace("v1", "v2"), Fault.PROOF_HEADER),
        (f" {TEXT}", Fault.PROOF_HEADER),
        (TEXT.replace("\n", "\r\n"), Fault.PROOF_HEADER),
        ("c2sp.org/tlog-proof@v1\n", Fault.PROOF_CUT_SHORT),
        (TEXT.partition("\n\n")[0], Fault.PROOF_CUT_SHORT),
        ("c2sp.org/tlog-proof@v1\n\nlog.example\n", Fault.PROOF_CUT_SHORT),
        ("c2sp.org/tlog-proof@v1\nextra AQID\n\nlog.example\n", Fault.PROOF_INDEX),
        (TEXT.replace("index 5", "index 05"), Fault.PROOF_INDEX),
        (TEXT.replace("index 5", "index -5"), Fault.PROOF_INDEX),
        (TEXT.replace("index 5", "Index 5"), Fault.PROOF_INDEX),
        (TEXT.replace("index 5", "index 9223372036854775808"), Fault.PROOF_INDEX),
        (TEXT.replace("index", "extra \nindex"), Fault.PROOF_EXTRA),
        (TEXT.replace("index", "extra AQIE=\nindex"), Fault.PROOF_EXTRA),
        (TEXT.replace("index", "extra AQID\nextra AQID\nindex"), Fault.PROOF_INDEX),
        (TEXT.replace(LINE, LINE[:-1], 1), Fault.PROOF_HASH),
        (TEXT.replace(LINE, "AQID", 1), Fault.PROOF_HASH),
        ("c2sp.org/tlog-proof@v1" + "\n" * 1_000_000, Fault.NOTE_TOO_LARGE),
    ],
)
def test_malformed_proofs_are_refused(text: str, code: Fault) -> None:
    with pytest.raises(MerkleError) as refusal:
        parse_tlog_proof(text)
    assert refusal.value.code == code


def test_a_proof_verifies_for_its_leaf_only(receipt: Receipt, log_key: SigningKey) -> None:
    opened = verify_tlog_proof(receipt.proof, leaf_hash(leaf_data(receipt.entry)), [log_key.verifier])
    assert (opened.checkpoint.origin, opened.checkpoint.size) == (log_key.name, 11)
    with pytest.raises(MerkleError) as refusal:
        verify_tlog_proof(receipt.proof, leaf_hash(receipt.entry), [log_key.verifier])
    assert refusal.value.code == Fault.PROOF_ROOT


def test_the_index_is_bound_by_the_proof(receipt: Receipt, log_key: SigningKey) -> None:
    moved = TlogProof(4, receipt.proof.hashes, receipt.proof.checkpoint)
    with pytest.raises(MerkleError) as refusal:
        verify_tlog_proof(moved, leaf_hash(leaf_data(receipt.entry)), [log_key.verifier])
    assert refusal.value.code == Fault.PROOF_ROOT


def test_no_text_is_made_of_broken_hashes() -> None:
    with pytest.raises(MerkleError) as refusal:
        str(TlogProof(0, (b"short",), "checkpoint\n"))
    assert refusal.value.code == Fault.HASH_LENGTH
