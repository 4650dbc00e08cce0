"""A tree kept as tiles: growing it by batches, and roots and proofs read from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._proof import consistency_ranges, inclusion_ranges, prove
from tansiq.engine.merkle._tile import TILE_HEIGHT, TILE_WIDTH, Tile, split_hashes
from tansiq.engine.merkle._tree import HASH_SIZE, SIZE_LIMIT, check_hashes, fold_peaks, pair_up

# (level, index) -> the hashes of that tile, at least as wide as the tree in question needs; b"" if there is none.
ReadTile = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Growth:
    """What a batch of leaves did to a tree."""

    size: int  # leaves, after
    root: bytes  # 32 bytes, after
    tiles: tuple[Tile, ...]  # new ones and wider editions of the former last ones, by level and index


def grow_tiles(size: int, hashes: Sequence[bytes], read_tile: ReadTile) -> Growth:
    """Append leaf hashes to a tree of `size` leaves that is kept as tiles.

    Reads only the last partial tile of each level. About two hashes of work a leaf with its leaf hash.

    Raises : MerkleError         a stored tile is narrower than `size` says
    Source : C2SP tlog-tiles, "Merkle Tree"
    """
    check_hashes(hashes)
    if not 0 <= size < SIZE_LIMIT - len(hashes):
        raise MerkleError(Fault.SIZE_RANGE, "0 to 2^63 - 1", size + len(hashes))
    tiles: list[Tile] = []
    level, first, fresh = 0, size, list(hashes)
    while fresh:
        grown = _grow_level(level, first, fresh, read_tile)
        tiles += grown
        fresh = [_fold(split_hashes(tile.hashes)) for tile in grown if tile.width == TILE_WIDTH]
        first //= TILE_WIDTH
        level += 1
    after = size + len(hashes)
    return Growth(after, root_from_tiles(after, _overlay(tiles, read_tile)), tuple(tiles))


def root_from_tiles(size: int, read_tile: ReadTile) -> bytes:
    """The root of the first `size` leaves, from the tiles along its right edge."""
    return _range_hash(0, size, size, read_tile)


def inclusion_proof_from_tiles(index: int, size: int, read_tile: ReadTile) -> list[bytes]:
    """Prove leaf `index` in the tree of the first `size` leaves; each tile is read once."""
    return prove(inclusion_ranges(index, size), _range_hasher(size, read_tile))


def consistency_proof_from_tiles(old: int, new: int, read_tile: ReadTile) -> list[bytes]:
    """Prove that the tree of `new` leaves begins with the tree of `old`; each tile is read once."""
    return prove(consistency_ranges(old, new), _range_hasher(new, read_tile))


def _grow_level(level: int, first: int, fresh: Sequence[bytes], read_tile: ReadTile) -> list[Tile]:
    index, kept = divmod(first, TILE_WIDTH)
    head = _read(read_tile, level, index, kept) if kept else b""
    row = head + b"".join(fresh)
    step = TILE_WIDTH * HASH_SIZE
    return [Tile(level, index + at // step, row[at : at + step]) for at in range(0, len(row), step)]


def _overlay(tiles: Sequence[Tile], read_tile: ReadTile) -> ReadTile:
    fresh = {(tile.level, tile.index): tile.hashes for tile in tiles}
    return lambda level, index: fresh.get((level, index)) or read_tile(level, index)


def _range_hasher(size: int, read_tile: ReadTile) -> Callable[[int, int], bytes]:
    cache: dict[tuple[int, int], bytes] = {}

    def read_once(level: int, index: int) -> bytes:
        if (level, index) not in cache:
            cache[level, index] = read_tile(level, index)
        return cache[level, index]

    return lambda start, end: _range_hash(start, end, size, read_once)


def _range_hash(start: int, end: int, size: int, read_tile: ReadTile) -> bytes:
    """Hash of the leaves [start, end), a range that RFC 9162 splits off: complete subtrees, largest first."""
    if not 0 <= end <= size < SIZE_LIMIT:
        raise MerkleError(Fault.SIZE_RANGE, "0 to 2^63 - 1", size)
    peaks: list[bytes] = []
    while start < end:
        height = (end - start).bit_length() - 1
        peaks.append(_subtree_hash(height, start >> height, read_tile))
        start += 1 << height
    return fold_peaks(peaks)


def _subtree_hash(height: int, number: int, read_tile: ReadTile) -> bytes:
    """Hash of the complete subtree over leaves [number << height, (number + 1) << height)."""
    level, inside = divmod(height, TILE_HEIGHT)
    index, offset = divmod(number << inside, TILE_WIDTH)
    width = 1 << inside
    hashes = _read(read_tile, level, index, offset + width)
    return _fold(split_hashes(hashes[offset * HASH_SIZE :]))


def _fold(hashes: list[bytes]) -> bytes:
    """Root of a complete subtree: a power of two of hashes."""
    while len(hashes) > 1:
        hashes = pair_up(hashes)
    return hashes[0]


def _read(read_tile: ReadTile, level: int, index: int, width: int) -> bytes:
    hashes = read_tile(level, index)
    if not hashes:
        raise MerkleError(Fault.TILE_MISSING, f"tile {level}/{index} of {width} hashes", "none")
    if len(hashes) < width * HASH_SIZE or len(hashes) > TILE_WIDTH * HASH_SIZE:
        raise MerkleError(
            Fault.TILE_LENGTH, f"tile {level}/{index} of {width} to {TILE_WIDTH} hashes", f"{len(hashes)} bytes"
        )
    return hashes[: width * HASH_SIZE]
