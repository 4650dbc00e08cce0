"""Which bookings an event has used, and which are over without one."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from tansiq.desks.aid.models import AidEvent
from tansiq.desks.crossings.models import LIVE_STATES, SlotBooking, SlotState
from tansiq.desks.crossings.queries.setting import Setting

DAY = timedelta(days=1)


def missed_after(known: Setting) -> timedelta:
    """How long after the end of its slot a booking without an event counts as missed."""
    return known.stated.missed_after if known.stated else DAY


def using_event(booking: SlotBooking, known: Setting) -> AidEvent | None:
    """The first event at the crossing, on the day of the slot, that uses a booking, as far as its room reads it."""
    return _using([booking], known).get(booking.pk)


def to_follow(room_id: UUID, known: Setting, now: datetime) -> list[tuple[SlotBooking, bool]]:
    """A room's bookings that an event has used (True), or whose slot is over without one (False)."""
    late = known.stated.late_scans if known.stated else DAY
    begun = Q(state__in=LIVE_STATES, day__lte=known.local_day(now)) | Q(state=SlotState.MISSED, ends_at__gt=now - late)
    found = list(SlotBooking.objects.filter(begun, room=room_id).select_related("crossing").order_by("starts_at", "pk"))
    used, over = _using(found, known), now - missed_after(known)
    return [
        (one, one.pk in used)
        for one in found
        if one.pk in used or (one.state in LIVE_STATES and one.ends_at <= over)
    ]  # fmt: skip


def _using(found: list[SlotBooking], known: Setting) -> dict[UUID, AidEvent]:
    """For each booking the first event that uses it, in two queries."""
    if not found or known.stated is None:
        return {}
    events = _events({one.consignment_id for one in found}, known).order_by("occurred_at", "pk")
    first, last = min(one.starts_at for one in found) - DAY, max(one.ends_at for one in found) + DAY
    listed = list(events.filter(occurred_at__gte=first, occurred_at__lte=last))
    codes = {one.pk: one.code for one in known.crossings.values()}
    used: dict[UUID, AidEvent] = {}
    for one in found:
        for event in listed:
            if _fits(one, event, codes[one.crossing_id], known):
                used[one.pk] = event
                break
    return used


def _events(consignments: set[UUID], known: Setting) -> QuerySet[AidEvent]:
    stages = known.stated.used_by if known.stated else ()
    corrected = AidEvent.objects.filter(corrects__isnull=False, consignment__in=consignments).values("corrects")
    found = AidEvent.objects.filter(consignment__in=consignments, stage__in=stages, withdrawn=False, repeats=None)
    return found.exclude(pk__in=corrected)


def _fits(booking: SlotBooking, event: AidEvent, code: str, known: Setting) -> bool:
    if (event.consignment_id, event.crossing_code) != (booking.consignment_id, code):
        return False
    if booking.unit_id and event.handling_unit_id != booking.unit_id:
        return False
    return known.local_day(event.occurred_at) in (booking.day, known.local_day(booking.starts_at))
