"""PostgreSQL as Django knows it, with the room context set in each outermost transaction, and last words."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg import ClientCursor

from tansiq.building.wall.context import apply_context, current_context

# Each commit that notifies keeps all others of the database waiting until it is on disk, and a row that everybody
# locks (the head of a room's chain) is locked until then. So these transactions commit first and wait afterwards,
# together: a record of the log that is on disk proves that everything before it is. Notices follow in a transaction
# that nobody waits for; who reads the outbox again now and then misses nothing when one is lost.
UNLOCK_EARLY = "set local synchronous_commit to off"
ON_DISK = (
    "begin; select pg_logical_emit_message(true, 'tansiq', ''); commit"  # one of its own, or the next rules it too
)
NOTIFY = (
    "select set_config('synchronous_commit', 'off', true), pg_notify(n.channel, n.payload) "
    "from unnest(%s::text[], %s::text[]) as n (channel, payload)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets the signed context as soon as a transaction opens; outside a transaction no room can be read.

    A transaction may have last words: statements that are sent with the commit in one message, so that what they
    lock is locked for as short as can be. Whoever speaks to the database before that finds them done.
    """

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        super().__init__(settings_dict, alias)
        self._last_words: list[tuple[str, Sequence[Any]]] = []
        self._notices: list[tuple[str, str]] = []
        self._must_be_on_disk = False

    def say_last(self, sql: str, parameters: Sequence[Any]) -> None:
        """Run this at the end of the transaction, or before the next statement where there is one."""
        self._last_words.append((sql, parameters))

    def rely_on_others(self) -> None:
        """Let the commit wait until all that this transaction has read is on disk, though it writes nothing itself."""
        self._must_be_on_disk = True

    def notify_after(self, channel: str, payload: str) -> None:
        """Tell this to whoever listens once the transaction is committed; nothing is told when it is not."""
        self._notices.append((channel, payload))

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Open or close a transaction; on opening, tell the database who reads."""
        super().set_autocommit(autocommit, *args, **kwargs)
        if not autocommit and current_context() is not None:
            apply_context(self)

    def close(self) -> None:
        """Close the connection; what was not committed is not said."""
        self._forget()
        super().close()

    def _cursor(self, name: str | None = None) -> Any:
        if self._last_words:
            words, self._last_words = self._last_words, []
            with self.wrap_database_errors:
                self._send(words)
        return super()._cursor(name)

    def _savepoint_commit(self, sid: str) -> None:
        words, self._last_words = self._last_words, []
        super()._savepoint_commit(sid)
        self._last_words = words

    def _commit(self) -> None:
        if self.connection is None or not (self._last_words or self._notices or self._must_be_on_disk):
            super()._commit()
            return
        words: list[tuple[str, Sequence[Any]]] = [(UNLOCK_EARLY, ()), *self._last_words, ("commit", ()), (ON_DISK, ())]
        if self._notices:
            channels, payloads = zip(*dict.fromkeys(self._notices), strict=True)
            words.append((NOTIFY, (list(channels), list(payloads))))
        self._forget()
        with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
            self._send(words)

    def _rollback(self) -> None:
        self._forget()
        super()._rollback()

    def _forget(self) -> None:
        self._last_words, self._notices, self._must_be_on_disk = [], [], False

    def _send(self, words: Sequence[tuple[str, Sequence[Any]]]) -> None:
        """Send all of it in one message; the first that fails stops the rest."""
        with ClientCursor(self.connection) as cursor:
            cursor.execute(
                "; ".join(cursor.mogrify(sql, parameters) if parameters else sql for sql, parameters in words)
            )
