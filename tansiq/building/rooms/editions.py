"""What a process keeps of an operation between acts, for as long as the operation says the same."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection

MOST_KEPT = 2000
EDITION = """
select array[o.edition::text, d.oid::text, pg_postmaster_start_time()::text]
  from rooms_operation o, pg_database d where o.id = %s and d.datname = current_database()
"""
"""The database and the start of its server belong to it: a restored backup or a promoted replica may lack rows that a
process knows, and give their numbers to others."""
Key = tuple[Any, ...]
Edition = tuple[str, ...]

_kept: OrderedDict[Key, Any] = OrderedDict()
_known: ContextVar[dict[UUID, Edition] | None] = ContextVar("editions_of_this_act", default=None)


@contextmanager
def one_edition() -> Iterator[None]:
    """Ask for an operation's edition once until the block ends: an act goes by one edition from beginning to end."""
    before = _known.set({})
    try:
        yield
    finally:
        _known.reset(before)


def edition_of(operation_id: UUID) -> Edition:
    """A random token that the database changes with every change of the operation, its rooms or its code lists.

    Each process compares it in each act, in the transaction that relies on it: what another process loads is in
    force from the first act that begins after the load was committed, and no message has to arrive for that.
    """
    known = _known.get()
    if known is not None and operation_id in known:
        return known[operation_id]
    with connection.cursor() as cursor:
        cursor.execute(EDITION, [operation_id])
        row = cursor.fetchone()
    edition = tuple(row[0]) if row else (str(operation_id),)
    if known is not None:
        known[operation_id] = edition
    return edition


def kept(operation_id: UUID, make: Callable[..., Any], *asked: Any, once_committed: bool = False) -> Any:
    """The answer of a function for an operation, asked for again only when the operation's edition is another.

    once_committed : the answer names rows that this transaction may have written; keep it when they stand for good.
    """
    key = (edition_of(operation_id), f"{make.__module__}.{make.__qualname__}", *asked)
    if key in _kept:
        return _kept[key]
    found = make(operation_id, *asked)
    if once_committed:
        connection.on_commit(lambda: _keep(key, found), robust=True)
    else:
        _keep(key, found)
    return found


def _keep(key: Key, found: Any) -> None:
    _kept[key] = found
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
