"""Small logs, keys and entries that the Merkle tests share."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from tansiq.engine import merkle

ORIGIN = "log.example/centre"


def numbered_hashes(count: int) -> list[bytes]:
    """Leaf hashes of the leaves 0, 1, 2, ..."""
    return merkle.leaf_hashes(number.to_bytes(8, "big") for number in range(count))


def numbered_salt(number: int) -> bytes:
    """A salt that differs for each number; tests need no secrecy."""
    return sha256(b"salt" + number.to_bytes(8, "big")).digest()[:16]


@pytest.fixture
def hashes() -> Callable[[int], list[bytes]]:
    return numbered_hashes


@pytest.fixture
def salt() -> Callable[[int], bytes]:
    return numbered_salt


@pytest.fixture
def log_key() -> merkle.SigningKey:
    return merkle.SigningKey(ORIGIN, bytes(range(32)))


@pytest.fixture
def disclosures() -> list[str]:
    """Three facts of one act."""
    return [
        merkle.disclose("act", "movements.notification.acknowledge", numbered_salt(1)),
        merkle.disclose("seq", 41, numbered_salt(2)),
        merkle.disclose("where.10km", "معبر ٣٨", numbered_salt(3)),
    ]


@pytest.fixture
def entry(disclosures: list[str]) -> bytes:
    return merkle.make_entry(disclosures, [numbered_salt(100 + number) for number in range(13)])


@pytest.fixture
def receipt(log_key: merkle.SigningKey, disclosures: list[str], entry: bytes) -> merkle.Receipt:
    """The entry as leaf 5 of a log of 11 leaves."""
    leaves = numbered_hashes(11)
    leaves[5] = merkle.leaf_hash(merkle.leaf_data(entry))
    head = merkle.Checkpoint(ORIGIN, 11, merkle.root_of_hashes(leaves))
    hashes = tuple(merkle.make_inclusion_proof(5, leaves))
    proof = merkle.TlogProof(5, hashes, merkle.sign_checkpoint(head, log_key))
    return merkle.Receipt(entry, tuple(disclosures), proof)
