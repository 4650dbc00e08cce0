"""Warehouses with their stock, and releases to partners with the counts of both sides."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from tansiq.api.distribution_schemas import (
    AcceptanceAsked,
    AsOf,
    CountAsked,
    ExplanationAsked,
    GoodsAsked,
    LotAsked,
    MovementAsked,
    ReceiptAsked,
    ReleaseAsked,
    ReleaseOut,
    ReleasePage,
    WarehouseAsked,
    WarehouseOut,
    WarehousePage,
)
from tansiq.api.endpoint import IdempotencyKey, endpoint
from tansiq.api.paging import After, Limit, page_after
from tansiq.building.rooms.actors import Actor
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import PartnerRelease, Warehouse
from tansiq.desks.distribution.queries import stock as stocks
from tansiq.desks.distribution.queries.partners import ReleaseRow, release_rows, releases
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import (
    AcceptanceStatement,
    Act,
    Goods,
    Lot,
    MovementStatement,
    ReceiptStatement,
    Received,
    ReleaseStatement,
    WarehouseStatement,
)

router = Router(tags=["distribution"])
Key = IdempotencyKey


@router.get("/warehouses", response=WarehousePage, summary="Warehouses with their stock")
@endpoint(Act.READ_WAREHOUSE)
def list_warehouses(
    request: HttpRequest, asked: Query[AsOf], after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Warehouses that this room sees, with what lies there as of a moment."""
    found = Warehouse.objects.filter(room__operation=request.actor.operation_id)
    shown, following = page_after(found, "created_at", after, limit)
    rows = stocks.warehouse_rows(shown, request.actor, words(request.actor), as_of=asked.as_of)
    return {"items": [_warehouse(row) for row in rows], "next": following}


@router.post("/warehouses", response={201: WarehouseOut}, summary="Open a warehouse")
@endpoint(Act.OPEN_WAREHOUSE)
def open_warehouse(request: HttpRequest, payload: WarehouseAsked, idempotency_key: Key = None) -> Status:
    """Open a warehouse of this room."""
    done = actions.open_warehouse(by=request.actor, key=idempotency_key, statement=_stated(payload))
    return Status(201, _one_warehouse(request.actor, done.pk))


@router.post("/warehouses/{warehouse_id}/amend", response=WarehouseOut, summary="Amend a warehouse")
@endpoint(Act.AMEND_WAREHOUSE)
def amend_warehouse(
    request: HttpRequest, warehouse_id: UUID, payload: WarehouseAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """State anew what a warehouse holds, or close it when nothing lies in it."""
    one = _found(Warehouse, warehouse_id)
    actions.amend_warehouse(by=request.actor, key=idempotency_key, warehouse=one, statement=_stated(payload))
    return _one_warehouse(request.actor, warehouse_id)


@router.post("/warehouses/{warehouse_id}/receive", response=WarehouseOut, summary="Receive goods into stock")
@endpoint(Act.RECEIVE_STOCK)
def receive_stock(
    request: HttpRequest, warehouse_id: UUID, payload: ReceiptAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Take goods into stock; goods of a consignment become an event of the aid ledger too."""
    statement = ReceiptStatement(
        _goods(payload.goods), payload.occurred_at, payload.consignment, payload.event, payload.explanation
    )
    one = _found(Warehouse, warehouse_id)
    actions.receive_stock(by=request.actor, key=idempotency_key, warehouse=one, statement=statement)
    return _one_warehouse(request.actor, warehouse_id)


@router.post("/warehouses/{warehouse_id}/move", response=WarehouseOut, summary="Enter a movement of stock")
@endpoint(Act.MOVE_STOCK)
def move_stock(
    request: HttpRequest, warehouse_id: UUID, payload: MovementAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Damaged, expired, lost, handed out or found; a stock is never below zero."""
    statement = MovementStatement(
        payload.kind, _lot(payload.lot), payload.quantity, payload.occurred_at, payload.reason, payload.explanation
    )
    one = _found(Warehouse, warehouse_id)
    actions.move_stock(by=request.actor, key=idempotency_key, warehouse=one, statement=statement)
    return _one_warehouse(request.actor, warehouse_id)


@router.post("/warehouses/{warehouse_id}/count", response=WarehouseOut, summary="Count the stock")
@endpoint(Act.COUNT_STOCK)
def count_stock(
    request: HttpRequest, warehouse_id: UUID, payload: CountAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Write down what a stock-taking found; a difference needs an explanation and corrects the stock."""
    counted = {_lot(one.lot): one.counted for one in payload.lots}
    actions.count_stock(
        by=request.actor, key=idempotency_key, warehouse=_found(Warehouse, warehouse_id), counted=counted,
        at=payload.at, explanation=payload.explanation,
    )  # fmt: skip
    return _one_warehouse(request.actor, warehouse_id)


@router.get("/releases", response=ReleasePage, summary="Releases to partners")
@endpoint(Act.READ_RELEASE)
def list_releases(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """Goods given to partners, with what each side counts."""
    shown, following = page_after(releases(request.actor), "released_at", after, limit)
    rows = release_rows(shown, request.actor, words(request.actor))
    return {"items": [_release(row) for row in rows], "next": following}


@router.post("/releases", response={201: ReleaseOut}, summary="Release goods to a partner")
@endpoint(Act.SEND_RELEASE)
def send_release(request: HttpRequest, payload: ReleaseAsked, idempotency_key: Key = None) -> Status:
    """Give goods out of a warehouse of this room; what expires first leaves first."""
    statement = ReleaseStatement(
        payload.partner_room, _goods(payload.goods), payload.released_at, payload.expected_at, payload.remark
    )
    one = _found(Warehouse, payload.warehouse)
    done = actions.send_release(by=request.actor, key=idempotency_key, warehouse=one, statement=statement)
    return Status(201, _one_release(request.actor, done.pk))


@router.post("/releases/{release_id}/accept", response=ReleaseOut, summary="Say what came of a release")
@endpoint(Act.ACCEPT_RELEASE)
def accept_release(
    request: HttpRequest, release_id: UUID, payload: AcceptanceAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Answer as the partner; both counts are kept."""
    lines = tuple(Received(one.number, one.received, one.damaged) for one in payload.lines)
    statement = AcceptanceStatement(
        lines, payload.received_at, payload.warehouse, (payload.store_name, payload.store_place), payload.remark
    )
    one = _found(PartnerRelease, release_id)
    actions.accept_release(by=request.actor, key=idempotency_key, release=one, statement=statement)
    return _one_release(request.actor, release_id)


@router.post("/releases/{release_id}/withdraw", response=ReleaseOut, summary="Take a release to a partner back")
@endpoint(Act.WITHDRAW_RELEASE)
def withdraw_release(
    request: HttpRequest, release_id: UUID, payload: ExplanationAsked, idempotency_key: Key = None
) -> dict[str, object]:
    """Take back what the partner has not accepted."""
    one = _found(PartnerRelease, release_id)
    actions.withdraw_release(by=request.actor, key=idempotency_key, release=one, reason=payload.text)
    return _one_release(request.actor, release_id)


def _found(model: type[Any], pk: UUID) -> Any:
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _stated(payload: WarehouseAsked) -> WarehouseStatement:
    return WarehouseStatement(payload.name, payload.place, payload.floor_m2, payload.pallets, payload.is_open)


def _goods(asked: list[GoodsAsked]) -> tuple[Goods, ...]:
    return tuple(Goods(one.commodity, one.unit, one.quantity, one.expiry_date) for one in asked)


def _lot(asked: LotAsked) -> Lot:
    return Lot(asked.commodity, asked.unit, asked.expiry_date, asked.consignment, asked.consignment_reference)


def _one_warehouse(by: Actor, pk: UUID) -> dict[str, object]:
    return _warehouse(stocks.warehouse_rows([_found(Warehouse, pk)], by, words(by))[0])


def _one_release(by: Actor, pk: UUID) -> dict[str, object]:
    return _release(release_rows([_found(PartnerRelease, pk)], by, words(by))[0])


def _warehouse(row: stocks.WarehouseRow) -> dict[str, object]:
    one = row.warehouse
    return {
        "id": one.pk, "room": one.room_id, "name": one.name, "place": one.place, "pallets": one.pallets,
        "floor_m2": one.floor_m2, "is_open": one.is_open, "over_capacity": row.over,
        "stock": [
            {"commodity": line.lot.commodity, "unit": line.lot.unit, "expiry_date": line.lot.expiry_date,
             "consignment": line.lot.consignment_id, "consignment_reference": line.lot.consignment_reference,
             "quantity": line.quantity, "reserved": line.reserved}
            for line in row.lines
        ],
    }  # fmt: skip


def _release(row: ReleaseRow) -> dict[str, object]:
    one = row.release
    return {
        "id": one.pk, "room": one.room_id, "partner_room": one.partner_room_id, "reference": one.reference,
        "state": row.standing, "released_at": one.released_at, "expected_at": one.expected_at,
        "lines": [
            {"number": line.line.number, "commodity": line.line.commodity, "unit": line.line.unit,
             "expiry_date": line.line.expiry_date, "consignment": line.line.consignment_id,
             "consignment_reference": line.line.consignment_reference, "sent": line.line.quantity,
             "received": line.answer.received if line.answer else None,
             "damaged": line.answer.damaged if line.answer else None}
            for line in row.lines
        ],
    }  # fmt: skip
