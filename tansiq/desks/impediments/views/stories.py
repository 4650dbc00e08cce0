"""The page of one impediment: how it stands, its story on one line of time, and what may be done with it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tansiq.building.rooms.pages import page
from tansiq.desks.impediments.queries.stories import ImpedimentStory, impediment_story
from tansiq.desks.impediments.queries.words import words
from tansiq.desks.impediments.rules import Act, can

WAYS = (Act.RAISE_IMPEDIMENT, Act.ANSWER_IMPEDIMENT, Act.HAND_OVER_IMPEDIMENT, Act.AMEND_IMPEDIMENT,
        Act.RESOLVE_IMPEDIMENT, Act.WITHDRAW_IMPEDIMENT)  # fmt: skip


@page(Act.READ_IMPEDIMENT)
def impediment(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """One impediment on every tear line that is open to this room."""
    return render(request, "impediments/impediment.html", _context(request, impediment_id))


@page(Act.READ_IMPEDIMENT)
def impediment_piece(request: HttpRequest, impediment_id: UUID) -> HttpResponse:
    """Its state and story as a piece, for the page that is already open."""
    return render(request, "impediments/_story.html", _context(request, impediment_id))


def found_story(request: HttpRequest, impediment_id: UUID) -> ImpedimentStory:
    """The impediment with its story. Raises Http404 where there is none for this room."""
    story = impediment_story(request.actor, impediment_id, words(request.actor.operation_id))
    if story is None:
        raise Http404
    return story


def _context(request: HttpRequest, impediment_id: UUID) -> dict[str, Any]:
    story = found_story(request, impediment_id)
    one, by = story.row.impediment, request.actor
    ways = [act.value.rsplit(".", 1)[1] for act in WAYS if by.may(act) and can(one, act, by.room_id)]
    return {
        "story": story, "row": story.row, "impediment": one, "ways": ways,
        "detail": story.details[0] if story.details else None,
        "identities": story.identities[0] if story.identities else None,
        "may_release": one.room_id == by.room_id and by.may("doors.release.propose"),
    }  # fmt: skip
