"""Receipts: they verify offline, and nothing in them can be changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    Checkpoint,
    Fault,
    MerkleError,
    Receipt,
    SigningKey,
    leaf_data,
    parse_receipt,
    sign_checkpoint,
    verify_receipt,
)


def refused(source: str | bytes, vkeys: list[str]) -> Fault:
    with pytest.raises(MerkleError) as refusal:
        verify_receipt(source, vkeys)
    return refusal.value.code


def changed(receipt: Receipt, **members: Any) -> str:
    return json.dumps({**json.loads(str(receipt)), **members})


@pytest.fixture
def vkeys(log_key: SigningKey) -> list[str]:
    return [str(log_key.verifier)]


def test_a_receipt_tells_what_it_proves(receipt: Receipt, vkeys: list[str], log_key: SigningKey) -> None:
    verified = verify_receipt(str(receipt), vkeys)
    assert verified.facts == {"act": "movements.notification.acknowledge", "seq": 41, "where.10km": "معبر ٣٨"}
    assert (verified.index, verified.leaf_data) == (5, leaf_data(receipt.entry))
    assert (verified.checkpoint.origin, verified.checkpoint.size) == (log_key.name, 11)
    assert verified.signers == (log_key.verifier,)


def test_a_receipt_reads_back(receipt: Receipt) -> None:
    assert parse_receipt(str(receipt)) == receipt
    assert parse_receipt(str(receipt).encode()) == receipt


def test_a_receipt_may_show_part_of_the_facts(receipt: Receipt, vkeys: list[str]) -> None:
    part = Receipt(receipt.entry, receipt.facts[1:2], receipt.proof)
    assert verify_receipt(str(part), vkeys).facts == {"seq": 41}


def test_the_file_survives_other_line_ends(receipt: Receipt, vkeys: list[str]) -> None:
    verify_receipt(str(receipt).replace("\n", "\r\n"), vkeys)


def test_each_forgery_has_its_code(receipt: Receipt, vkeys: list[str], log_key: SigningKey) -> None:
    members = json.loads(str(receipt))
    stranger = SigningKey(log_key.name, bytes(32))
    other_head = sign_checkpoint(Checkpoint(log_key.name, 11, bytes(32)), log_key)
    proof: str = members["proof"]
    head = receipt.proof.checkpoint
    entry: str = members["entry"]
    assert refused(str(receipt), []) == Fault.NOTE_UNSIGNED
    assert refused(str(receipt), [str(stranger.verifier)]) == Fault.NOTE_UNSIGNED
    assert refused(str(receipt), ["no key"]) == Fault.KEY_SHAPE
    assert refused(changed(receipt, facts=[members["facts"][0][:-4]]), vkeys) == Fault.FACT_NOT_CANONICAL
    assert refused(changed(receipt, facts=[*members["facts"], *members["facts"]]), vkeys) == Fault.FACT_REPEATED
    assert refused(changed(receipt, entry=entry.replace("tansiq/1", "tansiq/2")), vkeys) == Fault.ENTRY_VERSION
    assert refused(changed(receipt, proof=proof.replace("index 5", "index 6")), vkeys) == Fault.PROOF_ROOT
    assert refused(changed(receipt, proof=proof.replace("\n11\n", "\n12\n")), vkeys) == Fault.NOTE_SIGNATURE_WRONG
    assert refused(changed(receipt, proof=proof.replace(head, other_head)), vkeys) == Fault.PROOF_ROOT
    assert refused(changed(receipt, proof="\ud800"), vkeys) == Fault.PROOF_HEADER


def test_a_fact_of_another_entry_is_refused(receipt: Receipt, vkeys: list[str], entry: bytes) -> None:
    digests = json.loads(entry)["_sd"]
    other = json.dumps({"_sd": digests[:1] * 16, "_sd_alg": "sha-256", "v": "tansiq/1"}, separators=(",", ":"))
    assert refused(changed(receipt, entry=other), vkeys) == Fault.ENTRY_DIGESTS


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"format": "tansiq-receipt/2"}, Fault.RECEIPT_FORMAT),
        ({"format": None}, Fault.RECEIPT_FORMAT),
        ({"note": "x"}, Fault.RECEIPT_SHAPE),
        ({"entry": 5}, Fault.RECEIPT_SHAPE),
        ({"entry": "é"}, Fault.RECEIPT_SHAPE),
        ({"facts": "x"}, Fault.RECEIPT_SHAPE),
        ({"facts": [5]}, Fault.RECEIPT_SHAPE),
        ({"proof": []}, Fault.RECEIPT_SHAPE),
        ({"proof": ""}, Fault.PROOF_HEADER),
        ({"facts": ["!"]}, Fault.FACT_ENCODING),
    ],
)
def test_malformed_receipts_are_refused(
    receipt: Receipt, vkeys: list[str], members: dict[str, Any], code: Fault
) -> None:
    assert refused(changed(receipt, **members), vkeys) == code


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", Fault.RECEIPT_NOT_JSON),
        ("[" * 100_000, Fault.RECEIPT_NOT_JSON),
        ('{"format":"tansiq-receipt/1","format":"tansiq-receipt/1"}', Fault.RECEIPT_NOT_JSON),
        ("[]", Fault.RECEIPT_FORMAT),
        ('{"format":"tansiq-receipt/1"}', Fault.RECEIPT_SHAPE),
        (b"\xff", Fault.RECEIPT_NOT_UTF8),
        (b" " * 8_000_001, Fault.RECEIPT_TOO_LARGE),
    ],
)
def test_files_that_are_no_receipts_are_refused(source: str | bytes, code: Fault, vkeys: list[str]) -> None:
    assert refused(source, vkeys) == code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_flipped_bit_changes_what_a_receipt_says(data: st.DataObject, receipt: Receipt, vkeys: list[str]) -> None:
    source = bytearray(str(receipt).encode())
    place = data.draw(st.integers(0, len(source) - 1))
    source[place] ^= 1 << data.draw(st.integers(0, 7))
    try:
        verified = verify_receipt(bytes(source), vkeys)
    except MerkleError:
        return
    # Only the white space between the members of the file is free.
    assert json.loads(source) == json.loads(str(receipt))
    assert verified == verify_receipt(str(receipt), vkeys)
