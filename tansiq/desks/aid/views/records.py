"""How consignments and aid events pass a door: their rows, their titles and what a receiver is shown."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template.loader import render_to_string

from tansiq.building.doors.rules import RecordType, passes_doors
from tansiq.building.rooms.models import Room
from tansiq.desks.aid.models import (
    KIND_WORDS,
    AidEvent,
    Consignment,
    ConsignmentDetail,
    ConsignmentIdentities,
    ConsignmentLine,
    Discrepancy,
    HandlingUnit,
)
from tansiq.desks.aid.queries.discrepancies import discrepancy_story, rows_of_discrepancy
from tansiq.desks.aid.queries.rows import event_rows, events_of_consignment, line_amount, rows_on_line
from tansiq.desks.aid.queries.sharing import EVENT, holders, records_of_events
from tansiq.desks.aid.queries.words import named, words


def show_consignment(request: Any, record: Model) -> str:
    """A consignment as the asking room may read it; lines that are closed to it are absent."""
    known = words(request.actor)
    own = {"room": record.room_id, "consignment": record}  # type: ignore[attr-defined]
    detail = ConsignmentDetail.objects.filter(**own).order_by("-version").first()
    lines = ConsignmentLine.objects.filter(**own).order_by("number")
    context = {
        "consignment": record,
        "owner": Room.objects.get(pk=record.room_id),  # type: ignore[attr-defined]
        "crossing": named(known.crossings, record.crossing_code),  # type: ignore[attr-defined]
        "consignor": named(known.consignors, record.consignor_class),  # type: ignore[attr-defined]
        "detail": detail,
        "destination": named(known.areas, detail.destination) if detail else "",
        "identities": ConsignmentIdentities.objects.filter(**own).order_by("-version").first(),
        "lines": [line_amount(line, known) for line in lines],
        "units": list(HandlingUnit.objects.filter(**own).order_by("code")),
        "rows": [row for row in event_rows(events_of_consignment(record), known) if not row.is_struck],  # type: ignore[arg-type]
    }
    return render_to_string("aid/_consignment.html", context, request=None)


def show_event(request: Any, record: Model) -> str:
    """An event as the asking room may read it."""
    event = AidEvent.objects.select_related("handling_unit", "consignment", "room").get(pk=record.pk)
    row = event_rows([event], words(request.actor))[0]
    return render_to_string("aid/_event.html", {"row": row, "event": event}, request=None)


def title_of_event(record: Model) -> str:
    """What to call an event in a list of releases: its stage and what it happened to."""
    event = AidEvent.objects.select_related("handling_unit", "consignment").filter(pk=record.pk).first()
    if event is None:
        return ""
    about = event.handling_unit.code if event.handling_unit else event.unit_reference
    return f"{event.stage} {about or (event.consignment.reference if event.consignment else '')}".strip()


def around_event(event_id: UUID) -> Iterable[tuple[str, UUID]]:
    """The other editions of an event, and their consignments: a release of any of them reaches its rows too."""
    found = AidEvent.objects.filter(pk=event_id).values_list("room", "source", "source_key").first()
    places = records_of_events(found[0], [found[1:]]).values() if found else []
    return {place for held in places for place in held} - {(EVENT, event_id)}


def title_of_consignment(record: Model) -> str:
    """What to call a consignment in a list of releases."""
    return str(record.reference)  # type: ignore[attr-defined]


def show_discrepancy(request: Any, record: Model) -> str:
    """A discrepancy as the asking room may read it; without its detail there are no figures."""
    story = discrepancy_story(request.actor, record.pk, words(request.actor))
    return render_to_string("aid/_discrepancy.html", {"story": story, "row": story.row if story else None})


def title_of_discrepancy(record: Model) -> str:
    """What to call a discrepancy in a list of releases: its kind and its consignment."""
    consignment = Consignment.objects.filter(pk=record.consignment_id).first()  # type: ignore[attr-defined]
    kind = KIND_WORDS[record.kind]  # type: ignore[attr-defined]
    return f"{kind} · {consignment.reference}" if consignment else str(kind)


passes_doors(
    RecordType(
        code="aid_discrepancy", model=Discrepancy, rows=rows_of_discrepancy, title=title_of_discrepancy,
        url="aid:discrepancy", fragment=show_discrepancy, lines=("headline", "detail"),
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code="aid_consignment", model=Consignment, rows=partial(rows_on_line, "aid_consignment"),
        title=title_of_consignment, url="aid:consignment", fragment=show_consignment, holders=holders,
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code="aid_event", model=AidEvent, rows=partial(rows_on_line, "aid_event"), title=title_of_event,
        url="aid:event", fragment=show_event, lines=("headline", "detail"), within=around_event,
        holders=holders,
    )
)  # fmt: skip
