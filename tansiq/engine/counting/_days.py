"""Which counting day a moment belongs to, in a place's own time and with its own start of day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from tansiq.engine.counting._measures import Integers

_DAY_S: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)


def day_numbers(moments: Integers, timezone: str, day_starts_s: int = 0) -> Integers:
    """Number the counting day of each moment; day 0 begins on 1 January 1970, local time.

    moments : (n,) int        s since 1970 UTC
    timezone : str            IANA name
    day_starts_s : int        local clock time at which the day begins, s after midnight
    Returns : (n,) int        days; a change of the clock moves the boundary with it
    """
    if not moments.size:
        return moments.astype(np.int64)
    starts, offsets = _offset_steps(int(moments.min()), int(moments.max()), ZoneInfo(timezone))
    if starts.size == 1:
        return (moments + (int(offsets[0]) - day_starts_s)) // _DAY_S
    local = moments + offsets[np.searchsorted(starts, moments, side="right") - 1]
    return (local - day_starts_s) // _DAY_S


def day_date(number: int) -> date:
    """Give the calendar date of a counting day."""
    return _EPOCH + timedelta(days=number)


def day_bounds(first: date, last: date, timezone: str, day_starts_s: int = 0) -> tuple[int, int]:
    """Give the half-open period that covers whole counting days, both dates included.

    Returns : (int, int)      s since 1970 UTC; the start is in, the end is out
    Raises : ValueError       last before first
    """
    if last < first:
        raise ValueError("the period ends before it starts")
    zone = ZoneInfo(timezone)
    clock = (datetime.combine(first, time()) + timedelta(seconds=day_starts_s)).time()
    end = last + timedelta(days=1)
    return tuple(_first_moment(day, clock, zone) for day in (first, end))  # type: ignore[return-value]


def _first_moment(day: date, clock: time, zone: ZoneInfo) -> int:
    """Find the first second of a counting day, also where the clock jumps over or repeats it."""
    guess = int(datetime.combine(day, clock, tzinfo=zone).timestamp())
    number = (day - _EPOCH).days
    start_s = clock.hour * 3600 + clock.minute * 60 + clock.second
    window = np.arange(guess - 7200, guess + 7201, dtype=np.int64)
    numbers = day_numbers(window, str(zone), start_s)
    return int(window[np.argmax(numbers >= number)])


def _offset_steps(first: int, last: int, zone: ZoneInfo) -> tuple[Integers, Integers]:
    """Tabulate the offset from UTC between two moments: where each offset starts, and its size in s."""
    starts, offsets = [first], [_offset(first, zone)]
    for moment in (*range(first + _DAY_S, last, _DAY_S), last):
        offset = _offset(moment, zone)
        if offset != offsets[-1]:
            starts.append(_step(moment - _DAY_S, moment, zone))
            offsets.append(offset)
    return np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64)


def _step(before: int, after: int, zone: ZoneInfo) -> int:
    """Find the first second of the later offset by halving."""
    later = _offset(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if _offset(middle, zone) == later else (middle, after)
    return after


def _offset(moment: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(moment, UTC).astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
