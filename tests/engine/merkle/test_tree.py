"""Tree hashing against published answers, the recursive definition and batches."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    EMPTY_ROOT,
    CompactRange,
    Fault,
    MerkleError,
    leaf_hash,
    leaf_hashes,
    node_hash,
    root_of_hashes,
    root_of_leaves,
)

# Inputs and roots of the Certificate Transparency reference implementation.
REFERENCE_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", bytes(range(0x60, 0x70)).hex())
]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def defined_root(leaves: list[bytes]) -> bytes:
    """MTH, word for word as RFC 6962 section 2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


def test_root_matches_the_published_answers() -> None:
    roots = [root_of_leaves(REFERENCE_LEAVES[:size]).hex() for size in range(9)]
    assert roots == REFERENCE_ROOTS


def test_leaf_and_node_hashes_match_the_published_answers() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert EMPTY_ROOT.hex() == REFERENCE_ROOTS[0]


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_root_follows_the_definition(leaves: list[bytes]) -> None:
    assert root_of_leaves(leaves) == defined_root(leaves)


def test_root_of_leaves_streams_more_than_one_chunk() -> None:
    count = (1 << 15) + 3
    leaves = [number.to_bytes(4, "big") for number in range(count)]
    assert root_of_leaves(iter(leaves)) == root_of_hashes(leaf_hashes(leaves))


@given(st.lists(st.integers(0, 40), max_size=8))
def test_batches_give_the_root_of_the_whole(batches: list[int]) -> None:
    grown, all_hashes = CompactRange(), list[bytes]()
    for number, size in enumerate(batches):
        batch = leaf_hashes(bytes([number, place]) for place in range(size))
        grown = grown.append(batch)
        all_hashes += batch
        assert grown == CompactRange().append(all_hashes)
        assert grown.size == len(all_hashes)
        assert len(grown.peaks) == grown.size.bit_count()
        assert grown.root == root_of_hashes(all_hashes)


def test_compact_range_survives_being_stored() -> None:
    grown = CompactRange().append(leaf_hashes(REFERENCE_LEAVES[:5]))
    stored = CompactRange(grown.size, tuple(bytes.fromhex(peak.hex()) for peak in grown.peaks))
    assert stored.append(leaf_hashes(REFERENCE_LEAVES[5:])).root.hex() == REFERENCE_ROOTS[8]


@pytest.mark.parametrize(
    ("size", "peaks", "code"),
    [
        (-1, (), Fault.SIZE_RANGE),
        (1 << 63, (bytes(32),), Fault.SIZE_RANGE),
        (3, (bytes(32),), Fault.RANGE_SHAPE),
        (1, (bytes(31),), Fault.HASH_LENGTH),
    ],
)
def test_compact_range_refuses_what_is_no_tree(size: int, peaks: tuple[bytes, ...], code: Fault) -> None:
    with pytest.raises(MerkleError) as refusal:
        CompactRange(size, peaks)
    assert refusal.value.code == code


def test_append_refuses_leaf_data_in_place_of_a_hash() -> None:
    with pytest.raises(MerkleError, match="expected 32 bytes, got 4") as refusal:
        CompactRange().append([b"data"])
    assert refusal.value.code == Fault.HASH_LENGTH
