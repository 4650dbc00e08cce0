"""Worked examples: what holds a consignment, who holds it, since when, and what it costs."""

import pytest

from tansiq.engine.chain import (
    NEVER,
    READINESS,
    UNKNOWN,
    Fact,
    Link,
    Load,
    Resource,
    advance,
    facts_of,
    held,
    links_of,
    next_due,
    renew,
    resting_on,
    stand,
    why,
)

DAY = 86_400
CARGO = Load("C1", 24_000_000)


def done(link, since, consignment="C1", **fields):
    return Fact(consignment, link, "done", since, **fields)


def waiting(link, since, holder, consignment="C1", **fields):
    return Fact(consignment, link, "waiting", since, holder, **fields)


def standing(nine, facts, now, resources=(), loads=(CARGO,)):
    return stand(facts_of(nine, loads, facts, resources), now)


def readiness(found, consignment=0):
    return [READINESS[code] for code in found.readiness[:, consignment].tolist()]


def test_no_route_without_coordination_and_no_distribution_without_a_route(nine):
    """The chain as press reports of the centre's opening tell it: the first link holds all others."""
    found = standing(nine, [waiting("security_coordination", 100, "liaison", deadline=5 * DAY)], 100 + 2 * DAY)
    assert readiness(found) == ["ready"] + ["blocked"] * 8
    answer = why(found, 0)
    assert (answer.reason.code, answer.reason.link, answer.reason.holder) == (
        "ready",
        "security_coordination",
        "liaison",
    )
    assert (answer.since, answer.held_s, answer.is_overdue) == (100, 2 * DAY, False)
    assert (answer.per_day_micro, answer.lost_micro) == (24_000_000, 48_000_000)
    assert answer.waiting == tuple(link.code for link in nine.links[1:])


def test_two_links_may_hold_at_once_and_the_first_is_named_first(nine):
    facts = [
        done("security_coordination", 100),
        waiting("items_cleared", 50, "authority"),
        waiting("route_open", 300, "engineers"),
    ]
    answer = why(standing(nine, facts, 1000), 0)
    assert (answer.reason.link, answer.since) == ("items_cleared", 100)
    assert [(one.link, one.holder) for one in answer.besides] == [("route_open", "engineers")]


def test_refused_link_holds_even_while_another_is_waited_for(nine):
    facts = [done("security_coordination", 1), Fact("C1", "items_cleared", "refused", 50, "authority")]
    answer = why(standing(nine, facts, 1000), 0)
    assert (answer.reason.code, answer.reason.link, answer.since) == ("refused", "items_cleared", 50)


def test_silence_at_the_deadline_is_no_response_and_never_an_approval(nine):
    facts = [waiting("security_coordination", 100, "liaison", deadline=500)]
    assert readiness(standing(nine, facts, 499))[:2] == ["ready", "blocked"]
    found = standing(nine, facts, 500)
    assert readiness(found)[:2] == ["no_response", "blocked"]
    assert why(found, 0).is_overdue


def test_link_that_does_not_apply_lets_through_only_what_came_before_it(nine):
    facts = [
        waiting("security_coordination", 100, "liaison"),
        Fact("C1", "items_cleared", "not_needed"),
        Fact("C1", "route_open", "not_needed"),
    ]
    found = standing(nine, facts, 1000)
    assert readiness(found)[:4] == ["ready", "not_needed", "not_needed", "blocked"]
    assert nine.links[found.blocked_by[3, 0]].code == "security_coordination"
    facts[0] = done("security_coordination", 200)
    answer = why(standing(nine, facts, 1000), 0)
    assert (answer.reason.link, answer.since) == ("slot", 200)


def test_clearance_that_expires_before_it_is_used_holds_from_that_moment(nine):
    facts = [done("security_coordination", 1), done("items_cleared", 2), done("route_open", 3, valid_until=900)]
    assert why(standing(nine, facts, 899), 0).reason.link == "slot"
    answer = why(standing(nine, facts, 900 + DAY), 0)
    assert (answer.reason.code, answer.reason.link, answer.since) == ("expired", "route_open", 900)


def test_what_has_been_used_may_expire(nine):
    facts = [done("security_coordination", 1, valid_until=50), done("items_cleared", 2), done("route_open", 3)]
    facts += [done("slot", 4, valid_until=60), done("entered", 5)]
    found = standing(nine, facts, 1000)
    assert readiness(found)[:6] == ["done"] * 5 + ["ready"]
    assert why(found, 0).reason.link == "transported"


def test_link_that_was_overtaken_holds_nothing(nine):
    facts = [waiting("security_coordination", 1, "liaison"), done("items_cleared", 2), done("route_open", 3)]
    found = standing(nine, facts, 1000)
    assert readiness(found)[:4] == ["overtaken", "done", "done", "ready"]


def test_consignment_that_is_through_is_held_by_nothing(nine):
    found = standing(nine, [done(link.code, 10) for link in nine.links], 1000)
    answer = why(found, 0)
    assert (answer.reason, answer.since, answer.deadline, answer.held_s) == (None, UNKNOWN, NEVER, 0)
    assert (answer.lost_micro, answer.waiting, found.holding.tolist()) == (0, (), [-1])


@pytest.fixture
def many(nine):
    """Three consignments on one route, the third already past it, and a fourth on another."""
    roads = [Resource("coast", True, 0, "engineers"), Resource("inland", True, 0, "engineers")]
    facts = []
    for code, road in (("C1", "coast"), ("C2", "coast"), ("C3", "coast"), ("C4", "inland")):
        facts += [done("security_coordination", 1, code), done("items_cleared", 2, code)]
        facts += [done("route_open", 3, code, rests_on=(road,)), waiting("slot", 4, "crossing", code)]
    facts = [one for one in facts if (one.consignment, one.link) != ("C3", "slot")]
    facts += [done(link, 5, "C3") for link in ("slot", "entered", "transported")]
    return [Load(f"C{number}", number * 1_000_000) for number in range(1, 5)], facts, roads


def test_closing_of_one_road_holds_all_that_still_need_it_and_no_others(nine, many):
    loads, facts, roads = many
    before = stand(facts_of(nine, loads, facts, roads), 1000)
    closed = facts_of(nine, loads, facts, [Resource("coast", False, 990, "engineers"), roads[1]])
    turn = renew(before, closed, resting_on(closed, [0]))
    assert turn.touched.tolist() == [0, 1, 2]
    assert turn.turned.tolist() == turn.stopped.tolist() == [0, 1]
    answer = why(turn.standing, 0)
    assert (answer.reason.code, answer.reason.resource, answer.reason.holder) == ("closed", "coast", "engineers")
    assert (answer.reason.link, answer.since) == ("route_open", 990)
    again = renew(turn.standing, before.facts, resting_on(closed, [0]))
    assert again.turned.tolist() == [0, 1]
    assert again.stopped.tolist() == []


def test_totals_name_who_holds_how_many_and_what_it_costs_a_day(nine, many):
    loads, facts, roads = many
    closed = facts_of(nine, loads, facts, [Resource("coast", False, 990, "engineers"), roads[1]])
    totals = held(stand(closed, 1000))
    assert [nine.links[link].code for link in totals.link] == ["slot", "route_open", "received"]
    assert [(*closed.holders, "nobody")[holder] for holder in totals.holder] == ["crossing", "engineers", "nobody"]
    assert totals.consignments.tolist() == [1, 2, 1]
    assert totals.per_day.tolist() == [4_000_000, 3_000_000, 3_000_000]
    assert totals.resource.tolist() == [-1, 0, -1]
    assert totals.oldest.tolist() == [4, 990, 5]


def test_totals_of_nothing_are_empty(nine):
    assert held(standing(nine, [], 0, loads=())).link.tolist() == []


def test_time_alone_turns_only_what_ends_on_the_way(nine, many):
    loads, facts, roads = many
    held_facts = facts_of(nine, loads, facts, [Resource("coast", True, 0, "engineers", valid_until=2000), roads[1]])
    before = stand(held_facts, 1000)
    assert next_due(held_facts, 1000) == 2000
    assert advance(before, 1999).touched.tolist() == []
    turn = advance(before, 2000)
    assert (turn.touched.tolist(), turn.stopped.tolist()) == ([0, 1, 2], [0, 1])
    assert turn.standing.since.tolist()[:2] == [2000, 2000]
    with pytest.raises(ValueError):
        advance(turn.standing, 1999)


@pytest.mark.parametrize(
    "links", [[Link("a", ("b",))], [Link("a", ("b",)), Link("b", ("a",))], [Link("a"), Link("a")], [Link("")]]
)
def test_links_that_do_not_hang_together_are_refused(links):
    with pytest.raises(ValueError):
        links_of(links)


def test_links_are_put_behind_what_they_need():
    assert [link.code for link in links_of([Link("b", ("a",)), Link("a")]).links] == ["a", "b"]


@pytest.mark.parametrize(
    "fact",
    [
        Fact("C9", "slot"),
        Fact("C1", "nowhere"),
        Fact("C1", "slot", "unheard of"),
        Fact("C1", "slot", rests_on=("no road",)),
    ],
)
def test_facts_of_unknown_things_are_refused(nine, fact):
    with pytest.raises(ValueError):
        facts_of(nine, [CARGO], [fact])


def test_facts_stated_twice_are_refused(nine):
    with pytest.raises(ValueError):
        facts_of(nine, [CARGO], [Fact("C1", "slot"), Fact("C1", "slot", "done")])
    with pytest.raises(ValueError):
        facts_of(nine, [CARGO, CARGO], [])
    with pytest.raises(ValueError):
        facts_of(nine, [Load("C1", -1)], [])


def test_renew_refuses_facts_of_other_consignments(nine):
    found = standing(nine, [], 10)
    with pytest.raises(ValueError):
        renew(found, facts_of(nine, [Load("C2")], []), resting_on(found.facts, []))
