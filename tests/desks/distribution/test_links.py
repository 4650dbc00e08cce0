"""The links of the chain that this desk knows: with whom goods lie, ready or not, confirmed or not."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.distribution import actions
from tansiq.desks.distribution.queries.links import links_of
from tansiq.engine.chain import NEVER
from tests import factories
from tests.desks.distribution.conftest import (
    HOUR,
    accepted,
    check,
    outcome,
    plan_statement,
    report_statement,
    store_of,
)

pytestmark = pytest.mark.django_db


def facts(by, *consignments, at=None):
    with eyes_of(by):
        found = links_of([one.pk for one in consignments], at or datetime.now(UTC))
    assert len({(one.consignment, one.link) for one in found}) == len(found)
    return {one.link: (one.state, one.holder) for one in found}


def held_by(slug: str, role: str) -> str:
    return f"{factories.room_id(slug)}:{role}"


def test_goods_in_a_warehouse_wait_with_its_room(un, filled, consignment):
    filled(8)
    store = held_by("un", "logistics_officer")
    assert facts(un, consignment) == {"reception": ("done", store), "distribution": ("waiting", store)}


def test_goods_on_their_way_wait_with_the_partner_until_its_clock(un, sent, consignment):
    sent(6)
    with eyes_of(un):
        (fact,) = [one for one in links_of([consignment.pk], datetime.now(UTC)) if one.link == "distribution"]
    assert (fact.state, fact.holder, fact.deadline < NEVER) == ("waiting", held_by("ngo", "local_partner"), True)


def test_plan_is_invalid_once_a_check_has_expired_and_refused_once_one_failed(ngo, planned, consignment):
    plan, partner = planned(), held_by("ngo", "local_partner")
    assert facts(ngo, consignment)["distribution"] == ("waiting", partner)
    for code in ("route_safe", "hazards_checked"):
        check(ngo, plan, code)
    actions.set_plan(by=ngo, plan=plan)
    assert facts(ngo, consignment)["distribution"] == ("waiting", partner)
    later = datetime.now(UTC) + 13 * HOUR
    assert facts(ngo, consignment, at=later)["distribution"] == ("invalid", partner)
    check(ngo, plan, "route_safe", is_so=False, hours_ago=0)
    assert facts(ngo, consignment)["distribution"] == ("refused", partner)


def test_report_with_a_difference_waits_and_a_reconciled_one_confirms(ngo, planned, consignment):
    plan, partner = planned(), held_by("ngo", "local_partner")
    report = actions.send_report(
        by=ngo, plan=plan, statement=report_statement(outcome("5", "3", "1", "0"), insist=True)
    )
    assert facts(ngo, consignment)["confirmation"] == ("waiting", partner)
    actions.reconcile_report(by=ngo, report=report, explanation="on the truck")
    assert facts(ngo, consignment)["confirmation"] == ("done", partner)


def test_everything_handed_out_is_done(un, ngo, filled, consignment, sent):
    accepted(ngo, sent(8), 8)
    plan = actions.make_plan(by=ngo, statement=plan_statement(store_of(ngo), households=160))
    actions.send_report(by=ngo, plan=plan, statement=report_statement(outcome("8", "8", "0", "0")))
    with eyes_of(ngo):
        states = {one.link: one.state for one in links_of([consignment.pk], datetime.now(UTC))}
    assert states == {"reception": "done", "distribution": "done", "confirmation": "done"}


def test_room_that_reads_nothing_knows_nothing(beta, planned, consignment):
    planned()
    assert facts(beta, consignment) == {}


def test_facts_cost_the_same_queries_for_one_consignment_and_for_none_more(un, ngo, planned, consignment):
    planned()

    def cost(ids) -> int:
        with eyes_of(ngo), CaptureQueriesContext(connection) as caught:
            links_of(ids, datetime.now(UTC))
        return len(caught)

    cost([consignment.pk])
    assert cost([consignment.pk]) == cost([consignment.pk, *(factories.room_id(slug) for slug in ("un", "ngo"))])
