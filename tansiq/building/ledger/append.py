"""Writes an act's entry in the transaction of the act itself."""

import hashlib
import secrets
import uuid
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tansiq.engine.merkle import decoys_needed, disclose, leaf_data, make_entry

SALT_BYTES = 16
OWN_FACTS = frozenset({"act", "room", "seq", "prev", "at", "by", "object", "rows", "facts"})
DECOY_BYTES = 32

ADVANCE = """
with entry as (
    insert into ledger_entry (id, room_id, seq, leaf, body, act, object_id, at)
    values (%(id)s, %(room)s, %(seq)s, %(leaf)s, %(body)s, %(act)s, %(object)s, %(at)s)
), fact as (
    insert into ledger_fact (room_id, entry_id, name, body)
    select %(room)s, %(id)s, f.name, f.body from unnest(%(names)s::text[], %(bodies)s::text[]) as f (name, body)
), manifest as (
    insert into ledger_manifest (room_id, entry_id, body)
    select %(room)s, %(id)s, %(manifest)s::bytea where %(manifest)s::bytea is not null
), waiting as (
    insert into ledger_queue (entry_id, leaf, at) values (%(id)s, %(leaf)s, %(at)s)
)
update ledger_head set seq = %(seq)s, leaf = %(leaf)s where room_id = %(room)s
"""


@dataclass(frozen=True)
class Written:
    """What the ledger answers: the entry's id, its leaf (32 bytes), its place in the room's chain and its time."""

    entry_id: UUID
    leaf: bytes
    seq: int
    at: datetime


def append(
    room_id: UUID,
    act: str,
    facts: Mapping[str, Any],
    *,
    by: UUID | None,
    object_id: UUID | None = None,
    manifest: bytes | None = None,
    entry_id: UUID | None = None,
) -> Written:
    """Append one entry to the room's chain and queue its leaf; the caller's transaction decides whether it stands.

    Locks the room's head until the transaction ends, so call it last. Raises RuntimeError outside a transaction,
    ValueError when a fact has a name that the ledger itself uses.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry belongs in the transaction of its act")
    if OWN_FACTS & facts.keys():
        raise ValueError(f"the ledger writes these facts itself: {sorted(OWN_FACTS & facts.keys())}")
    seq, previous = _lock_head(room_id)
    at = datetime.now(UTC)
    known = {
        "act": act,
        "room": str(room_id),
        "seq": seq + 1,
        "prev": b64encode(previous).decode(),
        "at": at.isoformat(),
        "by": str(by) if by else "system",
        **_object_fact(object_id),
        **facts,
    }
    if manifest is not None:
        known["rows"] = hashlib.sha256(manifest).hexdigest()
    known["facts"] = len(known) + 1  # itself included: so that none can be dropped unnoticed
    disclosures = {name: disclose(name, value, secrets.token_bytes(SALT_BYTES)) for name, value in known.items()}
    decoys = [secrets.token_bytes(DECOY_BYTES) for _ in range(decoys_needed(len(disclosures)))]
    body = make_entry(list(disclosures.values()), decoys)
    written = Written(entry_id or uuid.uuid4(), leaf_data(body), seq + 1, at)
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE, {
            "id": written.entry_id, "room": room_id, "seq": written.seq, "leaf": written.leaf, "body": body,
            "act": act, "object": object_id, "at": at, "names": list(disclosures),
            "bodies": list(disclosures.values()), "manifest": manifest,
        })  # fmt: skip
    return written


def _object_fact(object_id: UUID | None) -> dict[str, str]:
    return {"object": str(object_id)} if object_id else {}


def _lock_head(room_id: UUID) -> tuple[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("select seq, leaf from ledger_head where room_id = %s for update", [room_id])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(
                "insert into ledger_head (room_id, seq, leaf) values (%s, 0, %s) on conflict do nothing",
                [room_id, bytes(32)],
            )
            cursor.execute("select seq, leaf from ledger_head where room_id = %s for update", [room_id])
            row = cursor.fetchone()
    return row[0], bytes(row[1])
