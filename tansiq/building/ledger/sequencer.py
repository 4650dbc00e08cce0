"""Gives queued entries their place in the tree: drain, pad, shuffle, tiles, then sign and publish."""

import logging
import random
import secrets
import signal
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connections, transaction

from tansiq.building.ledger.signer import Signer, default_signer
from tansiq.building.ledger.tiles import leaf_data_tiles, tile_reader, write_tiles
from tansiq.engine.merkle import EMPTY_ROOT, consistency_proof_from_tiles, grow_tiles, leaf_hashes

ALIAS = "sequencer"
BATCH_MOST = 8192
ELECTION = 0x7461_6E73  # advisory lock: one sequencer integrates at a time
TO_SIGN = """
select c.at, c.size, c.root from ledger_checkpoint c
 where (c.note = '' and not exists (select from ledger_checkpoint later where later.size > c.size and later.note <> ''))
    or c.at = (select at from ledger_checkpoint order by size desc, at desc limit 1)
 order by c.size, c.at
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tick:
    """What one tick did."""

    entries: int  # acts integrated
    size: int  # leaves in the tree afterwards, padding included
    note: str  # the signed checkpoint


def tick(signer: Signer | None = None) -> Tick | None:
    """Integrate what waits and publish a checkpoint, also when nothing waits; None when another sequencer is at it."""
    signer = signer or default_signer()
    entries = 0
    while True:
        drained = integrate()
        if drained is None:
            return None
        entries += drained
        if drained < BATCH_MOST:
            break
    size, note = publish(signer)
    return Tick(entries, size, note)


def integrate() -> int | None:
    """Move queued leaves into the tree, padded and shuffled, in one transaction; the number of entries moved."""
    connection = connections[ALIAS]
    with transaction.atomic(using=ALIAS):
        if not _elected(connection):
            return None
        waiting = _drain(connection)
        pad = -len(waiting) % settings.LEDGER_PAD if waiting else settings.LEDGER_PAD
        batch: list[tuple[UUID | None, bytes]] = [*waiting, *((None, secrets.token_bytes(32)) for _ in range(pad))]
        random.SystemRandom().shuffle(batch)
        size, _root = head(connection)
        leaves = [leaf for _entry, leaf in batch]
        read_tile = tile_reader(connection)
        growth = grow_tiles(size, leaf_hashes(leaves), read_tile)
        write_tiles(connection, [*growth.tiles, *leaf_data_tiles(size, leaves, read_tile)])
        _place(connection, [(size + n, entry) for n, (entry, _leaf) in enumerate(batch) if entry is not None])
        _note_head(connection, growth.size, growth.root)
        return len(waiting)


def publish(signer: Signer) -> tuple[int, str]:
    """Have the newest head signed, and before it each that lacks it: those of a long queue, one that a crash left."""
    connection = connections[ALIAS]
    with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ELECTION])
        cursor.execute(TO_SIGN)
        for at, size, root in cursor.fetchall():
            signed = signer.signed_size()
            proof = consistency_proof_from_tiles(signed, size, tile_reader(connection)) if 0 < signed <= size else []
            note = signer.sign(size, bytes(root), proof)
            cursor.execute("update ledger_checkpoint set note = %s where at = %s", [note, at])
        cursor.execute("select size, note from ledger_checkpoint order by size desc, at desc limit 1")
        newest: tuple[int, str] = cursor.fetchone()
    return newest


def head(connection: object) -> tuple[int, bytes]:
    """Size and root of the tree, signed or not."""
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("select size, root from ledger_checkpoint order by size desc, at desc limit 1")
        row = cursor.fetchone()
    return (row[0], bytes(row[1])) if row else (0, EMPTY_ROOT)


def run() -> None:
    """Tick until told to stop; a database that is away for a while is waited for."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        try:
            tick()
        except OperationalError as error:
            log.warning("the ledger's database does not answer, trying again: %s", type(error).__name__)
            connections[ALIAS].close()
        stop.wait(settings.LEDGER_TICK_S)


def _elected(connection: object) -> bool:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [ELECTION])
        return bool(cursor.fetchone()[0])


def _drain(connection: object) -> list[tuple[UUID, bytes]]:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "delete from ledger_queue where entry_id = any(array("
            "select entry_id from ledger_queue order by at limit %s)) returning entry_id, leaf",
            [BATCH_MOST],
        )
        return [(row[0], bytes(row[1])) for row in cursor.fetchall()]


def _place(connection: object, placed: list[tuple[int, UUID]]) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "insert into ledger_leaf (idx, entry_id) select * from unnest(%s::bigint[], %s::uuid[])",
            [[index for index, _ in placed], [entry for _, entry in placed]],
        )


def _note_head(connection: object, size: int, root: bytes) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "insert into ledger_checkpoint (at, size, root, note) values (%s, %s, %s, '')",
            [datetime.now(UTC), size, root],
        )
