"""Counting days in local time, with changes of the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.engine.counting import day_bounds, day_date, day_numbers

ZONES = ("UTC", "Asia/Gaza", "Asia/Jerusalem", "Africa/Khartoum", "America/New_York")


@given(st.lists(st.integers(1_400_000_000, 1_800_000_000), min_size=1, max_size=8), st.sampled_from(ZONES))
@settings(max_examples=60, deadline=None)
def test_day_numbers_equal_the_calendar_date(moments, zone):
    dates = [day_date(day) for day in day_numbers(np.array(moments), zone).tolist()]
    assert dates == [datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone)).date() for at in moments]


def test_day_may_begin_in_the_evening():
    at = int(datetime(2025, 11, 25, 18, 0, tzinfo=UTC).timestamp())
    days = day_numbers(np.array([at - 1, at]), "UTC", 18 * 3600)
    assert [day_date(day) for day in days.tolist()] == [date(2025, 11, 24), date(2025, 11, 25)]


def test_day_bounds_cover_exactly_their_days():
    for zone in ZONES:
        for first in (date(2025, 3, 28), date(2025, 4, 12), date(2025, 10, 25), date(2025, 11, 2)):
            start, end = day_bounds(first, first, zone, 0)
            days = day_numbers(np.array([start - 1, start, end - 1, end]), zone)
            number = (first - date(1970, 1, 1)).days
            assert days.tolist() == [number - 1, number, number, number + 1]


def test_day_bounds_know_the_short_day():
    start, end = day_bounds(date(2025, 4, 12), date(2025, 4, 12), "Asia/Gaza")
    assert end - start == 23 * 3600
