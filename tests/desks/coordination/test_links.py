"""The links of the chain: the worst authority holds, silence is silence, a route that closes or expires turns it all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.models import Move
from tansiq.desks.coordination.queries.links import links_of, resources_of
from tansiq.desks.coordination.rules import RouteNamed, RouteStated
from tansiq.engine.chain import Fact, Link, Links, Load, facts_of, stand, why
from tests import factories
from tests.desks.coordination.conftest import HOUR, answer, registered, request

pytestmark = pytest.mark.django_db
LINKS = Links((Link("security_coordination"), Link("route")))


def told(by: Actor, *goods, now=None) -> dict[str, Fact]:
    with eyes_of(by):
        return {fact.link: fact for fact in links_of([one.pk for one in goods], now or database_now())}


def reason(by: Actor, goods, now=None) -> tuple[str, str, str] | None:
    now = now or database_now()
    with eyes_of(by):
        facts = facts_of(LINKS, [Load(str(goods.pk))], links_of([goods.pk], now), resources_of(now))
    found = why(stand(facts, int(now.timestamp())), 0).reason
    return found and (found.link, found.code, found.holder)


def holder(slug: str, role: str = "officer") -> str:
    return f"{factories.room_id(slug)}:{role}"


def test_waiting_authority_holds_with_its_deadline(un, alpha, goods, asked):
    asked("alpha", "beta")
    found = told(un, goods)["security_coordination"]
    assert (found.state, found.holder) == ("waiting", holder("alpha"))
    assert found.deadline > database_now().timestamp()


def test_done_only_when_all_agreed_and_lit(un, alpha, beta, goods, asked):
    first, second = asked("alpha", "beta")
    answer(beta, second)
    answer(alpha, first)
    found = told(un, goods)["security_coordination"]
    assert (found.state, found.holder) == ("waiting", holder("alpha"))  # approved is not lit
    actions.give_green_light(by=alpha, asking=first, until=first.window_until - HOUR)
    found = told(un, goods)["security_coordination"]
    assert (found.state, found.valid_until) == ("done", int((first.window_until - HOUR).timestamp()))


@pytest.mark.parametrize(
    "case",
    [
        (Move.DENY, {"reason": "security_alert"}, "refused", "alpha"),
        (Move.ASK_INFORMATION, {"text": "how many?"}, "waiting", "un"),
    ],
)
def test_refused_and_asked_for_information(un, alpha, goods, asked, case):
    move, fields, state, who = case
    (first,) = asked()
    answer(alpha, first, move, **fields)
    found = told(un, goods)["security_coordination"]
    assert (found.state, found.holder.split(":")[0]) == (state, str(factories.room_id(who)))


def test_silence_of_one_outweighs_the_approval_of_another(un, beta, goods, asked):
    _first, second = asked("alpha", "beta", at=database_now() - 47 * HOUR)
    answer(beta, second)
    later = database_now() + 2 * HOUR
    found = told(un, goods, now=later)["security_coordination"]
    assert (found.state, found.holder) == ("no_response", holder("alpha"))


def test_required_authority_that_was_never_asked_waits_for_the_asker(un, beta, goods, asked):
    (second,) = asked("beta")
    answer(beta, second)
    found = told(un, goods)["security_coordination"]
    assert (found.state, found.holder) == ("waiting", f"{factories.room_id('un')}:")
    assert told(beta, goods)["security_coordination"].state == "done"  # who else has to be asked is the asker's matter


def test_approval_whose_window_passed_is_void(un, alpha, goods, asked):
    now = database_now()
    (first,) = asked(at=now - 30 * HOUR, window_from=now - 20 * HOUR, window_until=now - HOUR)
    answer(alpha, first, at=now - 25 * HOUR)
    assert told(un, goods)["security_coordination"].state == "invalid"


def stated(by: Actor, state: str, **fields: object):
    now = database_now()
    clear = {"assessed_by": "team", "method": "clearance", "assessed_date": now.date()} if "cleared" in state else {}
    route = RouteStated(RouteNamed("salah_al_din"), state, "road crew", **{**clear, **fields})
    return actions.state_route(by=by, stated=route)


def test_route_without_a_statement_waits(un, goods, asked):
    asked()
    assert told(un, goods)["route"] == Fact(str(goods.pk), "route")


def test_route_turns_its_consignments_when_it_closes_or_expires(un, alpha, goods, asked):
    (first,) = asked()
    answer(alpha, first)
    actions.give_green_light(by=alpha, asking=first)
    now = database_now()
    stated(un, "cleared_single_lane", expires_at=now + 5 * HOUR)
    assert reason(un, goods) is None
    assert reason(un, goods, now + 6 * HOUR) == ("route", "closed", f"{factories.room_id('un')}:")
    stated(un, "closed", cause="debris")
    assert reason(un, goods) == ("route", "closed", f"{factories.room_id('un')}:")


def test_statement_against_a_route_outweighs_one_for_it_only_while_it_stands(un, goods, asked):
    asked()
    now = database_now()
    stated(un, "open")
    floor = factories.actor("floor")
    stated(floor, "suspended", cause="military", expires_at=now + 3 * HOUR)
    with eyes_of(floor):
        assert [one.is_open for one in resources_of(now)] == [False]
        assert [
            one.is_open for one in resources_of(now + timedelta(hours=4))
        ] == []  # un's is not open to the floor here


def test_facts_cost_the_same_for_one_and_three(un, alpha, goods, asked):
    def cost(*several) -> int:
        with eyes_of(un), CaptureQueriesContext(connection) as counted:
            links_of([one.pk for one in several], database_now())
        return len(counted)

    (first,) = asked()
    answer(alpha, first)
    stated(un, "open")
    once = cost(goods)
    more = [registered(un, name) for name in ("WB-2", "WB-3")]
    for one in more:
        actions.ask_coordination(by=un, consignment=one, authorities=[factories.room("alpha")], asked=request())
    assert cost(goods, *more) == once


def test_other_rooms_are_told_only_what_they_read(beta, goods, asked):
    asked()
    assert told(beta, goods) == {}
