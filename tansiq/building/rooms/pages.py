"""The one way to make a page: sign-in, room, permission and one transaction behind the wall."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.template.loader import render_to_string

from tansiq.building.rooms.actors import Actor, actor_for, memberships_of
from tansiq.building.rooms.models import Membership
from tansiq.building.wall.context import room_context

SESSION_ROOM = "room"

View = Callable[..., HttpResponse]


def page(act: str) -> Callable[[View], View]:
    """Make a view a page of a room: only for who may do the act there; all it reads passes the wall."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor = acting(request)
            if actor is None or not actor.may(act):
                return no_entry(request)
            with room_context(account_id=actor.account_id, room_ids=(actor.room_id,)), transaction.atomic():
                return view(request, *args, **kwargs)

        shown.act = act  # type: ignore[attr-defined]
        return shown

    return decorate


def public(view: View) -> View:
    """Mark a view that needs no room; it can read nothing behind the wall."""
    view.act = None  # type: ignore[attr-defined]
    return view


def acting(request: HttpRequest) -> Actor | None:
    """The signed-in person at work in the room chosen for this session; None without a place in any room."""
    if hasattr(request, "actor"):
        return request.actor
    request.memberships = memberships_of(request.user)
    chosen = _chosen(request.memberships, request.session.get(SESSION_ROOM))
    request.actor = actor_for(chosen, request.user, via="page") if chosen else None
    request.acting_room = chosen.room if chosen else None
    return request.actor


def choose_room(request: HttpRequest, room_id: UUID) -> bool:
    """Work in another of one's own rooms from now on; False when the person has no place there."""
    if not any(membership.room_id == room_id for membership in memberships_of(request.user)):
        return False
    request.session[SESSION_ROOM] = str(room_id)
    return True


def no_entry(request: HttpRequest) -> HttpResponse:
    """The page for a person whose roles do not open this page; names nothing that lies behind it."""
    return HttpResponseForbidden(render_to_string("403.html", request=request))


def _chosen(memberships: list[Membership], room_id: str | None) -> Membership | None:
    for membership in memberships:
        if str(membership.room_id) == room_id:
            return membership
    return memberships[0] if memberships else None
