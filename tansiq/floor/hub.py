"""Hands news to every page that is open at this process: one LISTEN connection for all of them."""

import asyncio
import json
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import DatabaseError, connections

from tansiq.building.rooms.acts import CHANNEL
from tansiq.floor.queries.news import LATELY, Digest, news_among, news_lately
from tansiq.floor.queries.seats import Holder, still_admitted

GATHER_S = 0.15  # news of so long are looked up together
WATCH_S = 8.0  # how often every open page's right to stay open is asked again; below a stream's beat
QUIET_S = 15.0  # after so long without news the connection is tried
RETRY_S = 2.0
READY_S = 5.0
MOST_WAITING = 64  # messages that a slow page may leave unread before it must ask for everything again

log = logging.getLogger(__name__)


def message(digest: Digest | None, *, event: str = "") -> bytes:
    """One event of the stream: an opaque id and topics, nothing else. Without a digest it says nothing but its name."""
    found = digest or Digest(None, ())
    named = f"event: {event}\n" if event else ""
    return f"{named}id: {found.id or ''}\ndata: {json.dumps({'topics': found.topics})}\n\n".encode()


class Seat:
    """A page that is open: who holds it, and what it has not been sent yet."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_WAITING)

    async def next(self) -> bytes | None:
        """The next message; None when the page is to be closed."""
        return await self._waiting.get()

    def hand(self, digest: Digest) -> None:
        """Send this; to a page that reads too slowly, send instead of all that waits the word to ask again."""
        try:
            self._waiting.put_nowait(message(digest))
        except asyncio.QueueFull:
            self._empty()
            self._waiting.put_nowait(message(digest, event="resync"))

    def end(self) -> None:
        """Close the page's stream; what waits is dropped."""
        self._empty()
        self._waiting.put_nowait(None)

    def _empty(self) -> None:
        with suppress(asyncio.QueueEmpty):
            while True:
                self._waiting.get_nowait()


class Hub:
    """The open pages of one process, by room.

    The database decides for each room which news it may read. When the connection is lost every stream is ended:
    its page comes again and is told what it missed, and meanwhile says that its link is lost.
    """

    def __init__(self) -> None:
        self._seats: dict[UUID, set[Seat]] = {}
        self._listening = asyncio.Event()
        self._reader = ThreadPoolExecutor(1, "floor-news")
        self._tasks: list[asyncio.Task[None]] = []
        self._since = datetime.now(UTC)  # hears what came from then on
        self._heard: dict[UUID, float] = {}  # news of late, and when each was heard of

    @property
    def open_pages(self) -> int:
        """How many pages are open now."""
        return sum(len(seats) for seats in self._seats.values())

    async def ready(self) -> bool:
        """Whether news are being heard; starts to listen and waits a moment for it."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._watch())]
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                await self._listening.wait()
        return self._listening.is_set()

    def take(self, seat: Seat) -> None:
        """From now on this page is told the news of its room."""
        self._seats.setdefault(seat.holder.room_id, set()).add(seat)
        if not self._listening.is_set():
            seat.end()

    def leave(self, seat: Seat) -> None:
        """Forget the page; leaving twice does no harm."""
        seats = self._seats.get(seat.holder.room_id, set())
        seats.discard(seat)
        if not seats:
            self._seats.pop(seat.holder.room_id, None)

    async def ask(self, query: Callable[..., Any], *given: Any) -> Any:
        """Run a query on the hub's own thread and connection, which is given back at once."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, asked, query, *given)

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**address(), autocommit=True) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    self._since = datetime.now(UTC)
                    self._listening.set()
                    while True:
                        await self._hear(connection)
            except (psycopg.Error, DatabaseError, OSError) as error:
                log.warning("No news from the database: %s", error)
            finally:
                self._listening.clear()
                self._end_all()
            await asyncio.sleep(RETRY_S)

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        heard = [notice.payload async for notice in connection.notifies(timeout=QUIET_S, stop_after=1)]
        if not heard:
            await connection.execute("select 1")
            return
        heard += [notice.payload async for notice in connection.notifies(timeout=GATHER_S)]
        ids = {found for found in map(_id_of, heard) if found}
        self._remember(ids)
        for room_id in list(self._seats):
            digest = await self.ask(news_among, room_id, ids)
            for seat in list(self._seats.get(room_id, ())) if digest else ():
                seat.hand(digest)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            seats = [seat for room in self._seats.values() for seat in room]
            try:
                admitted = await self.ask(still_admitted, {seat.holder for seat in seats}) if seats else set()
            except DatabaseError as error:
                log.warning("Nobody can be admitted: %s", error)
                admitted = set()
            for seat in seats:
                if seat.holder not in admitted:
                    seat.end()
            with suppress(DatabaseError):  # said already, and asked again soon
                await self._look_again()

    async def _look_again(self) -> None:
        """Hand out news whose notice was lost: a server that dies right after a commit keeps the news alone."""
        found: set[UUID] = set()
        for room_id in list(self._seats):
            ids = await self.ask(news_lately, room_id, self._since, frozenset(self._heard))
            digest = await self.ask(news_among, room_id, ids) if ids else None
            for seat in list(self._seats.get(room_id, ())) if digest else ():
                seat.hand(digest)
            found |= ids
        self._remember(found)

    def _remember(self, ids: Collection[UUID]) -> None:
        now = asyncio.get_running_loop().time()
        kept = {one: at for one, at in self._heard.items() if at > now - 2 * LATELY.total_seconds()}
        self._heard = kept | dict.fromkeys(ids, now)

    def _end_all(self) -> None:
        for room in self._seats.values():
            for seat in room:
                seat.end()


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def running_hub() -> Hub:
    """The hub of the event loop that runs here; a web server has one loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


def open_pages() -> int:
    """How many pages are open at this process."""
    return sum(hub.open_pages for hub in _hubs.values())


def asked(query: Callable[..., Any], *given: Any) -> Any:
    """The query's answer, with the thread's connection given back, so that no open page holds one."""
    try:
        return query(*given)
    finally:
        connections["default"].close()


def address() -> dict[str, Any]:
    """Where to listen: the server itself, because no pooler passes LISTEN on (DATABASE_DIRECT_URL)."""
    if settings.LISTEN_ADDRESS:
        return dict(settings.LISTEN_ADDRESS)
    kept = connections["default"].settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    found = {name: kept[key] for name, key in names.items() if kept[key]}
    return {**{name: value for name, value in kept["OPTIONS"].items() if name != "pool"}, **found}


def _id_of(payload: str) -> UUID | None:
    try:
        return UUID(payload)
    except ValueError:
        return None
