"""The floor's page, its panels as fragments, and the stream of events that keeps them true."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tansiq.building.clocks.queries import open_clocks
from tansiq.building.rooms.actors import Actor
from tansiq.building.rooms.pages import acting, no_entry, page
from tansiq.floor.hub import Seat, asked, running_hub
from tansiq.floor.queries.chain.held import held_by_link
from tansiq.floor.queries.crossings import crossing_groups
from tansiq.floor.queries.entries import latest_entries
from tansiq.floor.queries.flow import flows_today
from tansiq.floor.queries.impediments import open_impediments
from tansiq.floor.queries.seats import Holder
from tansiq.floor.queries.waiting import waiting_for
from tansiq.floor.rules import Act
from tansiq.floor.stream import Stream

CLOCKS_SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """A piece of the floor: who sees it, which topics change it, what it shows."""

    act: str
    topics: str
    read: Callable[[Actor], Any]


PANELS = {
    "map": Panel("places.place.read", "places", lambda by: by.may("places.crossing.read")),
    "flow": Panel("aid.count.read", "aid.event aid.count", flows_today),
    "waiting": Panel(Act.READ_FLOOR, "doors clocks.notice aid.import rooms people.recovery", waiting_for),
    "clocks": Panel("clocks.clock.read", "clocks", lambda by: open_clocks(by, most=CLOCKS_SHOWN)),
    "impediments": Panel("impediments.impediment.read", "impediments impediment clocks", open_impediments),
    "held": Panel(Act.READ_CHAIN, "aid clocks impediments", held_by_link),
    "crossings": Panel("places.crossing.read", "places.crossing", crossing_groups),
    "entries": Panel("ledger.entry.read", "*", latest_entries),
}


@page(Act.READ_FLOOR)
def floor(request: HttpRequest) -> HttpResponse:
    """One screen of the operation as the acting room may see it."""
    seen = {name: one for name, one in PANELS.items() if request.actor.may(one.act)}
    context = {name: one.read(request.actor) for name, one in seen.items()}
    topics = {name: one.topics for name, one in seen.items()}
    return render(request, "floor/floor.html", {**context, "topics": topics, "room": request.acting_room})


@page(Act.READ_FLOOR)
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """One panel alone, for a page that is open; absent for whose roles do not open it."""
    found = PANELS[name]
    if not request.actor.may(found.act):
        raise Http404
    return render(request, f"floor/_{name}.html", {name: found.read(request.actor)})


@require_safe
async def events(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What changed, as topics, for as long as the page is open and its reader may read; resumes by event id."""
    holder = await sync_to_async(asked)(_holder, request)
    if isinstance(holder, HttpResponse):
        return holder
    hub = running_hub()
    if not await hub.ready():
        return HttpResponse(status=503)
    last_id = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    stream = Stream(hub, Seat(holder), last_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(stream, content_type="text/event-stream", headers=headers)


events.act = Act.READ_FLOOR  # type: ignore[attr-defined]


def _holder(request: HttpRequest) -> Holder | HttpResponse:
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    actor = acting(request)
    if actor is None or not actor.may(Act.READ_FLOOR):
        return no_entry(request)
    mark = request.user.get_session_auth_hash()
    return Holder(request.user.pk, actor.room_id, request.session.session_key, mark)
