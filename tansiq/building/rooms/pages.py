"""Who acts on a page: the signed-in person, at work in the room chosen for the session."""

from collections.abc import Callable
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tansiq.building.rooms.actors import Actor, actor_for, memberships_of
from tansiq.building.rooms.models import Membership
from tansiq.building.wall.pages import no_entry, page, public

__all__ = ["acting", "choose_room", "no_entry", "page", "public"]

SESSION_ROOM = "room"
FORM_ROOM = "opened_in_room"  # the hidden field of every form: the room for which it was opened
SEND_THERE = "send_there"  # the person said: work in that room again, and send it there
NOT_TYPED = frozenset({"csrfmiddlewaretoken", FORM_ROOM, SEND_THERE})


class ActingMiddleware:
    """Lets any page ask who acts; nothing is looked up before it asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request the way to its actor."""
        request.find_actor = partial(acting, request)
        request.turn_back_stray = partial(turn_back_stray, request)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def acting(request: HttpRequest) -> Actor | None:
    """The signed-in person at work in the room chosen for this session; None where none is chosen.

    A single room needs no choice. Once a session works in a room it stays there until the person chooses another:
    neither a place that some room gives, nor the end of one's own place, takes what is sent into another room.
    """
    if hasattr(request, "actor"):
        return request.actor
    request.memberships = memberships_of(request.user)
    chosen = _chosen(request.memberships, request.session.get(SESSION_ROOM))
    request.must_choose = bool(request.memberships) and chosen is None
    if chosen and SESSION_ROOM not in request.session:
        request.session[SESSION_ROOM] = str(chosen.room_id)
    request.actor = actor_for(chosen, request.user, via="page") if chosen else None
    request.acting_room = chosen.room if chosen else None
    if chosen:
        timezone.activate(ZoneInfo(chosen.room.operation.time_zone))
    return request.actor


def turn_back_stray(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form that was opened for another room than the one at work now; None for every other request.

    Two tabs share one session: what was typed for one room must never be done in another. Nothing is lost: the page
    holds what was typed, and sends it where it belongs once the person says so.
    """
    opened_in = request.POST.get(FORM_ROOM) if request.method == "POST" else None
    actor = acting(request)
    if not opened_in or (actor is not None and str(actor.room_id) == opened_in):
        return None
    place = _chosen(request.memberships, opened_in)
    if place is not None and request.POST.get(SEND_THERE):
        choose_room(request, place.room_id)
        del request.actor
        return None
    context = {
        "opened_in": place.room if place else None,
        "form_room_id": place.room_id if place else None,
        "typed": [(name, value) for name, values in request.POST.lists() if name not in NOT_TYPED for value in values],
        "has_files": bool(request.FILES),
        "send_there": SEND_THERE,
    }
    if "HX-Request" in request.headers:
        answer = render(request, "rooms/_strayed.html", context, status=409)
        answer["HX-Retarget"], answer["HX-Reswap"] = "#announcements", "innerHTML"
        return answer
    return render(request, "rooms/strayed.html", context, status=409)


def choose_room(request: HttpRequest, room_id: UUID) -> bool:
    """Work in another of one's own rooms from now on; False when the person has no place there."""
    if not any(membership.room_id == room_id for membership in memberships_of(request.user)):
        return False
    request.session[SESSION_ROOM] = str(room_id)
    return True


def _chosen(memberships: list[Membership], room_id: str | None) -> Membership | None:
    if room_id is None:
        return memberships[0] if len(memberships) == 1 else None
    return next((membership for membership in memberships if str(membership.room_id) == room_id), None)
