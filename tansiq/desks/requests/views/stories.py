"""The page of one request, and the consignments that are made of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.ledger.queries import entry_of
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.requests import actions
from tansiq.desks.requests.forms.deciding import ConsignForm
from tansiq.desks.requests.models import LIVE_STATES, Request
from tansiq.desks.requests.queries.movable import latest_consignment, movable_lines
from tansiq.desks.requests.queries.operation import words
from tansiq.desks.requests.queries.stories import RequestStory, request_story
from tansiq.desks.requests.rules import Act, can

WAYS = (Act.AMEND_REQUEST, Act.SEND_REQUEST, Act.WITHDRAW_REQUEST, Act.CONSIGN_REQUEST)


@page(Act.READ_REQUEST)
def request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request on every tear line that is open to this room."""
    return render(request, "requests/request.html", _context(request, request_id))


@page(Act.READ_REQUEST)
def request_piece(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Its lines and story as a piece, for the page that is already open."""
    return render(request, "requests/_story.html", _context(request, request_id))


@page(Act.CONSIGN_REQUEST)
def request_consign(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Make a consignment of what was cleared and is not in one yet."""
    held = Request.objects.select_related("room").filter(pk=request_id, room=request.actor.room_id).first()
    if held is None or not can(held.state, Act.CONSIGN_REQUEST):
        raise Http404
    form = ConsignForm(request.POST or None, words=words(request.actor.operation_id), lines=movable_lines(held))
    if form.is_bound and form.is_valid():
        try:
            done = actions.consign_request(
                by=request.actor, key=form.cleaned_data["key"], request=held, part=form.part()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            made = latest_consignment(done)
            messages.success(request, _("The consignment %(name)s is registered.") % {"name": made and made.reference})
            return redirect("requests:request", request_id=held.pk)
    context = {"form": form, "held": held}
    return render(request, "requests/consign.html", context, status=422 if form.is_bound else 200)


def found_story(request: HttpRequest, request_id: UUID) -> RequestStory:
    """The request with its story. Raises Http404 where there is none for this room."""
    story = request_story(request.actor, request_id, words(request.actor.operation_id))
    if story is None:
        raise Http404
    return story


def _context(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    story = found_story(request, request_id)
    one, by = story.request, request.actor
    is_own = one.room_id == by.room_id
    ways = [act.value.rsplit(".", 1)[1] for act in WAYS if is_own and by.may(act) and can(one.state, act)]
    if not any(line.movable.left for line in story.lines):
        ways = [way for way in ways if way != "consign"]
    asks = is_own and one.state in LIVE_STATES
    return {
        "may_inform": asks and by.may(Act.GIVE_INFORMATION), "may_appeal": asks and by.may(Act.APPEAL_CLEARANCE),
        "story": story, "held": one, "ways": ways, "is_own": is_own, "entry": entry_of(one), "room_id": by.room_id,
        "may_release": is_own and one.sent_at and by.may("doors.release.propose"),
    }  # fmt: skip
