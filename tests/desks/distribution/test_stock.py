"""Stock is the sum of its movements, as of any moment, and never below zero."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions import record_event
from tansiq.desks.aid.models import AidEvent
from tansiq.desks.aid.rules import EventStatement, Quantity
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import MovementKind, StockMovement, Warehouse
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.queries.stock import warehouse_rows, warehouses
from tansiq.desks.distribution.rules import (
    Goods,
    Lot,
    MovementStatement,
    ReceiptStatement,
    WarehouseStatement,
    lowest,
    spread,
)
from tests import factories
from tests.desks.distribution.conftest import HOUR, SOON, lying, standing, text, total

pytestmark = pytest.mark.django_db


def moved(kind: str, lot: Lot, quantity: int, hours_ago: int = 0, **more: str) -> MovementStatement:
    at = datetime.now(UTC) - hours_ago * HOUR
    return MovementStatement(kind, lot, Decimal(quantity), at, **{"explanation": "seen", **more})


def only_lot(by, warehouse: Warehouse) -> Lot:
    (lot,) = lying(by, warehouse)
    return lot


def test_stock_is_the_sum_of_the_movements_as_of_any_moment(un, filled):
    warehouse = filled(8, hours_ago=48)
    lot = only_lot(un, warehouse)
    actions.move_stock(by=un, warehouse=warehouse, statement=moved("lost", lot, 3, 24, reason="lost_unexplained"))
    assert [total(un, warehouse, datetime.now(UTC) - hours * HOUR) for hours in (50, 30, 0)] == [0, 8, 5]


def test_more_than_lies_there_is_refused_with_the_arithmetic(un, filled):
    warehouse = filled(8)
    with pytest.raises(Refused) as refused:
        actions.move_stock(by=un, warehouse=warehouse, statement=moved("expired", only_lot(un, warehouse), 9))
    assert refused.value.code == "stock_short"
    assert "8 − 9 = -1" in str(refused.value)
    assert total(un, warehouse) == 8


def test_movement_entered_late_cannot_leave_less_than_nothing_later(un, filled):
    """What was entered for today already took the goods: none is left to be lost yesterday."""
    warehouse = filled(8, hours_ago=48)
    lot = only_lot(un, warehouse)
    actions.move_stock(by=un, warehouse=warehouse, statement=moved("expired", lot, 7, 1))
    with pytest.raises(Refused) as refused:
        actions.move_stock(by=un, warehouse=warehouse, statement=moved("expired", lot, 2, 24))
    assert refused.value.params["held"] == "1"


def test_goods_of_a_consignment_become_an_event_of_the_aid_ledger(un, filled, consignment):
    warehouse = filled(8)
    with eyes_of(un):
        event = AidEvent.objects.get(consignment=consignment, stage="stored")
        movement = StockMovement.objects.get(warehouse=warehouse)
    assert movement.event_id == event.pk
    assert movement.consignment_reference == "WB-1"


def test_event_gives_no_more_than_it_states(un, warehouse, consignment):
    arrived = record_event(
        by=un, statement=EventStatement(
            "received_good", datetime.now(UTC) - 5 * HOUR, consignment="WB-1",
            quantities=(Quantity("pallet", Decimal(10), Decimal(6), Decimal(1), commodity="rice"),),
        ),
    )  # fmt: skip

    def take(quantity: int) -> None:
        goods = (Goods("rice", "pallet", Decimal(quantity), SOON),)
        statement = ReceiptStatement(goods, datetime.now(UTC) - HOUR, event_id=arrived.pk)
        actions.receive_stock(by=un, warehouse=warehouse, statement=statement)

    take(4)
    with pytest.raises(Refused) as refused:
        take(2)
    assert refused.value.code == "event_short"
    assert "5 − 4 − 2 = -1" in str(refused.value)
    assert only_lot(un, warehouse).consignment_id == consignment.pk


def test_goods_from_elsewhere_need_an_explanation(un, warehouse):
    goods = (Goods("rice", "pallet", Decimal(1)),)
    with pytest.raises(Refused) as refused:
        actions.receive_stock(by=un, warehouse=warehouse, statement=ReceiptStatement(goods, datetime.now(UTC)))
    assert refused.value.code == "explanation_missing"


def test_count_corrects_the_stock_once_the_difference_is_explained(un, filled):
    warehouse = filled(8)
    lot, at = only_lot(un, warehouse), datetime.now(UTC)
    with pytest.raises(Refused) as refused:
        actions.count_stock(by=un, warehouse=warehouse, counted={lot: Decimal(6)}, at=at)
    assert refused.value.code == "difference_unexplained"
    assert "-2" in str(refused.value)
    actions.count_stock(by=un, warehouse=warehouse, counted={lot: Decimal(6)}, at=at, explanation="two were wet")
    assert total(un, warehouse) == 6
    with eyes_of(un):
        counted = StockMovement.objects.get(warehouse=warehouse, kind=MovementKind.COUNTED)
    assert (counted.counted, counted.change, counted.explanation) == (6, -2, "two were wet")


@pytest.mark.parametrize(
    ("stated", "code"),
    [(("lost", "", "x"), "movement_reason_unknown"), (("damaged", "lost_unexplained", "x"), "movement_reason_unknown"),
     (("expired", "", " "), "explanation_missing"), (("released", "", "x"), "movement_not_by_hand")],
)  # fmt: skip
def test_movement_without_its_reason_is_refused(un, filled, stated, code):
    kind, reason, explanation = stated
    warehouse = filled(8)
    statement = moved(kind, only_lot(un, warehouse), 1, reason=reason, explanation=explanation)
    with pytest.raises(Refused) as refused:
        actions.move_stock(by=un, warehouse=warehouse, statement=statement)
    assert refused.value.code == code


def test_over_capacity_and_expiring_goods_are_told(un, filled):
    warehouse = filled(13, expires=date(2026, 1, 1))
    with eyes_of(un):
        (row,) = warehouse_rows(warehouses(un).filter(pk=warehouse.pk), un, words(un))
    assert row.over == 3
    assert [line.is_expired for line in row.expiring] == [True]
    page = text(standing("un"), f"/distribution/warehouses/{warehouse.pk}/")
    assert "3 over capacity" in page
    assert "expired" in page


def test_closing_needs_an_empty_warehouse(un, filled):
    warehouse = filled(8)
    statement = WarehouseStatement("Middle store", "store_middle", is_open=False)
    with pytest.raises(Refused) as refused:
        actions.amend_warehouse(by=un, warehouse=warehouse, statement=statement)
    assert refused.value.code == "warehouse_not_empty"
    assert "8" in str(refused.value)


def test_another_room_moves_nothing_and_sees_nothing(un, beta, filled):
    warehouse = filled(8)
    lot = only_lot(un, warehouse)
    assert "Middle store" in text(standing("un"), "/distribution/")
    with pytest.raises(Refused) as refused:
        actions.move_stock(by=beta, warehouse=warehouse, statement=moved("expired", lot, 1))
    assert refused.value.code == "not_found"
    assert "Middle store" not in text(standing("beta"), "/distribution/")
    assert standing("beta").get(f"/distribution/warehouses/{warehouse.pk}/").status_code == 404
    assert lying(beta, warehouse) == {}


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_pages_speak_the_readers_language(un, filled, language):
    warehouse = filled(8)
    client = standing("un", language=language)
    here = f"/distribution/warehouses/{warehouse.pk}/"
    for path in (
        "/distribution/",
        "/distribution/warehouses/new/",
        here,
        *(f"{here}{way}/" for way in ("receive", "move", "count", "amend")),
    ):
        assert f'<html lang="{language}"' in text(client, path)


def test_refused_form_keeps_what_was_typed(un, filled):
    warehouse = filled(8)
    client = standing("un")
    lot = only_lot(un, warehouse)
    typed = {"key": str(factories.room_id("un")), "lot": lot.key, "kind": "expired", "quantity": "9",
             "occurred_at": "2026-11-28T10:00", "explanation": "عبارة كتبتها"}  # fmt: skip
    answer = client.post(f"/distribution/warehouses/{warehouse.pk}/move/", typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "عبارة كتبتها" in page
    assert "A stock is never below zero" in page


def test_file_of_the_stock_has_a_line_for_each_lot(un, filled):
    filled(8)
    answer = standing("un").get("/distribution/?format=csv")
    body = b"".join(answer).decode()
    assert "Middle store" in body
    assert "WB-1" in body


def test_list_costs_the_same_queries_for_one_row_and_for_three(un, filled):
    filled(1)
    client = standing("un")
    client.get("/distribution/")
    with CaptureQueriesContext(connection) as one:
        client.get("/distribution/")
    for name in ("Second", "Third"):
        further = actions.open_warehouse(by=un, statement=WarehouseStatement(name, "store_gaza", pallets=5))
        filled(2, into=further)
    with CaptureQueriesContext(connection) as three:
        client.get("/distribution/")
    assert len(three) == len(one)


moments = st.integers(0, 48).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + hours * HOUR)
changes = st.lists(st.tuples(moments, st.integers(-9, 9).map(Decimal)), max_size=12)


@settings(deadline=None)
@given(changes, moments)
def test_lowest_stock_is_that_of_looking_at_every_moment(known, since):
    after = [at for at, _ in known if at >= since]
    looked = [sum((change for at, change in known if at <= when), Decimal(0)) for when in [since, *after]]
    assert lowest(known, since)[0] == min(looked)


@settings(deadline=None)
@given(st.integers(0, 60).map(Decimal), st.lists(st.integers(1, 20).map(Decimal), max_size=5))
def test_spread_takes_what_expires_first_and_never_more_than_lies_there(wanted, amounts):
    lots = {Lot("rice", "pallet", date(2026, 1, 1 + n)): amount for n, amount in enumerate(amounts)}
    taken = spread(wanted, lots)
    assert sum((one.quantity for one in taken), Decimal(0)) == min(wanted, sum(amounts, Decimal(0)))
    assert [one.lot.expiry_date for one in taken] == sorted(one.lot.expiry_date for one in taken)
    assert all(one.quantity == lots[one.lot] for one in taken[:-1])
