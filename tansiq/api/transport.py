"""Manifests of trucks: the list, one with its story, and every step of one."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.endpoint import Code, Day, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.rooms.actors import Actor
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport import actions
from tansiq.desks.transport.models import Manifest, ManifestState
from tansiq.desks.transport.queries.lists import LIVE, ManifestRow, Wanted, rows_of, wanted_manifests
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.queries.stories import manifest_story
from tansiq.desks.transport.rules import Act, LineAsked, ManifestStatement

router = Router(tags=["transport"])

Amount = Annotated[Decimal, Field(gt=0, le=999_999_999_999, max_digits=18, decimal_places=6)]
Line = Annotated[Text, Field(max_length=300)]
Short = Annotated[Text, Field(max_length=120)]
ShortCode = Annotated[Code, Field(max_length=64)]


class ManifestOut(Schema):
    """How a manifest stands."""

    id: UUID
    room: UUID
    number: str
    state: str
    version: int
    crossing: str
    consignor_class: str
    day: date
    changed_at: datetime
    sealed_at: datetime | None
    departed_at: datetime | None
    ended_at: datetime | None
    vehicle: str
    waybill: str
    units: int | None
    load: Decimal | None
    capacity: Decimal | None
    capacity_unit: str


class ManifestPage(Schema):
    """Manifests, changed last first, and the mark of the next page."""

    items: list[ManifestOut]
    next: str | None


class LineOut(Schema):
    """So much of a line of a consignment on one handling unit."""

    number: int
    consignment: UUID
    consignment_reference: str
    consignment_line: int
    handling_unit: UUID
    unit_code: str
    unit_kind: str
    commodity: str
    cargo: str
    quantity: Decimal
    unit: str


class StepOut(Schema):
    """One step of a manifest."""

    at: datetime
    act: str
    version: int
    reason: str


class ManifestStoryOut(ManifestOut):
    """A manifest with everything of it that is open to this room."""

    origin: str
    destination: str
    route: str
    remark: str
    driver: str
    phone: str
    purged_at: datetime | None
    lines: list[LineOut]
    steps: list[StepOut]


class ManifestsWanted(Schema):
    """What a list of manifests is narrowed to."""

    state: Literal["live", ""] | ManifestState = ""
    crossing: Code = ""
    sought: Text = ""
    consignment: UUID | None = None
    changed_since: Moment | None = None


class LineIn(Schema):
    """So much of a line of a consignment of this room on one handling unit."""

    consignment: UUID
    consignment_line: int = Field(ge=1, le=100_000)
    unit_code: Annotated[Short, Field(min_length=1)]
    unit_kind: ShortCode = "pallet"
    quantity: Amount
    unit: ShortCode = ""


class ManifestIn(Schema):
    """What is said of a truck: its way, and what stands on it."""

    number: Annotated[Text, Field(min_length=1, max_length=32)]
    day: Day
    vehicle: Annotated[Short, Field(min_length=1)]
    lines: list[LineIn] = Field(min_length=1, max_length=200)
    crossing_code: ShortCode = ""
    consignor_class: ShortCode = ""
    waybill: Short = ""
    origin: Line = ""
    destination: Line = ""
    route: Line = ""
    remark: Text = ""
    capacity: Annotated[Decimal, Field(gt=0, le=100_000, max_digits=18, decimal_places=6)] | None = None
    driver: Annotated[Text, Field(max_length=200)] = ""
    phone: Annotated[Text, Field(max_length=60)] = ""

    def statement(self) -> ManifestStatement:
        """The same as the desk takes it."""
        plain = self.model_dump(exclude={"lines"})
        return ManifestStatement(**plain, lines=tuple(LineAsked(**one.model_dump()) for one in self.lines))


class AmendmentIn(ManifestIn):
    """What is said of a truck from now on."""

    seen: int | None = Field(None, ge=0, le=2_000_000_000)


class RevisionIn(AmendmentIn):
    """What is said of a sealed truck from now on, and why."""

    reason: Text = Field(min_length=1)


class EndIn(Schema):
    """Why it ends, where there is something to say."""

    reason: Text = ""


class CancellationIn(Schema):
    """Why it is cancelled."""

    reason: Text = Field(min_length=1)


@router.get("/manifests", response=ManifestPage, summary="Manifests")
@endpoint(Act.READ_MANIFEST)
def list_manifests(
    request: HttpRequest, asked: Query[ManifestsWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Manifests that this room sees, those changed last first; only those changed since a moment when asked."""
    by = request.actor
    state = LIVE if asked.state == LIVE else str(asked.state)
    wanted = Wanted(asked.sought, state, asked.crossing, asked.consignment, asked.changed_since)
    rows = wanted_manifests(by, wanted).filter(room__operation=by.operation_id).select_related("room")
    shown, following = page_after(rows, "changed_at", after, limit)
    usual = settings_of(by.operation_id)
    return {"items": [_manifest(row) for row in rows_of(shown, words(by), usual)], "next": following}


@router.get("/manifests/{manifest_id}", response=ManifestStoryOut, summary="One manifest with its story")
@endpoint(Act.READ_MANIFEST)
def get_manifest(request: HttpRequest, manifest_id: UUID) -> dict[str, object]:
    """Everything of one manifest that is open to this room."""
    return _story(request.actor, manifest_id)


@router.post("/manifests", response={201: ManifestStoryOut}, summary="Draft a manifest")
@endpoint(Act.DRAFT_MANIFEST)
def draft_manifest(request: HttpRequest, payload: ManifestIn, idempotency_key: IdempotencyKey = None) -> Status:
    """Draft a manifest of this room for one truck, from its own consignments."""
    done = actions.draft_manifest(by=request.actor, key=idempotency_key, statement=payload.statement())
    return Status(201, _story(request.actor, done.pk))


@router.post("/manifests/{manifest_id}/amend", response=ManifestStoryOut, summary="Amend a draft")
@endpoint(Act.AMEND_MANIFEST)
def amend_manifest(
    request: HttpRequest, manifest_id: UUID, payload: AmendmentIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """State a draft anew; `seen` is the version that was looked at, so that nobody's change is lost."""
    one, said = _found(manifest_id), ManifestIn(**payload.model_dump(exclude={"seen"})).statement()
    actions.amend_manifest(by=request.actor, key=idempotency_key, manifest=one, statement=said, seen=payload.seen)
    return _story(request.actor, manifest_id)


@router.post("/manifests/{manifest_id}/revise", response=ManifestStoryOut, summary="Revise a sealed manifest")
@endpoint(Act.REVISE_MANIFEST)
def revise_manifest(
    request: HttpRequest, manifest_id: UUID, payload: RevisionIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """State a sealed manifest anew, as a further version that names its reason."""
    one, said = _found(manifest_id), ManifestIn(**payload.model_dump(exclude={"seen", "reason"})).statement()
    actions.revise_manifest(
        by=request.actor, key=idempotency_key, manifest=one, statement=said, seen=payload.seen, reason=payload.reason
    )
    return _story(request.actor, manifest_id)


@router.post("/manifests/{manifest_id}/seal", response=ManifestStoryOut, summary="Seal a manifest")
@endpoint(Act.SEAL_MANIFEST)
def seal_manifest(request: HttpRequest, manifest_id: UUID, idempotency_key: IdempotencyKey = None) -> dict[str, object]:
    """Close the packing: from now on each change is a version that names its reason."""
    actions.seal_manifest(by=request.actor, key=idempotency_key, manifest=_found(manifest_id))
    return _story(request.actor, manifest_id)


@router.post("/manifests/{manifest_id}/depart", response=ManifestStoryOut, summary="Send a truck off")
@endpoint(Act.DEPART_MANIFEST)
def depart_manifest(
    request: HttpRequest, manifest_id: UUID, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Record the truck as departed, and in aid each unit with what stands on it."""
    actions.depart_manifest(by=request.actor, key=idempotency_key, manifest=_found(manifest_id))
    return _story(request.actor, manifest_id)


@router.post("/manifests/{manifest_id}/close", response=ManifestStoryOut, summary="Close a manifest")
@endpoint(Act.CLOSE_MANIFEST)
def close_manifest(
    request: HttpRequest, manifest_id: UUID, payload: EndIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """End a manifest whose truck has done its journey, or came back."""
    one = _found(manifest_id)
    actions.close_manifest(by=request.actor, key=idempotency_key, manifest=one, reason=payload.reason)
    return _story(request.actor, manifest_id)


@router.post("/manifests/{manifest_id}/cancel", response=ManifestStoryOut, summary="Cancel a manifest")
@endpoint(Act.CANCEL_MANIFEST)
def cancel_manifest(
    request: HttpRequest, manifest_id: UUID, payload: CancellationIn, idempotency_key: IdempotencyKey = None
) -> dict[str, object]:
    """Take a manifest back before its truck has left."""
    one = _found(manifest_id)
    actions.cancel_manifest(by=request.actor, key=idempotency_key, manifest=one, reason=payload.reason)
    return _story(request.actor, manifest_id)


def _found(manifest_id: UUID) -> Manifest:
    found = Manifest.objects.filter(pk=manifest_id).first()
    if found is None:
        raise Http404
    return found


def _manifest(row: ManifestRow) -> dict[str, object]:
    one, detail, fill = row.manifest, row.detail, row.fill
    return {
        "id": one.pk, "room": one.room_id, "number": one.number, "state": one.state, "version": one.version,
        "crossing": one.crossing_code, "consignor_class": one.consignor_class, "day": one.day,
        "changed_at": one.changed_at, "sealed_at": one.sealed_at, "departed_at": one.departed_at,
        "ended_at": one.ended_at, "vehicle": detail.vehicle if detail else "",
        "waybill": detail.waybill if detail else "", "units": row.units if row.lines else None,
        "load": fill.load if fill else None, "capacity": detail.capacity if detail else None,
        "capacity_unit": detail.capacity_unit if detail else "",
    }  # fmt: skip


def _story(by: Actor, manifest_id: UUID) -> dict[str, object]:
    found = manifest_story(by, manifest_id, words(by), settings_of(by.operation_id))
    if found is None:
        raise Http404
    detail, person = found.row.detail, found.identities[0] if found.identities else None
    way = {name: getattr(detail, name) if detail else "" for name in ("origin", "destination", "route", "remark")}
    return {
        **_manifest(found.row), **way, "driver": person.driver if person else "",
        "phone": person.phone if person else "", "purged_at": person.purged_at if person else None,
        "lines": [_line(one) for one in found.row.lines],
        "steps": [{"at": one.at, "act": one.act, "version": one.version, "reason": one.reason} for one in found.steps],
    }  # fmt: skip


def _line(one: object) -> dict[str, object]:
    names = ("number", "consignment_reference", "consignment_line", "unit_code", "unit_kind", "commodity", "cargo",
             "quantity", "unit")  # fmt: skip
    ids = {"consignment": one.consignment_id, "handling_unit": one.handling_unit_id}  # type: ignore[attr-defined]
    return {**ids, **{name: getattr(one, name) for name in names}}
