"""Each step of a manifest on a page of its own: seal, send off, close, cancel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport import actions
from tansiq.desks.transport.forms.manifests import StepForm
from tansiq.desks.transport.models import Manifest
from tansiq.desks.transport.rules import Act, can
from tansiq.desks.transport.views.stories import found_story, not_now


@dataclass(frozen=True)
class Way:
    """A step as a page takes it: its name, whether a reason is needed, wished or not asked, the verb, what is said."""

    name: str
    reason: str
    action: Callable[..., Manifest]
    done: Any


WAYS = {
    Act.SEAL_MANIFEST: Way("seal", "none", actions.seal_manifest, _("The manifest is sealed.")),
    Act.DEPART_MANIFEST: Way("depart", "none", actions.depart_manifest, _("The truck has departed.")),
    Act.CLOSE_MANIFEST: Way("close", "wished", actions.close_manifest, _("The manifest is closed.")),
    Act.RELABEL_MANIFEST: Way(
        "relabel", "needed", actions.relabel_manifest, _("The codes are issued anew; print the labels.")
    ),
    Act.CANCEL_MANIFEST: Way("cancel", "needed", actions.cancel_manifest, _("The manifest is cancelled.")),
}


@page(Act.SEAL_MANIFEST)
def manifest_seal(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Close the packing."""
    return _step(request, manifest_id, Act.SEAL_MANIFEST)


@page(Act.DEPART_MANIFEST)
def manifest_depart(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Send the truck off."""
    return _step(request, manifest_id, Act.DEPART_MANIFEST)


@page(Act.CLOSE_MANIFEST)
def manifest_close(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """End it after the journey."""
    return _step(request, manifest_id, Act.CLOSE_MANIFEST)


@page(Act.CANCEL_MANIFEST)
def manifest_cancel(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Take it back before the truck has left."""
    return _step(request, manifest_id, Act.CANCEL_MANIFEST)


@page(Act.RELABEL_MANIFEST)
def manifest_relabel(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Issue its codes anew, where labels were lost or copied."""
    return _step(request, manifest_id, Act.RELABEL_MANIFEST)


def _step(request: HttpRequest, manifest_id: UUID, act: Act) -> HttpResponse:
    story, way = found_story(request, manifest_id), WAYS[act]
    one = story.row.manifest
    if one.room_id != request.actor.room_id:
        raise Http404
    if not can(one, act, request.actor.room_id):
        return not_now(request, one, act)
    form = StepForm(request.POST or None, reason=way.reason)
    if request.method == "POST" and form.is_valid():
        try:
            way.action(by=request.actor, manifest=one, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, str(way.done))
            return redirect("transport:manifest", manifest_id=one.pk)
    context = {"form": form, "way": way.name, "row": story.row, "manifest": one, "story": story}
    return render(request, "transport/step.html", context, status=422 if form.is_bound else 200)
