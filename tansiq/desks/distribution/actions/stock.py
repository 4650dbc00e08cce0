"""Receives goods into stock, enters what happens to them, and counts them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db.models import Sum

from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import AidEvent, AidMeasure, Consignment
from tansiq.desks.aid.queries.reference import codes_of
from tansiq.desks.aid.queries.words import named
from tansiq.desks.distribution.actions.events import Happening, Told, tell_aid
from tansiq.desks.distribution.actions.movements import (
    Movement,
    check_time,
    goods_in_words,
    held_at,
    locked,
    plain,
    write_movements,
)
from tansiq.desks.distribution.models import MovementKind, StockMovement, Warehouse
from tansiq.desks.distribution.queries.settings import Words, settings_of, words
from tansiq.desks.distribution.rules import (
    FOUND_BY_HAND,
    MOVED_BY_HAND,
    TOPIC,
    Act,
    Goods,
    Lot,
    MovementStatement,
    ReceiptStatement,
    amount_refusal,
)

REASONS = {MovementKind.DAMAGED: "damage", MovementKind.LOST: "loss"}  # kind → group of the operation's reasons
NOTHING = Decimal(0)


@act(Act.RECEIVE_STOCK)
def receive_stock(*, by: Actor, warehouse: Warehouse, statement: ReceiptStatement) -> Done:
    """Take goods into stock, of a consignment or from elsewhere; of a consignment the ledger of aid is told. Raises."""
    stated, held, known = settings_of(by.operation_id), locked(by, warehouse), words(by)
    check_goods(by, statement.goods)
    check_time(statement.occurred_at)
    consignment = _consignment(by, statement)
    if consignment is None and not statement.explanation.strip():
        raise Refused("explanation_missing")
    if statement.event_id is not None:
        _check_event(by, statement, known)
    lots = [
        (Lot(one.commodity, one.unit, one.expiry_date, consignment.pk if consignment else None,
             consignment.reference if consignment else ""), one.quantity)
        for one in statement.goods
    ]  # fmt: skip
    what = Happening(stated.stages.stored, statement.occurred_at, held.name, held.place, key=str(uuid4()))
    events = tell_aid(by, what, [Told(lot, receiver=amount) for lot, amount in lots])
    rows = write_movements(
        by, held,
        [Movement(MovementKind.RECEIVED, lot, amount, explanation=statement.explanation,
                  event_id=statement.event_id or _event_of(events, lot)) for lot, amount in lots],
        statement.occurred_at, known,
    )  # fmt: skip
    return Done(held, wrote=rows, facts={"lines": len(rows), **_of(consignment)}, topics=[TOPIC])


@act(Act.MOVE_STOCK)
def move_stock(*, by: Actor, warehouse: Warehouse, statement: MovementStatement) -> Done:
    """Enter what happened to goods of one lot: damaged, expired, lost, handed out, found. Raises Refused."""
    held, known = locked(by, warehouse), words(by)
    if statement.kind not in MOVED_BY_HAND:
        raise Refused("movement_not_by_hand", found=statement.kind)
    check_goods(by, (Goods(statement.lot.commodity, statement.lot.unit, statement.quantity),))
    _check_reason(statement, known)
    amount = statement.quantity if statement.kind == FOUND_BY_HAND else -statement.quantity
    event = _told(by, held, statement)
    movement = Movement(statement.kind, statement.lot, amount, reason=statement.reason,
                        explanation=statement.explanation, event_id=event.pk if event else None)  # fmt: skip
    rows = write_movements(by, held, [movement], statement.occurred_at, known)
    return Done(held, wrote=rows, facts={"kind": statement.kind, "reason": statement.reason}, topics=[TOPIC])


@act(Act.COUNT_STOCK)
def count_stock(
    *, by: Actor, warehouse: Warehouse, counted: Mapping[Lot, Decimal], at: datetime, explanation: str = ""
) -> Done:
    """Write down what a stock-taking found, lot by lot; a difference is explained and corrects the stock. Raises."""
    held, known = locked(by, warehouse), words(by)
    if not counted:
        raise Refused("goods_missing")
    wanted = []
    for lot, found in counted.items():
        check_goods(by, (Goods(lot.commodity, lot.unit, found),), none=True)
        booked = held_at(held, lot, at)
        if found != booked and not explanation.strip():
            raise Refused("difference_unexplained", counted=plain(found), held=plain(booked),
                          difference=plain(found - booked),
                          unit=local_name(named(known.aid.units, lot.unit)))  # fmt: skip
        wanted.append(Movement(MovementKind.COUNTED, lot, found - booked, counted=found, explanation=explanation))
    rows = write_movements(by, held, wanted, at, known)
    differing = sum(1 for row in rows if row.change)
    return Done(held, wrote=rows, facts={"lots": len(rows), "differing": differing}, topics=[TOPIC])


def check_goods(by: Actor, goods: tuple[Goods, ...], *, none: bool = False) -> None:
    """Refuse lines of goods that cannot be taken. Raises Refused."""
    if not goods:
        raise Refused("goods_missing")
    codes = codes_of(by.operation_id)
    fault = next((fault for one in goods if (fault := amount_refusal(one, codes, none=none))), None)
    if fault:
        raise Refused(fault[0], **fault[1])


def _consignment(by: Actor, statement: ReceiptStatement) -> Consignment | None:
    """The consignment that the goods are of, as far as this room reads it. Raises Refused."""
    pk = statement.consignment_id
    if statement.event_id is not None and pk is None:
        event = AidEvent.objects.filter(pk=statement.event_id).first()
        pk = event.consignment_id if event else None
    if pk is None:
        return None
    found: Consignment | None = Consignment.objects.filter(pk=pk, room__operation=by.operation_id).first()
    if found is None:
        raise Refused("consignment_not_read")
    return found


def _check_event(by: Actor, statement: ReceiptStatement, known: Words) -> None:
    """Refuse more than the event states, counting what was taken into stock from it before. Raises Refused."""
    event = AidEvent.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk=statement.event_id, room=by.room_id, stage__in=settings_of(by.operation_id).stages.received, withdrawn=False
    ).first()  # fmt: skip
    if event is None or AidEvent.objects.filter(room=by.room_id, corrects=event).exists():
        raise Refused("event_not_receivable")
    stated: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in AidMeasure.objects.filter(event=event).exclude(unit=""):
        given = row.quantity_receiver if row.quantity_receiver is not None else row.quantity_giver
        stated[row.commodity, row.unit] += (given or NOTHING) - (row.quantity_damaged or NOTHING)
    taken = StockMovement.objects.filter(room=by.room_id, event_id=event.pk, kind=MovementKind.RECEIVED)
    before = {
        (c, u): total for c, u, total in taken.values_list("commodity", "unit").annotate(Sum("change")).order_by()
    }
    asked: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in statement.goods:
        asked[one.commodity, one.unit] += one.quantity
    for (commodity, unit), amount in asked.items():
        left = stated[commodity, unit] - before.get((commodity, unit), NOTHING) - amount
        if left < 0:
            raise Refused(
                "event_short", goods=goods_in_words(known, Lot(commodity, unit)), stated=plain(stated[commodity, unit]),
                taken=plain(before.get((commodity, unit), NOTHING)), asked=plain(amount), left=plain(left),
                unit=local_name(named(known.aid.units, unit)),
            )  # fmt: skip


def _check_reason(statement: MovementStatement, known: Words) -> None:
    group = REASONS.get(MovementKind(statement.kind))
    if group and statement.reason not in known.reasons_of(group):
        listed = ", ".join(f"{code} ({local_name(names)})" for code, names in known.reasons_of(group).items())
        raise Refused("movement_reason_unknown", found=statement.reason, expected=listed or "-")
    if not group and not statement.explanation.strip():
        raise Refused("explanation_missing")


def _told(by: Actor, held: Warehouse, statement: MovementStatement) -> AidEvent | None:
    """The event that a movement by hand becomes: what was handed out or lost; the rest stays the warehouse's matter."""
    stages = settings_of(by.operation_id).stages
    stage = {MovementKind.DISTRIBUTED: stages.distributed, MovementKind.LOST: stages.lost}.get(
        MovementKind(statement.kind)
    )
    if stage is None:
        return None
    reason = statement.reason if statement.kind == MovementKind.LOST else ""
    what = Happening(stage, statement.occurred_at, held.name, held.place, reason, key=str(uuid4()))
    return next(iter(tell_aid(by, what, [Told(statement.lot, giver=statement.quantity)]).values()), None)


def _event_of(events: Mapping[UUID | None, AidEvent], lot: Lot) -> UUID | None:
    return events[lot.consignment_id].pk if lot.consignment_id in events else None


def _of(consignment: Consignment | None) -> dict[str, str]:
    return {"consignment": str(consignment.pk)} if consignment else {}
