"""What must be known of a consignment's units before they are changed: how often they tried."""

from django.db.models import Max

from tansiq.desks.aid.models import AidEvent, Consignment


def attempts_of(consignment: Consignment) -> dict[str, int]:
    """The highest attempt of each unit of which an event of the consignment tells, by code."""
    rows = AidEvent.objects.filter(
        room=consignment.room_id, consignment=consignment, withdrawn=False, handling_unit__isnull=False
    )
    counted = rows.values("handling_unit__code").annotate(last=Max("attempt"))
    return dict(counted.values_list("handling_unit__code", "last"))
