"""Reads and writes the tiles of the tree in the database."""

from collections.abc import Iterable
from typing import Any

from tansiq.engine.merkle import HASH_SIZE, TILE_WIDTH, ReadTile, Tile

LEAF_DATA = -1


def tile_reader(connection: Any) -> ReadTile:
    """A function that reads one tile's hashes; b"" where there is none."""

    def read_tile(level: int, index: int) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("select hashes from ledger_tile where level = %s and n = %s", [level, index])
            row = cursor.fetchone()
        return bytes(row[0]) if row else b""

    return read_tile


def write_tiles(connection: Any, tiles: Iterable[Tile]) -> None:
    """Store new tiles, and wider editions of the last ones."""
    rows = [(tile.level, tile.index, tile.hashes) for tile in tiles]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into ledger_tile (level, n, hashes) select * from unnest(%s::int[], %s::bigint[], %s::bytea[]) "
            "on conflict (level, n) do update set hashes = excluded.hashes",
            [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]],
        )


def leaf_data_tiles(size: int, leaves: list[bytes], read_tile: ReadTile) -> list[Tile]:
    """The leaf data (32 bytes each) as tiles of level -1, the last partial one made wider."""
    index, kept = divmod(size, TILE_WIDTH)
    row = (read_tile(LEAF_DATA, index)[: kept * HASH_SIZE] if kept else b"") + b"".join(leaves)
    step = TILE_WIDTH * HASH_SIZE
    return [Tile(LEAF_DATA, index + at // step, row[at : at + step]) for at in range(0, len(row), step)]
