"""What changed since a moment, of every kind of record that this room reads: the way for a program to keep up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.urls import resolve, reverse
from ninja import Router, Schema

from tansiq.api.endpoint import Code, Moment, endpoint
from tansiq.api.paging import Limit, mark_of, read_mark
from tansiq.building.doors.rules import RECORD_TYPES, RecordType, record_type
from tansiq.building.ledger.models import Entry
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import RoomRecord
from tansiq.building.rooms.rules import Act

router = Router(tags=["changes"])
OVERLAP = timedelta(minutes=10)
"""How far before now the next question begins: a row bears the time at which its transaction began, and is seen when
that ended. What lies in between may be told twice, and is never missed unless an act took longer than this."""
NOBODY = UUID(int=0)


class ChangeOut(Schema):
    """A record that was written, released to this room, or added to."""

    kind: str
    record: UUID
    own: bool
    at: datetime


class ChangePage(Schema):
    """Changes, oldest first; the mark of the next page, or else the moment from which to ask again."""

    items: list[ChangeOut]
    next: str | None
    since: datetime


Place = tuple[datetime, UUID]  # when a row changed, and the record that it belongs to: the order of the list
Part = tuple[str, list[Place]]  # the kind of record, and its changed rows out of one table


@router.get("", response=ChangePage, summary="What changed since a moment")
@endpoint(Act.READ_ROOM)
def list_changes(
    request: HttpRequest, since: Moment, kind: Code | None = None, after: str | None = None, limit: Limit = 50
) -> dict[str, object]:
    """Every record that this room may read and that was written, opened to it or added to since; told at least once."""
    asked_at = datetime.now(UTC)
    behind = read_mark(after) if after else (since, NOBODY)
    kinds = [record_type(kind)] if kind else list(RECORD_TYPES.values())
    parts = [rows for one in kinds if may_read(request.actor, one) for rows in parts_of(one, behind, limit)]
    changed, more = merged(parts, limit)
    shown = sorted(changed, key=lambda record: (changed[record][0], record))[:limit]
    if len(changed) > limit:
        more = changed[shown[-1]][0], shown[-1]
    owners = dict(
        pair for one in kinds for pair in one.model._default_manager.filter(pk__in=shown).values_list("pk", "room")
    )
    return {
        "items": [
            {"kind": changed[one][1], "record": one, "own": owners[one] == request.actor.room_id, "at": changed[one][0]}
            for one in shown
            if one in owners
        ],
        "next": mark_of(*more) if more else None,
        "since": max(since, asked_at - OVERLAP),
    }  # fmt: skip


def may_read(actor: Actor, kind: RecordType) -> bool:
    """Whether the actor may open the page of such a record."""
    return actor.may(resolve(reverse(kind.url, args=[NOBODY])).func.act)


def merged(parts: list[Part], limit: int) -> tuple[dict[UUID, tuple[datetime, str]], Place | None]:
    """The last change of each record as far as every part was read; and where that ends, when a part has more."""
    ends = [rows[limit] for _code, rows in parts if len(rows) > limit]
    end = min(ends) if ends else None
    changed: dict[UUID, tuple[datetime, str]] = {}
    for code, rows in parts:
        for at, record in rows:
            if end is None or (at, record) <= end:
                changed[record] = max((at, code), changed.get(record, (at, code)))
    return changed, end


def parts_of(kind: RecordType, behind: Place, limit: int) -> Iterator[Part]:
    """Changed rows of the record, of each table whose rows name it, and the room's own acts upon it; oldest first."""
    own = kind.model._default_manager.all()
    acts = Entry.objects.filter(object_id__in=own.values("pk")).annotate(changed_at=F("at"), of=F("object_id"))
    yield kind.code, first_rows(acts, behind, limit)
    named = [(one.related_model, one.field) for one in kind.model._meta.related_objects]
    for model, record in [(kind.model, "pk"), *((model, part.attname) for model, part in named)]:
        if issubclass(model, RoomRecord):
            rows = model._default_manager.filter(Q(created_at__gte=behind[0]) | Q(audience_since__gte=behind[0]))
            timed = rows.annotate(changed_at=Greatest("created_at", "audience_since"), of=F(record))
            yield kind.code, first_rows(timed.filter(of__isnull=False), behind, limit)


def first_rows(rows: QuerySet[Model], behind: Place, limit: int) -> list[Place]:
    """Those behind a place, in their order; one more than a page holds tells that there are more."""
    at, record = behind
    later = rows.filter(Q(changed_at__gt=at) | Q(changed_at=at, of__gt=record)).order_by("changed_at", "of")
    return list(later.values_list("changed_at", "of")[: limit + 1])
