"""Places by any spelling, and crossings as this room sees them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from tansiq.api.endpoint import Code, Moment, Text, endpoint
from tansiq.building.places.queries.crossings import CrossingNow, crossings_now
from tansiq.building.places.queries.search import Found, search_places
from tansiq.building.places.rules import Act

router = Router(tags=["places"])


class PlaceOut(Schema):
    """A place that answers a query, by the spelling that answers best."""

    id: UUID
    catalogue: str
    code: str
    kind: str
    names: dict[str, str]
    spelling: str
    score: float
    longitude: float | None
    latitude: float | None
    accuracy_m: float | None
    schematic: bool


class Report(Schema):
    """What another room says of a crossing."""

    room: UUID
    state: str
    since_at: datetime


class CrossingOut(Schema):
    """A crossing with the latest report that this room may read, and reports that differ from it."""

    id: UUID
    code: str
    names: dict[str, str]
    state: str
    reason: dict[str, str]
    since_at: datetime | None
    until_at: datetime | None
    reported_by: UUID | None
    differing: list[Report]
    hours_today: str | None
    is_within_hours: bool
    trucks_per_day: int | None


@router.get("/search", response=list[PlaceOut], summary="Places by any of their spellings")
@endpoint(Act.READ_PLACE)
def search(
    request: HttpRequest,
    q: Annotated[Text, Query(description="A name in any language or script.")],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    catalogue: Code = "",
) -> list[dict[str, object]]:
    """The operation's places that a name means, best first."""
    return [_place(found) for found in search_places(q, request.actor, limit, catalogue=catalogue)]


@router.get("/crossings", response=list[CrossingOut], summary="Crossings with their state")
@endpoint(Act.READ_CROSSING)
def crossings(
    request: HttpRequest, at: Moment | None = None, known_at: Moment | None = None
) -> list[dict[str, object]]:
    """Every crossing as it stood at a moment, by what this room knew at another; both are now when not given."""
    return [_crossing(seen) for seen in crossings_now(request.actor, at, known_at)]


def _place(found: Found) -> dict[str, object]:
    place = found.place
    return {
        "id": place.pk, "catalogue": place.catalogue, "code": place.code, "kind": place.kind, "names": place.names,
        "spelling": found.spelling, "score": round(found.score, 3), "longitude": place.longitude,
        "latitude": place.latitude, "accuracy_m": place.accuracy_m, "schematic": place.schematic,
    }  # fmt: skip


def _crossing(seen: CrossingNow) -> dict[str, object]:
    status = seen.status
    return {
        "id": seen.crossing.pk, "code": seen.crossing.code, "names": seen.crossing.place.names, "state": seen.state,
        "reason": seen.reason, "since_at": status.since_at if status else None,
        "until_at": status.until_at if status else None, "reported_by": status.room_id if status else None,
        "differing": [{"room": one.room_id, "state": one.state, "since_at": one.since_at} for one in seen.differing],
        "hours_today": seen.hours_today, "is_within_hours": seen.is_within_hours,
        "trucks_per_day": seen.crossing.trucks_per_day,
    }  # fmt: skip
