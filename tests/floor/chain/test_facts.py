"""What events, clocks, impediments, crossings and desks say of the links, and what follows from it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tansiq.building.clocks.actions import pause_clock, start_clock
from tansiq.building.clocks.rules import Holder
from tansiq.building.places.actions import report_crossing_status
from tansiq.building.places.models import Crossing
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.desks.aid import actions
from tansiq.desks.aid.models import Consignment
from tansiq.desks.impediments.actions import open_impediment, resolve_impediment
from tansiq.desks.impediments.rules import ImpedimentStatement, RecordReference
from tansiq.engine.chain import Fact, Load, facts_of, stand
from tansiq.floor.queries.chain import desks
from tansiq.floor.queries.chain.board import ChainRow
from tansiq.floor.queries.chain.setting import chain_setting
from tests import factories
from tests.floor.chain.conftest import HOUR, INTO, NOW, ONWARD, TO_THE_END, held, move, register, stood

Row = Callable[[Actor, str], ChainRow]


def test_consignment_is_held_at_the_link_that_its_last_event_leads_to(un: Actor, row: Row):
    register(un, "C-1")
    assert held(row(un, "C-1")) == ("entry", "ready")
    move(un, "C-1", *INTO, hours_ago=20)
    found = row(un, "C-1")
    assert (held(found), found.since, found.units) == (("transport", "ready"), NOW - 17 * HOUR, 1)
    move(un, "C-1", *ONWARD, hours_ago=16)
    assert held(row(un, "C-1")) == ("distribution", "ready")
    move(un, "C-1", "released_to_partner", "distributed", hours_ago=9)
    assert held(row(un, "C-1")) == ("confirmation", "ready")
    move(un, "C-1", "reconciled", hours_ago=1)
    assert held(row(un, "C-1")) == ("", "through")


def test_link_is_done_only_when_every_truck_has_passed_it(un: Actor, row: Row):
    register(un, "C-2", trucks=2)
    move(un, "C-2", *INTO, truck=1)
    move(un, "C-2", "departed", truck=2, hours_ago=4)
    found = row(un, "C-2")
    assert (held(found), found.through, found.units, found.since) == (("entry", "ready"), 1, 2, NOW - 4 * HOUR)
    move(un, "C-2", "entered", truck=2, hours_ago=2)
    assert held(row(un, "C-2")) == ("transport", "ready")


def test_what_lies_behind_a_link_says_that_it_was_passed(un: Actor, row: Row):
    register(un, "C-3")
    move(un, "C-3", "departed", "collected")
    assert held(row(un, "C-3")) == ("transport", "ready")


def test_word_about_the_consignment_itself_holds_for_all_its_trucks(un: Actor, row: Row):
    register(un, "C-4", trucks=2)
    for truck in (1, 2):
        move(un, "C-4", *INTO, *ONWARD, truck=truck, hours_ago=20)
    move(un, "C-4", "distributed", truck=None, hours_ago=2)
    assert held(row(un, "C-4")) == ("confirmation", "ready")


def test_refusal_takes_back_what_came_before_it_until_the_next_attempt(un: Actor, row: Row):
    register(un, "C-5")
    move(un, "C-5", *INTO, hours_ago=40)
    move(un, "C-5", "rejected_at_crossing", hours_ago=30, reason="documents")
    found = row(un, "C-5")
    assert (held(found), found.since) == (("entry", "refused"), NOW - 30 * HOUR)
    move(un, "C-5", "at_inspection", hours_ago=20, attempt=2)
    assert held(row(un, "C-5")) == ("entry", "ready")
    move(un, "C-5", "entered", hours_ago=19, attempt=2)
    assert held(row(un, "C-5")) == ("transport", "ready")


def test_late_scan_of_a_former_attempt_changes_nothing(un: Actor, row: Row):
    register(un, "C-6")
    move(un, "C-6", "rejected_at_crossing", hours_ago=30, reason="documents")
    move(un, "C-6", "entered", hours_ago=35)
    assert held(row(un, "C-6")) == ("entry", "refused")


def test_correction_and_withdrawal_stand_for_what_they_replace(un: Actor, row: Row):
    register(un, "C-7")
    event = move(un, "C-7", *INTO)
    actions.correct_event(by=un, event_id=event.pk, reason="Another truck", statement=None)
    assert held(row(un, "C-7")) == ("entry", "ready")


def test_intercepted_truck_leaves_the_chain_and_the_others_go_on(un: Actor, row: Row):
    register(un, "C-8", trucks=2)
    for truck in (1, 2):
        move(un, "C-8", *INTO, "collected", "in_transit_inside", truck=truck, hours_ago=20)
    move(un, "C-8", "intercepted", truck=1, hours_ago=4, reason="intercepted_peacefully")
    found = row(un, "C-8")
    assert (held(found), found.units, found.ended) == (("transport", "ready"), 1, 1)
    move(un, "C-8", "lost", truck=2, hours_ago=3, reason="lost_unexplained")
    assert row(un, "C-8").state in ("intercepted", "lost")


def test_truck_hands_its_load_over_to_pallets_that_go_on(un: Actor, row: Row):
    register(un, "C-9", trucks=2)
    move(un, "C-9", *INTO, "offloaded", truck=1, hours_ago=20)
    move(un, "C-9", "collected", "arrived", truck=2, hours_ago=10)
    assert held(row(un, "C-9")) == ("reception", "ready")


def test_clock_is_the_deadline_and_its_holder_holds_the_link(un: Actor, row: Row):
    consignment = register(un, "C-10")
    holder = Holder(factories.room_id("alpha"), "officer")
    clock = start_clock(by=un, kind="inspection", subject=consignment, holder=holder, started_at=NOW - 2 * HOUR)
    found = row(un, "C-10")
    assert (held(found), found.holder.room["en"], found.clock) == (("entry", "ready"), "Room alpha", clock.pk)
    assert found.deadline == clock.due_at.replace(microsecond=0) and not found.is_overdue
    pause_clock(by=un, clock=clock, reason="crossing_closed", note="")
    assert row(un, "C-10").deadline is None


def test_deadline_that_passed_is_no_response_and_never_done(un: Actor, row: Row):
    consignment = register(un, "C-11")
    holder = Holder(factories.room_id("alpha"), "officer")
    start_clock(by=un, kind="inspection", subject=consignment, holder=holder, started_at=NOW - 20 * HOUR)
    found = row(un, "C-11")
    assert (held(found), found.is_overdue) == (("entry", "no_response"), True)


def test_clock_makes_needed_what_was_not_known_to_be(un: Actor, row: Row):
    consignment = register(un, "C-12")
    holder = Holder(factories.room_id("alpha"), "officer")
    start_clock(by=un, kind="item_approval", subject=consignment, holder=holder)
    assert held(row(un, "C-12")) == ("items_cleared", "ready")


def impede(by: Actor, consignment: Consignment, links: tuple[str, ...] = ("entry",)):
    about = RecordReference("aid.consignment", consignment.pk, {"en": consignment.reference})
    stated = ImpedimentStatement(
        "Radios wait for a permit", "permit", Holder(factories.room_id("alpha"), "officer"), chain_links=links,
        records=(about,),
    )  # fmt: skip
    return open_impediment(by=by, statement=stated, at=NOW - 50 * HOUR)


def test_impediment_holds_the_links_that_it_names_and_its_owner_holds_them(un: Actor, row: Row):
    consignment = register(un, "C-13")
    impediment = impede(un, consignment)
    found = row(un, "C-13")
    assert (held(found), found.closed, found.holder.room["en"]) == (
        ("entry", "closed"), "Radios wait for a permit", "Room alpha",
    )  # fmt: skip
    assert [one.pk for one in found.impediments] == [impediment.pk]
    assert found.since == NOW - 50 * HOUR
    resolve_impediment(by=un, impediment=impediment, reason="The permit came")
    assert (held(row(un, "C-13")), row(un, "C-13").impediments) == (("entry", "ready"), ())


def test_impediment_undoes_nothing_that_is_done(un: Actor, row: Row):
    consignment = register(un, "C-14")
    move(un, "C-14", *INTO)
    impede(un, consignment, ("items_cleared", "entry"))
    assert held(row(un, "C-14")) == ("transport", "ready")


def test_closed_crossing_holds_what_has_not_entered(un: Actor, row: Row):
    register(un, "C-15")
    register(un, "C-16")
    move(un, "C-16", *INTO)
    with eyes_of(un):
        gate = Crossing.objects.get(operation=un.operation_id, code="kissufim")
    report_crossing_status(by=un, crossing=gate, state="closed", reason="maintenance", since_at=NOW - HOUR, source="UN")
    found = row(un, "C-15")
    assert (held(found), found.closed["en"], found.since) == (("entry", "closed"), "Kissufim", NOW - HOUR)
    assert held(row(un, "C-16")) == ("transport", "ready")


def test_what_is_lost_a_day_is_what_waits(un: Actor, row: Row):
    register(un, "C-17", pallets=30)
    move(un, "C-17", *INTO, hours_ago=75)
    found = row(un, "C-17")
    assert (found.per_day, found.lost) == (Decimal(30), Decimal(90))


def test_consignment_of_which_nothing_was_heard_stands_aside(un: Actor):
    register(un, "C-18")
    move(un, "C-18", "departed", hours_ago=24 * 70)
    found = stood(un)
    number = found.consignments.references.index("C-18")
    assert bool(found.quiet[number])
    move(un, "C-18", "at_inspection", hours_ago=2)
    assert not bool(stood(un).quiet[number])


def test_desk_speaks_of_its_links_beside_the_events(un: Actor, row: Row, monkeypatch: pytest.MonkeyPatch):
    consignment = register(un, "C-19")
    holder = f"{factories.room_id('alpha')}:officer"
    stated = [
        Fact(str(consignment.pk), "security_coordination", "done", int((NOW - 9 * HOUR).timestamp()), holder),
        Fact(str(consignment.pk), "route", "done", int((NOW - 8 * HOUR).timestamp()), holder,
             valid_until=int((NOW - HOUR).timestamp()), rests_on=("route:salah_al_din",)),
        Fact(str(consignment.pk), "slot", "waiting", holder=holder),
    ]  # fmt: skip
    monkeypatch.setattr(desks, "DESKS", (lambda ids, now: [one for one in stated if one.consignment in map(str, ids)],))
    found = row(un, "C-19")
    assert (held(found), found.since, found.holder.room["en"]) == (("route", "expired"), NOW - HOUR, "Room alpha")


def test_desk_that_still_waits_undoes_no_event(un: Actor, row: Row, monkeypatch: pytest.MonkeyPatch):
    consignment = register(un, "C-20")
    move(un, "C-20", *INTO)
    monkeypatch.setattr(desks, "DESKS", (lambda ids, now: [Fact(str(consignment.pk), "entry")],))
    assert held(row(un, "C-20")) == ("transport", "ready")


def test_standing_is_that_of_the_engine_on_the_same_facts(un: Actor):
    for n in range(6):
        register(un, f"E-{n}", trucks=1 + n % 2)
    move(un, "E-1", *INTO)
    move(un, "E-2", *INTO, *ONWARD)
    move(un, "E-3", *TO_THE_END, hours_ago=30)
    move(un, "E-4", "departed", "rejected_at_crossing", reason="documents")
    found, setting = stood(un), chain_setting(un.operation_id)
    facts, size = found.standing.facts, len(found.consignments)
    codes, names = (*facts.holders, ""), ("waiting", "done", "refused", "invalid", "no_response", "not_needed")
    rows = [
        Fact(
            facts.consignments[n], setting.codes[place], names[facts.state[place, n]], int(facts.since[place, n]),
            codes[facts.holder[place, n]], int(facts.deadline[place, n]), int(facts.valid_until[place, n]),
            tuple(facts.resources[r] for c, k, r in zip(facts.rest_consignment, facts.rest_link, facts.rest_resource,
                                                        strict=True) if (c, k) == (n, place)),
        )
        for place in range(len(setting.codes)) for n in range(size)
    ]  # fmt: skip
    loads = [Load(code, int(facts.per_day[n])) for n, code in enumerate(facts.consignments)]
    plain = stand(facts_of(setting.links, loads, rows, found.obstacles.resources), found.standing.now)
    assert plain.readiness.tolist() == found.standing.readiness.tolist()
    assert plain.holding.tolist() == found.standing.holding.tolist()
    assert plain.since.tolist() == found.standing.since.tolist()
    assert [(*plain.facts.holders, "")[one] for one in plain.holder] == [codes[one] for one in found.standing.holder]
    assert size >= 6
