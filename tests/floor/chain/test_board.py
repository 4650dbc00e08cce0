"""The board's lanes add up, each room has its own, and it costs the same however much stands on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.clocks.actions import start_clock
from tansiq.building.clocks.rules import Holder
from tansiq.building.doors import actions as doors
from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.desks.impediments.queries.words import words
from tansiq.floor.queries.chain.board import ARRANGEMENTS, Board, ChainRow, View, Wanted, board
from tansiq.floor.queries.chain.facts import live_chain
from tansiq.floor.queries.chain.funnel import Span, funnel
from tansiq.floor.queries.chain.setting import chain_setting
from tests import factories
from tests.floor.chain.conftest import HOUR, INTO, NOW, ONWARD, TO_THE_END, id_of, move, register
from tests.floor.chain.test_facts import impede

Row = Callable[[Actor, str], ChainRow]


def seen(actor: Actor, /, most: int = 8, **wanted: object) -> Board:
    with eyes_of(actor):
        found = live_chain(actor)
        return board(View(found, words(actor.operation_id)), Wanted(**wanted), most)


def told(actor: Actor) -> list[object]:
    """All that the room's board says, but for what grows with every second."""
    return [
        replace(lane, rows=tuple(replace(row, held=timedelta(), lost=None) for row in lane.rows))
        for lane in seen(actor).lanes
    ]


@pytest.fixture
def some(un: Actor) -> None:
    """Six consignments, each at another link or crossing."""
    for n, crossing in enumerate(("kissufim", "zikim", "kissufim", "zikim", "kissufim", "kissufim")):
        register(un, f"B-{n}", pallets=10 + n, crossing=crossing)
    move(un, "B-1", *INTO, hours_ago=30)
    move(un, "B-2", *INTO, hours_ago=50)
    move(un, "B-3", *INTO, *ONWARD, hours_ago=30)
    move(un, "B-4", *TO_THE_END, hours_ago=30)
    move(un, "B-5", *INTO, "in_transit_inside", "lost", hours_ago=30, reason="lost_unexplained")


def test_lanes_add_up_to_the_whole_in_every_arrangement(un: Actor, some: None):
    for by in ARRANGEMENTS:
        found = seen(un, by=by)
        assert sum(lane.total for lane in found.lanes) == found.total == 4
        assert sum(lane.per_day for lane in found.lanes) == found.per_day == Decimal(10 + 11 + 12 + 13)
        assert sum(len(lane.rows) for lane in found.lanes) == 4
        assert (found.through, found.ended) == (1, {"intercepted": 0, "lost": 1})


def test_lanes_by_link_stand_in_the_order_of_the_chain_and_show_the_oldest_first(un: Actor, some: None):
    found = seen(un)
    assert [lane.code for lane in found.lanes] == list(chain_setting(un.operation_id).codes)
    transport = next(lane for lane in found.lanes if lane.code == "transport")
    assert [row.reference for row in transport.rows] == ["B-2", "B-1"]
    assert transport.oldest == NOW - 47 * HOUR


def test_few_rows_are_shown_and_all_are_counted(un: Actor, some: None):
    transport = next(lane for lane in seen(un, most=1).lanes if lane.code == "transport")
    assert (transport.total, len(transport.rows), transport.more) == (2, 1, 1)


def test_filters_narrow_rows_and_totals_alike(un: Actor, some: None):
    impede(un, register(un, "B-9"))
    for wanted, references in (
        ({"link": "transport"}, {"B-1", "B-2"}), ({"crossing": "zikim"}, {"B-1", "B-3"}), ({"sought": "b-3"}, {"B-3"}),
        ({"impeded": True}, {"B-9"}), ({"state": "closed"}, {"B-9"}), ({"holder": "alpha"}, {"B-9"}),
        ({"overdue": True}, set()), ({"link": "no_such"}, set()), ({"by": "crossing", "lane": "zikim"}, {"B-1", "B-3"}),
    ):  # fmt: skip
        found = seen(un, **wanted)
        assert {row.reference for lane in found.lanes for row in lane.rows} == references, wanted
        assert found.total == len(references)


def test_another_rooms_consignments_events_clocks_and_impediments_change_nothing(un: Actor, beta: Actor):
    own = register(beta, "OWN-1")
    before = repr(told(beta))
    consignment = register(un, "HIDDEN-1")
    move(un, "HIDDEN-1", *INTO)
    holder = Holder(beta.room_id, "officer")
    start_clock(by=un, kind="inspection", subject=consignment, holder=holder, started_at=NOW - 20 * HOUR)
    impede(un, consignment)
    impede(un, own)  # names a consignment that it cannot read: nobody is told of it
    assert "HIDDEN-1" in repr(told(un))
    assert repr(told(beta)) == before and "OWN-1" in before


def test_released_consignment_is_on_the_board_with_what_was_released_of_it(un: Actor, beta: Actor, row: Row):
    consignment = register(un, "SHOWN-1")
    move(un, "SHOWN-1", *INTO)
    asked = doors.Asked(("headline",), (factories.room("beta"),), "GREEN", "Joint convoy")
    doors.propose_release(by=un, code="aid_consignment", record_id=consignment.pk, asked=asked)
    found = row(beta, "SHOWN-1")
    assert (found.link_code, found.per_day) == ("transport", None)  # its events went along, its line items did not
    assert row(un, "SHOWN-1").per_day == Decimal(12)


def test_number_of_queries_is_the_same_for_one_and_fifty_and_for_every_page(un: Actor):
    register(un, "Q-0")
    client = Client()
    client.force_login(factories.account("un"))

    def counted(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    paths = ("/floor/chain/", "/floor/chain/?by=holder", "/floor/chain/?by=crossing", "/floor/chain/_board",
             "/floor/chain/?by=link&lane=entry")  # fmt: skip
    counted(paths[0])  # what a process keeps of an operation is read once
    before = [counted(path) for path in paths]
    for n in range(1, 130):
        register(un, f"Q-{n}")
    for n in range(1, 8):
        move(un, f"Q-{n}", *INTO)
        consignment = register(un, f"Q-C{n}")
        start_clock(by=un, kind="inspection", subject=consignment, holder=Holder(un.room_id, "officer"))
        impede(un, consignment)
    assert [counted(path) for path in paths] == before
    page = "/floor/chain/?by=link&lane=entry&page={}"
    assert {counted(page.format(n)) for n in (1, 2, 3)} == {before[-1]}
    one = counted(f"/floor/chain/{id_of(un, 'Q-0')}/")
    assert counted(f"/floor/chain/{id_of(un, 'Q-C3')}/") == one


def test_funnel_counts_units_by_stage_and_the_time_they_stood_there(un: Actor):
    for n in range(4):
        register(un, f"F-{n}")
        move(un, f"F-{n}", "departed", "at_inspection", hours_ago=20 - n)
    move(un, "F-0", "screened", hours_ago=10)  # 9 hours after its inspection began
    move(un, "F-1", "rejected_at_crossing", hours_ago=8, reason="documents")
    with eyes_of(un):
        found = funnel(un, chain_setting(un.operation_id), Span(NOW - 30 * HOUR, NOW))
        none = funnel(un, chain_setting(un.operation_id), Span(NOW - 30 * HOUR, NOW, "zikim"))
    stages = {stage.stage: stage for stage in found.stages}
    assert (found.units, found.returned, found.through, found.lost) == (4, 1, 0, 0)
    assert (stages["departed"].reached, stages["departed"].median, stages["departed"].p90) == (4, HOUR, HOUR)
    assert (stages["at_inspection"].standing, stages["at_inspection"].median) == (2, 9.5 * HOUR)
    assert list(stages) == ["departed", "at_inspection", "screened", "rejected_at_crossing"]
    assert none.units == 0


def test_funnel_of_a_room_that_sees_nothing_is_empty(un: Actor, beta: Actor):
    register(un, "F-9")
    move(un, "F-9", *INTO)
    with eyes_of(beta):
        assert funnel(beta, chain_setting(beta.operation_id), Span(NOW - 30 * HOUR, NOW)).units == 0
