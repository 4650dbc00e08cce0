"""Two rooms that book at the same moment: with one place left, one of them is refused."""

import threading

import pytest
from django.db import connection, transaction

from tansiq.building.rooms.actors import Actor, eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.crossings import actions
from tansiq.desks.crossings.models import SlotBooking, SlotState
from tansiq.desks.crossings.rules import SlotAsked
from tests import factories
from tests.desks.crossings.conftest import at, crossing, goods, load_crossings


@pytest.fixture
def keeper(own_database: str) -> Actor:
    load_crossings()
    return factories.actor("floor")


def in_a_thread(call) -> tuple[threading.Thread, list[str]]:
    found: list[str] = []

    def work() -> None:
        try:
            found.append(call().state)
        except Refused as refused:
            found.append(refused.code)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    return thread, found


def book(by: Actor, consignment, places: int = 1, hour: int = 9):
    return actions.book_slot(
        by=by, crossing=crossing(), asked=SlotAsked(at(hour), consignment.pk, None, places)
    )  # fmt: skip


def test_second_of_two_at_once_waits_and_is_refused_for_capacity(keeper):
    un, ngo = factories.actor("un"), factories.actor("ngo")
    first, second = goods(un), goods(ngo)
    waiting, found = in_a_thread(lambda: book(ngo, second, places=2))
    with transaction.atomic():
        book(un, first)
        waiting.start()
        waiting.join(1)
        assert waiting.is_alive()
    waiting.join(30)
    assert found == ["slot_full"]


def test_second_of_two_at_once_for_one_consignment_is_refused(keeper):
    un = factories.actor("un")
    one = goods(un)
    waiting, found = in_a_thread(lambda: book(un, one, hour=10))
    with transaction.atomic():
        book(un, one, hour=9)
        waiting.start()
        waiting.join(1)
        assert waiting.is_alive()
    waiting.join(30)
    assert found == ["slot_consignment_twice"]


def test_twelve_at_once_take_no_more_places_than_there_are(keeper):
    rooms = [factories.actor(slug) for slug in ("un", "ngo", "alpha", "beta")]
    wanted = [(by, goods(by)) for by in rooms for _ in range(3)]
    started = threading.Barrier(len(wanted))

    def ready(by, consignment):
        started.wait()
        return book(by, consignment)

    threads = [in_a_thread(lambda by=by, one=one: ready(by, one)) for by, one in wanted]
    for thread, _found in threads:
        thread.start()
    for thread, _found in threads:
        thread.join(60)
    told = sorted(found[0] for _thread, found in threads)
    assert told == ["booked"] * 2 + ["slot_full"] * 10
    with eyes_of(keeper):
        assert SlotBooking.objects.filter(state=SlotState.BOOKED).count() == 2


def test_answer_that_waits_for_a_slot_given_back_is_refused(keeper):
    un = factories.actor("un")
    first = book(un, goods(un))
    waiting, found = in_a_thread(lambda: actions.confirm_slot(by=keeper, booking=first))
    with transaction.atomic():
        actions.release_slot(by=un, booking=first)
        waiting.start()
        waiting.join(1)
        assert waiting.is_alive()
    waiting.join(30)
    assert found == ["slot_state"]
