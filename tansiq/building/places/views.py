"""Pages of places and crossings, their map feeds, and the search while typing."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS as DAY_NAMES
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.places import actions
from tansiq.building.places.forms import MomentForm, QuotaForm, SearchForm, StatusForm
from tansiq.building.places.models import Crossing, Place
from tansiq.building.places.queries import crossings as crossing_queries
from tansiq.building.places.queries import drawings, lists
from tansiq.building.places.queries.search import Found, search_places
from tansiq.building.places.rules import WEEKDAYS, Act
from tansiq.building.rooms.models import Operation
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused

PER_PAGE = 50
FOUND_MOST = 50
SUGGESTED = 8


@page(Act.READ_PLACE)
def places(request: HttpRequest) -> HttpResponse:
    """The gazetteer: search by any spelling, or browse a catalogue."""
    form = SearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"q": "", "catalogue": ""}
    operation_id = request.actor.operation_id
    context: dict[str, Any] = {"asked": asked, "catalogues": lists.catalogues_of(operation_id)}
    if asked["q"]:
        context["found"] = search_places(asked["q"], request.actor, FOUND_MOST, catalogue=asked["catalogue"])
    else:
        paginator = Paginator(lists.places_of(operation_id, catalogue=asked["catalogue"]), PER_PAGE)
        context["page"] = paginator.get_page(request.GET.get("page"))
        context["pages"] = paginator.get_elided_page_range(context["page"].number)
    return render(request, "places/places.html", context)


@page(Act.READ_PLACE)
def search(request: HttpRequest) -> HttpResponse:
    """Places for what is being typed: a fragment of HTML, or JSON for who asks for it."""
    found = search_places(request.GET.get("q", ""), request.actor, SUGGESTED)
    if request.GET.get("format") == "json" or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"places": [_as_json(one) for one in found]})
    return render(request, "places/_found.html", {"found": found, "asked": {"q": request.GET.get("q", "")}})


@page(Act.READ_PLACE)
def place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """One place: every spelling by language and claimant, and every version of what is drawn."""
    found = _place(request, place_id)
    area = getattr(found, "as_area", None)
    context = {
        "place": found, "area": area, "spellings": lists.spellings_of(found), "versions": lists.versions_of(found),
        "claimants": drawings.claimants(request.actor.operation_id), "crossing": getattr(found, "as_crossing", None),
        "children": area.children.select_related("place").order_by("p_code") if area else [],
        "listed": lists.global_pcode(area.p_code) if area else None,
    }  # fmt: skip
    return render(request, "places/place.html", context)


@page(Act.READ_PLACE)
def areas(request: HttpRequest) -> HttpResponse:
    """The areas of the operation by level."""
    return render(request, "places/areas.html", {"areas": lists.areas_of(request.actor.operation_id)})


@page(Act.READ_CROSSING)
def crossings(request: HttpRequest) -> HttpResponse:
    """Every crossing with its state as this room sees it, now or as of a past moment."""
    at, form = _moment(request)
    seen = crossing_queries.crossings_now(request.actor, at, at)
    return render(request, "places/crossings.html", {"crossings": seen, "form": form, "at": at})


@page(Act.READ_CROSSING)
def crossings_fragment(request: HttpRequest) -> HttpResponse:
    """The list of crossings alone, for a page that is open."""
    return render(request, "places/_crossings.html", {"crossings": crossing_queries.crossings_now(request.actor)})


@page(Act.READ_CROSSING)
def crossing(request: HttpRequest, code: str) -> HttpResponse:
    """One crossing: state, hours, capacity, quotas and history."""
    return _crossing_page(request, _crossing(request, code))


@require_POST
@page(Act.REPORT_CROSSING_STATUS)
def crossing_status_report(request: HttpRequest, code: str) -> HttpResponse:
    """Report a crossing's state."""
    found = _crossing(request, code)
    with timezone.override(_zone(request)):
        form = StatusForm(request.POST, operation_id=request.actor.operation_id)
        is_sound = form.is_valid()
    if is_sound and _done(
        form, lambda **said: actions.report_crossing_status(by=request.actor, crossing=found, **said)
    ):
        messages.success(request, _("The state was reported."))
        return redirect("places:crossing", code)
    return _crossing_page(request, found, status_form=form)


@require_POST
@page(Act.CHANGE_CROSSING_QUOTA)
def crossing_quota_change(request: HttpRequest, code: str) -> HttpResponse:
    """Record a change of quota."""
    found = _crossing(request, code)
    form = QuotaForm(request.POST)
    if form.is_valid() and _done(
        form, lambda **said: actions.change_crossing_quota(by=request.actor, crossing=found, **said)
    ):
        messages.success(request, _("The change of quota was recorded."))
        return redirect("places:crossing", code)
    return _crossing_page(request, found, quota_form=form)


@page(Act.READ_PLACE)
def areas_map(request: HttpRequest) -> HttpResponse:
    """Outlines of areas for the map."""
    return _geojson(drawings.areas_map(request.actor))


@page(Act.READ_PLACE)
def lines_map(request: HttpRequest) -> HttpResponse:
    """Lines and markers for the map, every version."""
    return _geojson(drawings.lines_map(request.actor))


@page(Act.READ_PLACE)
def roads_map(request: HttpRequest) -> HttpResponse:
    """Roads for the map."""
    return _geojson(drawings.roads_map(request.actor))


@page(Act.READ_CROSSING)
def crossings_map(request: HttpRequest) -> HttpResponse:
    """Crossings for the map, with their state as this room sees it."""
    return _geojson(drawings.crossings_map(request.actor, _moment(request)[0]))


@page(Act.READ_PLACE)
def place_map(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """One place for its own map."""
    return _geojson(drawings.place_map(_place(request, place_id), request.actor))


def _crossing_page(
    request: HttpRequest, found: Crossing, *, status_form: StatusForm | None = None, quota_form: QuotaForm | None = None
) -> HttpResponse:
    request.form_page = reverse("places:crossing", args=[found.code])
    is_refused = status_form is not None or quota_form is not None
    reports = list(crossing_queries.status_history(found)[:200])
    fresh = {"key": uuid.uuid4()}
    context = {
        "now": crossing_queries.crossing_now(found, request.actor), "reports": reports,
        "details": crossing_queries.details_of(reports), "reasons": crossing_queries.reasons_of(found.operation_id),
        "quotas": crossing_queries.quota_history(found), "week": _week(found),
        "status_form": status_form or StatusForm(operation_id=found.operation_id, initial=fresh),
        "quota_form": quota_form or QuotaForm(initial={"key": uuid.uuid4()}),
        "may_report": request.actor.may(Act.REPORT_CROSSING_STATUS),
        "may_change_quota": request.actor.may(Act.CHANGE_CROSSING_QUOTA),
    }  # fmt: skip
    return render(request, "places/crossing.html", context, status=422 if is_refused else 200)


def _week(found: Crossing) -> list[tuple[Any, str | None]]:
    """The names of the days of the week in the reader's language, with their opening hours."""
    return [(DAY_NAMES[at], found.hours.get(day)) for at, day in enumerate(WEEKDAYS)]


def _done(form: StatusForm | QuotaForm, action: Callable[..., Any]) -> bool:
    """Do the act with what was typed; a refusal goes into the form."""
    try:
        action(**form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _place(request: HttpRequest, place_id: UUID) -> Place:
    found = Place.objects.filter(pk=place_id, operation=request.actor.operation_id)
    one = found.select_related("area__place", "as_area__parent__place", "as_crossing").first()
    if one is None:
        raise Http404
    return one


def _crossing(request: HttpRequest, code: str) -> Crossing:
    found = crossing_queries.crossings_of(request.actor.operation_id).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _zone(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(Operation.objects.values_list("time_zone", flat=True).get(pk=request.actor.operation_id))


def _moment(request: HttpRequest) -> tuple[datetime | None, MomentForm]:
    with timezone.override(_zone(request)):
        form = MomentForm(request.GET)
        return (form.cleaned_data["at"] if form.is_valid() else None), form


def _geojson(collection: dict[str, Any]) -> HttpResponse:
    return JsonResponse(collection, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})


def _as_json(found: Found) -> dict[str, Any]:
    one = found.place
    return {
        "id": str(one.pk), "names": one.names, "spelling": found.spelling, "kind": one.kind, "code": one.code,
        "catalogue": one.catalogue, "longitude": one.longitude, "latitude": one.latitude,
        "score": round(found.score, 3), "area": one.area.place.names if one.area else None,
        "url": reverse("places:place", args=[one.pk]),
    }  # fmt: skip
