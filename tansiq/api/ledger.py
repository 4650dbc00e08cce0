"""The ledger's entries that one may see, and their receipts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema

from tansiq.api.endpoint import Code, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.ledger.models import Entry
from tansiq.building.ledger.queries import entries, opened, receipt
from tansiq.building.ledger.rules import Act

router = Router(tags=["ledger"])


class EntryOut(Schema):
    """An entry with those of its facts that this room may see."""

    id: UUID
    at: datetime
    own: bool
    facts: dict[str, Any]


class EntryPage(Schema):
    """Entries, newest first, and the mark of the next page."""

    items: list[EntryOut]
    next: str | None


@router.get("/entries", response=EntryPage, summary="Entries that this room may see")
@endpoint(Act.READ_ENTRY)
def list_entries(
    request: HttpRequest, after: After = None, limit: Limit = 50, act: Code | None = None, object: UUID | None = None
) -> dict[str, object]:
    """Entries of this room and those released to it; of one act or one record when asked."""
    found = entries()
    if act:
        found = found.filter(act=act)
    if object:
        found = found.filter(object_id=object)
    shown, following = page_after(found, "at", after, limit)
    items = [
        {"id": one.entry.pk, "at": one.entry.at, "own": one.entry.room_id == request.actor.room_id, "facts": one.facts}
        for one in opened(shown)
    ]
    return {"items": items, "next": following}


@router.get(
    "/entries/{uuid:entry_id}/receipt",
    summary="The receipt of an entry",
    openapi_extra={"responses": {200: {"description": "C2SP tlog-proof with the visible facts",
                                       "content": {"application/json": {"schema": {"type": "object"}}}}}},
)  # fmt: skip
@endpoint(Act.READ_RECEIPT)
def entry_receipt(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The proof that the log holds the entry, to be checked by anyone; 409 before the next tick."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return HttpResponse(receipt(entry), content_type="application/json; charset=utf-8")
