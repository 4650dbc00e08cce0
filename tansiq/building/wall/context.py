"""Carries who reads, and from which rooms, to the database as a signed token."""

import hashlib
import hmac
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

SETTING = "app.ctx"
SHARED_SETTING = "app.shared_with"  # not signed: it can only narrow what the context lets through
LIFETIME_S = 900
BLOCK = 64


@dataclass(frozen=True)
class RoomContext:
    """Who reads, and the rooms whose eyes are used; the first room is the one that acts."""

    account_id: UUID | None
    room_ids: tuple[UUID, ...]
    shared_with: UUID | None = None  # read only what this room may read too, and write nothing

    def token(self) -> str:
        """The text that the database checks: account, rooms, expiry and their HMAC-SHA-256."""
        rooms = ",".join(str(room) for room in self.room_ids)
        body = f"{self.account_id or ''}|{rooms}|{int(time.time()) + LIFETIME_S}"
        signature = hmac.new(settings.CONTEXT_KEY, body.encode(), hashlib.sha256).hexdigest()
        return f"{body}|{signature}"


_current: ContextVar[RoomContext | None] = ContextVar("room_context", default=None)


def current_context() -> RoomContext | None:
    """The context in force, or None outside every room."""
    return _current.get()


@cache
def key_pads(key: bytes) -> tuple[bytes, bytes]:
    """Inner and outer HMAC pads of the key, so that the database can check with sha256 alone (RFC 2104)."""
    block = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def apply_context(connection: Any) -> None:
    """Write the context in force (or none) into the transaction that is open on the connection."""
    context = _current.get()
    token, other = (context.token(), context.shared_with) if context else ("", None)
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config(%s, %s, true), set_config(%s, %s, true)",
            [SETTING, token, SHARED_SETTING, str(other or "")],
        )


@contextmanager
def room_context(
    *,
    account_id: UUID | None = None,
    room_ids: Iterable[UUID] = (),
    shared_with: UUID | None = None,
    using: str = "default",
) -> Iterator[RoomContext]:
    """Read and write as this account from these rooms until the block ends; nests.

    shared_with : another room; then nothing is read that this room may not read too, and nothing is written.
    """
    context = RoomContext(account_id, tuple(room_ids), shared_with)
    connection = connections[using]
    is_told = context == _current.get() and using == "default"  # an act of a page, in the page's own transaction
    before = _current.set(context)
    try:
        if connection.in_atomic_block and not is_told:
            apply_context(connection)
        yield context
    finally:
        _current.reset(before)
        if connection.in_atomic_block and not connection.needs_rollback and not is_told:
            apply_context(connection)
