"""One release: how it stands, what it shows to whom, and the decision of a second person or a recall."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.building.doors import actions, queries
from tansiq.building.doors.forms import AgreementForm, ClosingForm
from tansiq.building.doors.models import Release, ReleaseState
from tansiq.building.doors.rules import RECORD_TYPES, Act
from tansiq.building.doors.views.lists import lines_of
from tansiq.building.doors.views.releasing import role_groups
from tansiq.building.doors.views.seeing import as_receiver, digest
from tansiq.building.people.reauthentication import freshly_proven
from tansiq.building.rooms.pages import page
from tansiq.building.rooms.refusals import Refused


@page(Act.READ_RELEASE)
def release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """One release of this room, with its receivers, its history, and what may be decided."""
    return _shown(request, _found(request, release_id))


@require_POST
@page(Act.APPROVE_RELEASE)
@freshly_proven
def release_approve(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Agree, as a second person, to what this page showed."""
    found = _found(request, release_id)
    form = AgreementForm(request.POST, prefix="approve")
    shown, _refusal = _preview(request, found)
    if found.state == ReleaseState.PROPOSED and (not form.is_valid() or form.cleaned_data["shown"] != digest(shown)):
        messages.warning(request, _("The record changed meanwhile. Look at what would be shown now, then decide."))
        return redirect("doors:release", release_id=found.pk)
    return _decided(request, found, form, actions.approve_release, _("You agreed. It is released."))


@require_POST
@page(Act.DECLINE_RELEASE)
def release_decline(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Decline a proposed release, with a reason."""
    form = ClosingForm(request.POST, prefix="decline")
    found = _found(request, release_id)
    return _decided(request, found, form, actions.decline_release, _("The release is declined; nothing passed."))


@require_POST
@page(Act.RECALL_RELEASE)
def release_recall(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Recall a release in force, with a reason; never held up by a question who one is."""
    form = ClosingForm(request.POST, prefix="recall")
    found = _found(request, release_id)
    return _decided(request, found, form, actions.recall_release, _("It is recalled; the receivers are told."))


def _decided(
    request: HttpRequest, found: Release, form: forms.Form, action: Callable[..., Release], said: str
) -> HttpResponse:
    if not form.is_valid():
        return _shown(request, found, form)
    asked = {name: value for name, value in form.cleaned_data.items() if name != "shown"}
    try:
        action(by=request.actor, release=found, **asked)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _shown(request, _found(request, found.pk), form)
    messages.success(request, said)
    return redirect("doors:release", release_id=found.pk)


def _shown(request: HttpRequest, found: Release, failed: forms.Form | None = None) -> HttpResponse:
    shown, refusal = _preview(request, found)
    people = get_user_model().objects.in_bulk([pk for pk in (found.proposed_by_id, found.decided_by_id) if pk])
    kind = RECORD_TYPES.get(found.record_type)
    given = list(found.delivery_set.all())
    noted = queries.receipts(request.actor, given)
    context = {
        "line": lines_of(request, [found])[0],
        "kind": kind,
        "receivers": [(one, noted.get(one.pk)) for one in given],
        "shown": shown,
        "refusal": refusal,
        "groups": role_groups(request.actor.operation_id, found.second_roles),
        "proposed_by": people.get(found.proposed_by_id),
        "decided_by": people.get(found.decided_by_id),
        "is_own_proposal": found.proposed_by_id == request.actor.account_id,
        "history": queries.history(found),
        "forms": _forms(request, found, shown, failed),
    }
    return render(request, "doors/release.html", context, status=422 if failed is not None else 200)


def _forms(request: HttpRequest, found: Release, shown: list[Any], failed: forms.Form | None) -> dict[str, forms.Form]:
    """The forms of what this person may decide about the release as it stands."""
    offered: dict[str, forms.Form] = {}
    if found.state == ReleaseState.PROPOSED:
        if request.actor.may(Act.APPROVE_RELEASE) and found.proposed_by_id != request.actor.account_id and shown:
            offered["approve"] = AgreementForm(prefix="approve", initial={"shown": digest(shown)})
        if request.actor.may(Act.DECLINE_RELEASE):
            offered["decline"] = ClosingForm(prefix="decline")
    elif found.state == ReleaseState.IN_FORCE and request.actor.may(Act.RECALL_RELEASE):
        offered["recall"] = ClosingForm(prefix="recall")
    if failed is not None and failed.prefix in offered:
        offered[failed.prefix] = failed
    return offered


def _preview(request: HttpRequest, found: Release) -> tuple[list[Any], str]:
    """What the receivers of a waiting release would be shown, or why it cannot be opened as it stands."""
    kind = RECORD_TYPES.get(found.record_type)
    if kind is None or found.state != ReleaseState.PROPOSED:
        return [], ""
    try:
        return actions.preview_proposed(by=request.actor, release=found, show=as_receiver(request, kind)).shown, ""
    except Refused as refused:
        return [], str(refused)


def _found(request: HttpRequest, release_id: UUID) -> Release:
    found = queries.releases(request.actor).filter(pk=release_id).first()
    if found is None:
        raise Http404
    return found
