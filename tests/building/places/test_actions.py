"""Crossings: reports, what each room sees of them, as of when, and quotas."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from tansiq.building.ledger.models import Entry
from tansiq.building.places import actions
from tansiq.building.places.loading import report_stated_states
from tansiq.building.places.models import Crossing, CrossingStatus, CrossingStatusDetail
from tansiq.building.places.queries.crossings import crossing_now, crossings_now, database_now, status_history
from tansiq.building.rooms.refusals import Refused
from tests.building.places.conftest import DIRECTORY, inside

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossing(owned) -> Crossing:
    return Crossing.objects.get(operation=owned.pk, code="zikim")


def refusal(call) -> str:
    with pytest.raises(Refused) as refused, transaction.atomic():
        call()
    return refused.value.code


def test_report_writes_status_detail_and_entry(alpha, crossing):
    status = actions.report_crossing_status(
        by=alpha, crossing=crossing, state="closed", reason="holiday", source="radio", note="said twice"
    )
    with inside(alpha):
        entry = Entry.objects.filter(room_id=alpha.room_id).order_by("-seq").first()
        detail = CrossingStatusDetail.objects.get(status=status)
        assert (entry.act, entry.object_id) == ("places.crossing_status.report", status.pk)
        assert (detail.source, detail.note, status.state) == ("radio", "said twice", "closed")


def test_state_is_seen_by_its_room_and_absent_elsewhere(alpha, beta, crossing):
    actions.report_crossing_status(by=alpha, crossing=crossing, state="open")
    with inside(alpha), transaction.atomic():
        assert crossing_now(crossing, alpha).state == "open"
    with inside(beta), transaction.atomic():
        seen = crossing_now(crossing, beta)
        assert (seen.state, seen.status, seen.differing) == ("no_information", None, ())
        assert list(status_history(crossing)) == []


def test_latest_state_counts_and_former_one_is_found_as_of_its_time(alpha, crossing):
    now = database_now()
    actions.report_crossing_status(
        by=alpha, crossing=crossing, state="closed", reason="other", since_at=now - timedelta(hours=3)
    )
    actions.report_crossing_status(by=alpha, crossing=crossing, state="open", since_at=now - timedelta(hours=1))
    with inside(alpha), transaction.atomic():
        known = now + timedelta(seconds=5)
        states = [crossing_now(crossing, alpha, now - timedelta(hours=hours), known).state for hours in (0, 2, 4)]
        assert states == ["open", "closed", "no_information"]
        assert (
            crossing_now(crossing, alpha, now, now - timedelta(hours=2)).state == "no_information"
        )  # not yet reported then


def test_late_report_of_an_earlier_state_does_not_replace_the_present_one(alpha, crossing):
    now = database_now()
    actions.report_crossing_status(by=alpha, crossing=crossing, state="open", since_at=now - timedelta(hours=1))
    actions.report_crossing_status(
        by=alpha, crossing=crossing, state="closed", reason="other", since_at=now - timedelta(hours=5)
    )
    with inside(alpha), transaction.atomic():
        assert crossing_now(crossing, alpha).state == "open"


def test_refusals_name_what_is_wrong(alpha, crossing):
    now, report = database_now(), actions.report_crossing_status
    hour = timedelta(hours=1)
    assert refusal(lambda: report(by=alpha, crossing=crossing, state="open", since_at=now + hour)) == "status_in_future"
    assert (
        refusal(lambda: report(by=alpha, crossing=crossing, state="open", since_at=now, until_at=now))
        == "status_ends_before"
    )
    assert refusal(lambda: report(by=alpha, crossing=crossing, state="closed")) == "status_without_reason"
    assert (
        refusal(lambda: report(by=alpha, crossing=crossing, state="closed", reason="nonsense"))
        == "status_reason_unknown"
    )
    with inside(alpha):
        assert CrossingStatus.objects.count() == 0


def test_quota_in_force_is_the_latest_of_each_class_until_it_ends(alpha, crossing):
    def change(day: date, units: int | None, goods_class: str = "") -> None:
        actions.change_crossing_quota(
            by=alpha, crossing=crossing, units_per_day=units, from_date=day, source="notice", goods_class=goods_class
        )

    change(date(2026, 1, 1), 100)
    change(date(2026, 1, 10), 60)
    change(date(2026, 1, 1), 8, "fuel")
    change(date(2026, 1, 20), None, "fuel")
    at = database_now()
    with inside(alpha), transaction.atomic():

        def quotas(day: int) -> list[tuple]:
            moment = at.replace(year=2026, month=1, day=day, hour=12)
            return [(one.goods_class, one.units_per_day) for one in crossing_now(crossing, alpha, moment, at).quotas]

        assert quotas(5) == [("", 100), ("fuel", 8)]
        assert quotas(15) == [("", 60), ("fuel", 8)]
        assert quotas(25) == [("", 60)]
    assert (
        refusal(
            lambda: actions.change_crossing_quota(
                by=alpha, crossing=crossing, units_per_day=1, from_date=date(2026, 2, 1), source=" "
            )
        )
        == "quota_without_source"
    )


def test_stated_states_are_reported_once(floor):
    assert report_stated_states(DIRECTORY, by=floor) == 12
    assert report_stated_states(DIRECTORY, by=floor) == 0
    with inside(floor), transaction.atomic():
        states = {one.crossing.code: one.state for one in crossings_now(floor)}
        assert (states["kerem_shalom"], states["rafah"], states["erez"]) == ("open", "open_with_restrictions", "closed")
