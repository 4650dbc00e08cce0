"""The acts of places, and what may be said of a crossing."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from tansiq.building.ledger.words import register_words
from tansiq.building.places.models import CrossingState
from tansiq.building.rooms.refusals import Refused, register
from tansiq.building.rooms.wording import date_time_group

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCKS_APART = timedelta(minutes=2)  # a reporter's clock may be ahead of ours by this much
MAP_STATES = {
    CrossingState.OPEN: "open",
    CrossingState.OPEN_WITH_RESTRICTIONS: "restricted",
    CrossingState.CLOSED: "closed",
    CrossingState.NO_INFORMATION: "unknown",
}


class Act(StrEnum):
    """What can be done with places and crossings."""

    READ_PLACE = "places.place.read"
    LOAD_PLACE = "places.place.load"
    READ_CROSSING = "places.crossing.read"
    REPORT_CROSSING_STATUS = "places.crossing_status.report"
    CHANGE_CROSSING_QUOTA = "places.crossing_quota.change"


KIND_LABELS = {
    "adm0": _("country"), "adm1": _("area of the first level"), "adm2": _("area of the second level"),
    "adm3": _("area of the third level"), "adm4": _("area of the fourth level"), "area": _("area"), "city": _("city"),
    "town": _("town"), "village": _("village"), "camp": _("camp"), "neighbourhood": _("neighbourhood"),
    "populated_place": _("populated place"), "site": _("site"), "hub": _("hub"), "warehouse": _("warehouse"),
    "watercourse": _("watercourse"), "crossing": _("crossing"), "line": _("line"), "road": _("road"),
    "observed_marker": _("observed marker"), "main": _("main road"), "corridor": _("corridor"),
    "access": _("access road"), "street": _("street"), "outline": _("outline"),
    "point_of_passage": _("point of passage"), "governorate": _("governorate"), "gazetteer": _("gazetteer"),
}  # fmt: skip
"""Words for kinds and catalogues that are usual; another one is shown as its file writes it."""

REFUSALS = {
    "status_in_future": _("A state that begins later (%(since_at)s) cannot be reported as a fact."),
    "status_ends_before": _("The expected end (%(until_at)s) must be after the beginning (%(since_at)s)."),
    "status_without_reason": _("A crossing that is closed or restricted needs a reason."),
    "status_reason_unknown": _("%(reason)s is not a reason that this operation uses for crossings."),
    "crossing_elsewhere": _("There is no such crossing in this operation."),
    "quota_without_source": _("A change of quota needs its source."),
}
register(REFUSALS)
register_words(
    {
        Act.LOAD_PLACE: _("Places loaded"),
        Act.REPORT_CROSSING_STATUS: _("State of a crossing reported"),
        Act.CHANGE_CROSSING_QUOTA: _("Quota of a crossing changed"),
    }
)


def needs_reason(state: str) -> bool:
    """Whether a report of this state must say why."""
    return state in (CrossingState.CLOSED, CrossingState.OPEN_WITH_RESTRICTIONS)


def check_status(state: str, reason: str, since_at: datetime, until_at: datetime | None, now: datetime) -> None:
    """A report speaks of now or the past, ends after it begins, and says why. Raises Refused."""
    if since_at > now + CLOCKS_APART:
        raise Refused("status_in_future", since_at=date_time_group(since_at))
    if until_at is not None and until_at <= since_at:
        raise Refused("status_ends_before", until_at=date_time_group(until_at), since_at=date_time_group(since_at))
    if needs_reason(state) and not reason:
        raise Refused("status_without_reason")


def hours_of(hours: dict[str, str], moment: datetime) -> str | None:
    """The opening hours of the local moment's weekday, "08:00-17:00"; None on a day without any."""
    return hours.get(WEEKDAYS[moment.weekday()]) or None


def is_within_hours(hours: dict[str, str], moment: datetime) -> bool:
    """Whether a local moment falls into the opening hours; hours past midnight belong to the day they began."""
    minute = moment.hour * 60 + moment.minute
    for day_back in (0, 1):
        text = hours.get(WEEKDAYS[(moment.weekday() - day_back) % 7])
        if not text:
            continue
        begin, end = (_minutes(part) for part in text.split("-"))
        end += 24 * 60 if end <= begin else 0
        if begin <= minute + day_back * 24 * 60 < end:
            return True
    return False


def _minutes(text: str) -> int:
    hours, minutes = text.strip().split(":")
    return int(hours) * 60 + int(minutes)
