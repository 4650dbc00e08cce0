"""How moments are written for a person, the same in pages and in refusals."""

from datetime import UTC, datetime

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def date_time_group(moment: datetime) -> str:
    """A date-time group in UTC, as the field writes it: 211030Z NOV 26."""
    there = moment.astimezone(UTC)
    return f"{there:%d%H%M}Z {MONTHS[there.month - 1]} {there:%y}"
