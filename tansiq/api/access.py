"""Who asks: a program with a token, or the signed-in person's own browser."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer

from tansiq.api.problems import Refusal
from tansiq.building.people.actions import note_use
from tansiq.building.people.tokens import live_token
from tansiq.building.rooms.actors import Actor, actor_for, memberships_of
from tansiq.building.rooms.pages import acting


class Token(HttpBearer):
    """`Authorization: Bearer tsq_…`: one account in one room, for some acts, until an hour."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Who acts by this token. Every reason for no gets the same answer."""
        now = datetime.now(UTC)
        found = live_token(token, _address(request), now)
        if found is None:
            raise AuthenticationError
        place = next((place for place in memberships_of(found.account) if place.room_id == found.room_id), None)
        if place is None:
            raise AuthenticationError
        note_use(found, now)
        request.acting_room = place.room  # type: ignore[attr-defined]
        return actor_for(place, found.account, via="api", scope=found.acts)


class Session(APIKeyCookie):
    """The session of a signed-in person; what changes something carries the page's CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        """Who acts by this session; a header of another kind is never overlooked in its favour."""
        if "Authorization" in request.headers or not request.user.is_authenticated:
            raise AuthenticationError
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """The person, at work in the room that the session chose."""
        actor = acting(request)
        if actor is None:
            raise Refusal(403, "no_room")
        return actor


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""
