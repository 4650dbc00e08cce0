"""Which open pages may stay open: session, account, membership and role, asked again for all of them at once."""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from tansiq.building.people.middleware import BEGAN, SEEN
from tansiq.building.people.models import Account
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Membership, Role, Room
from tansiq.building.wall.context import room_context
from tansiq.floor.rules import Act


@dataclass(frozen=True)
class Holder:
    """Who holds a page open, and from which room."""

    account_id: UUID
    room_id: UUID
    session_key: str
    password_mark: str  # changes with the password


def still_admitted(holders: Collection[Holder]) -> set[Holder]:
    """Those whose session lives, whose account is enabled, and who still work in the room in a role that reads."""
    sessions = _living_sessions({holder.session_key for holder in holders})
    accounts = Account.objects.filter(pk__in={holder.account_id for holder in holders}, is_active=True)
    marks = {account.pk: account.get_session_auth_hash() for account in accounts.only("password")}
    places = {place for room_id in {holder.room_id for holder in holders} for place in _readers_in(room_id)}
    return {
        holder
        for holder in holders
        if holder.session_key in sessions
        and marks.get(holder.account_id) == holder.password_mark
        and (holder.room_id, holder.account_id) in places
    }


def _living_sessions(keys: Collection[str]) -> set[str]:
    """Those that have not ended, nor stand unused for longer than a session may; an open page is not use."""
    now = time.time()
    kept = Session.objects.filter(session_key__in=keys, expire_date__gt=datetime.now(UTC))
    found = {session.session_key: session.get_decoded() for session in kept}
    return {
        key
        for key, content in found.items()
        if now - content.get(SEEN, now) <= settings.SESSION_IDLE_S
        and now - content.get(BEGAN, now) <= settings.SESSION_COOKIE_AGE
    }


def _readers_in(room_id: UUID) -> list[tuple[UUID, UUID]]:
    reading = _reading_roles(room_id)
    with room_context(room_ids=(room_id,)), transaction.atomic():
        members = Membership.objects.filter(room_id=room_id, ended_at=None).values_list("account_id", "roles")
        return [(room_id, account_id) for account_id, roles in members if reading.intersection(roles)]


def _reading_roles(room_id: UUID) -> set[str]:
    room = Room.objects.get(pk=room_id)
    roles: Iterable[Role] = Role.objects.filter(operation=room.operation_id)
    return {
        role.code
        for role in roles
        if Actor(None, room_id, room.operation_id, frozenset(role.acts), "", "page").may(Act.READ_FLOOR)
    }
