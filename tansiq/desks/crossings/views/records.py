"""How statements on a crossing's day and bookings of slots pass a door: rows, titles, what a receiver is shown."""

from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template.loader import render_to_string

from tansiq.building.doors.rules import RecordType, passes_doors
from tansiq.building.rooms.queries import local_name
from tansiq.desks.crossings.models import DayStatement, DayStatementDetail, SlotBooking, StatementKind
from tansiq.desks.crossings.queries.setting import closure_reasons, refusal_reasons, setting
from tansiq.desks.crossings.queries.slots import booking_story, rows_on_line
from tansiq.desks.crossings.queries.statements import details_of
from tansiq.desks.crossings.rules import DAY_RECORD, SLOT_RECORD

LINES = ("headline", "detail")


def statement_rows(record_id: UUID, line: str) -> list[tuple[type[Model], list[UUID]]]:
    """The rows of a statement on a tear line."""
    if line == "headline":
        return [(DayStatement, [record_id])]
    found = DayStatementDetail.objects.filter(statement=record_id)
    return [(DayStatementDetail, list(found.values_list("pk", flat=True)))] if line == "detail" else []


def title_of_statement(record: Model) -> str:
    """What to call a statement: what it is of, where, and for which day."""
    said: Any = record
    return f"{StatementKind(said.kind).label} · {local_name(said.crossing.place.names)} · {said.day.isoformat()}"


def title_of_booking(record: Model) -> str:
    """What to call a booking: where and for when."""
    booked: Any = record
    return f"{local_name(booked.crossing.place.names)} · {booked.starts_at:%Y-%m-%d %H:%MZ}"


def show_statement(request: Any, record: Model) -> str:
    """A statement as the asking room may read it."""
    said: Any = record
    known = setting(request.actor.operation_id)
    context = {
        "said": said, "detail": details_of([said]).get(said.pk), "crossing": said.crossing.place.names,
        "kind": StatementKind(said.kind).label, "reason": closure_reasons(known).get(said.reason, said.reason),
    }  # fmt: skip
    return render_to_string("crossings/_statement.html", context)


def show_booking(request: Any, record: Model) -> str:
    """A booking as the asking room may read it."""
    known = setting(request.actor.operation_id)
    story = booking_story(record.pk, known, refusal_reasons(known))
    return render_to_string("crossings/_booking.html", {"story": story, "row": story.row if story else None})


passes_doors(
    RecordType(
        code=DAY_RECORD, model=DayStatement, rows=statement_rows, title=title_of_statement, url="crossings:statement",
        fragment=show_statement, lines=LINES,
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code=SLOT_RECORD, model=SlotBooking, rows=rows_on_line, title=title_of_booking, url="crossings:slot",
        fragment=show_booking, lines=LINES,
    )
)  # fmt: skip
