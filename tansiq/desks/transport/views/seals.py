"""Seals on pages: applied, checked, found broken, replaced."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused
from tansiq.desks.transport import actions
from tansiq.desks.transport.actions.seals import SEALABLE
from tansiq.desks.transport.forms.seals import SealForm
from tansiq.desks.transport.models import Difference, ManifestState, SealDeed, SealReading
from tansiq.desks.transport.queries.seals import readings, seals_on
from tansiq.desks.transport.rules import Act
from tansiq.desks.transport.views.stories import found_story


@dataclass(frozen=True)
class Way:
    """What is done with a seal, the verb, and what is said when it is done."""

    deed: SealDeed
    action: Callable[..., SealReading]
    done: Any


WAYS = {
    Act.APPLY_SEAL: Way(SealDeed.APPLIED, actions.apply_seal, _("The seal is recorded.")),
    Act.CHECK_SEAL: Way(SealDeed.CHECKED, actions.check_seal, _("The reading is recorded.")),
    Act.REPORT_BROKEN_SEAL: Way(SealDeed.BROKEN, actions.report_broken_seal, _("The broken seal is recorded.")),
    Act.REPLACE_SEAL: Way(SealDeed.REPLACED, actions.replace_seal, _("The new seal is recorded.")),
}


@page(Act.APPLY_SEAL)
def seal_apply(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Record a seal that was put on."""
    return _step(request, manifest_id, Act.APPLY_SEAL)


@page(Act.CHECK_SEAL)
def seal_check(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Record what is read on a seal."""
    return _step(request, manifest_id, Act.CHECK_SEAL)


@page(Act.REPORT_BROKEN_SEAL)
def seal_report_broken(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Record that a seal is broken or missing."""
    return _step(request, manifest_id, Act.REPORT_BROKEN_SEAL)


@page(Act.REPLACE_SEAL)
def seal_replace(request: HttpRequest, manifest_id: UUID) -> HttpResponse:
    """Record a new seal in the place of another."""
    return _step(request, manifest_id, Act.REPLACE_SEAL)


def _step(request: HttpRequest, manifest_id: UUID, act: Act) -> HttpResponse:
    story, way = found_story(request, manifest_id), WAYS[act]
    held = story.row.manifest
    if held.state not in SEALABLE:
        sentence = str(Refused("seal_not_now", state=ManifestState(held.state).label))
        return render(request, "transport/not_now.html", {"manifest": held, "sentence": sentence})
    on_it = seals_on(readings(held))
    form = SealForm(request.POST or None, deed=way.deed, on_it=on_it)
    if request.method == "POST" and form.is_valid():
        try:
            done = way.action(by=request.actor, manifest=held, **form.asked())
        except Refused as refused:
            form.refuse(refused)
        else:
            if Difference.objects.filter(seal=done.pk).exists():
                messages.warning(request, _("The seal reads otherwise than recorded; both readings are kept."))
            else:
                messages.success(request, str(way.done))
            return redirect("transport:manifest", manifest_id=held.pk)
    context = {"form": form, "deed": way.deed.value, "manifest": held, "on_it": on_it, "row": story.row}
    return render(request, "transport/seal.html", context, status=422 if form.is_bound else 200)
