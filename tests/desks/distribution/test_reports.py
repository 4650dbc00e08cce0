"""A report adds up or is kept with its difference; it moves the stock, tells aid and ends the chain."""

from decimal import Decimal

import pytest

from tansiq.building.clocks.models import Clock
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.models import AidEvent, AidMeasure
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.models import DistributionPlan, DistributionReport, Line, StockMovement
from tests.desks.distribution.conftest import outcome, report_statement, store_of, total

pytestmark = pytest.mark.django_db


def reported(by, plan, *outcomes, **more):
    return actions.send_report(by=by, plan=plan, statement=report_statement(*outcomes, **more))


def test_report_that_adds_up_is_reconciled_and_ends_the_chain(ngo, planned):
    plan = planned()
    report = reported(ngo, plan, outcome("5", "4", "0.5", "0.5", "lost_unexplained"))
    assert report.state == "reconciled"
    assert total(ngo, store_of(ngo)) == Decimal("1.5")
    with eyes_of(ngo):
        stages = list(AidEvent.objects.filter(room=ngo.room_id).order_by("recorded_at").values_list("stage", flat=True))
        assert DistributionPlan.objects.get(pk=plan.pk).state == "held"
    assert stages == ["released_to_partner", "distributed", "lost", "reconciled"]


def test_planned_transported_distributed_left_and_lost_sum_to_the_stock(un, ngo, planned, warehouse):
    plan = planned()
    reported(ngo, plan, outcome("5", "4", "0.75", "0.25", "lost_unexplained"))
    with eyes_of(ngo):
        moves = dict(StockMovement.objects.filter(room=ngo.room_id).values_list("kind", "change"))
    with eyes_of(un):
        given = StockMovement.objects.get(room=un.room_id, kind="released").change
    assert moves == {"received": 6, "distributed": -4, "lost": Decimal("-0.25")}
    assert -given == moves["received"] == total(ngo, store_of(ngo)) + 4 + Decimal("0.25")
    assert total(un, warehouse) + 6 == 8


def test_figures_that_do_not_add_up_are_refused_with_the_arithmetic(ngo, planned):
    plan = planned()
    with pytest.raises(Refused) as refused:
        reported(ngo, plan, outcome("5", "3", "1", "0"))
    assert refused.value.code == "report_differs"
    assert "3 + 1 + 0 = 4" in str(refused.value)
    assert "Difference: 1" in str(refused.value)
    assert total(ngo, store_of(ngo)) == 6


def test_difference_that_is_insisted_on_has_an_owner_and_a_clock_until_it_is_explained(ngo, planned):
    report = reported(ngo, planned(), outcome("5", "3", "1", "0"), insist=True)
    assert report.state == "differs"
    with eyes_of(ngo):
        clock = Clock.objects.select_related("kind").get(pk=report.clock_id)
        assert not AidEvent.objects.filter(stage="reconciled").exists()
    assert (clock.kind.code, clock.holder_room_id) == ("distribution_difference", ngo.room_id)
    with pytest.raises(Refused) as refused:
        actions.reconcile_report(by=ngo, report=report, explanation=" ")
    assert refused.value.code == "difference_needs_words"
    actions.reconcile_report(by=ngo, report=report, explanation="a pallet stayed on the truck")
    with eyes_of(ngo):
        assert DistributionReport.objects.get(pk=report.pk).state == "reconciled"
        assert Clock.objects.get(pk=report.clock_id).state == "stopped"


def test_report_cannot_hand_out_more_than_lies_there(ngo, planned):
    plan = planned()
    with pytest.raises(Refused) as refused:
        reported(ngo, plan, outcome("9", "9", "0", "0"))
    assert refused.value.code == "stock_reserved"
    assert total(ngo, store_of(ngo)) == 6


def test_more_than_the_plan_comes_from_goods_that_nobody_reserved(ngo, planned):
    reported(ngo, planned(households=60), outcome("5", "5", "0", "0"))
    assert total(ngo, store_of(ngo)) == 1


@pytest.mark.parametrize(
    ("outcomes", "more", "code"),
    [((outcome("5", "4", "0", "1"),), {}, "movement_reason_unknown"), ((outcome(), outcome()), {}, "report_lines"),
     ((outcome(),), {"people": {"martians": 3}}, "group_unknown"), ((outcome(),), {"households": 900}, "fewer_people"),
     ((outcome(),), {"households": -1}, "people_out_of_range")],
)  # fmt: skip
def test_report_that_cannot_be_is_refused(ngo, planned, outcomes, more, code):
    plan = planned()
    with pytest.raises(Refused) as refused:
        reported(ngo, plan, *outcomes, **more)
    assert refused.value.code == code


def test_households_and_individuals_stand_by_sex_and_age(ngo, un, planned):
    report = reported(ngo, planned())
    with eyes_of(un):
        people = {(line.unit, line.group): line.quantity for line in Line.objects.filter(report=report, commodity="")}
    assert people == {("household", ""): 80, ("individual", "female_18_59"): 120, ("individual", "male_0_4"): 80}


def test_draft_keeps_what_was_typed_and_only_its_room_reads_it(ngo, un, planned):
    plan = planned()
    actions.draft_report(by=ngo, plan=plan, typed={"distributed_1": "fou", "remark": "نصف مكتوب"})
    draft = actions.draft_report(by=ngo, plan=plan, typed={"distributed_1": "4"})
    assert draft.typed == {"distributed_1": "4"}
    with eyes_of(un):
        assert not DistributionReport.objects.exists()
    report = reported(ngo, plan)
    assert (report.pk, report.typed) == (draft.pk, {})
    with eyes_of(un):
        assert DistributionReport.objects.get().pk == report.pk


def test_report_is_sent_once(ngo, planned):
    plan = planned()
    reported(ngo, plan)
    with pytest.raises(Refused) as refused:
        reported(ngo, plan)
    assert refused.value.code == "report_state"


def test_events_of_the_report_carry_the_consignment_of_the_giver(ngo, planned):
    reported(ngo, planned())
    with eyes_of(ngo):
        measure = AidMeasure.objects.get(room=ngo.room_id, stage="distributed")
    assert (measure.reference, measure.quantity_giver) == ("WB-1", 4)
