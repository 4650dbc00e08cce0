"""Booking slots and answering them: each way of saying no, each state, and what stays hidden."""

from datetime import time

import pytest

from tansiq.building.places.actions import report_crossing_status
from tansiq.building.rooms.actors import eyes_of
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid import actions as aid
from tansiq.desks.aid.models import HandlingUnit
from tansiq.desks.aid.rules import EventStatement
from tansiq.desks.crossings import actions, jobs
from tansiq.desks.crossings.models import DayStatement, SlotAnswer, SlotBooking, SlotState
from tansiq.desks.crossings.rules import Act, Hours, SlotAsked
from tests import factories
from tests.desks.crossings.conftest import (
    DAY,
    HOUR,
    at,
    crossing,
    goods,
    next_open_day,
    seen,
    short,
    stated,
)

pytestmark = pytest.mark.django_db


def refusal(call) -> Refused:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


def test_booked_slot_is_read_by_its_own_room_and_the_keeper_alone(un, keeper, ngo, booked):
    first = booked(un)
    assert (seen(un, first).state, seen(keeper, first).pk) == (SlotState.BOOKED, first.pk)
    assert seen(ngo, first) is None


def test_booking_names_the_classes_of_the_obligations(un):
    def classes(**fields):
        one = goods(un, **fields)
        asked = SlotAsked(at(10), one.pk)
        return actions.book_slot(by=un, crossing=crossing(fields.get("code", "kerem_shalom")), asked=asked).classes

    assert classes() == []
    assert classes(commodity="diesel") == ["fuel"]
    assert classes(code="zikim") == ["north"]


def test_full_slot_is_refused_and_tells_nothing_of_others(un, ngo, booked):
    booked(un, 9)
    booked(un, 9)
    refused = refusal(lambda: booked(ngo, 9))
    assert (refused.code, str(refused)) == ("slot_full", "This slot is full: choose another one.")
    assert booked(ngo, 10).state == SlotState.BOOKED


def test_slot_without_enough_places_left_is_refused_in_the_same_words(un, ngo, booked):
    booked(un, 9)
    assert str(refusal(lambda: booked(ngo, 9, places=2))) == "This slot is full: choose another one."


def test_places_given_back_or_refused_are_free_again(un, ngo, keeper, booked):
    first, second = booked(un, 9), booked(un, 9)
    actions.release_slot(by=un, booking=first)
    actions.refuse_slot(by=keeper, booking=second, reason="quota")
    assert [booked(ngo, 9).state, booked(ngo, 9).state] == [SlotState.BOOKED] * 2


def test_consignment_books_once(un, booked):
    one = goods(un)
    booked(un, 9, consignment=one)
    refused = refusal(lambda: booked(un, 10, consignment=one))
    assert refused.code == "slot_consignment_twice"
    assert "09:00" in str(refused)


def test_truck_books_once_and_not_beside_its_whole_consignment(un, booked):
    one = goods(un, trucks=2)
    with eyes_of(un):
        first, second = HandlingUnit.objects.filter(consignment=one).order_by("code")
    booked(un, 9, consignment=one, unit_id=first.pk)
    assert refusal(lambda: booked(un, 10, consignment=one, unit_id=first.pk)).code == "slot_unit_twice"
    assert refusal(lambda: booked(un, 10, consignment=one)).code == "slot_consignment_twice"
    assert booked(un, 10, consignment=one, unit_id=second.pk).unit_id == second.pk


def test_truck_of_another_consignment_is_refused(un, booked):
    one, other = goods(un, trucks=1), goods(un)
    with eyes_of(un):
        unit = HandlingUnit.objects.get(consignment=one)
    assert refusal(lambda: booked(un, consignment=other, unit_id=unit.pk)).code == "slot_unit_elsewhere"


def test_consignment_that_the_room_does_not_read_is_as_one_that_never_was(un, ngo, booked):
    assert refusal(lambda: booked(ngo, consignment=goods(un))).code == "not_found"


def test_slot_outside_the_hours_is_refused_with_those_that_there_are(un, booked):
    refused = refusal(lambda: booked(un, starts_at=at(9, minute=30)))
    assert refused.code == "slot_outside_hours"
    assert "08:00, 09:00, 10:00" in str(refused)
    assert "17:00" not in str(refused)


def test_slot_of_a_day_on_which_it_does_not_open_is_refused(un, booked):
    day = next_open_day()
    while day.weekday() != 5:
        day += DAY
    refused = refusal(lambda: booked(un, starts_at=at(9, day)))
    assert (refused.code, day.isoformat() in str(refused)) == ("slot_day_closed", True)


def test_slot_in_the_past_or_too_far_ahead_is_refused(un, booked):
    assert refusal(lambda: booked(un, starts_at=at(9, next_open_day() - 30 * DAY))).code == "slot_past"
    assert refusal(lambda: booked(un, starts_at=at(9, next_open_day() + 30 * DAY))).code == "slot_too_far"


def test_slot_at_a_crossing_that_is_reported_closed_is_refused(un, keeper, booked):
    with eyes_of(keeper):
        report_crossing_status(by=keeper, crossing=crossing(), state="closed", reason="security_alert")
    assert refusal(lambda: booked(un)).code == "slot_closed"


def test_report_of_another_room_closes_no_slot(un, ngo, booked):
    report_crossing_status(by=ngo, crossing=crossing(), state="closed", reason="security_alert")
    assert booked(un).state == SlotState.BOOKED


def test_crossing_without_slots_is_refused(un):
    gate = crossing("gate_96")
    asked = SlotAsked(at(9), goods(un, code="gate_96").pk)
    assert refusal(lambda: actions.book_slot(by=un, crossing=gate, asked=asked)).code == "slot_none"


def test_hours_and_capacity_of_the_keeper_are_followed_and_no_one_elses(un, ngo, keeper, booked):
    day = next_open_day()
    actions.state_hours(by=keeper, crossing=crossing(), stated=stated(day), hours=Hours(time(10), time(14)))
    actions.state_hours(by=ngo, crossing=crossing(), stated=stated(day), hours=Hours(time(6), time(23)))
    actions.state_capacity(by=keeper, crossing=crossing(), stated=stated(day), trucks_per_slot=1, slot_minutes=120)
    assert refusal(lambda: booked(un, 9)).code == "slot_outside_hours"
    assert booked(un, 12).ends_at == at(14)
    assert refusal(lambda: booked(un, 12)).code == "slot_full"


def test_keeper_confirms_and_its_words_reach_the_room_that_booked(un, ngo, keeper, booked):
    first = booked(un)
    actions.confirm_slot(by=keeper, booking=first, note="bring the manifest")
    assert seen(un, first).state == SlotState.CONFIRMED
    for by, notes in ((un, ["bring the manifest"]), (ngo, [])):
        with eyes_of(by):
            assert list(SlotAnswer.objects.filter(booking=first).values_list("note", flat=True)) == notes


def test_only_the_keeper_answers_and_only_the_booker_gives_back(un, ngo, keeper, booked):
    first = booked(un)
    assert refusal(lambda: actions.confirm_slot(by=un, booking=first)).code == "slot_not_keeper"
    assert refusal(lambda: actions.release_slot(by=keeper, booking=first)).code == "slot_not_booker"
    for call in (actions.confirm_slot, actions.release_slot):
        assert refusal(lambda call=call: call(by=ngo, booking=first)).code == "not_found"


def test_refusal_needs_a_reason_of_the_operation(keeper, un, booked):
    refused = refusal(lambda: actions.refuse_slot(by=keeper, booking=booked(un), reason="mood"))
    assert (refused.code, "quota" in str(refused)) == ("crossing_reason_unknown", True)


def test_ended_booking_takes_no_further_step(un, keeper, booked):
    first = booked(un)
    actions.release_slot(by=un, booking=first)
    assert refusal(lambda: actions.confirm_slot(by=keeper, booking=first)).code == "slot_state"
    assert refusal(lambda: actions.release_slot(by=un, booking=first)).code == "slot_state"


def in_the_past(by, booked):
    """A booking of an open day some days ago, as the sample tells it."""
    day = next_open_day() - 7 * DAY
    return booked(by, starts_at=at(9, day), moment=at(9, day) - DAY)


def event(by, booking, stage="entered", hours=0, code="kerem_shalom"):
    with eyes_of(by):
        reference = booking.consignment.reference
    said = EventStatement(stage, booking.starts_at + hours * HOUR, source_key=f"{booking.pk} {stage} {hours}",
                          consignment=reference, crossing_code=code)  # fmt: skip
    return aid.record_event(by=by, statement=said)


def test_slot_without_an_event_is_missed_once(un, booked):
    first = in_the_past(un, booked)
    assert jobs.follow_slots.func(0) == 1
    assert (seen(un, first).state, seen(un, first).ended_at) == (SlotState.MISSED, first.ends_at)
    assert jobs.follow_slots.func(0) == 0


def test_event_at_the_crossing_on_the_day_uses_the_slot(un, keeper, booked):
    first = in_the_past(un, booked)
    actions.confirm_slot(by=keeper, booking=first)
    event(un, first, hours=3)
    assert jobs.follow_slots.func(0) == 1
    assert seen(un, first).state == SlotState.USED


@pytest.mark.parametrize("other", [{"hours": 48}, {"code": "zikim"}, {"stage": "loaded"}])
def test_event_of_another_day_crossing_or_stage_uses_no_slot(un, booked, other):
    first = in_the_past(un, booked)
    event(un, first, **other)
    jobs.follow_slots.func(0)
    assert seen(un, first).state == SlotState.MISSED


def test_statement_needs_a_source_and_a_crossing_of_the_operation(keeper):
    call = actions.state_lanes
    assert refusal(lambda: call(by=keeper, crossing=crossing(), stated=stated(source=" "), lanes=2)).code == (
        "crossing_source_missing"
    )


def test_hours_that_cannot_be_are_refused(keeper):
    def told(hours, **fields):
        return refusal(
            lambda: actions.state_hours(by=keeper, crossing=crossing(), stated=stated(**fields), hours=hours)
        ).code

    today = next_open_day() - 7 * DAY
    assert told(Hours(time(8))) == "crossing_hours_half"
    assert told(Hours(time(8), time(8))) == "crossing_hours_same"
    assert told(Hours()) == "crossing_reason_missing"
    assert told(Hours(reason="mood")) == "crossing_reason_unknown"
    assert told(short(12, today)) == "crossing_actual_ahead"
    assert told(short(12, today), day=today, reach="weekday") == "crossing_actual_reach"
    assert told(Hours(time(8), time(12), is_actual=True), day=today) == "crossing_reason_missing"


def test_statements_are_added_and_never_changed(keeper):
    said = actions.state_lanes(by=keeper, crossing=crossing(), stated=stated(), lanes=3)
    with eyes_of(keeper), pytest.raises(Exception, match="permission denied"):
        DayStatement.objects.filter(pk=said.pk).update(lanes=6)


def test_queue_needs_a_number_and_no_future(keeper):
    def told(**fields):
        return refusal(lambda: actions.record_queue(by=keeper, crossing=crossing(), stated=stated(), **fields)).code

    assert told() == "crossing_queue_empty"
    assert told(trucks_waiting=-1) == "crossing_number"
    assert told(trucks_waiting=3, read_at=at(9) + DAY) == "crossing_read_ahead"


def test_acts_are_refused_to_who_may_not(un, booked):
    observer = factories.actor("un", "observer")
    assert refusal(lambda: booked(observer, consignment=goods(un))).code == "not_permitted"
    assert observer.may(Act.READ_SLOT)


def test_same_submission_books_once(un):
    from uuid import uuid4

    key, asked = uuid4(), SlotAsked(at(9), goods(un).pk)
    first, again = (actions.book_slot(by=un, key=key, crossing=crossing(), asked=asked) for _ in range(2))
    assert first.pk == again.pk
    with eyes_of(un):
        assert SlotBooking.objects.count() == 1
