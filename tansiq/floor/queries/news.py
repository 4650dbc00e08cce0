"""News that a room may read: what came, what came since, and which is the newest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from tansiq.building.rooms.models import News
from tansiq.building.wall.context import room_context

OVERLAP = timedelta(minutes=10)
"""How far before the last event a resumed stream begins again. News carry the time at which their transaction began,
so one that took long appears behind news that a page has already seen; an act longer than this is not expected."""

RECENT = timedelta(hours=1)  # how far back the newest news of a room is looked for
LATELY = timedelta(minutes=1)  # how far back news without a notice are looked for
MOST_RESENT = 2000  # rows; beyond, the page asks for everything again


@dataclass(frozen=True)
class Digest:
    """Some news in one message: the id of the newest, and every topic that any of them names."""

    id: UUID | None
    topics: tuple[str, ...]


def news_among(room_id: UUID, ids: Collection[UUID]) -> Digest | None:
    """Those of these news that the room may read; None when it may read none of them."""
    with room_context(room_ids=(room_id,)), transaction.atomic():
        return _digest(News.objects.filter(pk__in=ids).order_by("created_at", "id").values_list("id", "topics"))


def news_lately(room_id: UUID, since: datetime, heard: Collection[UUID]) -> set[UUID]:
    """News of late, and after a moment, that the room may read and whose notice was not heard."""
    with room_context(room_ids=(room_id,)), transaction.atomic():
        lately = News.objects.filter(created_at__gte=max(since, datetime.now(UTC) - LATELY))
        return set(lately.values_list("id", flat=True)) - set(heard)


def news_since(room_id: UUID, after: UUID) -> Digest | None:
    """All that the room may read from a little before this news on; None when it never saw it, or missed too much."""
    with room_context(room_ids=(room_id,)), transaction.atomic():
        last = News.objects.filter(pk=after).values_list("created_at", flat=True).first()
        if last is None:
            return None
        found = News.objects.filter(created_at__gte=last - OVERLAP).order_by("created_at", "id")
        rows = list(found.values_list("id", "topics")[: MOST_RESENT + 1])
        return None if len(rows) > MOST_RESENT else _digest(rows)


def newest_news(room_id: UUID) -> UUID | None:
    """The newest news that the room may read, if there was any lately."""
    with room_context(room_ids=(room_id,)), transaction.atomic():
        lately = News.objects.filter(created_at__gte=datetime.now(UTC) - RECENT)
        return lately.order_by("-created_at", "-id").values_list("id", flat=True).first()


def _digest(rows: Collection[tuple[UUID, list[str]]]) -> Digest | None:
    listed = list(rows)
    if not listed:
        return None
    return Digest(listed[-1][0], tuple(sorted({topic for _id, topics in listed for topic in topics})))
