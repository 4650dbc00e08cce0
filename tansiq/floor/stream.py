"""The body of an event stream: what was missed, then news as they come, and a beat when there are none."""

import asyncio
from random import uniform
from uuid import UUID

from asgiref.sync import SyncToAsync
from django.db import connections

from tansiq.floor.hub import Hub, Seat, asked, message
from tansiq.floor.queries.news import Digest, newest_news, news_since

BEAT_S = 20.0
BEAT = b'event: beat\ndata: {"topics": []}\n\n'
COME_AGAIN_MS = (1000, 4000)  # spread, so that the pages of a restarted server do not come all at once


class Stream:
    """An asynchronous iterator over the bytes of one page's stream.

    The seat is taken with the first step and left in every case: at the end, on a fault, when the page goes away, and
    when the answer is closed before the first step. A cancelled ``asyncio.wait_for`` was seen to lose seats; a
    timeout block does not.
    """

    def __init__(self, hub: Hub, seat: Seat, last_id: str) -> None:
        self._hub = hub
        self._seat = seat
        self._last_id = last_id
        self._opened = False

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> bytes:
        try:
            return await self._next()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave the seat; Django calls this when the answer is done with."""
        self._hub.leave(self._seat)

    async def _next(self) -> bytes:
        if not self._opened:
            self._opened = True
            self._hub.take(self._seat)  # before anything is looked up, so that nothing falls between
            release_thread()
            return f"retry: {uniform(*COME_AGAIN_MS):.0f}\n\n".encode() + await self._opening()  # noqa: S311
        try:
            async with asyncio.timeout(BEAT_S):
                found = await self._seat.next()
        except TimeoutError:
            return BEAT
        if found is None:
            raise StopAsyncIteration
        return found

    async def _opening(self) -> bytes:
        """What the page missed since its last event; to a new page, a beat that tells from where to resume."""
        room_id = self._seat.holder.room_id
        missed = None
        if self._last_id:
            after = _id_of(self._last_id)
            missed = await asyncio.to_thread(asked, news_since, room_id, after) if after else None
        if missed is not None:
            return message(missed)
        newest = Digest(await asyncio.to_thread(asked, newest_news, room_id), ())
        return message(newest, event="resync" if self._last_id else "beat")


def release_thread() -> None:
    """End the thread that ran this request's synchronous parts, and give back its database connection.

    Django would keep both for as long as the stream: the session middleware may write after the view has answered.
    """
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor is not None:
        executor.submit(connections.close_all)
        executor.shutdown(wait=False)


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
