"""Trees kept as tiles: growth, roots and proofs equal those from the leaves."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.engine.merkle import (
    EMPTY_ROOT,
    CompactRange,
    Fault,
    Growth,
    MerkleError,
    consistency_proof_from_tiles,
    grow_tiles,
    inclusion_proof_from_tiles,
    leaf_hashes,
    make_consistency_proof,
    make_inclusion_proof,
    root_from_tiles,
    root_of_hashes,
    tiles_of_size,
)

WHOLE = 66_500  # three levels of tiles
HASHES = leaf_hashes(number.to_bytes(8, "big") for number in range(WHOLE))


class Shelf:
    """A store of tiles that counts what is read."""

    def __init__(self) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.reads: list[tuple[int, int]] = []
        self.size = 0

    def read(self, level: int, index: int) -> bytes:
        self.reads.append((level, index))
        return self.tiles.get((level, index), b"")

    def grow(self, hashes: list[bytes]) -> Growth:
        growth = grow_tiles(self.size, hashes, self.read)
        self.tiles.update({(tile.level, tile.index): tile.hashes for tile in growth.tiles})
        self.size = growth.size
        return growth


@cache
def filled() -> Shelf:
    shelf = Shelf()
    shelf.grow(HASHES)
    return shelf


@given(st.lists(st.integers(0, 700), min_size=1, max_size=8))
def test_growing_by_batches_gives_the_tiles_and_root_of_the_whole(batches: list[int]) -> None:
    shelf, at_once = Shelf(), Shelf()
    for batch in batches:
        before = shelf.size
        growth = shelf.grow(HASHES[before : before + batch])
        assert growth.size == before + batch
        assert growth.root == root_of_hashes(HASHES[: growth.size])
        assert [tile.path for tile in growth.tiles] == [str(name) for name in tiles_of_size(growth.size, before)]
    at_once.grow(HASHES[: shelf.size])
    assert shelf.tiles == at_once.tiles


def test_an_empty_tree_has_no_tiles() -> None:
    growth = grow_tiles(0, [], lambda level, index: b"")
    assert (growth.size, growth.root, growth.tiles) == (0, EMPTY_ROOT, ())
    assert root_from_tiles(0, lambda level, index: b"") == EMPTY_ROOT


def test_growth_reads_only_the_right_edge() -> None:
    shelf = Shelf()
    shelf.grow(HASHES[:66_000])
    shelf.reads.clear()
    shelf.grow(HASHES[66_000:66_400])
    assert set(shelf.reads) == {(0, 257), (1, 1), (2, 0)}


@settings(max_examples=60)
@given(st.integers(1, WHOLE), st.data())
def test_proofs_from_tiles_equal_proofs_from_leaves(size: int, data: st.DataObject) -> None:
    shelf = filled()
    index = data.draw(st.integers(0, size - 1))
    assert root_from_tiles(size, shelf.read) == root_of_hashes(HASHES[:size])
    assert inclusion_proof_from_tiles(index, size, shelf.read) == make_inclusion_proof(index, HASHES[:size])
    old = index + 1
    assert consistency_proof_from_tiles(old, size, shelf.read) == make_consistency_proof(old, HASHES[:size])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537])
def test_proofs_at_the_edges_of_tiles(size: int) -> None:
    shelf = filled()
    assert root_from_tiles(size, shelf.read) == root_of_hashes(HASHES[:size])
    for index in {0, size // 2, size - 1}:
        assert inclusion_proof_from_tiles(index, size, shelf.read) == make_inclusion_proof(index, HASHES[:size])


def test_a_proof_reads_each_tile_once() -> None:
    shelf = filled()
    shelf.reads.clear()
    inclusion_proof_from_tiles(300, WHOLE, shelf.read)
    assert len(shelf.reads) == len(set(shelf.reads)) <= 6


def test_a_compact_range_and_tiles_agree() -> None:
    assert filled().grow([]).root == CompactRange().append(HASHES).root


def test_missing_and_short_tiles_are_named() -> None:
    shelf = Shelf()
    shelf.grow(HASHES[:600])
    with pytest.raises(MerkleError, match=r"expected tile 1/0 of 3 to 256 hashes, got 64 bytes") as refusal:
        inclusion_proof_from_tiles(0, 900, shelf.read)
    assert refusal.value.code == Fault.TILE_LENGTH
    del shelf.tiles[0, 1]
    with pytest.raises(MerkleError, match=r"expected tile 0/1 of 46 hashes, got none") as refusal:
        inclusion_proof_from_tiles(300, 600, shelf.read)
    assert refusal.value.code == Fault.TILE_MISSING


def test_a_tree_cannot_grow_from_a_size_that_its_tiles_do_not_reach() -> None:
    shelf = Shelf()
    shelf.grow(HASHES[:10])
    with pytest.raises(MerkleError) as refusal:
        grow_tiles(11, HASHES[:5], shelf.read)
    assert refusal.value.code == Fault.TILE_LENGTH


def test_growth_refuses_other_lengths() -> None:
    with pytest.raises(MerkleError) as refusal:
        grow_tiles(0, [b"leaf"], lambda level, index: b"")
    assert refusal.value.code == Fault.HASH_LENGTH
