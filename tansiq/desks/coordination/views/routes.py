"""Pages of routes: every route with the statements on it side by side, one statement, and the form that states one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.clocks.queries import database_now
from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.lists import PER_PAGE
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.coordination import actions
from tansiq.desks.coordination.forms import RouteForm
from tansiq.desks.coordination.models import RouteStatement
from tansiq.desks.coordination.queries.routes import route_rows, routes, statements_page
from tansiq.desks.coordination.queries.words import words
from tansiq.desks.coordination.rules import Act
from tansiq.desks.coordination.views.listing import onward


@page(Act.READ_ROUTE)
def routes_page(request: HttpRequest) -> HttpResponse:
    """Every route with what is stated of it now, and every statement, latest first."""
    return render(request, "coordination/routes.html", _context(request))


@page(Act.READ_ROUTE)
def routes_list(request: HttpRequest) -> HttpResponse:
    """The same as a piece, for the page that is already open."""
    return render(request, "coordination/_routes.html", _context(request))


@page(Act.READ_ROUTE)
def route_statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """One statement on a route, as far as it is open to this room."""
    found = RouteStatement.objects.select_related("room").filter(
        pk=statement_id, room__operation=request.actor.operation_id
    ).first()  # fmt: skip
    if found is None:
        raise Http404
    row = route_rows([found], words(request.actor.operation_id), database_now())[0]
    is_own = found.room_id == request.actor.room_id
    context = {
        "row": row, "statement": found, "may_release": is_own and request.actor.may("doors.release.propose"),
    }  # fmt: skip
    return render(request, "coordination/statement.html", context)


@page(Act.STATE_ROUTE)
def route_state(request: HttpRequest) -> HttpResponse:
    """State how a route stands."""
    known = words(request.actor.operation_id)
    chosen = request.GET.get("route", "")
    initial = {"route_code": chosen} if chosen in known.usable("route") else {}
    form = RouteForm(request.POST or None, words=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_route(by=request.actor, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The statement is recorded; former ones stay readable."))
            return redirect("coordination:routes")
    return render(request, "coordination/state_route.html", {"form": form}, status=422 if form.is_bound else 200)


def _context(request: HttpRequest) -> dict[str, Any]:
    known, now, by = words(request.actor.operation_id), database_now(), request.actor
    try:
        shown = statements_page(by, after=request.GET.get("after"), size=PER_PAGE)
    except ValueError:  # a mark that is none begins anew
        shown = statements_page(by, after=None, size=PER_PAGE)
    query = request.GET.urlencode()
    return onward(request, shown) | {
        "tab": "routes", "routes": routes(known, now), "rows": route_rows(shown.rows, known, now),
        "shares": share_state_of(shown.rows, by), "may_state": by.may(Act.STATE_ROUTE),
        "now_here": f"?{query}" if query else "",
        "is_authority": any(room.pk == by.room_id for room in known.authorities),
    }  # fmt: skip
