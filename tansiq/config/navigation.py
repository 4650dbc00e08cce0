"""The ways through the building that the acting person may take."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.people.middleware import lacks_second_factor
from tansiq.building.rooms.pages import acting

SECTIONS = (
    # (url name, label, key after "g", icon, the act that opens it)
    ("floor:floor", _("Floor"), "f", "floor", "floor.floor.read"),
    ("aid:events", _("Aid"), "a", "aid", "aid.event.read"),
    ("aid:counts", _("Counts"), "c", "count", "aid.count.read"),
    ("aid:imports", _("Imports"), "i", "import", "aid.import.read"),
    ("impediments:impediments", _("Impediments"), "m", "warning", "impediments.impediment.read"),
    ("places:places", _("Places"), "p", "place", "places.place.read"),
    ("places:crossings", _("Crossings"), "x", "crossing", "places.crossing.read"),
    ("clocks:clocks", _("Clocks"), "k", "clock", "clocks.clock.read"),
    ("doors:releases", _("Doors"), "d", "door", "doors.release.read"),
    ("ledger:entries", _("Ledger"), "l", "ledger", "ledger.entry.read"),
    ("rooms:room", _("Room"), "r", "room", "rooms.room.read"),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: sections that the roles open, the acting room and the person's other rooms."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    if signed_in and request.path.startswith("/accounts/") and lacks_second_factor(request):  # all ways lead back here
        return {"navigation": [], "actor_rooms": [], "rooms_closed": True}
    actor = acting(request) if signed_in else None
    if actor is None:
        return {"navigation": [], "actor_rooms": []}
    return {
        "navigation": _sections(request, actor),
        "actor_rooms": [
            {
                "id": membership.room_id,
                "room": membership.room.names,
                "operation": membership.room.operation.names,
                "current": membership.room_id == actor.room_id,
            }
            for membership in request.memberships
        ],
        "acting_room": request.acting_room,
        "actor_switch_url": reverse("rooms:choose"),
        "search_url": reverse("places:places") if actor.may("places.place.read") else "",
        "search_text": request.GET.get("q", ""),
        "live_stream": reverse("floor:events") if actor.may("floor.floor.read") else "",
        "room_links": [{"url": reverse("people:recoveries"), "label": _("Recoveries"), "icon": "lock"}]
        if actor.may("people.recovery.read")
        else [],
        "member_links": [{"name": "people:account-disable", "label": _("Disable account"), "icon": "lock"}]
        if actor.may("people.account.disable")
        else [],
        "person_links": [{"url": reverse("people:me"), "label": _("My account"), "icon": "person"}],
    }


def _sections(request: HttpRequest, actor: Any) -> list[dict[str, Any]]:
    """The open sections; the one with the longest address that leads to this page is where the reader stands."""
    found = [
        {"url": reverse(name), "label": label, "key": key, "icon": icon}
        for name, label, key, icon, act in SECTIONS
        if actor.may(act)
    ]
    here = max((one["url"] for one in found if request.path.startswith(one["url"])), key=len, default="")
    return [{**one, "current": one["url"] == here} for one in found]
