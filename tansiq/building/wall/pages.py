"""The one way to make a page: sign-in, room, permission and one transaction behind the wall."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect
from django.template.loader import render_to_string

from tansiq.building.wall.context import room_context

View = Callable[..., HttpResponse]


class Acting(Protocol):
    """What a page must know of who asks: which account, which room, which acts."""

    account_id: UUID | None
    room_id: UUID

    def may(self, act: str) -> bool:
        """Whether the act is allowed here."""


def page(act: str) -> Callable[[View], View]:
    """Make a view a page of a room: only for who may do the act there; all it reads passes the wall.

    The rooms' middleware tells who acts (``request.find_actor``) and whether a form was opened for another room
    (``request.turn_back_stray``), so that the ledger's pages, on a lower storey than rooms, can be guarded
    like all others.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            turned_back: HttpResponse | None = request.turn_back_stray()
            if turned_back is not None:
                return turned_back
            actor: Acting | None = request.find_actor()
            if actor is None:  # none chosen, or no place in any: there, invitations wait
                return redirect("rooms:choose")
            if not actor.may(act):
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


def no_entry(request: HttpRequest) -> HttpResponse:
    """The page for a person whose roles do not open this page; names nothing that lies behind it."""
    return HttpResponseForbidden(render_to_string("403.html", request=request))
