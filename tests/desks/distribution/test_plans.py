"""A plan is ready by its checks alone; its goods are reserved; storms put it off; names are purged."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.jobs import follow
from tansiq.desks.distribution.models import DistributionPlan, FocalPerson, PlanDetail, Step
from tansiq.desks.distribution.queries.settings import settings_of
from tansiq.desks.distribution.queries.stock import reserved
from tansiq.desks.distribution.rules import CheckStatement, PlannedGoods, check_standings, is_ready
from tests.desks.distribution.conftest import DAY, HOUR, check, plan_statement, store_of

pytestmark = pytest.mark.django_db


def seen(by, plan):
    with eyes_of(by):
        return DistributionPlan.objects.filter(pk=plan.pk).first()


def ready(by, plan, at):
    with eyes_of(by):
        codes = [one.code for one in settings_of(by.operation_id).checks]
        return is_ready(check_standings(codes, list(Step.objects.filter(plan=plan)), at))


def kept(by, warehouse):
    with eyes_of(by):
        return sum(reserved([warehouse.pk]).get(warehouse.pk, {}).values(), Decimal(0))


def test_plan_reserves_what_it_needs_and_no_more_than_lies_there(ngo, planned):
    plan = planned(households=100)
    assert kept(ngo, store_of(ngo)) == 5
    with pytest.raises(Refused) as refused:
        actions.make_plan(by=ngo, statement=plan_statement(store_of(ngo), households=40))
    assert refused.value.code == "stock_reserved"
    assert "6 − 5 − 2 = -1" in str(refused.value)
    actions.cancel_plan(by=ngo, plan=plan, reason="site_lost", text="")
    assert kept(ngo, store_of(ngo)) == 0


def test_plan_is_set_only_while_every_check_holds(ngo, planned):
    plan, now = planned(), datetime.now(UTC)
    with pytest.raises(Refused) as refused:
        actions.set_plan(by=ngo, plan=plan)
    assert "Route to the site is safe: not checked" in str(refused.value)
    check(ngo, plan, "route_safe", hours_ago=1)
    check(ngo, plan, "hazards_checked", hours_ago=1, valid_until=now - HOUR / 2)
    with pytest.raises(Refused) as refused:
        actions.set_plan(by=ngo, plan=plan)
    assert "Site checked for hazards: the check has expired" in str(refused.value)
    check(ngo, plan, "hazards_checked", hours_ago=0)
    assert actions.set_plan(by=ngo, plan=plan).state == "set"


def test_readiness_ends_with_the_checks_whatever_the_plan_says(ngo, planned):
    plan = planned()
    for code in ("route_safe", "hazards_checked"):
        check(ngo, plan, code)
    actions.set_plan(by=ngo, plan=plan)
    now = datetime.now(UTC)
    assert ready(ngo, plan, now)
    assert not ready(ngo, plan, now + 12 * HOUR)  # the route was safe for twelve hours
    check(ngo, plan, "route_safe", is_so=False, hours_ago=0)
    assert not ready(ngo, plan, datetime.now(UTC))


def test_check_needs_who_and_by_what_source(ngo, planned):
    plan = planned()
    statement = CheckStatement("route_safe", is_so=True, by_whom=" ", source="visit", checked_at=datetime.now(UTC))
    with pytest.raises(Refused) as refused:
        actions.check_plan(by=ngo, plan=plan, statement=statement)
    assert refused.value.code == "check_unsourced"


def test_storm_puts_a_distribution_off_and_it_is_planned_anew(ngo, un, planned):
    plan = planned()
    actions.postpone_plan(by=ngo, plan=plan, reason="storm", text="wind at the site")
    assert (seen(ngo, plan).state, kept(ngo, store_of(ngo))) == ("postponed", 5)
    with pytest.raises(Refused) as refused:
        actions.set_plan(by=ngo, plan=plan)
    assert refused.value.code == "plan_state"
    later = datetime.now(UTC) + 3 * DAY
    statement = plan_statement(store_of(ngo), households=80, starts_at=later, ends_at=later + HOUR)
    actions.amend_plan(by=ngo, plan=plan, statement=statement)
    assert (seen(ngo, plan).state, kept(ngo, store_of(ngo))) == ("planned", 4)
    with eyes_of(un):
        assert PlanDetail.objects.filter(plan=plan).count() == 2
        assert Step.objects.get(plan=plan, act="distribution.plan.postpone").code == "storm"


def test_reason_of_the_operation_is_asked_for(ngo, planned):
    with pytest.raises(Refused) as refused:
        actions.postpone_plan(by=ngo, plan=planned(), reason="mood", text="")
    assert refused.value.code == "put_off_reason_unknown"


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"households": 0}, "plan_households"), ({"site": " "}, "plan_site_missing"), ({"area": "nowhere"}, "plan_area_unknown"),
     ({"staff_count": 10_001}, "plan_staff"), ({"crowd_measures": ("dance",)}, "crowd_measure_unknown"),
     ({"ends_at": datetime(2026, 1, 1, tzinfo=UTC)}, "plan_hours"), ({"goods": ()}, "goods_missing"),
     ({"goods": (PlannedGoods("rice", "pallet", Decimal(0)),)}, "goods_nothing")],
)  # fmt: skip
def test_plan_that_cannot_be_is_refused(ngo, planned, changed, code):
    with pytest.raises(Refused) as refused:
        planned(**changed)
    assert refused.value.code == code


def test_giver_reads_the_plan_of_its_goods_and_nobody_else_does(un, ngo, beta, planned):
    plan = planned(focal_person="Person of the site", contact="070")
    assert seen(un, plan) is not None
    with eyes_of(un):
        assert not FocalPerson.objects.exists()
    assert seen(beta, plan) is None


def test_report_is_expected_once_the_hours_have_passed(ngo, planned):
    starts = datetime.now(UTC) - 5 * HOUR
    plan = planned(starts_at=starts, ends_at=starts + HOUR)
    follow.func(0)
    with eyes_of(ngo):
        held = DistributionPlan.objects.select_related("clock__kind").get(pk=plan.pk)
    assert (held.clock.kind.code, held.clock.started_at) == ("distribution_report", held.ends_at)
    assert follow.func(0) == 0
