"""Shows a record as another room sees it."""

import copy
import hashlib
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from tansiq.building.doors.actions import Show
from tansiq.building.doors.rules import RecordType
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.models import Room


def as_receiver(request: HttpRequest, kind: RecordType) -> Show:
    """Render a record's fragment for somebody of the receiving room, with no roles and no name."""

    def show(room: Room, record: Model) -> str:
        seen = copy.copy(request)
        seen.user, seen.memberships, seen.acting_room = AnonymousUser(), [], room
        seen.actor = Actor(None, room.pk, room.operation_id, frozenset(), "", "page")
        return shown_to(seen, kind, record)

    return show


def shown_to(request: HttpRequest, kind: RecordType, record: Model) -> SafeString:
    """The record's own fragment, which escapes what was typed."""
    return mark_safe(kind.fragment(request, record))  # noqa: S308 - made by the desk's template


def digest(shown: Iterable[tuple[Room, str]]) -> str:
    """Names what a person was shown, so that an agreement to it is no agreement to something else."""
    whole = hashlib.sha256()
    for room, html in shown:
        whole.update(f"{room.slug} {len(html)}\n{html}".encode())
    return whole.hexdigest()
