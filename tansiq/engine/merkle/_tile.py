"""Tiles and entry bundles (C2SP tlog-tiles): names, widths and contents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tansiq.engine.merkle._fault import Fault, MerkleError
from tansiq.engine.merkle._tree import HASH_SIZE, SIZE_LIMIT

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
ENTRIES = -1  # the level under which entry bundles are named
_ENTRY_LIMIT = 0xFFFF  # bytes, the u16 of a bundle
_MAX_LEVEL = 63
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class TileName:
    """Which tile: level (ENTRIES for bundles of log entries), index on the level, hashes it holds."""

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        if not ENTRIES <= self.level <= _MAX_LEVEL:
            raise MerkleError(Fault.TILE_PATH, f"level 0 to {_MAX_LEVEL} or entries", self.level)
        if not 0 <= self.index < SIZE_LIMIT:
            raise MerkleError(Fault.TILE_PATH, "index 0 to 2^63 - 1", self.index)
        if not 0 < self.width <= TILE_WIDTH:
            raise MerkleError(Fault.TILE_PATH, f"width 1 to {TILE_WIDTH}", self.width)

    def __str__(self) -> str:
        """The path under the log's prefix, such as tile/0/x001/234.p/17."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = f".p/{self.width}" if self.width < TILE_WIDTH else ""
        return f"tile/{level}/{_index_path(self.index)}{partial}"


@dataclass(frozen=True, slots=True)
class Tile:
    """A run of neighbouring hashes of one level."""

    level: int
    index: int
    hashes: bytes  # width x 32 bytes

    @property
    def width(self) -> int:
        """How many hashes it holds; below 256 it is partial."""
        return len(self.hashes) // HASH_SIZE

    @property
    def path(self) -> str:
        """Its path under the log's prefix."""
        return str(TileName(self.level, self.index, self.width))


def parse_tile_path(path: str) -> TileName:
    """Read a tile path; a second spelling of the same tile is refused."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise MerkleError(Fault.TILE_PATH, "tile/LEVEL/INDEX with an optional .p/WIDTH", ascii(path[:80]))
    level = ENTRIES if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    name = TileName(level, index, int(match["width"] or TILE_WIDTH))
    if str(name) != path:
        raise MerkleError(Fault.TILE_PATH, str(name), ascii(path[:80]))
    return name


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes a tile has in a tree of `size` leaves; 0 if there is none."""
    on_level = size >> TILE_HEIGHT * max(level, 0)
    return max(0, min(TILE_WIDTH, on_level - index * TILE_WIDTH))


def tiles_of_size(size: int, since: int = 0) -> Iterator[TileName]:
    """Name every hash tile of a tree of `size` leaves that a tree of `since` leaves lacks or has narrower."""
    level = 0
    while on_level := size >> TILE_HEIGHT * level:
        first = (since >> TILE_HEIGHT * level) // TILE_WIDTH
        for index in range(first, -(-on_level // TILE_WIDTH)):
            width = tile_width(level, index, size)
            if width > tile_width(level, index, since):
                yield TileName(level, index, width)
        level += 1


def split_hashes(hashes: bytes) -> list[bytes]:
    """Cut the bytes of a tile into hashes."""
    if len(hashes) % HASH_SIZE:
        raise MerkleError(Fault.TILE_LENGTH, f"a multiple of {HASH_SIZE} bytes", len(hashes))
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Pack up to 256 log entries, each after its length as a big-endian u16."""
    if not 0 < len(entries) <= TILE_WIDTH:
        raise MerkleError(Fault.BUNDLE_LENGTH, f"1 to {TILE_WIDTH} entries", len(entries))
    for entry in entries:
        if len(entry) > _ENTRY_LIMIT:
            raise MerkleError(Fault.BUNDLE_ENTRY, f"at most {_ENTRY_LIMIT} bytes", len(entry))
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(bundle: bytes) -> list[bytes]:
    """Unpack a bundle; a length that runs past its end is refused."""
    entries, at = list[bytes](), 0
    while at < len(bundle):
        start, end = at + 2, at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if start > len(bundle) or end > len(bundle):
            raise MerkleError(Fault.BUNDLE_ENTRY, f"an entry that ends by {len(bundle)}", end)
        entries.append(bundle[start:end])
        at = end
    if not 0 < len(entries) <= TILE_WIDTH:
        raise MerkleError(Fault.BUNDLE_LENGTH, f"1 to {TILE_WIDTH} entries", len(entries))
    return entries


def _index_path(index: int) -> str:
    path = f"{index % 1000:03}"
    while index := index // 1000:
        path = f"x{index % 1000:03}/{path}"
    return path
