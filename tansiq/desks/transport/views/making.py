"""Makes a manifest from consignments, amends a draft, revises what is sealed: one form for all three."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.aid.queries.words import words
from tansiq.desks.transport import actions
from tansiq.desks.transport.forms.manifests import ManifestForm, initial_of
from tansiq.desks.transport.models import Manifest
from tansiq.desks.transport.queries.cargo import OFFERED, loadable, own_consignments, units_of
from tansiq.desks.transport.queries.settings import settings_of
from tansiq.desks.transport.queries.statements import statement_of
from tansiq.desks.transport.rules import Act, can
from tansiq.desks.transport.views.stories import not_now

MOST = 20  # consignments on one truck


@page(Act.DRAFT_MANIFEST)
def manifest_draft(request: HttpRequest) -> HttpResponse:
    """Choose consignments, then say what of them stands on which unit of the truck; sent twice it is one."""
    chosen = _chosen(request)
    if not chosen:
        sought = request.GET.get("q", "")[:60]
        found = own_consignments(request.actor).filter(reference__icontains=sought)[:OFFERED]
        return render(request, "transport/choose.html", {"consignments": found, "sought": sought})
    options = _options(request, chosen)
    form = ManifestForm.rearranged(request.POST, **options) or ManifestForm(request.POST or None, **options)
    if form.is_bound and form.is_valid():
        try:
            done = actions.draft_manifest(by=request.actor, key=form.cleaned_data["key"], statement=form.statement())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The manifest is drafted. Seal it when the truck is packed."))
            return redirect("transport:manifest", manifest_id=done.pk)
    return _form(request, form, chosen, reverse("transport:manifest-draft"), None)


@page(Act.AMEND_MANIFEST)
def manifest_amend(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """State a draft anew."""
    return _change(request, manifest_id, Act.AMEND_MANIFEST)


@page(Act.REVISE_MANIFEST)
def manifest_revise(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """State a sealed manifest anew, with the reason."""
    return _change(request, manifest_id, Act.REVISE_MANIFEST)


def _change(request: HttpRequest, manifest_id: UUID, act: Act) -> HttpResponse:
    held = Manifest.objects.filter(pk=manifest_id).first()
    now = statement_of(held) if held and held.room_id == request.actor.room_id else None
    if held is None or now is None:
        raise Http404
    if not can(held, act, request.actor.room_id):
        return not_now(request, held, act)
    revising = act is Act.REVISE_MANIFEST
    chosen = list(dict.fromkeys([*(one.consignment for one in now.lines), *_chosen(request)]))
    options = _options(request, chosen, without=held.pk) | {
        "initial": initial_of(now, held.version), "is_new": False, "needs_reason": revising,
    }  # fmt: skip
    form = ManifestForm.rearranged(request.POST, **options) or ManifestForm(request.POST or None, **options)
    if form.is_bound and form.is_valid():
        asked: dict[str, Any] = {"statement": form.statement(), "seen": form.cleaned_data["seen"]}
        if revising:
            asked["reason"] = form.cleaned_data["reason"]
        try:
            action = actions.revise_manifest if revising else actions.amend_manifest
            action(by=request.actor, key=form.cleaned_data["key"], manifest=held, **asked)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The manifest says this from now on; what it said before stays readable."))
            return redirect("transport:manifest", manifest_id=held.pk)
    way = "transport:manifest-revise" if revising else "transport:manifest-amend"
    return _form(request, form, chosen, reverse(way, args=[held.pk]), held)


def _chosen(request: HttpRequest) -> list[UUID]:
    """The consignments that the address or the form names, as far as they are the room's own."""
    sent = request.POST.getlist("consignment") or request.GET.getlist("consignment")
    ids = []
    for text in sent[:MOST]:
        try:
            ids.append(UUID(text))
        except ValueError:
            continue
    return list(own_consignments(request.actor).filter(pk__in=ids).values_list("pk", flat=True))


def _options(request: HttpRequest, chosen: list[UUID], without: UUID | None = None) -> dict[str, Any]:
    by = request.actor
    lines = loadable(by, chosen, without=without).values()
    return {"words": words(by), "usual": settings_of(by.operation_id), "lines": lines}


def _form(
    request: HttpRequest, form: ManifestForm, chosen: list[UUID], here: str, held: Manifest | None
) -> HttpResponse:
    context = {
        "form": form, "chosen": chosen, "here": here, "manifest": held, "units": units_of(request.actor, chosen),
    }  # fmt: skip
    return render(request, "transport/form.html", context, status=422 if form.is_bound else 200)
