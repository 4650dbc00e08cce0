"""Writes the log as files that anyone can serve and check: the C2SP layout."""

from collections.abc import Callable
from pathlib import Path

from django.db import connections, transaction

from tansiq.building.ledger.tiles import LEAF_DATA, tile_reader
from tansiq.engine.merkle import (
    ENTRIES,
    HASH_SIZE,
    TILE_WIDTH,
    TileName,
    VerifierKey,
    encode_bundle,
    split_hashes,
    tile_width,
    tiles_of_size,
)

ALIAS = "auditor"


class NothingPublished(Exception):
    """No checkpoint has been signed yet."""


def export(directory: Path, verifier: VerifierKey, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Write checkpoint, checkpoints, tiles and entry bundles of the newest signed tree; the number of leaves.

    Raises NothingPublished before the first tick.
    """
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute("select size, note from ledger_checkpoint where note <> '' order by size, at")
        notes = cursor.fetchall()
        if not notes:
            raise NothingPublished
        size, newest = notes[-1]
        directory.mkdir(parents=True, exist_ok=True)
        _write(directory / "policy", f"log {verifier}\nquorum none\n".encode())
        for at, note in notes:
            _write(directory / "checkpoints" / f"{at:012d}", note.encode())
        read_tile = tile_reader(connections[ALIAS])
        for name in tiles_of_size(size):
            _write(directory / str(name), read_tile(name.level, name.index)[: name.width * HASH_SIZE])
        for index in range(-(-size // TILE_WIDTH)):
            width = tile_width(0, index, size)
            leaves = split_hashes(read_tile(LEAF_DATA, index)[: width * HASH_SIZE])
            _write(directory / str(TileName(ENTRIES, index, width)), encode_bundle(leaves))
            progress(index * TILE_WIDTH + width)
        _write(directory / "checkpoint", newest.encode())  # last: a reader who finds it finds the rest
    return size


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
