"""The page of one request with its whole story, and that of an authority's own file on one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.building.rooms.pages import page
from tansiq.desks.coordination.queries.decisions import decision_story
from tansiq.desks.coordination.queries.lists import ways
from tansiq.desks.coordination.queries.stories import AskingStory, asking_story
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import Act
from tansiq.desks.impediments.rules import Act as Impediments


@page(Act.READ_COORDINATION)
def asking(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """One request on every tear line that is open to this room."""
    return render(request, "coordination/asking.html", _context(request, asking_id))


@page(Act.READ_COORDINATION)
def asking_piece(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """Its state and story as a piece, for the page that is already open."""
    return render(request, "coordination/_story.html", _context(request, asking_id))


@page(Act.READ_COORDINATION)
def decision(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """What one authority said and did about one request, as far as it is open to this room."""
    story = decision_story(request.actor, decision_id, words(request.actor.operation_id))
    if story is None:
        raise Http404
    is_own = story.decision.room_id == request.actor.room_id
    context = {
        "story": story, "decision": story.decision,
        "may_release": is_own and request.actor.may("doors.release.propose"),
    }  # fmt: skip
    return render(request, "coordination/decision.html", context)


def found_story(request: HttpRequest, asking_id: UUID) -> AskingStory:
    """The request with its story. Raises Http404 where there is none for this room."""
    story = asking_story(request.actor, asking_id, words(request.actor.operation_id))
    if story is None:
        raise Http404
    return story


def _context(request: HttpRequest, asking_id: UUID) -> dict[str, Any]:
    story, by = found_story(request, asking_id), request.actor
    one = story.row.asking
    return {
        "story": story, "row": story.row, "asking": one,
        "ways": ways(by, story.row),
        "may_release": one.room_id == by.room_id and by.may("doors.release.propose"),
        "may_release_decision": one.authority_id == by.room_id and story.decision is not None
        and by.may("doors.release.propose"),
        "may_read_impediments": by.may(Impediments.READ_IMPEDIMENT),
        "may_read_consignment": by.may("aid.consignment.read"),
    }  # fmt: skip
