"""The page of one consignment's whole story: coordination, events, clocks, impediments, releases, in order of time."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.building.clocks.queries import database_now
from tansiq.building.rooms.pages import page
from tansiq.desks.coordination.queries.timeline import consignment_timeline
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import STATE_NAMES, Act


@page(Act.READ_COORDINATION)
def consignment(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """The whole story of one consignment."""
    return render(request, "coordination/consignment.html", _context(request, consignment_id))


@page(Act.READ_COORDINATION)
def consignment_piece(request: HttpRequest, consignment_id: UUID) -> HttpResponse:
    """The story as a piece, for the page that is already open."""
    return render(request, "coordination/_whole.html", _context(request, consignment_id))


def _context(request: HttpRequest, consignment_id: UUID) -> dict[str, object]:
    story, by = consignment_timeline(request.actor, consignment_id, words(request.actor.operation_id)), request.actor
    if story is None:
        raise Http404
    return {
        "story": story, "consignment": story.consignment, "rows": story.rows, "as_of": database_now(),
        "overall": story.overall, "overall_name": STATE_NAMES.get(story.overall or "", ""),
        "may_ask": story.consignment.room_id == by.room_id and by.may(Act.ASK_COORDINATION),
        "may_read_consignment": by.may("aid.consignment.read"),
    }  # fmt: skip
