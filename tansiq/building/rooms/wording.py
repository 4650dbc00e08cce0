"""How moments are written for a person, the same in pages and in refusals."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import ngettext

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def date_time_group(moment: datetime) -> str:
    """A date-time group in UTC, as the field writes it: 211030Z NOV 26."""
    there = moment.astimezone(UTC)
    return f"{there:%d%H%M}Z {MONTHS[there.month - 1]} {there:%y}"


def span_in_words(span: timedelta) -> str:
    """A span of time in days, hours and minutes, in words of the reader's language."""
    hours, minutes = divmod(span.seconds // 60, 60)
    parts = [
        *[ngettext("%(count)s day", "%(count)s days", span.days) % {"count": span.days}] * bool(span.days),
        *[ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}] * bool(hours),
        *[ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}] * bool(minutes),
    ]
    return " ".join(parts) or ngettext("%(count)s minute", "%(count)s minutes", 0) % {"count": 0}
