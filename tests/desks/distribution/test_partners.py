"""Goods pass from a warehouse to a partner's room; both sides' figures are kept."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from tansiq.building.clocks.models import Clock
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import AidEvent, AidMeasure
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import Line, StockMovement
from tansiq.desks.distribution.queries.partners import release_rows, releases
from tansiq.desks.distribution.queries.settings import words
from tansiq.desks.distribution.rules import AcceptanceStatement, Goods, Received, ReleaseStatement
from tests import factories
from tests.desks.distribution.conftest import HOUR, accepted, lying, plan_statement, store_of, total

pytestmark = pytest.mark.django_db


def row(by, release):
    with eyes_of(by):
        (found,) = release_rows(releases(by).filter(pk=release.pk), by, words(by))
        return found


def test_release_takes_the_goods_out_and_tells_aid(un, sent, filled, consignment, warehouse):
    release = sent(6)
    assert total(un, warehouse) == 2
    with eyes_of(un):
        event = AidEvent.objects.get(stage="released_to_partner", consignment=consignment)
        measure = AidMeasure.objects.get(event=event)
    assert (measure.quantity_giver, measure.quantity_receiver) == (6, None)
    assert row(un, release).standing == "waiting"


def test_what_expires_first_leaves_first(un, filled):
    warehouse = filled(3, expires=date(2027, 5, 1))
    filled(3, expires=date(2027, 1, 1), into=warehouse)
    statement = ReleaseStatement(factories.room_id("ngo"), (Goods("rice", "pallet", Decimal(4)),), datetime.now(UTC))
    release = actions.send_release(by=un, warehouse=warehouse, statement=statement)
    with eyes_of(un):
        lines = [(line.expiry_date, line.quantity) for line in Line.objects.filter(release=release).order_by("number")]
    assert lines == [(date(2027, 1, 1), 3), (date(2027, 5, 1), 1)]


def test_partner_and_giver_keep_both_counts(un, ngo, sent):
    release = sent(6)
    accepted(ngo, release, 4, 1)
    for by in (un, ngo):
        found = row(by, release)
        assert found.standing == "short"
        (line,) = found.differing
        assert (line.line.quantity, line.answer.received, line.answer.damaged, line.short) == (6, 4, 1, 1)
    assert total(ngo, store_of(ngo)) == 4


def test_accepted_goods_keep_their_consignment_and_the_event_both_figures(un, ngo, sent, consignment):
    release = sent(6)
    accepted(ngo, release, 5)
    (lot,) = lying(ngo, store_of(ngo))
    assert (lot.consignment_id, lot.consignment_reference) == (consignment.pk, "WB-1")
    with eyes_of(ngo):
        measure = AidMeasure.objects.get(room=ngo.room_id, stage="released_to_partner")
    assert (measure.quantity_giver, measure.quantity_receiver, measure.reference) == (6, 5, "WB-1")


def test_acceptance_ends_the_clock_of_the_giver(un, ngo, sent):
    release = sent(6)
    accepted(ngo, release, 6)
    with eyes_of(un):
        assert Clock.objects.get(pk=release.clock_id).state == "stopped"


@pytest.mark.parametrize(
    ("said", "code"),
    [((7, 0, "x"), "more_than_sent"), ((5, 0, " "), "short_unexplained"), ((4, 3, "x"), "more_than_sent")],
)
def test_answer_that_cannot_be_is_refused(ngo, sent, said, code):
    received, damaged, remark = said
    with pytest.raises(Refused) as refused:
        accepted(ngo, sent(6), received, damaged, remark=remark)
    assert refused.value.code == code


def test_answer_says_something_of_every_line(ngo, sent):
    statement = AcceptanceStatement((Received(2, Decimal(1)),), datetime.now(UTC))
    with pytest.raises(Refused) as refused:
        actions.accept_release(by=ngo, release=sent(6), statement=statement)
    assert refused.value.code == "lines_differ"


def test_answer_is_given_once_and_a_repeated_submission_is_the_same(ngo, sent):
    release, key = sent(6), uuid4()
    at = datetime.now(UTC) - HOUR
    statement = AcceptanceStatement((Received(1, Decimal(6)),), at, store=("Olive store", "PS0265"))
    first = actions.accept_release(by=ngo, key=key, release=release, statement=statement)
    again = actions.accept_release(by=ngo, key=key, release=release, statement=statement)
    assert first.pk == again.pk
    with pytest.raises(Refused) as refused:
        accepted(ngo, release, 6)
    assert refused.value.code == "release_answered"
    assert total(ngo, store_of(ngo)) == 6


def test_withdrawn_goods_lie_in_the_warehouse_again(un, ngo, sent, warehouse):
    release = sent(6)
    actions.withdraw_release(by=un, release=release, reason="wrong partner")
    assert total(un, warehouse) == 8
    assert row(ngo, release).standing == "withdrawn"
    with pytest.raises(Refused) as refused:
        accepted(ngo, release, 6)
    assert refused.value.code == "release_answered"


def test_reserved_goods_are_not_released(un, filled):
    warehouse = filled(8)
    actions.make_plan(by=un, statement=plan_statement(warehouse, households=100))
    statement = ReleaseStatement(factories.room_id("ngo"), (Goods("rice", "pallet", Decimal(4)),), datetime.now(UTC))
    with pytest.raises(Refused) as refused:
        actions.send_release(by=un, warehouse=warehouse, statement=statement)
    assert refused.value.code == "stock_reserved"
    assert "8 − 5 − 4 = -1" in str(refused.value)


def test_a_third_room_sees_neither_release_nor_answer(un, ngo, beta, sent):
    release = sent(6)
    accepted(ngo, release, 6)
    with eyes_of(ngo):
        assert releases(ngo).filter(pk=release.pk).exists()
    with eyes_of(beta):
        assert not releases(beta).exists()
        assert not Line.objects.exists()
        assert not StockMovement.objects.exists()
    with pytest.raises(Refused) as refused:
        accepted(beta, release, 6)
    assert refused.value.code == "not_found"
