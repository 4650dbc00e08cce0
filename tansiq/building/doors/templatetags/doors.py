"""The mark of who reads a row: own, released to whom, received from whom, waiting, recalled."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import ShareState, share_state_of
from tansiq.building.rooms.models import RoomRecord
from tansiq.building.rooms.queries import local_name

register = template.Library()


@register.simple_tag
def share_of(share: Mapping[UUID, ShareState], row: RoomRecord) -> SafeString:
    """The mark of one row of a list, from what ``share_state_of`` answered for the whole list."""
    return _marks(share[row.pk])


@register.simple_tag(takes_context=True)
def share_state(context: Any, row: RoomRecord) -> SafeString:
    """The mark of a single record; a list asks once for all its rows and uses ``share_of``."""
    return _marks(share_state_of([row], context["request"].actor)[row.pk])


def _marks(state: ShareState) -> SafeString:
    names = ", ".join(local_name(names) for names in state.rooms)
    rooms = _("from %(room)s") % {"room": names} if state.kind == "received" else names
    marks = [] if state.is_pending and state.kind == "own" else [(state.kind, rooms)]
    marks += [("pending", "")] if state.is_pending else []
    return mark_safe(  # noqa: S308 - two renderings of an escaping template
        " ".join(render_to_string("_share_state.html", {"state": kind, "rooms": rooms}) for kind, rooms in marks)
    )
