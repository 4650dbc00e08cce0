"""Refusals at a crossing of consignments that carry valid tokens, over which no impediment was opened yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from tansiq.building.rooms.models import Room
from tansiq.desks.aid.models import AidEvent
from tansiq.desks.impediments.models import Impediment
from tansiq.desks.requests.models import Clearance, ClearanceToken, ConsignedLine, Request

ORIGIN = "refused_in_spite_of_approval"  # a code of the operation's origins of impediments
STAGE = "rejected_at_crossing"  # a code of the operation's stages
MOST = 200  # of one sweep; what is left is found by the next


@dataclass(frozen=True)
class RefusedInSpite:
    """One refusal, with what had been approved."""

    event: AidEvent
    request: Request
    asked: Clearance  # the question whose approval was passed over
    tokens: tuple[ClearanceToken, ...]


def refused_in_spite(room: Room) -> list[RefusedInSpite]:
    """Events of this room's own consignments that were made of requests, as far as a token was valid at that hour."""
    ours = ConsignedLine.objects.filter(room=room, consignment=OuterRef("consignment"))
    opened = Impediment.objects.filter(room=room, origin=ORIGIN, origin_id=OuterRef("pk"))
    corrected = AidEvent.objects.filter(room=room, corrects=OuterRef("pk"))
    events = AidEvent.objects.filter(room=room, stage=STAGE, repeats=None, withdrawn=False, consignment__isnull=False)
    new = list(events.filter(Exists(ours), ~Exists(opened), ~Exists(corrected)).order_by("occurred_at", "pk")[:MOST])
    parts = ConsignedLine.objects.filter(room=room, consignment__in=[event.consignment_id for event in new])
    by_consignment: dict[UUID, list[ConsignedLine]] = {}
    for part in parts.select_related("request__room"):
        by_consignment.setdefault(part.consignment_id, []).append(part)
    items = {part.item_id for found in by_consignment.values() for part in found}
    tokens = list(ClearanceToken.objects.filter(item__in=items).order_by("-issued_at", "pk"))
    found = (_refusal(event, by_consignment[event.consignment_id], tokens) for event in new)
    return [one for one in found if one is not None]


def _refusal(event: AidEvent, parts: list[ConsignedLine], tokens: Iterable[ClearanceToken]) -> RefusedInSpite | None:
    items = {part.item_id for part in parts}
    valid = tuple(
        one for one in tokens if one.item_id in items and one.issued_at <= event.occurred_at <= one.valid_until
    )
    if not valid:
        return None
    asked = Clearance.objects.select_related("item").get(pk=valid[0].clearance_id)
    return RefusedInSpite(event, parts[0].request, asked, valid)
