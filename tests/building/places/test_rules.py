"""Opening hours: by local weekday, past midnight too."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tansiq.building.places.rules import hours_of, is_within_hours

ZONE = ZoneInfo("Asia/Gaza")
HOURS = {"friday": "08:00-13:00", "saturday": "22:00-02:00", "monday": "00:00-24:00"}


@pytest.mark.parametrize(
    ("day", "clock", "is_within"),
    [
        (2, "07:59", False), (2, "08:00", True), (2, "12:59", True), (2, "13:00", False),  # Friday
        (3, "21:59", False), (3, "23:00", True), (4, "01:59", True), (4, "02:00", False),  # Saturday into Sunday
        (5, "00:00", True), (5, "23:59", True), (6, "00:00", False), (1, "12:00", False),
    ],
)  # fmt: skip
def test_moment_is_within_opening_hours(day, clock, is_within):
    hour, minute = map(int, clock.split(":"))
    moment = datetime(2026, 1, day, hour, minute, tzinfo=ZONE)
    assert is_within_hours(HOURS, moment) is is_within


def test_hours_of_a_day_without_any():
    assert hours_of(HOURS, datetime(2026, 1, 1, tzinfo=ZONE)) is None
    assert hours_of(HOURS, datetime(2026, 1, 2, tzinfo=ZONE)) == "08:00-13:00"
