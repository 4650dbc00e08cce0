"""Seals of trucks, scans of units and the key of the codes: what was read, and what it was held against."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from tansiq.api.endpoint import Code, IdempotencyKey, Moment, Text, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport import actions
from tansiq.desks.transport.actions import SealStatement
from tansiq.desks.transport.models import Manifest, ScanAnswer, SealReading
from tansiq.desks.transport.queries.codes import newest_codes
from tansiq.desks.transport.queries.keys import verifier_key
from tansiq.desks.transport.queries.scans import ScanShown, scans_by_key, scans_shown, sorted_out, wanted_scans
from tansiq.desks.transport.queries.seals import readings, seals_on
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.rules import Act
from tansiq.desks.transport.rules.scans import ScanAsked

router = Router(tags=["transport"])

Amount = Annotated[Decimal, Field(ge=0, le=999_999_999_999, max_digits=18, decimal_places=6)]
Reading = Annotated[Text, Field(min_length=1, max_length=60)]
ShortCode = Annotated[Code, Field(max_length=64)]


class KeyOut(Schema):
    """The public key with which codes are checked."""

    kind: str
    name: str
    public_key: str
    verifier_key: str


class CodeOut(Schema):
    """The code in force of a handling unit, or of the manifest itself."""

    handling_unit: UUID | None
    issue: int
    short: str
    payload: str


class ReadingOut(Schema):
    """What was done with a seal, or read on it."""

    id: UUID
    room: UUID
    deed: str
    reading: str
    former: str
    at: datetime
    note: str


class SealsOut(Schema):
    """The seals on a truck by the record, and every reading."""

    on_it: list[str]
    readings: list[ReadingOut]


class SealIn(Schema):
    """What stands on a seal."""

    reading: Reading
    note: Text = ""


class ReplacedIn(SealIn):
    """What stands on a seal, and in the place of which it came."""

    former: Reading


class RelabelIn(Schema):
    """Why codes are issued anew, and of which units; of all where none is named."""

    reason: Text = Field(min_length=1)
    units: list[UUID] = Field([], max_length=200)


class ScanIn(Schema):
    """One scan; `key` is the sender's own, so that the same scan sent twice is one."""

    key: UUID
    code: Annotated[Text, Field(min_length=1, max_length=400)]
    deed: ShortCode
    place: ShortCode
    claimed_at: Moment | None = None
    crossing_code: ShortCode = ""
    quantity: Amount | None = None
    giver_quantity: Amount | None = None
    damaged_quantity: Amount | None = None
    condition: ShortCode = ""
    seal: Annotated[Text, Field(max_length=60)] = ""
    truck: Annotated[Text, Field(max_length=120)] = ""
    note: Text = ""


class ScansIn(Schema):
    """Scans in whatever order."""

    scans: list[ScanIn] = Field(min_length=1, max_length=1_000)
    device: Annotated[Text, Field(max_length=120)] = ""


class DifferenceOut(Schema):
    """In what two readings differ."""

    kind: str
    found: str
    expected: str


class ScanOut(Schema):
    """A scan as it came in, and what it was held against."""

    id: UUID
    key: UUID
    room: UUID
    manifest: UUID | None
    handling_unit: UUID | None
    unit_code: str
    deed: str
    place: str
    crossing_code: str
    stage: str
    quantity: Decimal | None
    giver_quantity: Decimal | None
    damaged_quantity: Decimal | None
    unit: str
    condition: str
    claimed_at: datetime
    received_at: datetime
    answers: list[str]
    before_stage: str
    before_at: datetime | None
    event: UUID | None
    differences: list[DifferenceOut]


class FaultOut(Schema):
    """Why a scan was not taken at all."""

    number: int
    key: UUID
    code: str
    sentence: str


class TakenOut(Schema):
    """What became of scans, each for itself."""

    taken: list[ScanOut]
    faults: list[FaultOut]


class ScanPage(Schema):
    """Scans, received last first, and the mark of the next page."""

    items: list[ScanOut]
    next: str | None


class ScansWanted(Schema):
    """What a list of scans is narrowed to."""

    answer: ScanAnswer | None = None
    place: Code = ""
    changed_since: Moment | None = None


@router.get("/key", response=KeyOut, summary="The public key of the codes")
@endpoint(Act.READ_SCAN)
def get_key(request: HttpRequest) -> dict[str, str]:
    """The Ed25519 key with which anyone tells a genuine code from a forged one, also without a link."""
    key = verifier_key()
    return {"kind": "Ed25519", "name": key.name, "public_key": key.public_key.hex(), "verifier_key": str(key)}


@router.get("/manifests/{manifest_id}/codes", response=list[CodeOut], summary="Codes of a manifest")
@endpoint(Act.READ_MANIFEST)
def list_codes(request: HttpRequest, manifest_id: UUID) -> list[dict[str, object]]:
    """The codes in force of a sealed manifest and of each of its units; none before the sealing."""
    found = newest_codes(_found(manifest_id)).values()
    return [{"handling_unit": one.handling_unit_id, "issue": one.issue, "short": one.short, "payload": one.payload}
            for one in found]  # fmt: skip


@router.post("/manifests/{manifest_id}/relabel", response=list[CodeOut], summary="Issue codes anew")
@endpoint(Act.RELABEL_MANIFEST)
def relabel_manifest(
    request: HttpRequest, manifest_id: UUID, payload: RelabelIn, idempotency_key: IdempotencyKey = None
) -> list[dict[str, object]]:
    """Issue the codes of units anew, where labels were lost or copied; who scans a former one is told."""
    one = _found(manifest_id)
    actions.relabel_manifest(
        by=request.actor, key=idempotency_key, manifest=one, reason=payload.reason, units=tuple(payload.units)
    )
    return [{"handling_unit": code.handling_unit_id, "issue": code.issue, "short": code.short, "payload": code.payload}
            for code in newest_codes(_found(manifest_id)).values()]  # fmt: skip


@router.get("/manifests/{manifest_id}/seals", response=SealsOut, summary="Seals of a truck")
@endpoint(Act.READ_MANIFEST)
def list_seals(request: HttpRequest, manifest_id: UUID) -> dict[str, object]:
    """The seals on a truck by the record, and every reading of them that this room sees."""
    return _seals(manifest_id)


@router.post("/manifests/{manifest_id}/seals/apply", response={201: SealsOut}, summary="Apply a seal")
@endpoint(Act.APPLY_SEAL)
def apply_seal(
    request: HttpRequest, manifest_id: UUID, payload: SealIn, idempotency_key: IdempotencyKey = None
) -> Status:
    """Record a seal that was put on."""
    said = SealStatement(payload.reading, payload.note)
    actions.apply_seal(by=request.actor, key=idempotency_key, manifest=_found(manifest_id), statement=said)
    return Status(201, _seals(manifest_id))


@router.post("/manifests/{manifest_id}/seals/check", response={201: SealsOut}, summary="Check a seal")
@endpoint(Act.CHECK_SEAL)
def check_seal(
    request: HttpRequest, manifest_id: UUID, payload: SealIn, idempotency_key: IdempotencyKey = None
) -> Status:
    """Record what is read on a seal; what differs from the record is kept with both readings."""
    said = SealStatement(payload.reading, payload.note)
    actions.check_seal(by=request.actor, key=idempotency_key, manifest=_found(manifest_id), statement=said)
    return Status(201, _seals(manifest_id))


@router.post("/manifests/{manifest_id}/seals/broken", response={201: SealsOut}, summary="Report a broken seal")
@endpoint(Act.REPORT_BROKEN_SEAL)
def report_broken_seal(
    request: HttpRequest, manifest_id: UUID, payload: SealIn, idempotency_key: IdempotencyKey = None
) -> Status:
    """Record that a seal is broken or missing."""
    said = SealStatement(payload.reading, payload.note)
    actions.report_broken_seal(by=request.actor, key=idempotency_key, manifest=_found(manifest_id), statement=said)
    return Status(201, _seals(manifest_id))


@router.post("/manifests/{manifest_id}/seals/replace", response={201: SealsOut}, summary="Replace a seal")
@endpoint(Act.REPLACE_SEAL)
def replace_seal(
    request: HttpRequest, manifest_id: UUID, payload: ReplacedIn, idempotency_key: IdempotencyKey = None
) -> Status:
    """Record a new seal in the place of another."""
    said, held = SealStatement(payload.reading, payload.note), _found(manifest_id)
    actions.replace_seal(by=request.actor, key=idempotency_key, manifest=held, former=payload.former, statement=said)
    return Status(201, _seals(manifest_id))


@router.get("/scans", response=ScanPage, summary="Scans")
@endpoint(Act.READ_SCAN)
def list_scans(
    request: HttpRequest, asked: Query[ScansWanted], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Scans that this room sees, received last first; only those received since a moment when asked."""
    by = request.actor
    rows = wanted_scans(by, asked.answer or "", asked.place).filter(room__operation=by.operation_id)
    if asked.changed_since:
        rows = rows.filter(received_at__gte=asked.changed_since)
    shown, following = page_after(rows.select_related("manifest"), "received_at", after, limit)
    told = scans_shown(shown, words(by), settings_of(by.operation_id))
    return {"items": [_scan(one) for one in told], "next": following}


@router.post("/scans", response=TakenOut, summary="Record scans")
@endpoint(Act.RECORD_SCANS)
def record_scans(request: HttpRequest, payload: ScansIn, idempotency_key: IdempotencyKey = None) -> dict[str, object]:
    """Record scans, twice, late or out of order; each is answered for itself, and a faulty one holds up no other."""
    by = request.actor
    asked = [ScanAsked(**one.model_dump()) for one in payload.scans]
    good, wrong = sorted_out(by, asked)
    keys = [one.key for one in good]
    before = {one.key for one in scans_by_key(by, keys)}
    if good:
        actions.record_scans(by=by, key=idempotency_key, scans=good, device=payload.device)
    told = scans_shown(scans_by_key(by, keys), words(by), settings_of(by.operation_id), known=before)
    in_order = {one.scan.key: one for one in told}
    return {
        "taken": [_scan(in_order[key]) for key in dict.fromkeys(keys)],
        "faults": [{"number": number, "key": asked[number - 1].key, "code": code, "sentence": sentence}
                   for number, code, sentence in wrong],
    }  # fmt: skip


def _found(manifest_id: UUID) -> Manifest:
    found = Manifest.objects.filter(pk=manifest_id).first()
    if found is None:
        raise Http404
    return found


def _seals(manifest_id: UUID) -> dict[str, object]:
    found: list[SealReading] = list(readings(_found(manifest_id)))
    names = ("id", "deed", "reading", "former", "at", "note")
    listed = [{"room": one.room_id, **{name: getattr(one, name) for name in names}} for one in found]
    return {"on_it": seals_on(found), "readings": listed}


def _scan(one: ScanShown) -> dict[str, object]:
    scan = one.scan
    names = ("id", "key", "handling_unit", "unit_code", "deed", "place", "crossing_code", "stage", "quantity",
             "giver_quantity", "damaged_quantity", "unit", "condition", "claimed_at", "received_at", "before_stage",
             "before_at", "event")  # fmt: skip
    return {
        **{name: getattr(scan, name) for name in names}, "room": scan.room_id, "manifest": scan.manifest_id,
        "answers": [code for code, _words in one.answers],
        "differences": [{"kind": d.difference.kind, "found": local_name(d.found), "expected": local_name(d.expected)}
                        for d in one.differences],
    }  # fmt: skip
