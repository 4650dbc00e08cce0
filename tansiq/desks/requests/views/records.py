"""How requests and decisions pass a door: their rows, their titles and what a receiver is shown."""

from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from tansiq.building.doors.rules import RecordType, passes_doors
from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.models import Reference
from tansiq.desks.requests.models import ClearanceDecision, ClearanceToken, Request
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.queries.precedents import rows_of
from tansiq.desks.requests.queries.stories import decision_rows_on_line, request_story, rows_on_line
from tansiq.desks.requests.rules import DECISION_TYPE, RECORD_TYPE


def show_request(request: Any, record: Model) -> str:
    """A request as the asking room may read it; lines that are closed to it are absent."""
    story = request_story(request.actor, record.pk, words(request.actor.operation_id))
    return render_to_string("requests/_request.html", {"story": story, "held": story.request if story else None})


def show_decision(request: Any, record: Model) -> str:
    """A decision as the asking room may read it."""
    found = ClearanceDecision.objects.filter(pk=record.pk)
    rows = rows_of(found, words(request.actor.operation_id))
    token = ClearanceToken.objects.filter(decision=record.pk).first()
    return render_to_string("requests/_decision.html", {"row": rows[0] if rows else None, "token": token})


def title_of(record: Model) -> str:
    """What to call a request in a list of releases."""
    assert isinstance(record, Request)  # noqa: S101 - the kind of record says so
    return f"{record.reference} {record.title}"


def title_of_decision(record: Model) -> str:
    """What to call a decision: the item in the reader's language, and what was decided."""
    assert isinstance(record, ClearanceDecision)  # noqa: S101 - the kind of record says so
    entry = Reference.objects.filter(operation__room=record.room_id, kind="commodity", code=record.commodity).first()
    return f"{local_name(entry.names) if entry else record.commodity}: {record.get_outcome_display()}"


passes_doors(
    RecordType(
        code=RECORD_TYPE, model=Request, rows=rows_on_line, title=title_of, url="requests:request",
        fragment=show_request,
    )
)  # fmt: skip
passes_doors(
    RecordType(
        code=DECISION_TYPE, model=ClearanceDecision, rows=decision_rows_on_line, title=title_of_decision,
        url="requests:decision", fragment=show_decision, lines=("headline", "detail"),
        contains={
            "headline": _("The item, what was decided, why, by which role, until when."),
            "detail": _("Quantity, conditions, words, and the token."),
        },
    )
)  # fmt: skip
