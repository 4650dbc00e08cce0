"""Pages of statements: caseloads, files of them, exposure; each list, each one, and the form that states it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tansiq.building.doors.queries import share_state_of
from tansiq.building.rooms.lists import paged
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.actions import seal_file
from tansiq.desks.needs import actions
from tansiq.desks.needs.forms import CaseloadForm, ExposureForm, FileForm, PlaceFilterForm, named
from tansiq.desks.needs.models import Caseload, CaseloadFile, Exposure
from tansiq.desks.needs.queries import caseloads as queries
from tansiq.desks.needs.queries.exposures import exposures as exposures_seen
from tansiq.desks.needs.queries.files import read_file
from tansiq.desks.needs.queries.setting import Setting, setting_or_none
from tansiq.desks.needs.rules import Act
from tansiq.desks.needs.views.records import facts_of


@page(Act.READ_CASELOAD)
def caseloads(request: HttpRequest) -> HttpResponse:
    """Every caseload that this room reads, the latest count first."""
    known = known_or_404(request)
    form = PlaceFilterForm(request.GET, known=known, without=("hazard",))
    wanted = form.wanted()
    found = queries.caseloads(request.actor, p_code=wanted.get("p_code", ""), indicator=wanted.get("indicator"))
    context: dict[str, Any] = paged(request, found)
    shown = list(context["page"].object_list)
    context |= {
        "tab": "caseloads", "form": form, "rows": [facts(one, known) for one in shown],
        "shares": share_state_of(shown, request.actor), "may_state": request.actor.may(Act.STATE_CASELOAD),
        "may_bring": request.actor.may(Act.IMPORT_CASELOAD), "files": queries.files(request.actor)[:20],
    }  # fmt: skip
    return render(request, "needs/caseloads.html", context)


@page(Act.READ_CASELOAD)
def caseload(request: HttpRequest, caseload_id: UUID) -> HttpResponse:
    """One caseload with its source."""
    return _one(request, Caseload, caseload_id, "caseload", "needs_caseload")


@page(Act.READ_CASELOAD)
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """A file of caseloads and the account of every row that was refused."""
    return _one(request, CaseloadFile, file_id, "file", "needs_caseload_file")


@page(Act.STATE_CASELOAD)
def caseload_state(request: HttpRequest) -> HttpResponse:
    """State a caseload."""
    known = known_or_404(request)
    form = CaseloadForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_caseload(by=request.actor, key=form.cleaned_data["key"], stated=form.stated())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The caseload is stated."))
            return redirect("needs:caseloads")
    return render(request, "needs/state.html", {"form": form, "what": "caseload"}, status=422 if form.is_bound else 200)


@page(Act.IMPORT_CASELOAD)
def caseload_bring(request: HttpRequest) -> HttpResponse:
    """Bring a file of caseloads; every row that is refused is told with its reason."""
    known = known_or_404(request)
    form = FileForm(request.POST or None, request.FILES or None, known=known)
    if request.method == "POST" and form.is_valid():
        kept = _brought(request, form, known)
        if kept is not None:
            return redirect("needs:file", file_id=kept.pk)
    return render(request, "needs/state.html", {"form": form, "what": "file"}, status=422 if form.is_bound else 200)


@page(Act.READ_EXPOSURE)
def exposures(request: HttpRequest) -> HttpResponse:
    """What is stated of exposure, the latest first."""
    known = known_or_404(request)
    form = PlaceFilterForm(request.GET, known=known, without=("indicator", "p_code"))
    context: dict[str, Any] = paged(request, exposures_seen(request.actor, form.wanted().get("hazard", "")))
    shown = list(context["page"].object_list)
    context |= {
        "tab": "exposures", "form": form, "rows": [facts(one, known) for one in shown],
        "shares": share_state_of(shown, request.actor), "may_state": request.actor.may(Act.STATE_EXPOSURE),
    }  # fmt: skip
    return render(request, "needs/exposures.html", context)


@page(Act.READ_EXPOSURE)
def exposure(request: HttpRequest, exposure_id: UUID) -> HttpResponse:
    """One statement of exposure with its source."""
    return _one(request, Exposure, exposure_id, "exposure", "needs_exposure")


@page(Act.STATE_EXPOSURE)
def exposure_state(request: HttpRequest) -> HttpResponse:
    """State how exposed a place is."""
    known = known_or_404(request)
    form = ExposureForm(request.POST or None, known=known)
    if request.method == "POST" and form.is_valid():
        try:
            actions.state_exposure(by=request.actor, key=form.cleaned_data["key"], stated=form.stated())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The exposure is stated."))
            return redirect("needs:exposures")
    return render(request, "needs/state.html", {"form": form, "what": "exposure"}, status=422 if form.is_bound else 200)


def known_or_404(request: HttpRequest) -> Setting:
    """The setting; an operation without indicators has no such pages."""
    known = setting_or_none(request.actor.operation_id)
    if known is None:
        raise Http404
    return known


def facts(one: Any, known: Setting) -> dict[str, Any]:
    """A row of a list with the names of what it names."""
    indicators, hazards, levels = (
        named(part) for part in (known.needs.indicators, known.needs.hazards, known.needs.levels)
    )
    return {
        "one": one, "area": known.areas.get(one.p_code, {"en": one.p_code}), "room": known.rooms[one.room_id].names,
        "indicator": indicators.get(getattr(one, "indicator", ""), {}),
        "hazard": hazards.get(getattr(one, "hazard", ""), {}), "level": levels.get(getattr(one, "level", ""), {}),
    }  # fmt: skip


def _brought(request: HttpRequest, form: FileForm, known: Setting) -> CaseloadFile | None:
    typed = form.cleaned_data
    content = typed["file"].read()
    try:
        read = read_file(content, known, source=typed["source"], as_of=typed["as_of"])
        kept: CaseloadFile = actions.bring_caseloads(
            by=request.actor, key=typed["key"], file=seal_file(content, typed["file"].name), read=read,
            allow_refused=typed["allow_refused"],
        )  # fmt: skip
    except Refused as refused:
        form.refuse(refused)
        return None
    if kept.is_taken:
        messages.success(request, _("The file is taken."))
    else:
        messages.warning(request, _("Nothing of the file is taken; see below what is wrong with it."))
    return kept


def _one(request: HttpRequest, model: Any, record_id: UUID, name: str, code: str) -> HttpResponse:
    known_or_404(request)
    found = model.objects.filter(pk=record_id, room__operation=request.actor.operation_id).first()
    if found is None:
        raise Http404
    may = found.room_id == request.actor.room_id and request.actor.may("doors.release.propose")
    context = facts_of(found, request.actor.operation_id) | {
        "may_release": may, "code": code, "fragment": f"needs/_{name}.html", "name": name,
    }  # fmt: skip
    return render(request, "needs/one.html", context)
