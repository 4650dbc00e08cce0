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
    """The signed-in person at work in the room chosen for this session; None without a place in any room."""
    if hasattr(request, "actor"):
        return request.actor
    request.memberships = memberships_of(request.user)
    chosen = _chosen(request.memberships, request.session.get(SESSION_ROOM))
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
    for membership in memberships:
        if str(membership.room_id) == room_id:
            return membership
    return memberships[0] if memberships else None
