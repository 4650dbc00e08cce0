"""The ways through the building that the acting person may take."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.pages import acting

SECTIONS = (
    # (url name, label, key after "g", icon, the act that opens it)
    ("floor:floor", _("Floor"), "f", "floor", "floor.floor.read"),
    ("aid:events", _("Aid"), "a", "aid", "aid.event.read"),
    ("aid:counts", _("Counts"), "c", "counts", "aid.count.read"),
    ("aid:imports", _("Imports"), "i", "imports", "aid.import.read"),
    ("places:places", _("Places"), "p", "places", "places.place.read"),
    ("places:crossings", _("Crossings"), "x", "crossings", "places.crossing.read"),
    ("clocks:clocks", _("Clocks"), "k", "clocks", "clocks.clock.read"),
    ("doors:releases", _("Doors"), "d", "doors", "doors.release.read"),
    ("ledger:entries", _("Ledger"), "l", "ledger", "ledger.entry.read"),
    ("rooms:room", _("Room"), "r", "rooms", "rooms.room.read"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: sections that the roles open, the acting room and the person's other rooms."""
    user = getattr(request, "user", None)
    actor = acting(request) if user is not None and user.is_authenticated else None
    if actor is None:
        return {"navigation": [], "actor_rooms": []}
    return {
        "navigation": [_section(request, *section) for section in SECTIONS if actor.may(section[4])],
        "actor_rooms": [membership.room for membership in request.memberships],
        "acting_room": request.acting_room,
    }


def _section(request: HttpRequest, name: str, label: Any, key: str, icon: str, act: str) -> dict[str, Any]:
    url = reverse(name)
    return {"url": url, "label": label, "key": key, "icon": icon, "current": request.path.startswith(url)}
