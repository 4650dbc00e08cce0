"""Caseloads, exposure, storms, cover, and who did what where, for programs."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.endpoint import Code, Day, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.places.queries.crossings import database_now
from tansiq.desks.needs import actions
from tansiq.desks.needs.models import Caseload, Exposure, Storm
from tansiq.desks.needs.queries.caseloads import caseloads
from tansiq.desks.needs.queries.coverage import coverage
from tansiq.desks.needs.queries.exposures import exposures, ranked, storm_or_none, storms
from tansiq.desks.needs.queries.five_w import five_w_rows
from tansiq.desks.needs.queries.setting import setting
from tansiq.desks.needs.rules import Act, CaseloadStated, ExposureStated, StormStated

router = Router(tags=["needs"])

PCode = Annotated[Code, Field(max_length=40)]
ShortCode = Annotated[Code, Field(max_length=64)]
People = Annotated[int, Field(ge=0, le=100_000_000)]
Line = Annotated[Text, Field(max_length=200)]


class CaseloadOut(Schema):
    """How many people in a place need something, as a source states it."""

    id: UUID
    room: UUID
    p_code: str
    site: str
    indicator: str
    people: int
    households: int | None
    as_of_date: Day
    source: str
    stated_at: datetime


class CaseloadPage(Schema):
    """Caseloads, stated last first, and the mark of the next page."""

    items: list[CaseloadOut]
    next: str | None


class ExposureOut(Schema):
    """How exposed a place is, as a source states it."""

    id: UUID
    room: UUID
    p_code: str
    site: str
    hazard: str
    level: str
    as_of_date: Day
    source: str
    note: str
    stated_at: datetime


class ExposurePage(Schema):
    """Statements of exposure, stated last first, and the mark of the next page."""

    items: list[ExposureOut]
    next: str | None


class StormOut(Schema):
    """A storm."""

    id: UUID
    room: UUID
    warning: str
    hazard: str
    areas: list[str]
    begins_at: datetime
    ends_at: datetime
    source: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    closing: str


class StormPage(Schema):
    """Storms, opened last first, and the mark of the next page."""

    items: list[StormOut]
    next: str | None


class RankedOut(Schema):
    """One place of a storm's ranking with its arithmetic."""

    p_code: str
    site: str
    weight: Decimal
    people: int
    missing: Decimal
    score: Decimal
    exposure: UUID
    caseload: UUID


class RankingOut(StormOut):
    """A storm with its places, the worst first."""

    places: list[RankedOut]


class CoverOut(Schema):
    """One indicator in one area, in pieces."""

    indicator: str
    p_code: str
    people: int | None
    needed: Decimal | None
    distributed: Decimal
    share: Decimal | None
    missing: Decimal
    stock: Decimal
    lasts_days: Decimal | None
    units_left_out: list[str]


class FiveWOut(Schema):
    """One room's distribution of one commodity in one place."""

    room: UUID
    source: str
    sector: str
    commodity: str
    unit: str
    quantity: Decimal
    pieces: Decimal | None
    place: str
    p_code: str
    first: Day
    last: Day
    events: int


class SinceAsked(Schema):
    """To what a list is narrowed."""

    since: Moment | None = None
    p_code: PCode = ""


class CaseloadAsked(Schema):
    """A caseload."""

    p_code: Annotated[PCode, Field(min_length=1)]
    people: People
    households: People | None = None
    as_of_date: Day
    source: Annotated[Line, Field(min_length=1)]
    site: Line = ""
    indicator: ShortCode = ""


class ExposureAsked(Schema):
    """An exposure."""

    p_code: Annotated[PCode, Field(min_length=1)]
    hazard: Annotated[ShortCode, Field(min_length=1)]
    level: Annotated[ShortCode, Field(min_length=1)]
    as_of_date: Day
    source: Annotated[Line, Field(min_length=1)]
    site: Line = ""
    note: Text = ""


class StormAsked(Schema):
    """A warning."""

    warning: Annotated[Line, Field(min_length=1)]
    hazard: Annotated[ShortCode, Field(min_length=1)]
    areas: Annotated[list[PCode], Field(min_length=1, max_length=200)]
    begins_at: Moment
    ends_at: Moment
    source: Annotated[Line, Field(min_length=1)]


class CloseAsked(Schema):
    """Why storm mode is closed."""

    reason: Annotated[Text, Field(min_length=1)]


@router.get("/caseloads", response=CaseloadPage, summary="Caseloads")
@endpoint(Act.READ_CASELOAD)
def list_caseloads(
    request: HttpRequest, asked: Query[SinceAsked], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Every caseload that this room reads, stated last first; with `since`, those stated or opened since then."""
    found = caseloads(request.actor, p_code=asked.p_code)
    if asked.since:
        found = found.filter(Q(created_at__gte=asked.since) | Q(audience_since__gte=asked.since))
    shown, following = page_after(found, "created_at", after, limit)
    return {"items": [_plain(one, CaseloadOut) for one in shown], "next": following}


@router.post("/caseloads", response={201: CaseloadOut}, summary="State a caseload")
@endpoint(Act.STATE_CASELOAD)
def state_caseload(request: HttpRequest, payload: CaseloadAsked, idempotency_key: IdempotencyKey = None) -> Status:
    """State how many people in a place need something, by a source."""
    stated = CaseloadStated(**payload.model_dump())
    done = actions.state_caseload(by=request.actor, key=idempotency_key, stated=stated)
    return Status(201, _plain(Caseload.objects.get(pk=done.pk), CaseloadOut))


@router.get("/cover", response=list[CoverOut], summary="Cover by indicator and area")
@endpoint(Act.READ_CASELOAD)
def get_cover(request: HttpRequest) -> list[dict[str, object]]:
    """What is needed by the norms, what is distributed, missing and in stock, and how long that lasts."""
    found = coverage(request.actor, setting(request.actor.operation_id))
    return [
        {
            "indicator": one.indicator.code, "p_code": one.p_code,
            "people": one.population.people if one.population else None, "needed": one.needed,
            "distributed": one.covered, "share": one.share, "missing": one.missing, "stock": one.stock,
            "lasts_days": one.lasts_days, "units_left_out": list(one.unturned),
        }
        for one in found.covers
    ]  # fmt: skip


@router.get("/5w", response=list[FiveWOut], summary="Who did what where")
@endpoint(Act.EXPORT_CASELOAD)
def get_five_w(request: HttpRequest, first: Day | None = None, last: Day | None = None) -> list[dict[str, object]]:
    """Distributions of the days asked for (today when none are) by room, goods and place; their sum is the ledger's."""
    known = setting(request.actor.operation_id)
    today = database_now().astimezone(known.zone).date()
    rows = five_w_rows(request.actor, known, first or last or today, last or today)
    return [
        {
            "room": one.row.room_id, "source": one.source, "sector": one.sector_code, "commodity": one.row.commodity,
            "unit": one.row.unit, "quantity": one.row.quantity, "pieces": one.pieces, "place": one.row.place,
            "p_code": one.area_code, "first": one.row.first, "last": one.row.last, "events": one.row.events,
        }
        for one in rows
    ]  # fmt: skip


@router.get("/exposures", response=ExposurePage, summary="Exposure of places")
@endpoint(Act.READ_EXPOSURE)
def list_exposures(
    request: HttpRequest, hazard: ShortCode = "", after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """What is stated of exposure, stated last first."""
    shown, following = page_after(exposures(request.actor, hazard), "created_at", after, limit)
    return {"items": [_plain(one, ExposureOut) for one in shown], "next": following}


@router.post("/exposures", response={201: ExposureOut}, summary="State an exposure")
@endpoint(Act.STATE_EXPOSURE)
def state_exposure(request: HttpRequest, payload: ExposureAsked, idempotency_key: IdempotencyKey = None) -> Status:
    """State how exposed a place is to a hazard, by a source."""
    stated = ExposureStated(**payload.model_dump())
    done = actions.state_exposure(by=request.actor, key=idempotency_key, stated=stated)
    return Status(201, _plain(Exposure.objects.get(pk=done.pk), ExposureOut))


@router.get("/storms", response=StormPage, summary="Storms")
@endpoint(Act.READ_STORM)
def list_storms(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """The storms that this room reads, opened last first."""
    shown, following = page_after(storms(request.actor), "opened_at", after, limit)
    return {"items": [_plain(one, StormOut) for one in shown], "next": following}


@router.get("/storms/{storm_id}", response=RankingOut, summary="One storm with its ranking")
@endpoint(Act.READ_STORM)
def get_storm(request: HttpRequest, storm_id: UUID) -> dict[str, object]:
    """Places of the storm's areas, ranked by exposure × people × missing cover, with each factor."""
    found = storm_or_none(storm_id, request.actor)
    if found is None:
        raise Http404
    places, _covered = ranked(request.actor, setting(request.actor.operation_id), found)
    listed = [
        {
            "p_code": one.p_code, "site": one.site, "weight": one.weight, "people": one.people, "missing": one.missing,
            "score": one.score, "exposure": one.exposure.pk, "caseload": one.caseload.pk,
        }
        for one in places
    ]  # fmt: skip
    return {**_plain(found, StormOut), "places": listed}


@router.post("/storms", response={201: StormOut}, summary="Open storm mode")
@endpoint(Act.OPEN_STORM)
def open_storm(request: HttpRequest, payload: StormAsked, idempotency_key: IdempotencyKey = None) -> Status:
    """Open storm mode over a warning."""
    stated = StormStated(**{**payload.model_dump(), "areas": tuple(payload.areas)})
    done = actions.open_storm(by=request.actor, key=idempotency_key, stated=stated)
    return Status(201, _plain(Storm.objects.get(pk=done.pk), StormOut))


@router.post("/storms/{storm_id}/close", response=StormOut, summary="Close storm mode")
@endpoint(Act.CLOSE_STORM)
def close_storm(
    request: HttpRequest, storm_id: UUID, payload: CloseAsked, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Close it, as the room that opened it."""
    found = storm_or_none(storm_id, request.actor)
    if found is None:
        raise Http404
    done = actions.close_storm(by=request.actor, key=idempotency_key, storm=found, reason=payload.reason)
    return _plain(Storm.objects.get(pk=done.pk), StormOut)


def _plain(one: Caseload | Exposure | Storm, shape: type[Schema]) -> dict[str, object]:
    names = set(shape.model_fields) - {"room", "stated_at"}
    return {**{name: getattr(one, name) for name in names}, "room": one.room_id, "stated_at": one.created_at}
