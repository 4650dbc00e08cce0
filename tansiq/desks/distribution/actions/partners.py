"""Releases goods to a partner's room, withdraws what was not accepted, and accepts what came: both counts are kept."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from tansiq.building.clocks.actions import start_clock
from tansiq.building.clocks.rules import Holder
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.acts import Done, act
from tansiq.building.rooms.models import Room, TearLine
from tansiq.building.rooms.queries import local_name
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import named
from tansiq.desks.aid.rules import amount_fault
from tansiq.desks.distribution.actions.events import Happening, Told, aided, tell_aid
from tansiq.desks.distribution.actions.labels import check_may_read, label_of
from tansiq.desks.distribution.actions.movements import (
    Movement,
    check_time,
    goods_in_words,
    locked,
    plain,
    write_movements,
)
from tansiq.desks.distribution.actions.steps import allowed, answer_other, end_clock, one_at_a_time, words_on
from tansiq.desks.distribution.actions.stock import check_goods
from tansiq.desks.distribution.actions.warehouses import open_warehouse
from tansiq.desks.distribution.models import Line, MovementKind, PartnerRelease, Step, Warehouse
from tansiq.desks.distribution.queries.partners import partner_rooms
from tansiq.desks.distribution.queries.settings import Words, settings_of, words
from tansiq.desks.distribution.queries.stock import LOT, reserved, stock
from tansiq.desks.distribution.rules import (
    TOPIC,
    WAITING,
    AcceptanceStatement,
    Act,
    Goods,
    Lot,
    Received,
    ReleaseStatement,
    Taken,
    WarehouseStatement,
    spread,
    standing_of,
)

CODE = "partner_release"
NOTHING = Decimal(0)


@act(Act.SEND_RELEASE)
def send_release(*, by: Actor, warehouse: Warehouse, statement: ReleaseStatement) -> Done:
    """Give goods out of a warehouse to a partner's room, what expires first before the rest. Raises Refused."""
    stated, held, known = settings_of(by.operation_id), locked(by, warehouse), words(by)
    check_goods(by, statement.goods)
    check_time(statement.released_at)
    if statement.partner_room not in partner_rooms(by, known):
        raise Refused("partner_unknown")
    partner = Room.objects.get(pk=statement.partner_room)
    for line in (TearLine.HEADLINE, TearLine.DETAIL):
        check_may_read(by, CODE, line, partner)
    taken = free_lots(held, statement.goods, known)
    pk = uuid4()
    label = label_of(by, CODE, pk, TearLine.HEADLINE, [partner.pk])
    release = PartnerRelease.objects.create(
        id=pk, room_id=by.room_id, audience_id=label, reference=reference("R"), warehouse=held, partner_room=partner,
        released_at=statement.released_at, expected_at=statement.expected_at,
    )  # fmt: skip
    rows: list[Any] = list(lines_of(by, label_of(by, CODE, pk, TearLine.DETAIL, [partner.pk]), taken, release=release))
    rows += words_on(
        by, CODE, release, Act.SEND_RELEASE, text=statement.remark, concerned=[partner.pk], at=statement.released_at
    )
    what = Happening(stated.stages.released, statement.released_at, release.reference, held.place, key=str(pk))
    events = tell_aid(by, what, [Told(one.lot, giver=one.quantity) for one in taken])
    moves = [
        Movement(MovementKind.RELEASED, one.lot, -one.quantity, cause_id=pk,
                 event_id=events[one.lot.consignment_id].pk if one.lot.consignment_id in events else None)
        for one in taken
    ]  # fmt: skip
    rows += write_movements(by, held, moves, statement.released_at, known)
    release.clock = start_clock(
        by=aided(by), kind=stated.clocks.acceptance, subject=release, started_at=statement.released_at,
        holder=Holder(partner.pk, stated.holders.partner), subject_names={"en": release.reference},
    )  # fmt: skip
    release.save(update_fields=["clock"])
    facts = {"partner": str(partner.pk), "lines": len(taken), "reference": release.reference}
    return Done(release, wrote=[release, *rows], facts=facts, topics=[TOPIC])


@act(Act.WITHDRAW_RELEASE)
def withdraw_release(*, by: Actor, release: PartnerRelease, reason: str) -> Done:
    """Take back what the partner has not accepted: the goods lie in the warehouse again. Raises Refused."""
    held = PartnerRelease.objects.select_for_update().filter(pk=release.pk, room=by.room_id).first()
    if held is None:
        raise Refused("not_found")
    if held.withdrawn_at or Step.objects.filter(release=held, act=Act.ACCEPT_RELEASE).exists():
        raise Refused("release_answered", reference=held.reference)
    if not reason.strip():
        raise Refused("explanation_missing")
    place, known = locked(by, Warehouse.objects.get(pk=held.warehouse_id)), words(by)
    said = words_on(by, CODE, held, Act.WITHDRAW_RELEASE, text=reason, concerned=[held.partner_room_id])
    held.withdrawn_at = said[0].at
    held.save(update_fields=["withdrawn_at"])
    moves = [
        Movement(MovementKind.FOUND, lot_of(line), line.quantity, explanation=reason, cause_id=held.pk)
        for line in Line.objects.filter(release=held).order_by("number")
    ]
    rows = write_movements(by, place, moves, said[0].at, known)
    end_clock(by, held.clock_id)
    return Done(held, wrote=[held, *said, *rows], facts={"reference": held.reference}, topics=[TOPIC])


@act(Act.ACCEPT_RELEASE)
def accept_release(*, by: Actor, release: PartnerRelease, statement: AcceptanceStatement) -> Done:
    """Say, as the partner, what came of a release, whole and damaged; it lies in the partner's store. Raises Refused.

    The giver's figures stay as they are: where the two differ, both are kept and shown.
    """
    seen = PartnerRelease.objects.select_related("room").filter(pk=release.pk, partner_room=by.room_id).first()
    if seen is None:
        raise Refused("not_found")
    one_at_a_time("answer", by.room_id, seen.pk)
    steps = list(Step.objects.filter(release=seen))
    if standing_of(seen, steps) != WAITING:
        raise Refused("release_answered", reference=seen.reference)
    stated, known = settings_of(by.operation_id), words(by)
    check_time(statement.received_at)
    sent = {line.number: line for line in Line.objects.filter(release=seen).order_by("number")}
    counted = {one.number: one for one in statement.lines}
    _check_counted(sent, counted)
    short = any(counted[n].received != line.quantity for n, line in sent.items())
    if short and not statement.remark.strip():
        raise Refused("short_unexplained")
    step = Step.objects.create(
        room_id=by.room_id, audience_id=label_of(by, CODE, seen.pk, TearLine.DETAIL, [seen.room_id]), release=seen,
        act=Act.ACCEPT_RELEASE, at=statement.received_at, is_so=not short, text=statement.remark.strip(),
    )  # fmt: skip
    rows = _counted_lines(by, step, sent, counted)
    what = Happening(stated.stages.released, statement.received_at, seen.reference, key=f"{seen.pk}:accepted")
    tell_aid(by, what, [
        Told(lot_of(line), line.quantity, counted[n].received + counted[n].damaged, counted[n].damaged)
        for n, line in sent.items()
    ])  # fmt: skip
    rows += _stored(by, seen, statement, [(lot_of(line), counted[n].received) for n, line in sent.items()], known)
    answer_other(by, seen.clock_id)
    facts = {"release": str(seen.pk), "short": short}
    return Done(step, wrote=[step, *rows], facts=facts, topics=[TOPIC])


def free_lots(
    held: Warehouse, goods: tuple[Goods, ...], known: Words, *, without: UUID | None = None,
    taken: Sequence[Taken] = (),
) -> list[Taken]:  # fmt: skip
    """Parts of lots of a locked warehouse that are reserved for nothing, for each of these goods. Raises Refused.

    without : a plan whose own reservation does not count
    taken : parts that are taken already, but not written yet
    """
    lying, kept = stock([held.pk]).get(held.pk, {}), reserved([held.pk], without).get(held.pk, {})
    for part in taken:
        lying[part.lot] = lying.get(part.lot, NOTHING) - part.quantity
    free = {lot: amount - kept.get(lot, NOTHING) for lot, amount in lying.items()}
    found_all: list[Taken] = []
    for one in goods:
        lots = {lot: amount for lot, amount in free.items() if (lot.commodity, lot.unit) == (one.commodity, one.unit)
                and one.expiry_date in (None, lot.expiry_date) and amount > 0}  # fmt: skip
        found = spread(one.quantity, lots)
        if sum((part.quantity for part in found), NOTHING) < one.quantity:
            raise _short(one, lying, kept, known)
        for part in found:
            free[part.lot] -= part.quantity
        found_all += found
    return found_all


def lot_of(line: Line) -> Lot:
    """The lot of a line."""
    return Lot(*(getattr(line, name) for name in LOT))


def reference(letter: str) -> str:
    """What both sides call a record: short, and telling nothing of how many there are."""
    return f"{letter}-{uuid4().hex[:6].upper()}"


def lines_of(by: Actor, label: int, taken: Iterable[Taken], **parent: Any) -> list[Line]:
    """Lines of lots, numbered from 1, of a release or a plan."""
    return Line.objects.bulk_create(
        Line(
            room_id=by.room_id, audience_id=label, number=number, quantity=one.quantity, **parent,
            **{name: getattr(one.lot, name) for name in LOT},
        )
        for number, one in enumerate(taken, start=1)
    )  # fmt: skip


def _check_counted(sent: Mapping[int, Line], counted: Mapping[int, Received]) -> None:
    if set(counted) != set(sent):
        raise Refused("lines_differ", found=_listed(counted), expected=_listed(sent))
    for number, one in counted.items():
        for amount in (one.received, one.damaged):
            fault = amount_fault(amount)
            if fault:
                raise Refused(fault[0], **fault[1])
        total = one.received + one.damaged
        if total > sent[number].quantity:
            raise Refused(
                "more_than_sent", line=number, sent=plain(sent[number].quantity), received=plain(one.received),
                damaged=plain(one.damaged), total=plain(total),
            )  # fmt: skip


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers)) or "-"


def _counted_lines(
    by: Actor, step: Step, sent: Mapping[int, Line], counted: Mapping[int, Received]
) -> list[Any]:  # fmt: skip
    return list(
        Line.objects.bulk_create(
            Line(
                room_id=by.room_id, audience_id=step.audience_id, step=step, number=number, quantity=line.quantity,
                received=counted[number].received, damaged=counted[number].damaged,
                **{name: getattr(line, name) for name in LOT},
            )
            for number, line in sent.items()
        )
    )  # fmt: skip


def _stored(
    by: Actor, seen: PartnerRelease, statement: AcceptanceStatement, goods: list[tuple[Lot, Decimal]], known: Words
) -> list[Any]:  # fmt: skip
    """Put what came whole into the partner's store; one is opened where the partner names none."""
    came = [(lot, amount) for lot, amount in goods if amount > 0]
    if not came:
        return []
    own = Warehouse.objects.filter(room=by.room_id, is_open=True)
    store = own.filter(pk=statement.warehouse_id).first() if statement.warehouse_id else own.order_by("name").first()
    if store is None:
        name, place = statement.store
        if statement.warehouse_id or not name.strip():
            raise Refused("store_missing")
        store = open_warehouse(by=allowed(by, Act.OPEN_WAREHOUSE), statement=WarehouseStatement(name, place))
    held = locked(by, store)
    moves = [Movement(MovementKind.RECEIVED, lot, amount, cause_id=seen.pk) for lot, amount in came]
    return list(write_movements(by, held, moves, statement.received_at, known))


def _short(one: Goods, lying: Mapping[Lot, Decimal], kept: Mapping[Lot, Decimal], known: Words) -> Refused:
    lots = [lot for lot in lying if (lot.commodity, lot.unit) == (one.commodity, one.unit)
            and one.expiry_date in (None, lot.expiry_date)]  # fmt: skip
    held = sum((lying[lot] for lot in lots), NOTHING)
    reserved_of = sum((kept.get(lot, NOTHING) for lot in lots), NOTHING)
    return Refused(
        "stock_reserved", goods=goods_in_words(known, Lot(one.commodity, one.unit, one.expiry_date)), held=plain(held),
        reserved=plain(reserved_of), asked=plain(one.quantity), left=plain(held - reserved_of - one.quantity),
        unit=local_name(named(known.aid.units, one.unit)),
    )  # fmt: skip
