"""The ways through the building that the acting person may take."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.building.people.middleware import lacks_second_factor
from tansiq.building.rooms.pages import acting

SECTIONS = (
    # (name of the group, its sections), in the order in which they are shown; a section is
    # (url name, label, key after "g", icon, the act that opens it)
    (
        _("Picture"),
        (
            ("floor:floor", _("Floor"), "f", "floor", "floor.floor.read"),
            ("floor:chain", _("Chain board"), "h", "chain", "floor.chain.read"),
            ("impediments:impediments", _("Impediments"), "m", "warning", "impediments.impediment.read"),
            ("clocks:clocks", _("Clocks"), "k", "clock", "clocks.clock.read"),
            ("places:places", _("Places"), "p", "place", "places.place.read"),
            ("places:crossings", _("Crossings"), "x", "crossing", "places.crossing.read"),
        ),
    ),
    (
        _("Aid chain"),
        (
            ("coordination:askings", _("Coordination"), "o", "forward", "coordination.coordination.read"),
            ("requests:requests", _("Requests"), "q", "file", "requests.request.read"),
            ("transport:manifests", _("Transport"), "t", "truck", "transport.manifest.read"),
            ("crossings:today", _("Crossings today"), "y", "crossing", "crossings.day.read"),
            ("needs:needs", _("Needs"), "n", "people", "needs.caseload.read"),
            ("distribution:warehouses", _("Distribution"), "b", "pallet", "distribution.warehouse.read"),
        ),
    ),
    (
        _("Aid ledger"),
        (
            ("aid:events", _("Aid"), "a", "aid", "aid.event.read"),
            ("aid:counts", _("Counts"), "c", "count", "aid.count.read"),
            ("aid:imports", _("Imports"), "i", "import", "aid.import.read"),
        ),
    ),
    (
        _("Building"),
        (
            ("doors:releases", _("Doors"), "d", "door", "doors.release.read"),
            ("ledger:entries", _("Ledger"), "l", "ledger", "ledger.entry.read"),
            ("rooms:room", _("Room"), "r", "room", "rooms.room.read"),
        ),
    ),
)
AT_HAND = 4  # sections in the bar at the foot of a phone; the others open with a button beside them


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: open sections in groups, the acting room and the person's other rooms."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    if signed_in and request.path.startswith("/accounts/") and lacks_second_factor(request):  # all ways lead back here
        return {"navigation": [], "actor_rooms": [], "rooms_closed": True}
    actor = acting(request) if signed_in else None
    if actor is None:
        return {"navigation": [], "actor_rooms": []}
    return {
        "navigation": _groups(request, actor),
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


def _groups(request: HttpRequest, actor: Any) -> list[dict[str, Any]]:
    """The open sections in their groups; the one with the longest address that leads here is current."""
    found = [
        {"group": group, "url": reverse(name), "label": label, "key": key, "icon": icon}
        for group, sections in SECTIONS
        for name, label, key, icon, act in sections
        if actor.may(act)
    ]
    here = max((one["url"] for one in found if request.path.startswith(one["url"])), key=len, default="")
    shown = [{**one, "current": one["url"] == here, "at_hand": number < AT_HAND} for number, one in enumerate(found)]
    return [
        {"label": group, "sections": [one for one in shown if one["group"] is group]}
        for group, _sections in SECTIONS
        if any(one["group"] is group for one in shown)
    ]
