"""Who acts on a page: the signed-in person, at work in the room chosen for the session."""

from collections.abc import Callable
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tansiq.building.rooms.actors import Actor, actor_for, memberships_of
from tansiq.building.rooms.models import Membership
from tansiq.building.wall.pages import no_entry, page, public

__all__ = ["acting", "choose_room", "no_entry", "page", "public"]

SESSION_ROOM = "room"


class ActingMiddleware:
    """Lets any page ask who acts; nothing is looked up before it asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request the way to its actor."""
        request.find_actor = partial(acting, request)
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
