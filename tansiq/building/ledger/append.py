"""Writes an act's entry in the transaction of the act itself."""

import hashlib
import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tansiq.engine.merkle import decoys_needed, digest, disclose

SALT_BYTES = 16
OWN_FACTS = frozenset({"act", "room", "seq", "prev", "at", "by", "object", "rows", "facts"})
LATE_FACTS = ("seq", "prev", "at")  # known to the database alone, under the lock of the room's head
DECOY_BYTES = 32
APPEND = "select * from ledger_append(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Written:
    """What the ledger answers: the entry's id, its leaf (32 bytes), its place in the room's chain and its time."""

    entry_id: UUID
    leaf: bytes
    seq: int
    at: datetime


@dataclass(frozen=True)
class Prepared:
    """An entry as far as it can be made without its place in the chain: one statement makes the rest."""

    entry_id: UUID
    parameters: tuple[Any, ...]
    sql: str = APPEND


def prepare(
    room_id: UUID,
    act: str,
    facts: Mapping[str, Any],
    *,
    by: UUID | None,
    object_id: UUID | None = None,
    manifest: bytes | None = None,
    entry_id: UUID | None = None,
) -> Prepared:
    """Make the entry of an act but for its place; locks nothing.

    Raises RuntimeError outside a transaction, ValueError when a fact has a name that the ledger itself uses.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry belongs in the transaction of its act")
    if OWN_FACTS & facts.keys():
        raise ValueError(f"the ledger writes these facts itself: {sorted(OWN_FACTS & facts.keys())}")
    known = {
        "act": act,
        "room": str(room_id),
        "by": str(by) if by else "system",
        **({"object": str(object_id)} if object_id else {}),
        **facts,
    }
    if manifest is not None:
        known["rows"] = hashlib.sha256(manifest).hexdigest()
    count = len(known) + len(LATE_FACTS) + 1  # itself included: so that none can be dropped unnoticed
    known["facts"] = count
    bodies = [disclose(name, value, secrets.token_bytes(SALT_BYTES)) for name, value in known.items()]
    decoys = [secrets.token_urlsafe(DECOY_BYTES) for _ in range(decoys_needed(count))]
    salts = [urlsafe_b64encode(secrets.token_bytes(SALT_BYTES)).rstrip(b"=").decode() for _ in LATE_FACTS]
    entry_id = entry_id or uuid.uuid4()
    digests = [digest(text) for text in (*bodies, *decoys)]
    return Prepared(entry_id, (entry_id, room_id, act, object_id, manifest, list(known), bodies, digests, salts))


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

    Locks the room's head until the transaction ends, so call it last. Raises as prepare does.
    """
    prepared = prepare(room_id, act, facts, by=by, object_id=object_id, manifest=manifest, entry_id=entry_id)
    with connection.cursor() as cursor:
        cursor.execute(prepared.sql, prepared.parameters)
        seq, leaf, at = cursor.fetchone()
    return Written(prepared.entry_id, bytes(leaf), seq, at)
