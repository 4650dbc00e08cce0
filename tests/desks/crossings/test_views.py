"""Pages of the crossings' day: the glance, one day, stating, booking, answering, and what each room reads."""

import re
from datetime import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tansiq.building.places.actions import change_crossing_quota
from tansiq.building.rooms.actors import eyes_of
from tansiq.desks.crossings import actions
from tansiq.desks.crossings.models import DayStatement, SlotBooking, SlotState
from tansiq.desks.crossings.queries.links import crossing_resources, links_of
from tansiq.desks.crossings.rules import Hours
from tests import factories
from tests.desks.crossings.conftest import (
    CODE,
    DAY,
    HOUR,
    at,
    crossing,
    goods,
    known,
    next_open_day,
    seen,
    short,
    stated,
)

pytestmark = pytest.mark.django_db
NEVER = "00000000-0000-4000-8000-000000000000"


def standing(slug: str, role: str = "officer", language: str = "en") -> Client:
    client = Client()
    client.force_login(factories.account(slug, role))
    client.cookies["tansiq_language"] = language
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def day_page(day=None) -> str:
    return f"/crossings/{CODE}/?day={day or next_open_day()}"


def test_day_shows_every_rooms_hours_side_by_side(un, keeper):
    day = next_open_day()
    actions.state_hours(by=keeper, crossing=crossing(), stated=stated(day), hours=Hours(time(9), time(15)))
    actions.state_hours(by=un, crossing=crossing(), stated=stated(day), hours=Hours(time(10), time(16)))
    page = plain(text(standing("ngo"), day_page()))
    assert "09:00–15:00" in page
    assert "10:00–16:00" in page
    assert "Room floor keeps the day" in page


def test_early_closure_is_shown_with_its_reason_and_the_lost_slots(un, keeper):
    day = next_open_day() - 7 * DAY
    actions.state_hours(by=keeper, crossing=crossing(), stated=stated(day), hours=short(13, day))
    page = plain(text(standing("un"), day_page(day)))
    assert "The day was cut short." in page
    assert "Security alert" in page
    assert page.count("does not take place") == 4
    assert "closed early" in plain(text(standing("un"), f"/crossings/?day={day}"))


def test_weekday_and_exception_follow_each_other(keeper):
    day, by = next_open_day(), keeper
    weekly = stated(day, reach="weekday")
    actions.state_hours(by=by, crossing=crossing(), stated=weekly, hours=Hours(time(7), time(12)))
    actions.state_hours(by=by, crossing=crossing(), stated=stated(day + 7 * DAY), hours=Hours(time(9), time(10)))
    client = standing("un")
    expected = ["07:00–12:00", "09:00–10:00", "07:00–12:00"]
    for n, hours in enumerate(expected):
        assert f"Room floor keeps the day {hours}" in plain(text(client, day_page(day + 7 * n * DAY)))
    assert "07:00–12:00" not in plain(text(client, day_page(day + DAY)))


def test_room_sees_its_own_bookings_and_no_others_and_the_keeper_all(un, ngo, keeper, booked):
    mine, theirs = goods(un), goods(ngo)
    booked(un, 9, consignment=mine)
    booked(ngo, 9, consignment=theirs)
    pages = {slug: plain(text(standing(slug), day_page())) for slug in ("un", "ngo", "floor", "beta")}
    assert {slug: page.count("× 1") for slug, page in pages.items()} == {"un": 1, "ngo": 1, "floor": 2, "beta": 0}
    assert mine.reference in pages["un"]
    assert theirs.reference not in pages["un"]


def test_free_places_are_known_only_as_published(un, ngo, keeper, booked):
    before = plain(text(standing("ngo"), day_page()))
    booked(un, 9)
    assert plain(text(standing("ngo"), day_page())) == before
    actions.publish_places(by=keeper, crossing=crossing(), stated=stated(), slot_at=at(9), free_places=1)
    after = plain(text(standing("ngo"), day_page()))
    assert re.search(r"09:00–10:00 2 1 ", after)


def test_day_compares_entered_booked_quota_and_owed_by_class(un, keeper, booked):
    change_crossing_quota(by=un, crossing=crossing(), units_per_day=40, from_date=next_open_day() - 9 * DAY,
                          source="order 7", goods_class="fuel")  # fmt: skip
    booked(un, 9, consignment=goods(un, commodity="diesel"), places=2)
    page = plain(text(standing("un"), day_page()))
    assert re.search(r"everything – 2 0 – 600", page)
    assert re.search(r"Of which fuel – 2 0 40 50", page)
    assert re.search(r"Of which commercial – 0 0 – –", page)
    assert "count=trucks_entered" in text(standing("un"), day_page())


@pytest.mark.parametrize(
    ("way", "typed", "shown"),
    [
        ("hours", {"opens_at": "09:00", "closes_at": "12:30", "reach": "day"}, "09:00–12:30"),
        ("lanes", {"lanes": "3", "reach": "day"}, "3 / 6"),
        ("capacity", {"trucks_per_slot": "7", "reach": "onwards"}, "08:00–09:00 7"),
        ("queue", {"trucks_waiting": "18", "wait_minutes": "95"}, "18 trucks wait · first one for 95 min"),
    ],
)
def test_officer_states_a_day_in_its_page(keeper, way, typed, shown):
    client, day = standing("floor"), next_open_day()
    path = f"/crossings/{CODE}/{way}/?day={day}"
    assert text(client, path)
    answer = client.post(path, {"key": uuid4(), "day": day, "source": "crossing log", "note": "seen", **typed})
    assert (answer.status_code, answer["Location"]) == (302, f"/crossings/{CODE}/?day={day}")
    page = plain(text(client, day_page()))
    assert shown in page


def test_officer_publishes_free_places_in_its_page(keeper):
    client, day = standing("floor"), next_open_day()
    path = f"/crossings/{CODE}/places/?day={day}"
    typed = {"key": uuid4(), "day": day, "source": "list", "slot": at(9).isoformat(), "free_places": "1"}
    assert client.post(path, typed).status_code == 302
    assert re.search(r"09:00–10:00 2 1 ", plain(text(client, day_page())))


def test_refused_statement_says_it_beside_its_field_and_keeps_what_was_typed(keeper):
    client, day = standing("floor"), next_open_day()
    typed = {"key": uuid4(), "day": day, "reach": "day", "source": "the log of the night", "opens_at": "09:00"}
    answer = client.post(f"/crossings/{CODE}/hours/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "found only one of them" in page
    assert "the log of the night" in page


def test_room_books_from_its_consignment_and_the_keeper_confirms(un, keeper):
    one, client = goods(un), standing("un")
    assert f"/crossings/slots/new/{one.pk}/" in text(client, f"/aid/consignments/{one.pk}/")
    path = f"/crossings/slots/new/{one.pk}/?day={next_open_day()}"
    assert "09:00–10:00" in text(client, path)
    typed = {"key": uuid4(), "slot": at(9).isoformat(), "places": "1", "note": "two drivers"}
    answer = client.post(path, typed)
    assert answer.status_code == 302
    with eyes_of(un):
        booking = SlotBooking.objects.get(consignment=one)
    floor = standing("floor")
    assert f"booking-{booking.pk}" in text(floor, "/crossings/slots/?to_answer=on")
    answer = floor.post(f"/crossings/slots/{booking.pk}/confirm/", {"key": uuid4(), "note": "lane 2"})
    assert answer["Location"] == f"/crossings/slots/{booking.pk}/"
    page = plain(text(client, f"/crossings/slots/{booking.pk}/"))
    assert "lane 2" in page
    assert seen(un, booking).state == SlotState.CONFIRMED
    text(standing("ngo"), f"/crossings/slots/{booking.pk}/", 404)


def test_refused_booking_stays_on_the_form(un, ngo, booked):
    booked(ngo, 9, places=2)
    one, client = goods(un), standing("un")
    typed = {"key": uuid4(), "slot": at(9).isoformat(), "places": "1", "note": "what I wrote"}
    answer = client.post(f"/crossings/slots/new/{one.pk}/?day={next_open_day()}", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This slot is full: choose another one." in page
    assert "what I wrote" in page


def test_steps_that_are_not_ones_own_are_as_if_there_were_none(un, ngo, keeper, booked):
    first = booked(un)
    for slug, way, status in (("un", "confirm", 404), ("floor", "release", 404), ("ngo", "release", 404),
                              ("un", "release", 200), ("floor", "refuse", 200)):  # fmt: skip
        text(standing(slug), f"/crossings/slots/{first.pk}/{way}/", status)
    floor = standing("floor")
    floor.post(f"/crossings/slots/{first.pk}/refuse/", {"key": uuid4(), "reason": "quota", "note": ""})
    assert seen(un, first).state == SlotState.REFUSED


def test_observer_reads_and_states_nothing(keeper):
    client = standing("floor", "observer")
    page = text(client, day_page())
    assert f"/crossings/{CODE}/hours/" not in page
    text(client, f"/crossings/{CODE}/hours/", 403)


@pytest.mark.parametrize("path", ["/crossings/nowhere/", "/crossings/nowhere/print/", f"/crossings/slots/{NEVER}/"])
def test_what_is_not_there_is_404(keeper, path):
    text(standing("floor"), path, 404)


@pytest.mark.parametrize("asked", ["2026-13-45", "yesterday", "0001-01-01"])
def test_day_that_is_none_shows_today(keeper, asked):
    assert text(standing("floor"), f"/crossings/{CODE}/?day={asked}")


@pytest.mark.parametrize("language", ["ar", "he", "en"])
def test_pages_stand_in_every_language_and_on_paper(un, keeper, booked, language):
    first = booked(un)
    client = standing("un", language=language)
    for path in ("/crossings/", "/crossings/_today", day_page(), f"/crossings/{CODE}/_day", f"/crossings/{CODE}/print/",
                 "/crossings/slots/", "/crossings/slots/_list", f"/crossings/slots/{first.pk}/",
                 f"/crossings/slots/{first.pk}/_slot"):  # fmt: skip
        assert text(client, path)


def test_glance_and_day_cost_the_same_queries_however_much_is_there(un, keeper, booked):
    client = standing("floor")

    def queries(path: str) -> int:
        text(client, path)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            text(client, path)
        return len(caught)

    paths = (f"/crossings/?day={next_open_day()}", day_page(), "/crossings/slots/")
    booked(un, 9)
    actions.state_lanes(by=keeper, crossing=crossing(), stated=stated(), lanes=3)
    once = [queries(path) for path in paths]
    for hour in (10, 11):
        booked(un, hour)
    for by in (un, keeper):
        actions.state_lanes(by=by, crossing=crossing("zikim"), stated=stated(), lanes=2)
        actions.record_queue(by=by, crossing=crossing(), stated=stated(), trucks_waiting=4)
    assert [queries(path) for path in paths] == once


def test_links_say_what_is_known_of_each_slot(un, ngo, keeper, booked):
    free, gate = goods(un), goods(un, code="gate_96")
    first, second = booked(un, 9), booked(un, 10)
    actions.refuse_slot(by=keeper, booking=second, reason="quota")
    ids = [free.pk, gate.pk, first.consignment_id, second.consignment_id]
    with eyes_of(un):
        facts = {fact.consignment: fact for fact in links_of(ids, at(9))}
        resources = {one.code: one for one in crossing_resources(un)}
    keeps, own = f"{keeper.room_id}:crossing_officer", f"{un.room_id}:"
    assert [(facts[str(pk)].state, facts[str(pk)].holder) for pk in ids] == [
        ("waiting", own), ("not_needed", ""), ("done", keeps), ("refused", keeps),
    ]  # fmt: skip
    assert resources["crossing:kerem_shalom"].holder == keeps
    with eyes_of(ngo):
        assert links_of(ids, at(9)) == []


def test_links_cost_the_same_queries_for_one_and_for_many(un, booked):
    ids = [booked(un, hour).consignment_id for hour in (9, 10, 11)]

    def queries(wanted) -> int:
        with eyes_of(un), CaptureQueriesContext(connection) as caught:
            links_of(wanted, at(9))
        return len(caught)

    assert queries(ids) == queries(ids[:1])


def test_statement_has_a_page_of_its_own(keeper):
    said = actions.record_queue(by=keeper, crossing=crossing(), stated=stated(note="a long one"), trucks_waiting=40)
    assert "a long one" in text(standing("un"), f"/crossings/statements/{said.pk}/")
    with eyes_of(keeper):
        assert DayStatement.objects.get(pk=said.pk).read_at <= at(23, next_open_day() + DAY) - HOUR
    assert known().keeper(CODE).slug == "floor"
