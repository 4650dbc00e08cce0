"""Checkpoints: the specification's example, and what does not speak for a log."""

from __future__ import annotations

import pytest

from tansiq.engine.merkle import (
    EMPTY_ROOT,
    Checkpoint,
    Fault,
    MerkleError,
    NoteSignature,
    SigningKey,
    add_signatures,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
    sign_note,
)

# The body of the example in C2SP tlog-checkpoint.
EXAMPLE = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = bytes.fromhex("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")


def test_example_of_the_specification_reads_and_spells_the_same() -> None:
    checkpoint = parse_checkpoint(EXAMPLE)
    assert checkpoint == Checkpoint("example.com/behind-the-sofa", 20852163, ROOT)
    assert str(checkpoint) == EXAMPLE


def test_extension_lines_are_kept() -> None:
    checkpoint = parse_checkpoint(f"{EXAMPLE}first\nsecond\n")
    assert checkpoint.extensions == ("first", "second")
    assert str(checkpoint) == f"{EXAMPLE}first\nsecond\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Fault.CHECKPOINT_SHAPE),
        (EXAMPLE[:-1], Fault.CHECKPOINT_SHAPE),
        ("example.com/log\n5\n", Fault.CHECKPOINT_SHAPE),
        (EXAMPLE.replace("example.com/behind-the-sofa", ""), Fault.CHECKPOINT_ORIGIN),
        (EXAMPLE.replace("20852163", "020852163"), Fault.CHECKPOINT_SIZE),
        (EXAMPLE.replace("20852163", "-1"), Fault.CHECKPOINT_SIZE),
        (EXAMPLE.replace("20852163", "+1"), Fault.CHECKPOINT_SIZE),
        (EXAMPLE.replace("20852163", "1_000"), Fault.CHECKPOINT_SIZE),
        (EXAMPLE.replace("20852163", "١٢"), Fault.CHECKPOINT_SIZE),
        (EXAMPLE.replace("20852163", ""), Fault.CHECKPOINT_SIZE),
        (EXAMPLE.replace("20852163", "9223372036854775808"), Fault.CHECKPOINT_SIZE),
        (EXAMPLE.replace("2I=", "2J="), Fault.CHECKPOINT_ROOT),
        (EXAMPLE.replace("2I=", "2I"), Fault.CHECKPOINT_ROOT),
        (EXAMPLE.replace("CsUY", ""), Fault.CHECKPOINT_ROOT),
        (EXAMPLE.replace("20852163", "0"), Fault.CHECKPOINT_ROOT),
        (f"{EXAMPLE}\n", Fault.CHECKPOINT_EXTENSION),
        (f"{EXAMPLE}first\n\nthird\n", Fault.CHECKPOINT_EXTENSION),
    ],
)
def test_malformed_checkpoints_are_refused(text: str, code: Fault) -> None:
    with pytest.raises(MerkleError) as refusal:
        parse_checkpoint(text)
    assert refusal.value.code == code


def test_a_signed_checkpoint_opens(log_key: SigningKey) -> None:
    head = Checkpoint(log_key.name, 3, ROOT)
    opened = open_checkpoint(sign_checkpoint(head, log_key), [log_key.verifier])
    assert opened.checkpoint == head
    assert opened.signers == (log_key.verifier,)


def test_the_empty_log_has_a_checkpoint(log_key: SigningKey) -> None:
    head = Checkpoint(log_key.name, 0, EMPTY_ROOT)
    assert open_checkpoint(sign_checkpoint(head, log_key), [log_key.verifier]).checkpoint == head


def test_cosignature_lines_are_kept_and_not_required(log_key: SigningKey) -> None:
    signed = sign_checkpoint(Checkpoint(log_key.name, 3, ROOT), log_key)
    cosignature = NoteSignature("witness.example/w1", b"\xd3\x18\x89\x55", bytes(72))
    opened = open_checkpoint(add_signatures(signed, cosignature), [log_key.verifier])
    assert opened.signatures[1] == cosignature
    assert opened.signers == (log_key.verifier,)


def test_a_rotated_key_may_sign_beside_the_old_one(log_key: SigningKey) -> None:
    successor = SigningKey(log_key.name, bytes(32))
    signed = sign_checkpoint(Checkpoint(log_key.name, 3, ROOT), log_key, successor)
    assert open_checkpoint(signed, [log_key.verifier]).signers == (log_key.verifier,)
    assert open_checkpoint(signed, [successor.verifier]).signers == (successor.verifier,)


def test_another_logs_key_cannot_speak_for_this_log(log_key: SigningKey) -> None:
    other = SigningKey("other.example/log", bytes(32))
    forged = sign_note(str(Checkpoint(log_key.name, 3, ROOT)), other)
    with pytest.raises(MerkleError) as refusal:
        open_checkpoint(forged, [log_key.verifier, other.verifier])
    assert refusal.value.code == Fault.CHECKPOINT_ORIGIN
    with pytest.raises(MerkleError) as refusal:
        sign_checkpoint(Checkpoint(log_key.name, 3, ROOT), other)
    assert refusal.value.code == Fault.CHECKPOINT_ORIGIN


def test_a_signed_note_that_is_no_checkpoint_is_refused(log_key: SigningKey) -> None:
    with pytest.raises(MerkleError) as refusal:
        open_checkpoint(sign_note("hello\n", log_key), [log_key.verifier])
    assert refusal.value.code == Fault.CHECKPOINT_SHAPE
