"""What holds for every chain, whatever is known of it."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.engine.chain import (
    NEVER,
    NONE,
    READINESS,
    STATES,
    UNKNOWN,
    Fact,
    Link,
    Load,
    Resource,
    advance,
    facts_of,
    held,
    links_of,
    renew,
    resting_on,
    stand,
)
from tools.plain_chain import plainly_standing

ROADS = ("coast", "inland", "north")
TIMES = st.sampled_from([10, 20, 30, 40])


@st.composite
def chains(draw):
    """Draw links in any order of dependence, and facts of a few consignments."""
    size = draw(st.integers(1, 6))
    names = [f"link{number}" for number in range(size)]
    links = links_of(
        [
            Link(name, tuple(draw(st.lists(st.sampled_from(names[:place]), unique=True, max_size=3))) if place else ())
            for place, name in enumerate(names)
        ]
    )
    loads = [Load(f"C{number}", draw(st.integers(0, 10**9))) for number in range(draw(st.integers(1, 5)))]
    facts = [draw(fact(load.code, link)) for load in loads for link in names if draw(st.booleans())]
    roads = [draw(resource(code)) for code in ROADS]
    return links, loads, facts, roads


def fact(consignment, link):
    return st.builds(
        Fact,
        st.just(consignment),
        st.just(link),
        st.sampled_from([*STATES, "done", "done"]),
        st.just(UNKNOWN) | TIMES,
        st.sampled_from(["", "liaison", "crossing"]),
        st.just(NEVER) | TIMES,
        st.just(NEVER) | TIMES,
        st.lists(st.sampled_from(ROADS), unique=True, max_size=2).map(tuple),
    )


def resource(code):
    return st.builds(
        Resource, st.just(code), st.booleans(), TIMES, st.sampled_from(["", "engineers"]), st.just(NEVER) | TIMES
    )


def in_words(standing, consignment):
    facts = standing.facts
    links = [link.code for link in facts.links.links]
    readiness = {link: READINESS[standing.readiness[place, consignment]] for place, link in enumerate(links)}
    blocked_by = {
        link: links[standing.blocked_by[place, consignment]]
        for place, link in enumerate(links)
        if standing.blocked_by[place, consignment] != NONE
    }
    holding = ([*links, ""])[standing.holding[consignment]]
    holder = (*facts.holders, "")[standing.holder[consignment]]
    return readiness, blocked_by, holding, holder, int(standing.since[consignment]), int(standing.deadline[consignment])


@given(chain=chains(), now=st.sampled_from([5, 10, 25, 40, 50]))
@settings(max_examples=400, deadline=None)
def test_stand_equals_the_chain_worked_out_one_link_at_a_time(chain, now):
    links, loads, facts, roads = chain
    found = stand(facts_of(links, loads, facts, roads), now)
    plain = plainly_standing(
        links, loads, {(one.consignment, one.link): one for one in facts}, {road.code: road for road in roads}, now
    )
    for place, load in enumerate(loads):
        one = plain[load.code]
        expected = (one.readiness, one.blocked_by, one.holding, one.holder, one.since, one.deadline)
        assert in_words(found, place) == expected


@given(chain=chains(), now=st.sampled_from([5, 25, 50]))
@settings(max_examples=150, deadline=None)
def test_something_holds_whatever_is_not_through_and_nothing_before_it_is_uncleared(chain, now):
    links, loads, facts, roads = chain
    found = stand(facts_of(links, loads, facts, roads), now)
    through = [READINESS.index(word) for word in ("not_needed", "done", "overtaken")]
    is_through = np.isin(found.readiness, through).all(axis=0)
    assert ((found.holding == NONE) == is_through).all()
    for link, consignment in zip(*np.nonzero(found.readiness == READINESS.index("blocked")), strict=True):
        by = found.blocked_by[link, consignment]
        assert by < link
        assert found.readiness[by, consignment] not in through
    totals = held(found)
    assert totals.consignments.sum() == (~is_through).sum()
    assert totals.per_day.sum() == found.facts.per_day[~is_through].sum()


def assert_same(one, two):
    for name in ("readiness", "blocked_by", "closed_by", "holds", "holding", "holder", "since", "deadline"):
        assert getattr(one, name).tolist() == getattr(two, name).tolist(), name
    assert one.lost_per_day.tolist() == two.lost_per_day.tolist()


@given(chain=chains(), changed=st.sampled_from(ROADS), data=st.data())
@settings(max_examples=200, deadline=None)
def test_renewing_what_rests_on_a_changed_resource_equals_beginning_anew(chain, changed, data):
    links, loads, facts, roads = chain
    before = stand(facts_of(links, loads, facts, roads), 25)
    other = [data.draw(resource(road.code)) if road.code == changed else road for road in roads]
    other = [replace(one, holder=road.holder) for one, road in zip(other, roads, strict=True)]
    after = facts_of(links, loads, facts, other)
    turn = renew(before, after, resting_on(after, np.array([ROADS.index(changed)])))
    anew = stand(after, 25)
    assert_same(turn.standing, anew)
    assert turn.turned.tolist() == np.flatnonzero((before.readiness != anew.readiness).any(axis=0)).tolist()


@given(chain=chains(), times=st.lists(st.integers(0, 60), min_size=2, max_size=5).map(sorted))
@settings(max_examples=200, deadline=None)
def test_letting_time_pass_in_steps_equals_beginning_anew(chain, times):
    links, loads, facts, roads = chain
    held_facts = facts_of(links, loads, facts, roads)
    found = stand(held_facts, times[0])
    for now in times[1:]:
        found = advance(found, now).standing
        assert_same(found, stand(held_facts, now))
