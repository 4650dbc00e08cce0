"""Pages of storm mode: the storms, one with its ranking and what would help, opening and closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.rooms.lists import paged
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.needs import actions
from tansiq.desks.needs.forms import CloseForm, StormForm, named
from tansiq.desks.needs.models import Storm, StormState
from tansiq.desks.needs.queries.exposures import helping, ranked, storm_or_none
from tansiq.desks.needs.queries.exposures import storms as storms_seen
from tansiq.desks.needs.rules import Act
from tansiq.desks.needs.views.records import facts_of
from tansiq.desks.needs.views.statements import known_or_404


@page(Act.READ_STORM)
def storms(request: HttpRequest) -> HttpResponse:
    """The storms that this room reads, open ones first."""
    known_or_404(request)
    context: dict[str, Any] = paged(request, storms_seen(request.actor))
    context |= {"tab": "storms", "may_open": request.actor.may(Act.OPEN_STORM)}
    return render(request, "needs/storms.html", context)


@page(Act.READ_STORM)
def storm(request: HttpRequest, storm_id: UUID) -> HttpResponse:
    """One storm: sites ranked with the arithmetic, and the consignments that would help."""
    return render(request, "needs/storm.html", _ranking(request, _found(request, storm_id)))


@page(Act.READ_STORM)
def storm_piece(request: HttpRequest, storm_id: UUID) -> HttpResponse:
    """The ranking as a piece."""
    return render(request, "needs/_ranking.html", _ranking(request, _found(request, storm_id)))


@page(Act.OPEN_STORM)
def storm_open(request: HttpRequest) -> HttpResponse:
    """Open storm mode over a warning."""
    known = known_or_404(request)
    form = StormForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.open_storm(by=request.actor, key=form.cleaned_data["key"], stated=form.stated())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Storm mode is open; sites are ranked below."))
            return redirect("needs:storm", storm_id=done.pk)
    return render(request, "needs/state.html", {"form": form, "what": "storm"}, status=422 if form.is_bound else 200)


@page(Act.CLOSE_STORM)
def storm_close(request: HttpRequest, storm_id: UUID) -> HttpResponse:
    """Close storm mode, as the room that opened it."""
    known, one = known_or_404(request), _found(request, storm_id)
    if one.room_id != request.actor.room_id or one.state != StormState.OPEN:
        raise Http404
    form = CloseForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_storm(by=request.actor, key=form.cleaned_data["key"], storm=one,
                                reason=form.cleaned_data["reason"])  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Storm mode is closed."))
            return redirect("needs:storm", storm_id=one.pk)
    context = {"form": form, "what": "close", "storm": one}
    return render(request, "needs/state.html", context, status=422 if form.is_bound else 200)


def _found(request: HttpRequest, storm_id: UUID) -> Storm:
    found = storm_or_none(storm_id, request.actor)
    if found is None:
        raise Http404
    return found


def _ranking(request: HttpRequest, one: Storm) -> dict[str, Any]:
    known = known_or_404(request)
    places, covered = ranked(request.actor, known, one)
    levels, is_own = named(known.needs.levels), one.room_id == request.actor.room_id
    return facts_of(one, request.actor.operation_id) | {
        "storm": one,
        "places": [(each, known.areas.get(each.p_code, {}), levels.get(each.exposure.level, {})) for each in places],
        "helping": [(helps, known.commodities.get(helps.commodity, {}), known.areas.get(helps.destination, {}))
                    for helps in helping(known, one, covered)],
        "may_close": is_own and one.state == StormState.OPEN and request.actor.may(Act.CLOSE_STORM),
        "may_release": is_own and request.actor.may("doors.release.propose"),
        "indicators": [item.names.as_data() for item in known.needs.indicators if item.storm],
    }  # fmt: skip
