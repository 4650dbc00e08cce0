"""The lists: all requests, those of this room, those that this room has to answer; as pages, pieces and files."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import default_marking, share_state_of
from tansiq.building.rooms.exports import Column, Listing, exported, listing_of
from tansiq.building.rooms.lists import PER_PAGE, file_links, filters_in_words
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.queries import local_name
from tansiq.desks.aid.queries.latest import Page
from tansiq.desks.coordination.forms import AskingFilterForm
from tansiq.desks.coordination.queries import lists
from tansiq.desks.coordination.queries.lists import BY_ASKED, AskingRow
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import ASKING, Act

CHUNK = 500


@page(Act.READ_COORDINATION)
def askings(request: HttpRequest) -> HttpResponse:
    """Every request that this room reads, latest first, narrowed by the address."""
    return _shown(request, "")


@page(Act.READ_COORDINATION)
def askings_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece, for the page that is already open."""
    return render(request, "coordination/_rows.html", _context(request, ""))


@page(Act.READ_COORDINATION)
def askings_mine(request: HttpRequest) -> HttpResponse:
    """What this room asked."""
    return _shown(request, "mine")


@page(Act.READ_COORDINATION)
def askings_mine_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "coordination/_rows.html", _context(request, "mine"))


@page(Act.READ_COORDINATION)
def askings_queue(request: HttpRequest) -> HttpResponse:
    """What this room is asked to agree to, with the time that is left."""
    return _shown(request, "queue")


@page(Act.READ_COORDINATION)
def askings_queue_list(request: HttpRequest) -> HttpResponse:
    """The same list as a piece."""
    return render(request, "coordination/_rows.html", _context(request, "queue"))


def onward(request: HttpRequest, shown: Page) -> dict[str, Any]:
    """The ways on and back of a list in pages by key."""
    query: QueryDict = request.GET.copy()
    query.pop("after", None)
    start = f"?{query.urlencode()}" if request.GET.get("after") else ""
    if shown.after:
        query["after"] = shown.after
    return {"onward": f"?{query.urlencode()}" if shown.after else "", "start": start}


def _shown(request: HttpRequest, side: str) -> HttpResponse:
    return exported(request, lambda: _listing(request, side)) or render(
        request, "coordination/askings.html", _context(request, side)
    )


def _context(request: HttpRequest, side: str) -> dict[str, Any]:
    known = words(request.actor.operation_id)
    form = AskingFilterForm(request.GET, words=known)
    found = lists.askings(request.actor, form.wanted(side))
    try:
        shown = lists.page_of(found, after=request.GET.get("after"), size=PER_PAGE)
    except ValueError:  # a mark that is none begins anew
        shown = lists.page_of(found, after=None, size=PER_PAGE)
    query, rows = request.GET.urlencode(), lists.rows_of(shown.rows, request.actor, known)
    return onward(request, shown) | {
        "form": form, "tab": side or "all", "rows": [(row, lists.ways(request.actor, row)) for row in rows],
        "files": file_links(request), "shares": share_state_of(shown.rows, request.actor),
        "now_here": f"?{query}" if query else "",
        "is_authority": any(room.pk == request.actor.room_id for room in known.authorities),
    }  # fmt: skip


def _listing(request: HttpRequest, side: str) -> Listing:
    known = words(request.actor.operation_id)
    form = AskingFilterForm(request.GET, words=known)
    found = BY_ASKED.applied(lists.askings(request.actor, form.wanted(side)))
    columns = [
        Column(_("Consignment"), "#meta+consignment"), Column(_("Version"), "#meta+version", "number"),
        Column(_("Authority"), "#org+authority+name"), Column(_("Asked by"), "#org+asking+name"),
        Column(_("State"), "#status+name"), Column(_("Was left without an answer"), "#status+silence"),
        Column(_("Reason"), "#status+reason"), Column(_("Asked"), "#date+asked", "moment"),
        Column(_("Window from"), "#date+start", "moment"), Column(_("Window until"), "#date+end", "moment"),
        Column(_("Crossing"), "#loc+crossing+name"), Column(_("Stands so since"), "#date+status", "moment"),
        Column(_("Deadline"), "#date+due", "moment"), Column(_("Outcome"), "#status+outcome"),
        Column(_("Minutes held"), "#indicator+held+num", "number"),
    ]  # fmt: skip
    marking = default_marking(request.actor.operation_id, ASKING, ("headline",))
    lines = _lines(request, found, known)
    return listing_of(request, _("Requests for coordination"), columns, lines, filters=filters_in_words(form),
                      marking=marking)  # fmt: skip


def _lines(request: HttpRequest, found: Any, known: Any) -> Iterator[tuple[Any, ...]]:
    """A line for each, read in pieces so that a long list needs little memory."""
    part: list[Any] = []
    for one in found.iterator(chunk_size=CHUNK):
        part.append(one)
        if len(part) == CHUNK:
            yield from map(_line, lists.rows_of(part, request.actor, known))
            part = []
    yield from map(_line, lists.rows_of(part, request.actor, known))


def _line(row: AskingRow) -> tuple[Any, ...]:
    one = row.asking
    return (
        one.reference, one.version, local_name(row.authority), local_name(row.asker), row.state_name,
        _("yes") if row.was_silent else _("no"), local_name(row.reason), one.asked_at, one.window_from,
        one.window_until, local_name(row.crossing), row.standing.since, row.standing.lapse_at,
        local_name(row.outcome), row.held_minutes,
    )  # fmt: skip
